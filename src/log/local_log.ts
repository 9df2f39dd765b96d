// A partition's messages on the local disk: segments in one folder, appended by this thread. Reading is log_reader.ts; what a folder holds after
// a stop is found out by open_log.ts.
import { dirname } from 'node:path';
import { FrameLayout } from '../../generated/storage/batch_header.ts';
import { acknowledge } from './acknowledge.ts';
import { type MessageBatch, type StoredMessages, stampBatch } from './batch.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { DedupWindow } from './dedup_window.ts';
import type { LogEnvironment, LogIdentity, LogOptions } from './environment.ts';
import { type DurabilityProof, FrameFile, isFinished, type Level } from './frame_file.ts';
import { appendAt } from './holding.ts';
import type { Appendable, Fence, LogContents } from './log_contents.ts';
import { LogError } from './log_error.ts';
import { LogReader } from './log_reader.ts';
import { createSegment, putInPlace } from './new_segment.ts';
import type { AppendReceipt, PartitionLog } from './partition_log.ts';
import { Rescue, rescueSuffix } from './rescue.ts';
import type { SealedSegment } from './retention.ts';
import type { Segment } from './segment.ts';
import { SyncBehind } from './sync_behind.ts';
import { Tail } from './tail.ts';

export type { LogEnvironment, LogIdentity, LogOptions } from './environment.ts';
export type { LogContents } from './log_contents.ts';

interface WaitingAppend {
  readonly batch: MessageBatch;
  readonly resolve: (receipt: Promise<AppendReceipt>) => void;
  readonly reject: (error: unknown) => void;
}

export class LocalLog implements PartitionLog {
  readonly #environment: LogEnvironment;
  readonly #options: LogOptions;
  /** Folder of one life of the partition. */
  readonly #folderOf: (identity: LogIdentity) => string;
  readonly #tail: Tail;
  #identity: LogIdentity;
  /** What is there to read, of this life. */
  #reader: LogReader;
  #appendable: Appendable | undefined;
  #file: FrameFile | undefined;
  #fence: Fence | undefined;
  /** Undefined when messages are taken as often as they come. */
  readonly #window: DedupWindow | undefined;
  /** Writes again what a failed sync left in doubt; until that is done the log is fenced. */
  readonly #rescue: Rescue;
  readonly #syncBehind = new SyncBehind((file) => this.#sync(file));
  #isUnreadable: boolean;
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
    this.#reader = this.#readerOf(contents.segments);
    this.#appendable = contents.appendable;
    this.#fence = contents.fence;
    this.#isUnreadable = contents.isUnreadable ?? false;
    this.#window = options.deduplication && new DedupWindow(options.deduplication, environment);
    this.#rescue = new Rescue(environment.clock, () => this.#writeAgain());
  }

  get earliestOffset(): number {
    return this.#reader.earliestOffset;
  }

  /** At level `disk` nothing is shown that a power cut could still take. */
  get nextOffset(): number {
    if (this.#options.level !== 'disk') return this.#reader.nextOffset;
    return (
      this.#fence?.doubtFrom ?? this.#file?.durableUpTo ?? this.#appendable?.durableUpTo ?? this.#reader.nextOffset
    );
  }

  get currentOffset(): number {
    return Math.max(0, this.nextOffset - 1);
  }

  get messagesCount(): number {
    return this.nextOffset - this.earliestOffset;
  }

  get sizeBytes(): number {
    return this.#reader.sizeBytes;
  }

  get segmentsCount(): number {
    return Math.max(1, this.#reader.segments.length);
  }

  get sealedSegments(): SealedSegment[] {
    return this.#reader.sealedSegments;
  }

  get fence(): string | undefined {
    return this.#fence?.reason;
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
    if (this.#window?.isReady === false) return false;
    if (this.#file === undefined || isFinished(this.#file, this.#environment)) return false;
    const { end, header } = this.#file;
    return end.position < this.#options.segmentSize || end.offset === header.baseOffset;
  }

  /** From here to the return nothing awaits: offsets are given in the order of calls. */
  #appendNow(given: MessageBatch): Promise<AppendReceipt> {
    if (this.#isClosed) throw new LogError('closed', 'the partition is closed');
    if (this.#fence !== undefined) {
      this.#rescue.startAgain();
      throw new LogError('fenced', this.#fence.reason);
    }
    const file = this.#file!;
    const batch = this.#window === undefined ? given : this.#window.withoutKnown(given);
    if (batch.count === 0 && given.count > 0) return this.#appendNothing(file);
    const segment = this.#reader.segments.at(-1)!;
    const { offset: baseOffset, position } = file.end;
    const timestamp = Math.max(this.#environment.clock.nowMicros(), file.end.timestamp);
    stampBatch(batch, baseOffset, timestamp, this.#environment.random);
    this.#environment.space?.admit(batch.bytes.byteLength);
    let proof: DurabilityProof;
    try {
      const frame = { count: batch.count, timestamp, layout: FrameLayout.messages, body: batch.bytes };
      proof = appendAt(file, frame, this.#options);
    } catch (error) {
      throw this.#fenceIf(error, file);
    }
    segment.extend(
      { offset: baseOffset, position, timestamp, headerChecksum: file.end.chain },
      batch.count,
      file.end.position - position,
    );
    this.#window?.note(batch);
    this.#tail.push(baseOffset, batch.count, timestamp, batch.bytes);
    const receipt = { baseOffset, count: batch.count, timestamp };
    const { level } = this.#options;
    if (level === 'disk') return this.#sync(file).then((synced) => acknowledge(receipt, level, synced));
    this.#syncBehind.grown(file);
    return Promise.resolve(acknowledge(receipt, level, proof));
  }

  /** All messages are there already. Says so once they are at the log's level: their first sender may not have been told yet. */
  async #appendNothing(file: FrameFile): Promise<AppendReceipt> {
    const receipt = { baseOffset: file.end.offset, count: 0, timestamp: file.end.timestamp };
    const { level } = this.#options;
    return acknowledge(receipt, level, level === 'disk' ? await this.#sync(file) : file.reached(level));
  }

  async #sync(file: FrameFile): Promise<DurabilityProof> {
    try {
      return await file.sync();
    } catch (error) {
      throw this.#fenceIf(error, file);
    }
  }

  #writeHeld(): void {
    try {
      this.#file?.write();
    } catch (error) {
      throw this.#fenceIf(error, this.#file);
    }
  }

  /** Stops taking appends when the file that is appended to is in doubt. */
  #fenceIf(error: unknown, file: FrameFile | undefined): unknown {
    if (error instanceof LogError && error.kind === 'fenced' && this.#fence === undefined && file === this.#file) {
      this.#fence = { reason: error.message, doubtFrom: file?.durableUpTo };
      this.#environment.notice(`partition is read-only: ${error.message}`);
      this.#rescue.start();
    }
    return error;
  }

  async #writeAgain(): Promise<void> {
    const broken = this.#file;
    if (broken === undefined || this.#isClosed) return;
    const { segments } = this.#reader;
    const old = segments.at(-1)!;
    try {
      const folder = this.#folderOf(this.#identity);
      const { file, segment } = await rescueSuffix(this.#environment, folder, old, broken, this.#tail);
      old.cutAt(broken.durableEnd);
      this.#environment.files?.forget(old);
      segments.splice(segments.length - 1, 1, ...(old.baseOffset < segment.baseOffset ? [old] : []), segment);
      this.#file = file;
      await broken.close().catch(() => {});
      await this.#environment.disk.syncFolder(folder);
      this.#fence = undefined;
      this.#environment.notice(`partition takes appends again: ${segment.path} holds what was in doubt`);
    } catch (error) {
      this.#environment.notice(`partition stays read-only: ${(error as Error).message}`);
    }
  }

  /** Appends what waits, making segments as needed. The only place that changes which file is appended to. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      let failure: { readonly error: unknown } | undefined;
      if (!this.#canTake()) {
        try {
          await this.#openNext();
        } catch (error) {
          failure = { error: this.#fenceIf(LogError.from('write_failed', error), this.#file) };
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
    const { disk } = this.#environment;
    await this.#window?.restore(this.#reader);
    await this.#reopen();
    if (this.#canTake()) return;
    const sealed = this.#file;
    // Before the next file takes a frame everything before it is on the disk: the log stays a prefix of itself after a power cut.
    if (sealed !== undefined) await sealed.sync();
    const folder = this.#folderOf(this.#identity);
    if (sealed === undefined) {
      disk.makeFolder(folder);
      await disk.syncFolder(dirname(folder));
    }
    const last = this.#reader.segments.at(-1);
    const base = {
      offset: this.#reader.nextOffset,
      size: last?.endSize ?? 0,
      timestamp: last?.endTimestamp ?? 0,
      chain: sealed?.end.chain ?? 0,
    };
    // A file without frames still says where offsets go on, so there must be one at any time.
    const isReplacing = last?.baseOffset === base.offset;
    const { file, segment } = await createSegment(this.#environment, this.#identity, folder, base, isReplacing);
    if (isReplacing) {
      try {
        putInPlace(disk, file, segment);
        await disk.syncFolder(folder);
      } catch (error) {
        await file.close();
        throw error;
      }
      this.#reader.segments.pop();
    }
    this.#file = file;
    this.#reader.segments.push(segment);
    await sealed?.close();
  }

  /**
   * Opens the segment that an earlier process wrote to. Only when needed: most partitions of a large server are idle. What that process left to the
   * operating system is brought to the disk first, so that from here on it is known what is there.
   */
  async #reopen(): Promise<void> {
    if (this.#file !== undefined || this.#appendable === undefined) return;
    // It may have ended before the name of the file was on the disk.
    await this.#environment.disk.syncFolder(this.#folderOf(this.#identity));
    if (this.#file !== undefined || this.#appendable === undefined) return;
    const segment = this.#reader.segments.at(-1)!;
    const { end, durableUpTo } = this.#appendable;
    this.#file = new FrameFile(this.#environment, segment.path, segment.header!, end, durableUpTo);
    this.#appendable = undefined;
    // As long as no message of a segment is known to be on the disk, its header is not either.
    const isHeaderInDoubt = durableUpTo <= segment.baseOffset;
    const from = isHeaderInDoubt ? 0 : segment.positionOf(durableUpTo);
    if (isHeaderInDoubt || durableUpTo < end.offset) await this.#file.syncAgain(from);
  }

  async read(offset: number, count: number): Promise<StoredMessages> {
    this.#checkReadable();
    return this.#reader.read(offset, count, this.nextOffset);
  }

  async readFromTimestamp(timestampMicros: number, count: number): Promise<StoredMessages> {
    this.#checkReadable();
    return this.#reader.readFromTimestamp(timestampMicros, count, this.nextOffset);
  }

  /** Nothing is not an answer when there may be something. */
  #checkReadable(): void {
    if (this.#isUnreadable) throw new LogError('read_failed', this.fence ?? 'the partition could not be read');
  }

  async flush(level: Level): Promise<void> {
    await this.#settled();
    this.#writeHeld();
    if (level !== 'disk') return;
    if (this.#fence !== undefined) throw new LogError('fenced', this.#fence.reason);
    try {
      await this.#reopen();
    } catch (error) {
      throw this.#fenceIf(LogError.from('read_failed', error), this.#file);
    }
    if (this.#file !== undefined) await this.#sync(this.#file);
  }

  /** Resolves when no append waits for a segment and nothing is being written again. */
  async #settled(): Promise<void> {
    while (this.#draining !== undefined || this.#rescue.running !== undefined)
      await (this.#draining ?? this.#rescue.running);
  }

  deleteOldestSegments(count: number): Promise<number> {
    return this.#reader.deleteOldestSegments(count);
  }

  async purge(incarnation: bigint): Promise<void> {
    await this.#settled();
    const file = this.#file;
    this.#identity = { ...this.#identity, incarnation };
    this.#window?.clear();
    this.#beginReader();
    this.#file = undefined;
    this.#appendable = undefined;
    this.#fence = undefined;
    this.#isUnreadable = false;
    await file?.close();
  }

  async discard(): Promise<void> {
    await this.#settled();
    this.#isClosed = true;
    this.#appendable = undefined;
    this.#beginReader();
    await this.#file?.close();
  }

  #readerOf(segments: Segment[]): LogReader {
    return new LogReader(this.#environment, this.#tail, segments, () => this.#writeHeld());
  }

  /** From now on there is nothing to read; reads under way find nothing either. */
  #beginReader(): void {
    this.#reader.end();
    this.#tail.clear();
    this.#reader = this.#readerOf([]);
  }

  async close(): Promise<void> {
    await this.#settled();
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tail.clear();
    const { incarnation } = this.#identity;
    try {
      if (this.#fence !== undefined || this.#appendable?.isCheckpointed === true) return;
      await this.#reopen();
      const file = this.#file;
      if (file === undefined) return;
      if (file.durableUpTo < file.end.offset) await this.#sync(file);
      const end = { ...file.end, fileChecksum: file.header.checksum };
      const folder = this.#folderOf(this.#identity);
      await writeCheckpoint(this.#environment.disk, folder, incarnation, file.durableUpTo, end);
    } finally {
      await this.#file?.close();
    }
  }
}
