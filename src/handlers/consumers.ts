// Who polls and whose offsets are stored: a consumer of a request as a key, and the partition it means.
import { type Consumer, ConsumerKind } from '../../generated/common/consumer.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { IggyError } from '../../generated/errors.ts';
import type { GroupMembers } from '../catalog/group_members.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { Partition } from '../catalog/partition.ts';
import type { Topic } from '../catalog/topic.ts';
import { xxh32 } from '../lib/xxh32.ts';
import { OffsetOwner } from '../log/consumer_offsets.ts';
import type { RequestContext } from './context.ts';

/** A consumer of a topic: the key of its stored offsets, and for a group its members. */
export interface ResolvedConsumer {
  readonly owner: OffsetOwner;
  readonly id: number;
  readonly members: GroupMembers | undefined;
}

/**
 * A plain consumer by its number as given or the xxHash32 of its name; a group by the entry that created it, which no later group shares.
 * @throws IggyError `consumer_group_id_not_found`, `consumer_group_name_not_found`.
 */
export function resolveConsumer(consumer: Consumer, topic: Topic, memberships: Memberships): ResolvedConsumer {
  if (consumer.kind === ConsumerKind.consumer_group) {
    const group = topic.consumerGroup(consumer.id);
    return { owner: OffsetOwner.consumer_group, id: group.createdIndex, members: memberships.of(topic, group) };
  }
  const { id } = consumer;
  const number = id.kind === IdentifierKind.numeric ? id.id : xxh32(Buffer.from(id.name, 'utf8'));
  return { owner: OffsetOwner.consumer, id: number, members: undefined };
}

/**
 * The partition to poll: as asked for; without a wish a plain consumer's is the first, a member's the next in its turn. Undefined when a member
 * has none, or asks for one that is not its own in a generation that does not allow that.
 * @throws IggyError `no_partitions`, `partition_not_found`, `consumer_group_member_not_found`.
 */
export function partitionToPoll(
  { members }: ResolvedConsumer,
  topic: Topic,
  partitionId: number | undefined,
  context: RequestContext,
): Partition | undefined {
  const { session, rules } = context;
  if (members !== undefined && rules.strangersPollNothing && members.member(session.memberClientId) === undefined)
    return undefined;
  if (members !== undefined) checkMembership(members, partitionId, context);
  const isOthers = partitionId !== undefined && members?.owns(session.memberClientId, partitionId) === false;
  if (isOthers && rules.strangersPollNothing) return undefined;
  if (topic.partitions.length === 0) throw new IggyError('no_partitions', `topic ${topic.name} has no partitions`);
  if (members === undefined) return topic.partition(partitionId ?? 0);
  if (isOthers && rules.membersPollOnlyTheirOwn) return undefined;
  if (partitionId !== undefined) return topic.partition(partitionId);
  const next = members.nextPartition(session.memberClientId);
  return next === undefined ? undefined : topic.partition(next);
}

/**
 * The partition whose offset is meant: as asked for; without a wish a plain consumer's is the first, a member's the one it polled last.
 * A member that polled nothing yet, as after a reconnect, means the one that is next in its turn, where the generation lets it.
 * @throws IggyError `partition_not_found`, `consumer_group_member_not_found`, `not_resolved_consumer`.
 */
export function partitionOfOffset(
  { members }: ResolvedConsumer,
  topic: Topic,
  partitionId: number | undefined,
  context: RequestContext,
): Partition {
  const { session, rules } = context;
  if (members === undefined) return topic.partition(partitionId ?? 0);
  checkMembership(members, partitionId, context);
  if (topic.partitions.length === 0) throw new IggyError('partition_not_found');
  if (partitionId !== undefined) {
    if (rules.membersPollOnlyTheirOwn && !members.keeps(session.memberClientId, partitionId))
      throw new IggyError('not_resolved_consumer');
    return topic.partition(partitionId);
  }
  const current = members.currentPartition(session.memberClientId);
  if (current !== undefined) return topic.partition(current);
  if (!rules.membersBeginAtTheirFirst) throw new IggyError('partition_not_found');
  const upcoming = members.upcomingPartition(session.memberClientId);
  if (upcoming === undefined) throw new IggyError('not_resolved_consumer');
  return topic.partition(upcoming);
}

/** @throws IggyError `consumer_group_member_not_found`. */
function checkMembership(
  members: GroupMembers,
  partitionId: number | undefined,
  { session, rules }: RequestContext,
): void {
  if (members.member(session.memberClientId) !== undefined) return;
  if (partitionId === undefined || !rules.strangersMayNamePartitions)
    throw new IggyError('consumer_group_member_not_found');
}
