// Stored offsets: get, store, delete. Offsets of groups wait for the groups' members, which decide the partition when none is named.
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { offsetKey, partitionOf } from './consumers.ts';
import type { HandlersOf } from './handlers_of.ts';

export function consumerOffsetHandlers(
  catalog: Catalog,
): HandlersOf<'getConsumerOffset' | 'storeConsumerOffset' | 'deleteConsumerOffset'> {
  return {
    getConsumerOffset({ consumer, streamId, topicId, partitionId }, context) {
      const stream = catalog.findStream(streamId);
      const topic = stream?.findTopic(topicId);
      const partition = topic?.partitions[partitionId ?? 0];
      const isUnknownGroup =
        consumer.kind === ConsumerKind.consumer_group && topic?.findConsumerGroup(consumer.id) === undefined;
      if (topic === undefined || partition === undefined || isUnknownGroup) {
        context.nothingToAuthorize();
        return { consumerOffset: undefined };
      }
      context.authorize('get_consumer_offset', topic.streamId, topic.id);
      const key = offsetKey(consumer, topic);
      const stored =
        partition.consumerOffsets.get(key.owner, key.id) ?? (context.rules.neverStoredOffsetIsZero ? 0 : undefined);
      if (stored === undefined) return { consumerOffset: undefined };
      return {
        consumerOffset: { partitionId: partition.id, currentOffset: partition.log.currentOffset, storedOffset: stored },
      };
    },

    async storeConsumerOffset({ consumer, streamId, topicId, partitionId, offset }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize('store_consumer_offset', stream.id, topic.id);
      const key = offsetKey(consumer, topic);
      const { log, consumerOffsets } = partitionOf(topic, partitionId);
      if (offset > log.currentOffset || (context.rules.emptyPartitionsTakeNoOffset && log.nextOffset === 0))
        throw new IggyError('invalid_offset', `offset ${offset} is above the last one, ${log.currentOffset}`);
      await consumerOffsets.store(key.owner, key.id, offset);
    },

    async deleteConsumerOffset({ consumer, streamId, topicId, partitionId }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize('delete_consumer_offset', stream.id, topic.id);
      const key = offsetKey(consumer, topic);
      const wasStored = await partitionOf(topic, partitionId).consumerOffsets.delete(key.owner, key.id);
      if (!wasStored) throw new IggyError('consumer_offset_not_found');
    },
  };
}
