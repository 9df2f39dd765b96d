// Who polls and whose offsets are stored: a consumer of a request as a key in one partition of one topic.
import { type Consumer, ConsumerKind } from '../../generated/common/consumer.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import type { Partition } from '../catalog/partition.ts';
import type { Topic } from '../catalog/topic.ts';
import { xxh32 } from '../lib/xxh32.ts';
import { OffsetOwner } from '../log/consumer_offsets.ts';

/** The key of a consumer's stored offsets. */
export interface OffsetKey {
  readonly owner: OffsetOwner;
  readonly id: number;
}

/**
 * A plain consumer's number as given, or the xxHash32 of its name; a group's catalog id.
 * @throws IggyError `consumer_group_id_not_found`, `consumer_group_name_not_found`.
 */
export function offsetKey(consumer: Consumer, topic: Topic): OffsetKey {
  if (consumer.kind === ConsumerKind.consumer_group)
    return { owner: OffsetOwner.consumer_group, id: topic.consumerGroup(consumer.id).id };
  const { id } = consumer;
  return {
    owner: OffsetOwner.consumer,
    id: id.kind === IdentifierKind.numeric ? id.id : xxh32(Buffer.from(id.name, 'utf8')),
  };
}

/** The partition a request means; without one the first. @throws IggyError `partition_not_found`. */
export function partitionOf(topic: Topic, partitionId: number | undefined): Partition {
  return topic.partition(partitionId ?? 0);
}
