// What can be read of one life of a partition: its segments and its newest messages in memory. Appending is local_log.ts.
import { dirname } from 'node:path';
import { MessageCollector, noMessages, type StoredMessages } from './batch.ts';
import { isMissing } from './disk.ts';
import type { LogEnvironment } from './environment.ts';
import { LogError } from './log_error.ts';
import type { SealedSegment } from './retention.ts';
import type { Segment } from './segment.ts';
import type { Tail } from './tail.ts';

/** Most bytes that one read gathers; the answer is then shorter than asked for. */
const readSizeMax = 256 << 20;

export class LogReader {
  /** In order of offsets. The last one grows. */
  readonly segments: Segment[];
  readonly #environment: LogEnvironment;
  readonly #tail: Tail;
  readonly #beforeDisk: () => void;
  #isEnded = false;
  /** Resolves when the deletions asked for so far are done. */
  #deleting: Promise<unknown> = Promise.resolve();

  /** `beforeDisk` is called before files are read: they may not have everything yet. */
  constructor(environment: LogEnvironment, tail: Tail, segments: Segment[], beforeDisk: () => void) {
    this.#environment = environment;
    this.#tail = tail;
    this.segments = segments;
    this.#beforeDisk = beforeDisk;
  }

  get earliestOffset(): number {
    return this.segments[0]?.baseOffset ?? 0;
  }

  get nextOffset(): number {
    return this.segments.at(-1)?.endOffset ?? 0;
  }

  /** Bytes of the messages. */
  get sizeBytes(): number {
    return Math.max(0, (this.segments.at(-1)?.endSize ?? 0) - (this.segments[0]?.baseSize ?? 0));
  }

  get sealedSegments(): SealedSegment[] {
    return this.segments.slice(0, -1).map(({ baseOffset, endOffset, baseSize, endSize, endTimestamp }) => ({
      ...{ baseOffset, endOffset, endTimestamp },
      sizeBytes: endSize - baseSize,
    }));
  }

  /** See `PartitionLog.deleteOldestSegments`. */
  deleteOldestSegments(count: number): Promise<number> {
    const deleting = this.#deleting.then(() => this.#deleteOldest(count));
    this.#deleting = deleting.catch(() => {});
    return deleting;
  }

  async #deleteOldest(count: number): Promise<number> {
    let deleted = 0;
    while (deleted < count && this.segments.length > 1) {
      const segment = this.segments[0]!;
      const { path } = segment;
      try {
        this.#environment.disk.remove(path);
        this.segments.shift();
        this.#environment.files?.forget(segment);
        this.#tail.dropBelow(this.earliestOffset);
        // One after another, whoever asks: after a power cut the files that are left have no hole between them.
        await this.#environment.disk.syncFolder(dirname(path));
      } catch (error) {
        throw LogError.from('write_failed', error);
      }
      deleted++;
    }
    return deleted;
  }

  /** The life is over: its files may be gone, and reads under way find nothing. */
  end(): void {
    this.#isEnded = true;
    for (const segment of this.segments) this.#environment.files?.forget(segment);
  }

  /** See `PartitionLog.read`. Nothing from `end` on is read. */
  async read(offset: number, count: number, end = this.nextOffset): Promise<StoredMessages> {
    const from = Math.max(offset, this.earliestOffset);
    if (from >= end || count <= 0) return noMessages;
    const collector = new MessageCollector(from, Math.min(count, end - from), readSizeMax);
    while (!collector.isFull && collector.next < end) {
      const inMemory = this.#tail.firstOffset;
      if (inMemory !== undefined && collector.next >= inMemory) {
        this.#tail.collect(collector);
        break;
      }
      const { next } = collector;
      try {
        await this.#onDisk(() => this.#segmentOf(next).collect(this.#environment, collector));
      } catch (error) {
        // The segment was deleted during the read: what is there now begins later.
        if (next < this.earliestOffset && collector.isEmpty) {
          collector.next = this.earliestOffset;
          continue;
        }
        const isLater = error instanceof LogError && error.kind === 'corrupted' && !collector.isEmpty;
        if (!isLater) throw error;
        break;
      }
      if (this.#isEnded) return noMessages;
      if (collector.next === next) break;
    }
    return collector.messages;
  }

  /** See `PartitionLog.readFromTimestamp`. Nothing from `end` on is read. */
  async readFromTimestamp(timestamp: number, count: number, end = this.nextOffset): Promise<StoredMessages> {
    if (count <= 0 || timestamp > (this.segments.at(-1)?.endTimestamp ?? -1)) return noMessages;
    const offset = await this.#findTimestamp(timestamp);
    return offset === undefined ? noMessages : this.read(offset, count, end);
  }

  async #findTimestamp(timestamp: number): Promise<number | undefined> {
    // Messages of equal timestamp can lie on both sides of the tail's start, so it decides only for later ones.
    const inMemory = this.#tail.firstTimestamp;
    const isInMemory =
      inMemory !== undefined && (inMemory < timestamp || (this.#tail.firstOffset ?? 0) <= this.earliestOffset);
    if (isInMemory) return this.#tail.findTimestamp(timestamp);
    for (const segment of this.segments.filter(({ endTimestamp }) => endTimestamp >= timestamp)) {
      let found: number | undefined;
      try {
        found = await this.#onDisk(() => segment.findTimestamp(this.#environment, timestamp));
      } catch (error) {
        // Deleted during the search.
        if (segment.endOffset <= this.earliestOffset) continue;
        throw error;
      }
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Reads a file that a purge may unlink meanwhile; undefined then. */
  async #onDisk<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
    try {
      this.#beforeDisk();
      const result = await read();
      return this.#isEnded ? undefined : result;
    } catch (error) {
      if (this.#isEnded) return undefined;
      if (isMissing(error)) throw new LogError('corrupted', `a segment is missing: ${(error as Error).message}`, error);
      throw LogError.from('read_failed', error);
    }
  }

  /** The segment that holds `offset`, or the first one. */
  #segmentOf(offset: number): Segment {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.segments[middle]!.baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return this.segments[low]!;
  }
}
