// The stored offsets of one partition: of consumers by number, of consumer groups by the journal entry that created them. Kept in memory, and in a file
// of frames that every change is appended to and that is replaced by a short one when most of it is history.
import { FrameLayout } from '../../generated/storage/batch_header.ts';
import {
  type ConsumerOffsetEntry,
  decodeConsumerOffsetEntry,
  encodeConsumerOffsetEntry,
  OffsetOwner,
  sizeOfConsumerOffsetEntry,
} from '../../generated/storage/consumer_offset_entry.ts';
import { decodeConsumerOffsetEntry1 } from '../../generated/storage/consumer_offset_entry_1.ts';
import { FileKind } from '../../generated/storage/segment_header.ts';
import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';
import type { FileKey } from '../lib/cipher.ts';
import type { LogEnvironment, LogIdentity, LogOptions } from './environment.ts';
import { formatVersion, type NewFile, readFileHeader } from './file_header.ts';
import type { FrameCursor } from './frame.ts';
import { FrameFile, isFinished } from './frame_file.ts';
import { LogError } from './log_error.ts';
import { createFrameFile } from './new_file.ts';
import type { OffsetGroup, StoredOffsets } from './partition_storage.ts';
import { type FrameVisitor, quarantineFile, quarantineTail, scanFrames } from './recovery.ts';
import { contentOf, fileKeyOf } from './sealing.ts';

export { OffsetOwner };

const fileName = 'offsets';
const temporaryName = 'offsets.tmp';
const entrySize = sizeOfConsumerOffsetEntry({ kind: OffsetOwner.consumer, isStored: true, consumerId: 0, offset: 0 });

/** Frames in the file beyond this many, and beyond four times what is live, make it worth replacing. */
const compactAbove = 4096;

/** Stored offsets of one partition. Consumers and groups of equal number do not meet. */
export class ConsumerOffsets implements StoredOffsets {
  readonly #environment: LogEnvironment;
  readonly #options: Pick<LogOptions, 'level'>;
  readonly #folderOf: (identity: LogIdentity) => string;
  readonly #compactAbove: number;
  #identity: LogIdentity;
  #offsets: Map<OffsetOwner, Map<number, number>>;
  #file: FrameFile | undefined;
  /** Makes or replaces the file; changes wait for it. */
  #replacing: Promise<void> | undefined;
  /** Whether the name of the file is on the disk: the process that wrote it may have ended before it was. */
  #isNamed = true;
  #isClosed = false;
  /** Offsets of groups by number, as format 1 had them, until it is known which groups those are. */
  readonly #numbered = new Map<number, number>();
  /** Why nothing is known of what is stored; undefined when it is. */
  #unreadable: string | undefined;

  constructor(
    environment: LogEnvironment,
    options: Pick<LogOptions, 'level'>,
    folderOf: (identity: LogIdentity) => string,
    identity: LogIdentity,
    compact = compactAbove,
  ) {
    this.#environment = environment;
    this.#options = options;
    this.#folderOf = folderOf;
    this.#identity = identity;
    this.#compactAbove = compact;
    this.#offsets = emptyOffsets();
  }

  /** The stored offset, undefined when none is. */
  get(kind: OffsetOwner, consumerId: number): number | undefined {
    return this.#offsets.get(kind)?.get(consumerId);
  }

  /**
   * Stores an offset, also a lower one than before. Visible at once; resolves at the partition's level.
   * @throws LogError `write_failed`, `fenced`, `closed`.
   */
  async store(kind: OffsetOwner, consumerId: number, offset: number): Promise<void> {
    await this.#change({ kind, isStored: true, consumerId, offset });
  }

  /**
   * Forgets a stored offset.
   * @returns false when there was none.
   * @throws LogError `write_failed`, `fenced`, `closed`.
   */
  async delete(kind: OffsetOwner, consumerId: number): Promise<boolean> {
    if (this.get(kind, consumerId) === undefined) return false;
    await this.#change({ kind, isStored: false, consumerId, offset: 0 });
    return true;
  }

  async #change(entry: ConsumerOffsetEntry): Promise<void> {
    const before = this.get(entry.kind, entry.consumerId);
    // Applied before anything awaits, so that the offset of a later call wins.
    this.#apply(entry);
    while (this.#replacing !== undefined) await this.#replacing;
    if (this.#isClosed) throw new LogError('closed', 'the partition is closed');
    try {
      if (this.#unreadable !== undefined) throw new LogError('fenced', this.#unreadable);
      await this.#write(entry);
    } catch (error) {
      this.#revert(entry, before);
      throw LogError.from('write_failed', error);
    }
  }

  async #write(entry: ConsumerOffsetEntry): Promise<void> {
    if (this.#file === undefined || this.#isToReplace(this.#file)) {
      try {
        await this.#startReplacing();
        // The new file holds what is in memory, this change included, and is on the disk.
        return;
      } catch (error) {
        // A long file is as good as a short one.
        if (this.#file === undefined || isFinished(this.#file, this.#environment)) throw error;
      }
    }
    const file = this.#file;
    this.#append(file, entry);
    if (this.#options.level === 'disk') await this.#syncNamed(file);
  }

  async #syncNamed(file: FrameFile): Promise<void> {
    if (this.#isNamed) {
      await file.sync();
      return;
    }
    await file.syncAgain(0);
    await this.#environment.disk.syncFolder(this.#folderOf(this.#identity));
    this.#isNamed = true;
  }

  /** Replaces the file while other changes wait. They go on whether that works or not. */
  #startReplacing(): Promise<void> {
    const replacing = this.#replace();
    const done = (): void => {
      this.#replacing = undefined;
    };
    this.#replacing = replacing.then(done, done);
    return replacing;
  }

  #append(file: FrameFile, entry: ConsumerOffsetEntry): void {
    const writer = new Writer(entrySize);
    // What waited for a new file may be stale by now; what is in memory is what counts.
    const offset = this.get(entry.kind, entry.consumerId);
    encodeConsumerOffsetEntry(writer, { ...entry, isStored: offset !== undefined, offset: offset ?? 0 });
    file.append({
      count: 1,
      timestamp: this.#environment.clock.nowMicros(),
      layout: FrameLayout.consumer_offsets,
      body: writer.bytes,
    });
  }

  #apply(entry: ConsumerOffsetEntry): void {
    const owners = this.#offsets.get(entry.kind)!;
    if (entry.isStored) owners.set(entry.consumerId, entry.offset);
    else owners.delete(entry.consumerId);
  }

  /** Takes back a change that could not be written, unless a later one came between. */
  #revert(entry: ConsumerOffsetEntry, before: number | undefined): void {
    if (this.get(entry.kind, entry.consumerId) !== (entry.isStored ? entry.offset : undefined)) return;
    this.#apply({ ...entry, isStored: before !== undefined, offset: before ?? 0 });
  }

  get #liveCount(): number {
    let count = 0;
    for (const owners of this.#offsets.values()) count += owners.size;
    return count;
  }

  #isToReplace(file: FrameFile): boolean {
    if (file.header.formatVersion < formatVersion) return true;
    // What a failed sync left in doubt is in memory as a whole, so a new file puts it right.
    if (file.isBroken || isFinished(file, this.#environment)) return true;
    const count = file.end.offset - file.header.baseOffset;
    return count > this.#compactAbove && count > 4 * this.#liveCount;
  }

  /** Writes all live offsets into a new file and puts it in the place of the old one. */
  async #replace(): Promise<void> {
    const { disk, clock } = this.#environment;
    const folder = this.#folderOf(this.#identity);
    disk.makeFolder(folder);
    disk.remove(`${folder}/${temporaryName}`);
    const header: NewFile = {
      ...this.#identity,
      kind: FileKind.consumer_offsets,
      chainStart: 0,
      baseOffset: 0,
      baseSize: 0,
      baseTimestamp: 0,
      createdAt: clock.nowMicros(),
    };
    const file = await createFrameFile(this.#environment, folder, temporaryName, header);
    let old = this.#file;
    try {
      for (const [kind, owners] of this.#offsets) {
        for (const consumerId of owners.keys()) this.#append(file, { kind, isStored: true, consumerId, offset: 0 });
      }
      await file.sync();
      disk.rename(`${folder}/${temporaryName}`, `${folder}/${fileName}`);
      file.path = `${folder}/${fileName}`;
      // From here on no start finds the old file, so nothing may be written to it, whatever becomes of the new one.
      this.#file = undefined;
      await disk.syncFolder(folder);
      this.#file = file;
      this.#isNamed = true;
    } catch (error) {
      if (this.#file !== undefined) old = undefined;
      await file.close();
      await old?.close();
      throw error;
    }
    await old?.close();
  }

  /** Begins a new life without stored offsets. */
  async purge(incarnation: bigint): Promise<void> {
    while (this.#replacing !== undefined) await this.#replacing;
    this.#identity = { ...this.#identity, incarnation };
    this.#offsets = emptyOffsets();
    this.#unreadable = undefined;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Takes no changes from now on: what is stored could not be read, and would be lost if it were replaced. */
  fence(reason: string): void {
    this.#unreadable = reason;
    this.#offsets = emptyOffsets();
  }

  /** @throws LogError `write_failed`, `fenced`, `closed`. */
  async retainGroups(groups: Iterable<OffsetGroup>): Promise<void> {
    const stored = this.#offsets.get(OffsetOwner.consumer_group)!;
    const kept = new Set<number>();
    for (const { id, createdIndex } of groups) {
      kept.add(createdIndex);
      const numbered = this.#numbered.get(id);
      if (numbered !== undefined) stored.set(createdIndex, numbered);
    }
    this.#numbered.clear();
    for (const group of [...stored.keys()]) if (!kept.has(group)) await this.delete(OffsetOwner.consumer_group, group);
  }

  /** Brings what was stored to the disk. @throws LogError `fenced`. */
  async sync(): Promise<void> {
    while (this.#replacing !== undefined) await this.#replacing;
    if (this.#file !== undefined) await this.#syncNamed(this.#file);
  }

  /** Ends without keeping anything: the partition is deleted. */
  async discard(): Promise<void> {
    while (this.#replacing !== undefined) await this.#replacing;
    this.#isClosed = true;
    this.#offsets = emptyOffsets();
    await this.#file?.close();
  }

  /** Brings what was stored to the disk and ends. */
  async close(): Promise<void> {
    while (this.#replacing !== undefined) await this.#replacing;
    if (this.#isClosed) return;
    this.#isClosed = true;
    const file = this.#file;
    if (file === undefined) return;
    try {
      if (file.durableUpTo < file.end.offset || !this.#isNamed) await this.#syncNamed(file);
    } finally {
      await file.close();
    }
  }

  /**
   * Reads the file of an earlier process. A stored offset beyond the log's end is brought back to its last message: what it pointed at is gone.
   * Damage costs the changes after it, never the start.
   */
  async load(nextOffset: number): Promise<void> {
    const { disk, notice, masterKey } = this.#environment;
    const folder = this.#folderOf(this.#identity);
    const entry = disk.list(folder).find(({ name, kind }) => name === fileName && kind === 'file');
    if (entry === undefined) return;
    const file = disk.open(`${folder}/${fileName}`, 'write');
    try {
      const header = readFileHeader(file);
      if (header?.kind !== FileKind.consumer_offsets || header.incarnation !== this.#identity.incarnation) {
        notice(`${file.path} is damaged and is moved to ${await quarantineFile(disk, folder, fileName)}`);
        return;
      }
      const key = fileKeyOf(header, masterKey, file.path);
      const visit: FrameVisitor = (cursor) => this.#visit(cursor, key, header.formatVersion);
      const scan = scanFrames(file, header, 0, visit, { isSalvage: true });
      if (scan.verdict === 'corrupt')
        notice(`${file.path}: some changes of stored offsets are damaged; the others count`);
      if (scan.end.position < scan.size)
        notice(
          `${file.path}: the incomplete end is moved to ${await quarantineTail(disk, folder, file, fileName, scan.end.position)}`,
        );
      const isBounded = this.#bound(nextOffset);
      this.#isNamed = false;
      const durableUpTo = Math.min(scan.durableUpTo, scan.end.offset);
      this.#file = new FrameFile(this.#environment, file.path, header, scan.end, durableUpTo);
      // A file with a hole in it would be taken for damaged for ever, and an offset that was brought back would jump once the log has grown.
      if (scan.verdict === 'corrupt' || isBounded) await this.#replace();
    } finally {
      file.close();
    }
  }

  #visit(cursor: FrameCursor, key: FileKey | undefined, version: number): void {
    const content = contentOf(cursor, key);
    if (content === undefined) this.#environment.notice('a stored offset cannot be decrypted and does not count');
    else if (version === 1) this.#applyNumbered(new Reader(content));
    else this.#apply(decodeConsumerOffsetEntry(new Reader(content)));
  }

  #applyNumbered(reader: Reader): void {
    const { kind, isStored, consumerId, offset } = decodeConsumerOffsetEntry1(reader);
    const owners = kind === OffsetOwner.consumer ? this.#offsets.get(kind)! : this.#numbered;
    if (isStored) owners.set(consumerId, offset);
    else owners.delete(consumerId);
  }

  /** Brings offsets beyond the end of the log back; says whether there were any. */
  #bound(nextOffset: number): boolean {
    let isBounded = false;
    for (const owners of [...this.#offsets.values(), this.#numbered]) {
      for (const [consumerId, offset] of owners) {
        if (offset < nextOffset) continue;
        isBounded = true;
        if (nextOffset === 0) owners.delete(consumerId);
        else owners.set(consumerId, nextOffset - 1);
      }
    }
    return isBounded;
  }
}

function emptyOffsets(): Map<OffsetOwner, Map<number, number>> {
  return new Map([
    [OffsetOwner.consumer, new Map()],
    [OffsetOwner.consumer_group, new Map()],
  ]);
}
