// Topics: get, list, create, update, delete, purge; and their partitions.

import type * as wire from '../../generated/commands.ts';
import type { Identifier } from '../../generated/common/identifier.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Catalog, TopicSettings } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { Stream } from '../catalog/stream.ts';
import type { Topic } from '../catalog/topic.ts';
import { createdSettings, updatedSettings } from '../catalog/topic_effects.ts';
import { checkPreallocation, givenOption, type TopicOption } from '../catalog/topic_options.ts';
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

/** What generations without options send. */
type SentSettings = Pick<
  wire.CreateTopic,
  'name' | 'compressionAlgorithm' | 'messageExpiry' | 'maxTopicSize' | 'replicationFactor'
>;

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
  const checked = (settings: TopicSettings): TopicSettings => {
    const given = givenOption(settings.options, 'segment_size');
    const segmentSize = typeof given === 'bigint' ? given : defaults.segmentSizeMax;
    if (settings.maxTopicSize < segmentSize) {
      throw new IggyError(
        'invalid_topic_size',
        `topic size ${settings.maxTopicSize} is below the segment size ${segmentSize}`,
      );
    }
    return settings;
  };
  /** Settings of generations that send all of them, each time. */
  const sentSettings = (request: SentSettings, options: readonly TopicOption[] = []): TopicSettings => ({
    name: request.name,
    compressionAlgorithm: request.compressionAlgorithm,
    messageExpiry: request.messageExpiry === 0n ? defaults.messageExpiry : request.messageExpiry,
    maxTopicSize: request.maxTopicSize === 0n ? defaults.maxTopicSize : request.maxTopicSize,
    replicationFactor: request.replicationFactor ?? 1,
    options: [...options],
  });
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
      const { options, name, partitionsCount } = request;
      const settings = checked(
        context.rules.settingsAreOptions
          ? createdSettings({ name, replicationFactor: 1 }, options.entries, defaults)
          : sentSettings(request),
      );
      checkPreallocation(settings.options, defaults.segmentSizeMax, partitionsCount);
      const topic = await catalog.createTopic(stream, settings, partitionsCount, request.topicId);
      return topicDetails(topic, context.rules);
    },

    async updateTopic(request, context) {
      const { stream, topic } = find(request.streamId, request.topicId);
      context.authorize(stream.id, topic.id);
      const settings = context.rules.settingsAreOptions
        ? updatedSettings(topic.settings, request.name, request.options.entries, defaults)
        : sentSettings(request, topic.options);
      await catalog.updateTopic(topic, checked(settings));
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
