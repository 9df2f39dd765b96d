// Compares the messages of one partition with what was sent to it: what was acknowledged is there byte for byte, what is there was sent, in the
// order it was sent, and nothing of it came before its life or after a gap.
import { forEachMessage } from '../../src/log/batch.ts';
import type { PartitionLog } from '../../src/log/partition_log.ts';
import type { CrashKind } from './crash.ts';
import type { ExpectedPartition } from './expected.ts';
import type { History } from './history.ts';
import { type Append, isAnsweredAt, isOkAt, isRefusedAt, type Slot } from './records.ts';
import type { Scheduler } from './scheduler.ts';
import { isAsSent, type ReadMessage, readMessage } from './sent_messages.ts';
import { must } from './violation.ts';

/** A moment of a history, and what ended at it. */
export interface Moment {
  readonly history: History;
  readonly at: number;
  /** `none` while the process lives. */
  readonly crash: CrashKind | 'none';
}

/** Appends that the life of a partition may hold, in the order they were asked for. */
export function appendsOf({ slot, begunBy }: ExpectedPartition, { at }: Moment): Append[] {
  return slot.appends.filter(
    (append) =>
      append.askedAt <= at &&
      !isRefusedAt(append, at) &&
      (begunBy === undefined || !isAnsweredAt(append, begunBy.askedAt)),
  );
}

/** Whether something was asked for when the life that `begunBy` began was certainly the current one. */
export function isOfLife(asked: { readonly askedAt: number }, { begunBy }: ExpectedPartition, at: number): boolean {
  return begunBy === undefined || (isOkAt(begunBy, at) && begunBy.answeredAt < asked.askedAt);
}

/**
 * Where a log may begin: what was deleted for certain is gone, and what nobody asked to delete is there.
 * @returns where it begins at least after any power cut.
 */
function checkBeginning(log: PartitionLog, expected: ExpectedPartition, { at, crash }: Moment): number {
  const { slot, begunBy } = expected;
  let [least, most] = begunBy === undefined ? [slot.earliestOnDisk, slot.earliest] : [0, 0];
  for (const deletion of slot.deletions) {
    if (deletion.askedAt > at || isRefusedAt(deletion, at)) continue;
    if (begunBy !== undefined && isAnsweredAt(deletion, begunBy.askedAt)) continue;
    most = Math.max(most, deletion.upTo);
    if (isOkAt(deletion, at) && isOfLife(deletion, expected, at)) least = Math.max(least, deletion.reached);
  }
  const { earliestOffset } = log;
  const onDisk = crash === 'power' ? earliestOffset : least;
  // What a process deleted without an answer is gone, but a power cut may bring it back.
  if (crash !== 'power' && begunBy === undefined) least = Math.max(least, slot.earliest);
  const isAllowed = earliestOffset >= least && earliestOffset <= most;
  must(isAllowed, () => `${slot.name}: begins at ${earliestOffset}, not between ${least} and ${most}`);
  return onDisk;
}

/** All messages of a log, each checked by itself. */
export async function readAll(log: PartitionLog, name: string, scheduler: Scheduler): Promise<ReadMessage[]> {
  const messages: ReadMessage[] = [];
  const { earliestOffset } = log;
  for (let next = earliestOffset; next < log.nextOffset; next = earliestOffset + messages.length) {
    const read = await scheduler.until(log.read(next, 1000));
    must(read.count > 0, () => `${name}: offset ${next} of ${log.nextOffset} is not read`);
    forEachMessage(read, (message, slice) => {
      const due = earliestOffset + messages.length;
      must(message.offset === due, () => `${name}: offset ${message.offset} is at the place of ${due}`);
      messages.push(readMessage(message, slice));
    });
  }
  return messages;
}

/** An append that a log holds, as it is there. */
export interface FoundAppend {
  readonly append: Append;
  readonly baseOffset: number;
  readonly bytes: Uint8Array;
}

/** What a log holds, and where it begins at least after any power cut. */
export interface FoundLog {
  readonly appends: FoundAppend[];
  readonly earliestOnDisk: number;
}

/** Checks a log and returns what it holds. */
export async function checkLog(
  log: PartitionLog,
  expected: ExpectedPartition,
  moment: Moment,
  scheduler: Scheduler,
): Promise<FoundLog> {
  const { name } = expected.slot;
  must(moment.crash === 'none' || log.fence === undefined, () => `${name}: fenced without reason: ${log.fence}`);
  const earliestOnDisk = checkBeginning(log, expected, moment);
  const messages = await readAll(log, name, scheduler);
  const size = messages.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  // What a fence keeps from being shown still takes space.
  const isSize = log.fence === undefined ? log.sizeBytes === size : log.sizeBytes >= size;
  must(isSize, () => `${name}: claims ${log.sizeBytes} bytes and has ${size}`);
  must(log.messagesCount === messages.length, () => `${name}: claims ${log.messagesCount} messages`);
  for (const [index, { timestamp }] of messages.entries())
    must(index === 0 || timestamp >= messages[index - 1]!.timestamp, () => `${name}: time goes back at ${index}`);
  const found = batchesOf(messages, log.earliestOffset, expected, moment);
  checkOrder(
    found.map(({ append }) => append),
    log.earliestOffset,
    expected,
    moment,
  );
  checkSegments(log, found, expected.slot);
  await checkTimestamps(log, messages, name, scheduler);
  return { appends: found, earliestOnDisk };
}

/** Matches messages with appends, whole batches only. */
function batchesOf(
  messages: readonly ReadMessage[],
  earliest: number,
  expected: ExpectedPartition,
  moment: Moment,
): FoundAppend[] {
  const { name } = expected.slot;
  const appends = new Map(appendsOf(expected, moment).map((append) => [append.batch, append]));
  const found: FoundAppend[] = [];
  for (let position = 0; position < messages.length; ) {
    const offset = earliest + position;
    const { batch } = messages[position]!;
    const append = appends.get(batch);
    must(append !== undefined, () => `${name}: offset ${offset} holds batch ${batch}, which is not of this life`);
    must(messages.length >= position + append.count, () => `${name}: batch ${batch} is not whole`);
    for (let index = 0; index < append.count; index++) {
      const message = messages[position + index]!;
      const isMeant = message.batch === batch && message.index === index;
      must(isMeant && isAsSent(message, append), () => `${name}: offset ${offset + index} is not as it was sent`);
    }
    const bytes = Buffer.concat(messages.slice(position, position + append.count).map((message) => message.bytes));
    if (isOkAt(append, moment.at)) {
      must(append.baseOffset === offset, () => `${name}: batch ${batch} is at ${offset}, not at ${append.baseOffset}`);
      must(bytes.equals(append.bytes), () => `${name}: batch ${batch} changed after it was acknowledged`);
    }
    found.push({ append, baseOffset: offset, bytes });
    position += append.count;
  }
  return found;
}

/** What is there is a prefix of what was asked for, and what was promised is in it. */
function checkOrder(
  found: readonly Append[],
  earliest: number,
  expected: ExpectedPartition,
  { history, at, crash }: Moment,
): void {
  const { slot } = expected;
  const there = new Set(found);
  must(there.size === found.length, () => `${slot.name}: a batch is there twice`);
  let missing: Append | undefined;
  let position = 0;
  for (const append of appendsOf(expected, { history, at, crash })) {
    if (there.has(append)) {
      must(found[position] === append, () => `${slot.name}: batch ${append.batch} is out of order`);
      must(
        missing === undefined,
        () => `${slot.name}: batch ${append.batch} is there, ${missing?.batch} before it is not`,
      );
      position++;
      continue;
    }
    if (isDeleted(append, earliest, slot, at)) continue;
    // What was answered by `fenced` may be there or not, whatever else is.
    const isOpen = isAnsweredAt(append, at)
      ? append.outcome === 'unknown'
      : history.failures.some((failedAt) => failedAt >= append.askedAt && failedAt <= at);
    if (isOpen || !isOfLife(append, expected, at)) continue;
    missing ??= append;
    const isHeld = append.level === 'memory' && crash !== 'none';
    const isKept = (crash !== 'power' && !isHeld && history.gaveUpAt > at) || history.isOnDisk(append, slot, at);
    const isPromised = isKept && (isOkAt(append, at) || append.seenAt <= at);
    must(
      !isPromised,
      () => `${slot.name}: batch ${append.batch}, acknowledged at offset ${append.baseOffset} or seen, is lost`,
    );
  }
}

/** No segment goes on after it is full. */
function checkSegments(log: PartitionLog, found: readonly FoundAppend[], { name, promise }: Slot): void {
  const { segmentSize } = promise;
  if (segmentSize === undefined) return;
  const ends = [...log.sealedSegments.map(({ endOffset }) => endOffset), Number.POSITIVE_INFINITY];
  for (const [index, end] of ends.entries()) {
    const from = ends[index - 1] ?? 0;
    const bodies = found.filter(({ baseOffset }) => baseOffset >= from && baseOffset < end).map(({ bytes }) => bytes);
    const size = bodies.slice(0, -1).reduce((sum, { byteLength }) => sum + byteLength, 4096);
    must(size < segmentSize, () => `${name}: the segment that ends at ${end} took more after it was full`);
  }
}

/** Whether an append that is not there may have been deleted with the oldest segments. */
function isDeleted(append: Append, earliest: number, slot: Slot, at: number): boolean {
  if (isOkAt(append, at)) return append.baseOffset < earliest;
  return slot.deletions.some(({ askedAt }) => askedAt > append.askedAt && askedAt <= at);
}

/** A search by time finds the first message that is not older. */
async function checkTimestamps(
  log: PartitionLog,
  messages: readonly ReadMessage[],
  name: string,
  scheduler: Scheduler,
): Promise<void> {
  const middle = messages[messages.length >> 1];
  if (middle === undefined) return;
  const { offset: first } = messages.find(({ timestamp }) => timestamp >= middle.timestamp)!;
  const read = await scheduler.until(log.readFromTimestamp(middle.timestamp, 1));
  forEachMessage(read, ({ offset }) =>
    must(offset === first, () => `${name}: time ${middle.timestamp} is found at ${offset}, not at ${first}`),
  );
  must(read.count === 1, () => `${name}: time ${middle.timestamp} is not found`);
}
