// A partition's messages in memory: for tests, and for whoever runs a server inside a process and keeps nothing. Every level is reached at once, and
// nothing survives the process.
import { type MessageBatch, MessageCollector, noMessages, type StoredMessages, stampBatch } from './batch.ts';
import { DedupWindow } from './dedup_window.ts';
import type { LogEnvironment, LogOptions } from './environment.ts';
import { fileHeaderSize } from './file_header.ts';
import { frameHeaderSize } from './frame.ts';
import { LogError } from './log_error.ts';
import type { AppendReceipt, PartitionLog } from './partition_log.ts';
import type { SealedSegment } from './retention.ts';

/** What a log in memory is given. */
export type MemoryEnvironment = Pick<LogEnvironment, 'clock' | 'random' | 'notice'>;

interface Frame {
  readonly baseOffset: number;
  readonly count: number;
  readonly timestamp: number;
  readonly body: Uint8Array;
}

/** Segments fill up as they do on a disk, so that retention finds the same ones. */
interface MemorySegment {
  readonly baseOffset: number;
  readonly frames: Frame[];
  sizeBytes: number;
  position: number;
}

const readSizeMax = 256 << 20;

export class MemoryLog implements PartitionLog {
  readonly #environment: MemoryEnvironment;
  readonly #options: LogOptions;
  readonly #window: DedupWindow | undefined;
  #segments: MemorySegment[] = [];
  #nextOffset = 0;
  #timestamp = 0;
  #isClosed = false;

  constructor(environment: MemoryEnvironment, options: LogOptions) {
    this.#environment = environment;
    this.#options = options;
    const { deduplication } = options;
    this.#window = deduplication === undefined ? undefined : new DedupWindow(deduplication, environment);
    this.#window?.clear();
  }

  get earliestOffset(): number {
    return this.#segments[0]?.baseOffset ?? 0;
  }

  get nextOffset(): number {
    return this.#nextOffset;
  }

  get currentOffset(): number {
    return Math.max(0, this.#nextOffset - 1);
  }

  get messagesCount(): number {
    return this.#nextOffset - this.earliestOffset;
  }

  get sizeBytes(): number {
    return this.#segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  get segmentsCount(): number {
    return Math.max(1, this.#segments.length);
  }

  get sealedSegments(): SealedSegment[] {
    return this.#segments.slice(0, -1).map(({ baseOffset, sizeBytes, frames }) => {
      const { baseOffset: lastOffset, count, timestamp } = frames.at(-1)!;
      return { baseOffset, sizeBytes, endOffset: lastOffset + count, endTimestamp: timestamp };
    });
  }

  get fence(): undefined {
    return undefined;
  }

  async append(given: MessageBatch): Promise<AppendReceipt> {
    if (this.#isClosed) throw new LogError('closed', 'the partition is closed');
    const segment = this.#growing();
    const batch = this.#window === undefined ? given : this.#window.withoutKnown(given);
    const baseOffset = this.#nextOffset;
    if (batch.count === 0 && given.count > 0) return { baseOffset, count: 0, timestamp: this.#timestamp };
    const timestamp = Math.max(this.#environment.clock.nowMicros(), this.#timestamp);
    stampBatch(batch, baseOffset, timestamp, this.#environment.random);
    this.#window?.note(batch);
    segment.frames.push({ baseOffset, count: batch.count, timestamp, body: batch.bytes });
    segment.sizeBytes += batch.bytes.byteLength;
    segment.position += frameHeaderSize + batch.bytes.byteLength;
    this.#nextOffset += batch.count;
    this.#timestamp = timestamp;
    return { baseOffset, count: batch.count, timestamp };
  }

  /** The segment for the next append. */
  #growing(): MemorySegment {
    const last = this.#segments.at(-1);
    if (last !== undefined && (last.position < this.#options.segmentSize || last.frames.length === 0)) return last;
    const next = { baseOffset: this.#nextOffset, frames: [], sizeBytes: 0, position: fileHeaderSize };
    this.#segments.push(next);
    return next;
  }

  async read(offset: number, count: number): Promise<StoredMessages> {
    const from = Math.max(offset, this.earliestOffset);
    if (from >= this.#nextOffset || count <= 0) return noMessages;
    const collector = new MessageCollector(from, count, readSizeMax);
    for (const { frames } of this.#segments.slice(firstAfter(this.#segments, (one) => one.baseOffset > from) - 1)) {
      const index = firstAfter(frames, (frame) => frame.baseOffset + frame.count > collector.next);
      for (let at = index; at < frames.length && !collector.isFull; at++) {
        const frame = frames[at]!;
        collector.take(frame.body, frame.baseOffset, frame.count);
      }
      if (collector.isFull) break;
    }
    return collector.messages;
  }

  async readFromTimestamp(timestampMicros: number, count: number): Promise<StoredMessages> {
    for (const { frames } of this.#segments) {
      const frame = frames[firstAfter(frames, ({ timestamp }) => timestamp >= timestampMicros)];
      if (frame !== undefined) return this.read(frame.baseOffset, count);
    }
    return noMessages;
  }

  async flush(): Promise<void> {}

  async deleteOldestSegments(count: number): Promise<number> {
    return this.#segments.splice(0, Math.min(count, this.#segments.length - 1)).length;
  }

  async purge(): Promise<void> {
    this.#window?.clear();
    this.#segments = [];
    this.#nextOffset = 0;
    this.#timestamp = 0;
  }

  async discard(): Promise<void> {
    await this.purge();
    this.#isClosed = true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }
}

/** Index of the first item for which `holds`, which is false up to some item and true after it. */
function firstAfter<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
