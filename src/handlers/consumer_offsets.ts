// Stored offsets of consumers and groups: get, store, delete.
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import { partitionOfOffset, resolveConsumer } from './consumers.ts';
import type { HandlersOf } from './handlers_of.ts';

export function consumerOffsetHandlers(
  catalog: Catalog,
  memberships: Memberships,
): HandlersOf<'getConsumerOffset' | 'storeConsumerOffset' | 'deleteConsumerOffset'> {
  return {
    getConsumerOffset({ consumer, streamId, topicId, partitionId }, context) {
      const stream = catalog.findStream(streamId);
      const topic = stream?.findTopic(topicId);
      if (topic === undefined) {
        context.nothingToAuthorize();
        return { consumerOffset: undefined };
      }
      context.authorize(topic.streamId, topic.id);
      if (context.rules.offsetsNeedTheirPartition) topic.partition(partitionId ?? 0);
      if (consumer.kind === ConsumerKind.consumer_group && topic.findConsumerGroup(consumer.id) === undefined)
        return { consumerOffset: undefined };
      const { owner, id, members } = resolveConsumer(consumer, topic, memberships);
      const isFirstMeant = members === undefined || context.rules.membersPollOnlyTheirOwn;
      const wanted =
        partitionId ?? members?.currentPartition(context.session.memberClientId) ?? (isFirstMeant ? 0 : undefined);
      const partition = wanted === undefined ? undefined : topic.partitions[wanted];
      if (partition === undefined) return { consumerOffset: undefined };
      const stored =
        partition.consumerOffsets.get(owner, id) ?? (context.rules.neverStoredOffsetIsZero ? 0 : undefined);
      if (stored === undefined) return { consumerOffset: undefined };
      return {
        consumerOffset: { partitionId: partition.id, currentOffset: partition.log.currentOffset, storedOffset: stored },
      };
    },

    async storeConsumerOffset({ consumer, streamId, topicId, partitionId, offset }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize(stream.id, topic.id);
      const resolved = resolveConsumer(consumer, topic, memberships);
      const { id: partition, log, consumerOffsets } = partitionOfOffset(resolved, topic, partitionId, context);
      if (offset > log.currentOffset || (context.rules.emptyPartitionsTakeNoOffset && log.nextOffset === 0))
        throw new IggyError('invalid_offset', `offset ${offset} is above the last one, ${log.currentOffset}`);
      await consumerOffsets.store(resolved.owner, resolved.id, offset);
      resolved.members?.committed(partition, offset);
    },

    async deleteConsumerOffset({ consumer, streamId, topicId, partitionId }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize(stream.id, topic.id);
      const resolved = resolveConsumer(consumer, topic, memberships);
      const { consumerOffsets } = partitionOfOffset(resolved, topic, partitionId, context);
      const wasStored = await consumerOffsets.delete(resolved.owner, resolved.id);
      if (!wasStored) throw new IggyError('consumer_offset_not_found');
    },
  };
}
