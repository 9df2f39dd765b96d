// Streams: get, list, create, update, delete, purge. A get of a stream that is missing answers nothing; everything else is refused.
import type { Catalog } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { HandlersOf } from './handlers_of.ts';
import { refuseOptions } from './options.ts';
import { streamRecord, topicRecord } from './records.ts';

export function streamHandlers(
  catalog: Catalog,
  memberships: Memberships,
): HandlersOf<'getStream' | 'getStreams' | 'createStream' | 'updateStream' | 'deleteStream' | 'purgeStream'> {
  return {
    getStream({ streamId }, context) {
      const stream = catalog.findStream(streamId);
      if (stream === undefined) {
        context.nothingToAuthorize();
        return { stream: undefined, topics: [] };
      }
      context.authorize(stream.id);
      return {
        stream: streamRecord(stream, context.rules),
        topics: [...stream.topics].map((topic) => topicRecord(topic, context.rules)),
      };
    },

    getStreams(_request, context) {
      context.authorize();
      return { streams: [...catalog.streams].map((stream) => streamRecord(stream, context.rules)) };
    },

    async createStream({ streamId, name, options }, context) {
      context.authorize();
      refuseOptions(options);
      return { stream: streamRecord(await catalog.createStream(name, streamId), context.rules) };
    },

    async updateStream({ streamId, name, options }, context) {
      const stream = catalog.stream(streamId);
      context.authorize(stream.id);
      refuseOptions(options);
      await catalog.updateStream(stream, name);
    },

    async deleteStream({ streamId }, context) {
      const stream = catalog.stream(streamId);
      context.authorize(stream.id);
      const topics = [...stream.topics];
      await catalog.deleteStream(stream);
      for (const topic of topics) memberships.forgetTopic(topic);
    },

    async purgeStream({ streamId }, context) {
      const stream = catalog.stream(streamId);
      context.authorize(stream.id);
      await catalog.purgeStream(stream);
    },
  };
}
