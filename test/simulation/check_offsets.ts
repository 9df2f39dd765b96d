// Compares the stored offsets of one partition with what was stored: the last value that is promised or a later one, never above the end of the log,
// and nothing of a life or a group that ended.
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { isOfLife, type Moment } from './check_log.ts';
import type { ExpectedPartition, ExpectedTopic } from './expected.ts';
import { isAnsweredAt, isOkAt, isRefusedAt, type Store } from './records.ts';
import { must } from './violation.ts';

/** What is asked of a partition and its topic here. */
interface Offsets {
  readonly consumerOffsets: { get(owner: OffsetOwner, consumerId: number): number | undefined };
  /** The groups that are there. */
  readonly groups: Iterable<{ readonly id: number; readonly createdIndex: number }>;
}

/** Checks all offsets that were ever stored, and returns what the next start is to be judged by. */
export function checkOffsets(
  { consumerOffsets, groups }: Offsets,
  topic: ExpectedTopic,
  partition: ExpectedPartition,
  nextOffset: number,
  moment: Moment,
): Store[] {
  const { slot } = partition;
  const keys = new Map(slot.stores.map(({ owner, consumerId }) => [`${owner} ${consumerId}`, { owner, consumerId }]));
  const offsetOf = (owner: OffsetOwner, consumerId: number): number | undefined => {
    if (owner === OffsetOwner.consumer) return consumerOffsets.get(owner, consumerId);
    const group = [...groups].find(({ id }) => id === consumerId);
    return group && consumerOffsets.get(owner, group.createdIndex);
  };
  return [...keys.values()].flatMap(({ owner, consumerId }) => {
    const offset = offsetOf(owner, consumerId);
    const stores = storesOf(owner, consumerId, topic, partition, moment);
    const promised = stores.findLastIndex(({ isPromised }) => isPromised);
    const allowed = [
      ...(promised < 0 ? [undefined] : []),
      ...stores.slice(Math.max(0, promised)).map((store) => store.offset),
    ];
    // While a process lives it gives back what it was given.
    const seen = moment.crash === 'none' ? allowed : allowed.map((value) => bounded(value, nextOffset));
    must(seen.includes(offset), () => {
      const who = owner === OffsetOwner.consumer ? 'consumer' : 'group';
      return `${slot.name}: ${who} ${consumerId} is at ${offset}, not at one of ${seen.join(', ')}`;
    });
    const found: Store = { ...known, owner, consumerId, offset, level: moment.crash === 'power' ? 'disk' : 'os' };
    if (moment.crash === 'power') return [found];
    // What a process left to the machine is there, but a power cut may still bring back what was on the disk before.
    const onDisk = stores.findLastIndex(({ isOnDisk }) => isOnDisk);
    const carried = stores.slice(Math.max(0, onDisk)).map(({ isOnDisk, offset: earlier }): Store => {
      const outcome = isOnDisk ? 'ok' : 'unknown';
      return { ...known, owner, consumerId, offset: earlier, level: isOnDisk ? 'disk' : 'os', outcome };
    });
    return [...carried, found];
  });
}

/** Asked for and answered before everything else. */
const known = { askedAt: 0, answeredAt: 0, outcome: 'ok' } as const;

function bounded(value: number | undefined, nextOffset: number): number | undefined {
  if (value === undefined || value < nextOffset) return value;
  return nextOffset === 0 ? undefined : nextOffset - 1;
}

interface Candidate {
  readonly offset: number | undefined;
  /** Whether it, or a later one, must be there after this crash, and after every crash. */
  readonly isPromised: boolean;
  readonly isOnDisk: boolean;
}

/** Stores of which one had the last word, in order. */
function storesOf(
  owner: OffsetOwner,
  consumerId: number,
  topic: ExpectedTopic,
  partition: ExpectedPartition,
  { history, at, crash }: Moment,
): Candidate[] {
  const { slot, begunBy } = partition;
  const isGroup = owner === OffsetOwner.consumer_group;
  if (isGroup && crash !== 'none' && !topic.groups.some(({ id }) => id === consumerId)) return [];
  // A group that ended took its offsets along, whoever has its number now.
  const ended = isGroup ? topic.groupsEnded.filter(({ id }) => id === consumerId).map(({ by }) => by) : [];
  return slot.stores
    .filter(
      (store) =>
        store.owner === owner &&
        store.consumerId === consumerId &&
        store.askedAt <= at &&
        !isRefusedAt(store, at) &&
        (begunBy === undefined || !isAnsweredAt(store, begunBy.askedAt)) &&
        !ended.some((by) => isAnsweredAt(store, by.askedAt)),
    )
    .map((store) => {
      const isCertain =
        isOkAt(store, at) &&
        isOfLife(store, partition, at) &&
        ended.every((by) => isOkAt(by, at) && by.answeredAt < store.askedAt);
      const isOnDisk = isCertain && history.isOnDisk(store, slot, at);
      const isPromised = isOnDisk || (isCertain && crash !== 'power' && history.gaveUpAt > at);
      return { offset: store.offset, isPromised, isOnDisk };
    });
}
