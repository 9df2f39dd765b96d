// A partition's messages on the local disk: segments in one folder, appended by this thread, read from memory or disk. What a folder holds after
// a stop is found out by open_log.ts.

import { FrameLayout } from '../../generated/storage/batch_header.ts';
import { FileKind } from '../../generated/storage/segment_header.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import { type MessageBatch, MessageCollector, noMessages, type StoredMessages, stampBatch } from './batch.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { type Disk, isMissing } from './disk.ts';
import {
  createFrameFile,
  type DurabilityProof,
  type FrameEnd,
  FrameFile,
  fileHeaderSize,
  type Level,
} from './frame_file.ts';
import { LogError } from './log_error.ts';
import type { AppendReceipt, PartitionLog } from './partition_log.ts';
import { Segment, segmentName } from './segment.ts';
import { Tail, type TailBudget } from './tail.ts';

/** What every log of a server is given. */
export interface LogEnvironment {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly tailBudget: TailBudget;
  /** Told of everything a person may want to know: quarantined bytes, fences. */
  readonly notice: (text: string) => void;
}

export interface LogOptions {
  /** A segment that reached this many bytes is sealed. */
  readonly segmentSize: number;
  /** How far an append must come before it is acknowledged. */
  readonly level: Level;
}

/** Which partition a log is of, and which life of it. */
export interface LogIdentity {
  readonly streamId: number;
  readonly topicId: number;
  readonly partitionId: number;
  readonly incarnation: bigint;
}

/** What opening found in a folder. */
export interface LogContents {
  readonly segments: Segment[];
  /** The end of the last segment, when it takes appends. */
  readonly appendable: { readonly end: FrameEnd; readonly durableUpTo: number } | undefined;
  readonly fence: string | undefined;
}

/** Most bytes that one read gathers; the answer is then shorter than asked for. */
const readSizeMax = 256 << 20;

interface WaitingAppend {
  readonly batch: MessageBatch;
  readonly resolve: (receipt: Promise<AppendReceipt>) => void;
  readonly reject: (error: unknown) => void;
}

/** The one place that acknowledges. It takes a proof, which only the file that was written or synced can make. */
function acknowledge(receipt: AppendReceipt, wanted: Level, proof: DurabilityProof): AppendReceipt {
  const isReached = proof.level === 'disk' || wanted === 'os';
  if (!isReached || proof.upTo < receipt.baseOffset + receipt.count)
    throw new Error('an append must not be acknowledged before its level');
  return receipt;
}

export class LocalLog implements PartitionLog {
  readonly #environment: LogEnvironment;
  readonly #options: LogOptions;
  /** Folder of one life of the partition. */
  readonly #folderOf: (identity: LogIdentity) => string;
  readonly #tail: Tail;
  #identity: LogIdentity;
  #segments: Segment[];
  #appendable: LogContents['appendable'];
  #file: FrameFile | undefined;
  #fence: string | undefined;
  #isClosed = false;
  /** Appends that wait for a new segment, in order. */
  #waiting: WaitingAppend[] = [];
  #draining: Promise<void> | undefined;

  constructor(
    environment: LogEnvironment,
    options: LogOptions,
    folderOf: (identity: LogIdentity) => string,
    identity: LogIdentity,
    contents: LogContents,
  ) {
    this.#environment = environment;
    this.#options = options;
    this.#folderOf = folderOf;
    this.#tail = new Tail(environment.tailBudget);
    this.#identity = identity;
    this.#segments = contents.segments;
    this.#appendable = contents.appendable;
    this.#fence = contents.fence;
  }

  get earliestOffset(): number {
    return this.#segments[0]?.baseOffset ?? 0;
  }

  get nextOffset(): number {
    return this.#segments.at(-1)?.endOffset ?? 0;
  }

  get currentOffset(): number {
    return Math.max(0, this.nextOffset - 1);
  }

  get messagesCount(): number {
    return this.nextOffset - this.earliestOffset;
  }

  get sizeBytes(): number {
    return Math.max(0, (this.#segments.at(-1)?.endSize ?? 0) - (this.#segments[0]?.baseSize ?? 0));
  }

  get segmentsCount(): number {
    return Math.max(1, this.#segments.length);
  }

  get fence(): string | undefined {
    return this.#fence;
  }

  append(batch: MessageBatch): Promise<AppendReceipt> {
    // While a segment is being made, and behind those who wait for it, an append waits too: offsets are given in the order of calls.
    if (this.#draining === undefined && this.#canTake()) {
      try {
        return this.#appendNow(batch);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Whether the last segment takes an append without more ado. */
  #canTake(): boolean {
    if (this.#fence !== undefined || this.#isClosed) return true;
    return this.#file !== undefined && this.#file.end.position < this.#options.segmentSize;
  }

  /** From here to the return nothing awaits: offsets are given in the order of calls. */
  #appendNow(batch: MessageBatch): Promise<AppendReceipt> {
    if (this.#isClosed) throw new LogError('closed', 'the partition is closed');
    if (this.#fence !== undefined) throw new LogError('fenced', this.#fence);
    const file = this.#file!;
    const segment = this.#segments.at(-1)!;
    const { offset: baseOffset, position } = file.end;
    const timestamp = Math.max(this.#environment.clock.nowMicros(), file.end.timestamp);
    stampBatch(batch, baseOffset, timestamp, this.#environment.random);
    let proof: DurabilityProof;
    try {
      proof = file.append({ count: batch.count, timestamp, layout: FrameLayout.messages, body: batch.bytes });
    } catch (error) {
      throw this.#fenceIf(error);
    }
    segment.extend(
      { offset: baseOffset, position, timestamp, headerChecksum: file.end.chain },
      batch.count,
      file.end.position - position,
    );
    this.#tail.push(baseOffset, batch.count, timestamp, batch.bytes);
    const receipt = { baseOffset, count: batch.count, timestamp };
    if (this.#options.level === 'os') return Promise.resolve(acknowledge(receipt, 'os', proof));
    return this.#sync(file).then((synced) => acknowledge(receipt, 'disk', synced));
  }

  async #sync(file: FrameFile): Promise<DurabilityProof> {
    try {
      return await file.sync();
    } catch (error) {
      throw this.#fenceIf(error);
    }
  }

  #fenceIf(error: unknown): unknown {
    if (error instanceof LogError && error.kind === 'fenced' && this.#fence === undefined) {
      this.#fence = error.message;
      this.#environment.notice(`partition is read-only: ${error.message}`);
    }
    return error;
  }

  /** Appends what waits, making segments as needed. The only place that changes which file is appended to. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      let failure: { readonly error: unknown } | undefined;
      if (!this.#canTake()) {
        try {
          await this.#openNext();
        } catch (error) {
          failure = { error: this.#fenceIf(error) };
        }
      }
      if (failure !== undefined) {
        for (const waiting of this.#waiting.splice(0)) waiting.reject(failure.error);
        break;
      }
      while (this.#waiting.length > 0 && this.#canTake()) {
        const { batch, resolve, reject } = this.#waiting.shift()!;
        try {
          resolve(this.#appendNow(batch));
        } catch (error) {
          reject(error);
        }
      }
    }
    this.#draining = undefined;
  }

  /** Opens the last segment for appending, or seals it and makes the next one. */
  async #openNext(): Promise<void> {
    const { disk, clock } = this.#environment;
    this.#reopen();
    if (this.#canTake()) return;
    const sealed = this.#file;
    // Before the next file takes a frame everything before it is on the disk: the log stays a prefix of itself after a power cut.
    if (sealed !== undefined) await sealed.sync();
    const folder = this.#folderOf(this.#identity);
    if (sealed === undefined) {
      disk.makeFolder(folder);
      await disk.syncFolder(parentOf(folder));
    }
    const last = this.#segments.at(-1);
    const base = { offset: this.nextOffset, size: last?.endSize ?? 0, timestamp: last?.endTimestamp ?? 0 };
    const file = await createFrameFile(disk, folder, segmentName(base.offset), {
      ...this.#identity,
      kind: FileKind.segment,
      chainStart: sealed?.end.chain ?? 0,
      baseOffset: base.offset,
      baseSize: base.size,
      baseTimestamp: base.timestamp,
      createdAt: clock.nowMicros(),
    });
    this.#file = file;
    const segment = new Segment(file.path, file.header, base);
    segment.endPosition = fileHeaderSize;
    this.#segments.push(segment);
    await sealed?.close();
  }

  /** Opens the segment that an earlier process wrote to. Only when needed: most partitions of a large server are idle. */
  #reopen(): void {
    if (this.#file !== undefined || this.#appendable === undefined) return;
    const segment = this.#segments.at(-1)!;
    this.#file = new FrameFile(
      this.#environment.disk.open(segment.path, 'write'),
      segment.header!,
      this.#appendable.end,
      this.#appendable.durableUpTo,
    );
    this.#appendable = undefined;
  }

  async read(offset: number, count: number): Promise<StoredMessages> {
    const from = Math.max(offset, this.earliestOffset);
    if (from >= this.nextOffset || count <= 0) return noMessages;
    const collector = new MessageCollector(from, count, readSizeMax);
    const { incarnation } = this.#identity;
    while (!collector.isFull && collector.next < this.nextOffset) {
      const inMemory = this.#tail.firstOffset;
      if (inMemory !== undefined && collector.next >= inMemory) {
        this.#tail.collect(collector);
        break;
      }
      const segment = this.#segmentOf(collector.next);
      const { next } = collector;
      const isWhole = await this.#onDisk(incarnation, () => segment.collect(this.#environment.disk, collector));
      if (isWhole === undefined) return noMessages;
      if (!isWhole || collector.next === next) break;
    }
    return collector.messages;
  }

  async readFromTimestamp(timestampMicros: number, count: number): Promise<StoredMessages> {
    if (count <= 0 || timestampMicros > (this.#segments.at(-1)?.endTimestamp ?? -1)) return noMessages;
    const offset = await this.#findTimestamp(timestampMicros);
    return offset === undefined ? noMessages : this.read(offset, count);
  }

  async #findTimestamp(timestamp: number): Promise<number | undefined> {
    // Messages of equal timestamp can lie on both sides of the tail's start, so it decides only for later ones.
    const inMemory = this.#tail.firstTimestamp;
    if (inMemory !== undefined && (inMemory < timestamp || this.#tail.firstOffset === this.earliestOffset))
      return this.#tail.findTimestamp(timestamp);
    const { incarnation } = this.#identity;
    for (const segment of this.#segments.filter(({ endTimestamp }) => endTimestamp >= timestamp)) {
      const found = await this.#onDisk(incarnation, () => segment.findTimestamp(this.#environment.disk, timestamp));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Reads a file that a purge may unlink meanwhile; undefined then. */
  async #onDisk<Result>(incarnation: bigint, read: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await read();
      return this.#identity.incarnation === incarnation ? result : undefined;
    } catch (error) {
      if (this.#identity.incarnation !== incarnation) return undefined;
      if (isMissing(error)) throw new LogError('corrupted', `a segment is missing: ${(error as Error).message}`, error);
      throw error;
    }
  }

  /** The segment that holds `offset`, or the first one. */
  #segmentOf(offset: number): Segment {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#segments[middle]!.baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low]!;
  }

  async flush(level: Level): Promise<void> {
    await this.#settled();
    if (level === 'os') return;
    this.#reopen();
    if (this.#fence !== undefined) throw new LogError('fenced', this.#fence);
    if (this.#file !== undefined) await this.#sync(this.#file);
  }

  /** Resolves when no append waits for a segment. */
  async #settled(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async purge(incarnation: bigint): Promise<void> {
    await this.#settled();
    const file = this.#file;
    this.#identity = { ...this.#identity, incarnation };
    this.#segments = [];
    this.#tail.clear();
    this.#file = undefined;
    this.#appendable = undefined;
    this.#fence = undefined;
    await file?.close();
  }

  async discard(): Promise<void> {
    await this.#settled();
    this.#isClosed = true;
    this.#segments = [];
    this.#tail.clear();
    await this.#file?.close();
  }

  async close(): Promise<void> {
    await this.#settled();
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tail.clear();
    const { disk } = this.#environment;
    const { incarnation } = this.#identity;
    try {
      if (this.#appendable !== undefined && this.#appendable.durableUpTo < this.nextOffset) this.#reopen();
      const file = this.#file;
      if (file === undefined || this.#fence !== undefined || file.durableUpTo >= file.end.offset) return;
      await this.#sync(file);
      await writeCheckpoint(disk, this.#folderOf(this.#identity), incarnation, file.durableUpTo);
    } finally {
      await this.#file?.close();
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
