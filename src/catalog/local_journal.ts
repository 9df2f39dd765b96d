// The catalog's journal on the local disk: every change in a checksummed frame, on the disk before anyone is told that it happened. It is kept in parts;
// once a snapshot has what they led to they are removed. How it is opened is journal.ts.
import { FrameLayout } from '../../generated/storage/batch_header.ts';
import { encodeJournalEntry, type JournalEntry, sizeOfJournalEntry } from '../../generated/storage/journal_entry.ts';
import { FileKind } from '../../generated/storage/segment_header.ts';
import { Writer } from '../bytes/writer.ts';
import { writeCheckpoint } from '../log/checkpoint.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { type FrameFile, isFinished } from '../log/frame_file.ts';
import { LogError } from '../log/log_error.ts';
import { createFrameFileNow } from '../log/new_file.ts';
import type { MetadataLog, Snapshots } from './metadata_log.ts';
import { type SnapshotPlace, writeSnapshot } from './snapshot_file.ts';

/** Name of the part whose first entry has index `baseOffset + 1`. */
export function partName(baseOffset: number): string {
  return `${String(baseOffset).padStart(20, '0')}.journal`;
}

/** A part of this many bytes is followed by a snapshot and a new part. */
const partSize = 4 << 20;

/** Journals of one data folder. */
export interface JournalPlace {
  readonly environment: LogEnvironment;
  readonly folder: string;
  /** What can be captured; undefined when the journal is to keep all its history. */
  readonly snapshots: Snapshots | undefined;
  readonly partSize?: number;
}

export class LocalJournal implements MetadataLog {
  readonly #place: JournalPlace;
  /** First offsets of the parts on the disk, the last one being appended to. */
  #bases: number[];
  #file: FrameFile;
  #snapshot: SnapshotPlace;
  /** Brings a new part to the disk. */
  #settling: Promise<void> = Promise.resolve();
  #compacting: Promise<void> | undefined;
  /** Size at which the next part begins. */
  #rollAt: number;
  #broken: LogError | undefined;

  constructor(place: JournalPlace, file: FrameFile, bases: readonly number[], snapshot: SnapshotPlace) {
    this.#place = place;
    this.#file = file;
    this.#bases = [...bases];
    this.#snapshot = snapshot;
    this.#rollAt = place.partSize ?? partSize;
  }

  append(entry: JournalEntry): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#isFinished || this.#file.end.position >= this.#rollAt) this.#rollOrGoOn();
    const writer = new Writer(sizeOfJournalEntry(entry));
    encodeJournalEntry(writer, entry);
    this.#file.append({ count: 1, timestamp: entry.timestamp, layout: FrameLayout.journal_entry, body: writer.bytes });
    return this.#synced(this.#file, this.#settling);
  }

  get #isFinished(): boolean {
    return isFinished(this.#file, this.#place.environment);
  }

  /** An entry counts once all before it do, also those of the part before. */
  async #synced(file: FrameFile, settling: Promise<void>): Promise<void> {
    await settling;
    await file.sync();
  }

  /** Begins a new part, then takes a snapshot behind the back of those who append. */
  #rollOrGoOn(): void {
    if (this.#compacting !== undefined && !this.#isFinished) return;
    try {
      this.#roll();
    } catch (error) {
      if (this.#isFinished) throw error;
      // A long part is as good as a short one.
      this.#rollAt = this.#file.end.position + (this.#place.partSize ?? partSize);
      this.#place.environment.notice(`the journal goes on in ${this.#file.path}: ${(error as Error).message}`);
      return;
    }
    this.#compacting = this.#settling
      .then(() => this.#takeSnapshot())
      .catch(() => {})
      .finally(() => {
        this.#compacting = undefined;
      });
  }

  /**
   * Goes on in a new part, at once.
   * @throws LogError `write_failed` when it cannot be made; nothing has changed then.
   */
  #roll(): void {
    const { environment, folder } = this.#place;
    const { disk } = environment;
    const old = this.#file;
    const { offset, chain, size, timestamp } = old.end;
    const name = partName(offset);
    disk.remove(`${folder}/${name}.tmp`);
    const header = {
      ...{ kind: FileKind.journal, incarnation: old.header.incarnation, streamId: 0, topicId: 0, partitionId: 0 },
      ...{ chainStart: chain, baseOffset: offset, baseSize: size, baseTimestamp: timestamp },
      createdAt: environment.clock.nowMicros(),
    };
    const file = createFrameFileNow(
      { ...environment, files: undefined },
      folder,
      `${name}.tmp`,
      header,
      old.durableUpTo,
    );
    this.#file = file;
    this.#rollAt = this.#place.partSize ?? partSize;
    if (this.#bases.at(-1) !== offset) this.#bases.push(offset);
    const before = this.#settling;
    this.#settling = this.#settle(before, old, file, `${folder}/${name}`).catch((error: unknown) => {
      const reason = `${file.path}: the disk did not confirm it: ${(error as Error).message}`;
      this.#broken = new LogError('fenced', reason, error);
      throw this.#broken;
    });
    // Whoever waits for an entry of it is told; there may be none.
    this.#settling.catch(() => {});
  }

  /**
   * Gives a new part its name once it is on the disk, so that a part without a header is a damaged one and nothing else. In place of one that was begun
   * and never got an entry, if there is one.
   */
  async #settle(before: Promise<void>, old: FrameFile, file: FrameFile, path: string): Promise<void> {
    const { disk } = this.#place.environment;
    await before;
    if (old.durableUpTo < old.end.offset) await old.sync();
    await file.settle();
    disk.rename(file.path, path);
    file.path = path;
    await disk.syncFolder(this.#place.folder);
    await old.close();
  }

  async #takeSnapshot(): Promise<void> {
    const { environment, folder, snapshots } = this.#place;
    if (snapshots === undefined) return;
    const { disk, notice } = environment;
    try {
      const { index, bytes } = snapshots.capture();
      const { incarnation } = this.#file.header;
      this.#snapshot = await writeSnapshot(environment, folder, { ...this.#snapshot, incarnation, index }, bytes);
      // One by one, the oldest first: whatever is left after a crash is removed by the next snapshot.
      while (this.#bases.length > 1 && this.#bases[1]! <= index)
        disk.remove(`${folder}/${partName(this.#bases.shift()!)}`);
    } catch (error) {
      notice(`a snapshot of the catalog could not be taken: ${(error as Error).message}`);
    }
  }

  /** Replaces the whole history by a snapshot. */
  async compact(): Promise<void> {
    this.#rollOrGoOn();
    await this.#compacting;
  }

  async close(): Promise<void> {
    await this.#compacting;
    await this.#settling.catch(() => {});
    await this.#file.close();
    const { environment, folder } = this.#place;
    const { header, durableUpTo } = this.#file;
    await writeCheckpoint(environment.disk, folder, header.incarnation, durableUpTo);
  }
}
