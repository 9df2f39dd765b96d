// Topics: get, list, create, update, delete, purge; and their partitions.

import type { Identifier } from '../../generated/common/identifier.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { Stream } from '../catalog/stream.ts';
import type { Topic } from '../catalog/topic.ts';
import type { GenerationRules } from '../protocol/protocol.ts';
import type { HandlersOf } from './handlers_of.ts';
import { partitionRecord, topicRecord } from './records.ts';

/** What "server default" means in a topic's settings. */
export interface TopicDefaults {
  /** Microseconds; `unlimited` means never. */
  readonly messageExpiry: bigint;
  /** Bytes; or `unlimited`. */
  readonly maxTopicSize: bigint;
  /** A topic's own limit must hold at least one segment of this many bytes. */
  readonly segmentSizeMax: bigint;
}

type Names =
  | 'getTopic'
  | 'getTopics'
  | 'createTopic'
  | 'updateTopic'
  | 'deleteTopic'
  | 'purgeTopic'
  | 'createPartitions'
  | 'deletePartitions';

export function topicHandlers(catalog: Catalog, memberships: Memberships, defaults: TopicDefaults): HandlersOf<Names> {
  const find = (streamId: Identifier, topicId: Identifier): { stream: Stream; topic: Topic } => {
    const stream = catalog.stream(streamId);
    return { stream, topic: stream.topic(topicId) };
  };
  const settingsOf = (
    request: Pick<
      Parameters<HandlersOf<'createTopic'>['createTopic']>[0],
      'name' | 'compressionAlgorithm' | 'messageExpiry' | 'maxTopicSize' | 'replicationFactor'
    >,
  ) => {
    const maxTopicSize = request.maxTopicSize === 0n ? defaults.maxTopicSize : request.maxTopicSize;
    if (maxTopicSize < defaults.segmentSizeMax) {
      throw new IggyError(
        'invalid_topic_size',
        `topic size ${maxTopicSize} is below the segment size ${defaults.segmentSizeMax}`,
      );
    }
    return {
      name: request.name,
      compressionAlgorithm: request.compressionAlgorithm,
      messageExpiry: request.messageExpiry === 0n ? defaults.messageExpiry : request.messageExpiry,
      maxTopicSize,
      replicationFactor: request.replicationFactor ?? 1,
      options: [],
    };
  };
  return {
    getTopic({ streamId, topicId }, context) {
      const topic = catalog.findStream(streamId)?.findTopic(topicId);
      if (topic === undefined) {
        context.nothingToAuthorize();
        return { topic: undefined, partitions: [] };
      }
      context.authorize(topic.streamId, topic.id);
      return topicDetails(topic, context.rules);
    },

    getTopics({ streamId }, context) {
      const stream = context.rules.missingParentListsNothing ? catalog.findStream(streamId) : catalog.stream(streamId);
      if (stream === undefined) {
        context.nothingToAuthorize();
        return { topics: [] };
      }
      context.authorize(stream.id);
      return { topics: [...stream.topics].map((topic) => topicRecord(topic, context.rules)) };
    },

    async createTopic(request, context) {
      const stream = catalog.stream(request.streamId);
      context.authorize(stream.id);
      const topic = await catalog.createTopic(stream, settingsOf(request), request.partitionsCount, request.topicId);
      return topicDetails(topic, context.rules);
    },

    async updateTopic(request, context) {
      const { stream, topic } = find(request.streamId, request.topicId);
      context.authorize(stream.id, topic.id);
      await catalog.updateTopic(topic, settingsOf(request));
    },

    async deleteTopic({ streamId, topicId }, context) {
      const { stream, topic } = find(streamId, topicId);
      context.authorize(stream.id, topic.id);
      await catalog.deleteTopic(topic);
      memberships.forgetTopic(topic);
    },

    async purgeTopic({ streamId, topicId }, context) {
      const { stream, topic } = find(streamId, topicId);
      context.authorize(stream.id, topic.id);
      await catalog.purgeTopic(topic);
    },

    async createPartitions({ streamId, topicId, partitionsCount }, context) {
      const { stream, topic } = find(streamId, topicId);
      context.authorize(stream.id, topic.id);
      await catalog.createPartitions(topic, partitionsCount);
    },

    async deletePartitions({ streamId, topicId, partitionsCount }, context) {
      const { stream, topic } = find(streamId, topicId);
      context.authorize(stream.id, topic.id);
      const deletesAll = context.rules.overDeletingPartitionsDeletesAll;
      await catalog.deletePartitions(
        topic,
        deletesAll ? Math.min(partitionsCount, topic.partitions.length) : partitionsCount,
      );
    },
  };
}

function topicDetails(topic: Topic, rules: GenerationRules) {
  return {
    topic: topicRecord(topic, rules),
    partitions: topic.partitions.map((partition) => partitionRecord(partition, rules)),
  };
}
