// Messages: send, poll, flush. Checks come in the reference's order, because it shows in the status.
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { type Partitioning, PartitioningKind } from '../../generated/common/partitioning.ts';
import { PollingKind, type PollingStrategy } from '../../generated/common/polling_strategy.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Partition } from '../catalog/partition.ts';
import type { Topic } from '../catalog/topic.ts';
import { xxh32 } from '../lib/xxh32.ts';
import { lastOffsetOf, noMessages, type StoredMessages } from '../log/batch.ts';
import { type OffsetKey, offsetKey, partitionOf } from './consumers.ts';
import type { RequestContext } from './context.ts';
import type { HandlersOf } from './handlers_of.ts';

const unlimited = 2n ** 64n - 1n;

export function messageHandlers(catalog: Catalog): HandlersOf<'sendMessages' | 'pollMessages' | 'flushUnsavedBuffer'> {
  return {
    async sendMessages({ streamId, topicId, partitioning, messages }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize('append_messages', stream.id, topic.id);
      if (topic.partitions.length === 0) throw new IggyError('no_partitions', `topic ${topic.name} has no partitions`);
      if (topic.maxTopicSize !== unlimited && BigInt(topic.sizeBytes) >= topic.maxTopicSize)
        throw new IggyError('topic_full', `topic ${topic.name} is full`);
      await targetPartition(topic, partitioning, context).log.append(messages);
    },

    async pollMessages({ consumer, streamId, topicId, partitionId, strategy, count, autoCommit }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize('poll_messages', stream.id, topic.id);
      if (topic.partitions.length === 0) throw new IggyError('no_partitions', `topic ${topic.name} has no partitions`);
      const key = offsetKey(consumer, topic);
      // Members of groups come with the consumer groups; without them nobody is one.
      if (consumer.kind === ConsumerKind.consumer_group) throw new IggyError('consumer_group_member_not_found');
      const partition = partitionOf(topic, partitionId);
      const messages = count === 0 ? noMessages : await read(partition, strategy, count, key);
      if (autoCommit && messages.count > 0) await commitLast(partition, messages, key);
      return { partitionId: partition.id, currentOffset: partition.log.currentOffset, messages };
    },

    async flushUnsavedBuffer({ streamId, topicId, partitionId, fsync }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize('append_messages', stream.id, topic.id);
      await topic.partition(partitionId).log.flush(fsync ? 'disk' : 'os');
    },
  };
}

function targetPartition(topic: Topic, partitioning: Partitioning, context: RequestContext): Partition {
  switch (partitioning.kind) {
    case PartitioningKind.balanced:
      return topic.nextPartition();
    case PartitioningKind.partition_id:
      return topic.partition(partitioning.partitionId);
    case PartitioningKind.messages_key:
      return topic.partition(context.keyedPartition(xxh32(partitioning.key), topic.partitions.length));
  }
}

async function read(
  { log, consumerOffsets }: Partition,
  strategy: PollingStrategy,
  count: number,
  key: OffsetKey,
): Promise<StoredMessages> {
  switch (strategy.kind) {
    case PollingKind.offset:
      return strategy.value >= BigInt(log.nextOffset) ? noMessages : log.read(Number(strategy.value), count);
    case PollingKind.timestamp:
      return strategy.value > BigInt(Number.MAX_SAFE_INTEGER)
        ? noMessages
        : log.readFromTimestamp(Number(strategy.value), count);
    case PollingKind.first:
      return log.read(log.earliestOffset, count);
    case PollingKind.last:
      return log.read(Math.max(log.earliestOffset, log.nextOffset - count), count);
    case PollingKind.next: {
      const stored = consumerOffsets.get(key.owner, key.id);
      return log.read(stored === undefined ? log.earliestOffset : stored + 1, count);
    }
  }
}

/** Stores the offset of the last message returned. */
async function commitLast({ consumerOffsets }: Partition, messages: StoredMessages, key: OffsetKey): Promise<void> {
  await consumerOffsets.store(key.owner, key.id, lastOffsetOf(messages));
}
