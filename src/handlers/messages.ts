// Messages: send, poll, flush. Checks come in the reference's order, because it shows in the status.
import { type Consumer, ConsumerKind } from '../../generated/common/consumer.ts';
import { type Partitioning, PartitioningKind } from '../../generated/common/partitioning.ts';
import { PollingKind, type PollingStrategy } from '../../generated/common/polling_strategy.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { Partition } from '../catalog/partition.ts';
import { type Topic, unlimited } from '../catalog/topic.ts';
import { xxh32 } from '../lib/xxh32.ts';
import { lastOffsetOf, noMessages, type StoredMessages } from '../log/batch.ts';
import { partitionToPoll, type ResolvedConsumer, resolveConsumer } from './consumers.ts';
import type { RequestContext } from './context.ts';
import type { HandlersOf } from './handlers_of.ts';

export function messageHandlers(
  catalog: Catalog,
  memberships: Memberships,
): HandlersOf<'sendMessages' | 'pollMessages' | 'pollMessagesOnPrimary' | 'flushUnsavedBuffer'> {
  const poll: HandlersOf<'pollMessages'>['pollMessages'] = async (
    { consumer, streamId, topicId, partitionId, strategy, count, autoCommit },
    context,
  ) => {
    const nothing = { partitionId: context.noPartitionId, currentOffset: 0, messages: noMessages };
    if (isUnknownGroup(consumer, catalog.findStream(streamId)?.findTopic(topicId), context)) return nothing;
    const stream = catalog.stream(streamId);
    const topic = stream.topic(topicId);
    context.authorize(stream.id, topic.id);
    const resolved = resolveConsumer(consumer, topic, memberships);
    const partition = partitionToPoll(resolved, topic, partitionId, context);
    if (partition === undefined) return nothing;
    const { memberClientId: clientId } = context.session;
    const isOwn = (): boolean => resolved.members?.keeps(clientId, partition.id) === true;
    const wasOwn = isOwn();
    let messages = count === 0 ? noMessages : await read(partition, strategy, count, resolved);
    // A member that joined meanwhile may have the partition now, and reads from the same offset.
    if (wasOwn && !isOwn()) messages = noMessages;
    if (messages.count > 0) await handedOver(partition, lastOffsetOf(messages), resolved, clientId, autoCommit);
    return { partitionId: partition.id, currentOffset: partition.log.currentOffset, messages };
  };
  return {
    async sendMessages({ streamId, topicId, partitioning, messages }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize(stream.id, topic.id);
      if (topic.partitions.length === 0) throw new IggyError('no_partitions', `topic ${topic.name} has no partitions`);
      if (topic.maxTopicSize !== unlimited && BigInt(topic.sizeBytes) >= topic.maxTopicSize)
        throw new IggyError('topic_full', `topic ${topic.name} is full`);
      const partition = targetPartition(topic, partitioning, context);
      const { baseOffset, count } = await partition.log.append(messages);
      const place = { streamId: stream.id, topicId: topic.id, partitionId: partition.id, baseOffset };
      return { confirmations: count === 0 ? [] : [place] };
    },

    pollMessages: poll,
    // This server leads every partition it has.
    pollMessagesOnPrimary: poll,

    async flushUnsavedBuffer({ streamId, topicId, partitionId, fsync }, context) {
      const stream = catalog.stream(streamId);
      const topic = stream.topic(topicId);
      context.authorize(stream.id, topic.id);
      await topic.partition(partitionId).log.flush(fsync ? 'disk' : 'os');
    },
  };
}

/** Whether a poll is for a group that is not there, where strangers to a group are only told that they are. */
function isUnknownGroup({ kind, id }: Consumer, topic: Topic | undefined, context: RequestContext): boolean {
  if (kind !== ConsumerKind.consumer_group || !context.rules.strangersPollNothing) return false;
  if (topic?.findConsumerGroup(id) !== undefined) return false;
  if (topic === undefined) context.nothingToAuthorize();
  else context.authorize(topic.streamId, topic.id);
  return true;
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
  { owner, id }: ResolvedConsumer,
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
      const stored = consumerOffsets.get(owner, id);
      return log.read(stored === undefined ? log.earliestOffset : stored + 1, count);
    }
  }
}

/** The consumer gets messages up to `offset`: the group learns what its member has in hand, and auto-commit stores it before the reply. */
async function handedOver(
  partition: Partition,
  offset: number,
  { owner, id, members }: ResolvedConsumer,
  clientId: number,
  autoCommit: boolean,
): Promise<void> {
  // What somebody else polls from the owner's partition is not in the owner's hands.
  if (members?.keeps(clientId, partition.id) === true) members.delivered(partition.id, offset);
  if (!autoCommit) return;
  await partition.consumerOffsets.store(owner, id, offset);
  members?.committed(partition.id, offset);
}
