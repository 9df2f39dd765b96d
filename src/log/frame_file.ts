// One file of frames: a 4 KiB header, then frames without gaps, appended by one owner. Segments, the catalog's journal and consumer offsets are all
// such files. Finding the end after a crash is left to recovery.ts.

import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  type SegmentHeader,
  sizeOfSegmentHeader,
} from '../../generated/storage/segment_header.ts';
import { Reader } from '../bytes/reader.ts';
import { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import { xxh3 } from '../lib/checksum.ts';
import { type FileKey, type MasterKey, sealedOverhead } from '../lib/cipher.ts';
import { randomIncarnation } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import { type Disk, type DiskFile, readFully, writeFully } from './disk.ts';
import { type BodyCipher, type FrameFields, frameHeaderSize, frameSizeMax, sealFrame } from './frame.ts';
import { LogError } from './log_error.ts';
import { aesGcmCipher, fileKeyOf, overheadOf, plainCipher } from './sealing.ts';
import { SyncGroup } from './sync_group.ts';

/** Bytes before the first frame of a file. */
export const fileHeaderSize = 4096;

/** Bytes that are written again at a time. */
const rewriteSize = 1 << 20;

/** The format this build writes. It reads this one and older ones. */
export const formatVersion = 1;

/** The header of a new file, without what `createFrameFile` fills in. */
export type NewFile = Omit<SegmentHeader, 'formatVersion' | 'checksum' | 'cipher' | 'keyId' | 'salt'>;

/** What making files takes. */
export interface FileEnvironment {
  readonly disk: Disk;
  readonly random: Random;
  /** Encrypts all new files; undefined leaves them plain. */
  readonly masterKey?: MasterKey | undefined;
}

const onlyHere = Symbol('made by a frame file');

/** Says that all offsets below `upTo` reached `level`. Only a frame file makes one, and only after the call that did it returned. */
export class DurabilityProof {
  readonly level: Level;
  readonly upTo: number;

  constructor(key: symbol, level: Level, upTo: number) {
    if (key !== onlyHere) throw new Error('only a frame file can prove what is written');
    this.level = level;
    this.upTo = upTo;
  }
}

/** How far an append must have come before it is acknowledged: taken by the operating system, or on the disk. */
export type Level = 'os' | 'disk';

/** Where a file ends and what its next frame must say. */
export interface FrameEnd {
  /** Byte after the last frame. */
  readonly position: number;
  /** Offset the next frame begins with. */
  readonly offset: number;
  /** Header checksum of the last frame. */
  readonly chain: number;
  /** Timestamp of the last frame. */
  readonly timestamp: number;
  /** Bytes of all bodies before, in this file and in those it continues. */
  readonly size: number;
}

/** What an appended frame says; the rest follows from where it stands. */
export interface FrameAppend {
  readonly count: number;
  /** Raised to that of the frame before when the clock went back. */
  readonly timestamp: number;
  readonly layout: number;
  readonly body: Uint8Array;
}

/** The end of a file open for appending. */
export class FrameFile {
  readonly header: SegmentHeader;
  /** Changes when the file is renamed. */
  path: string;
  /** Every offset below this is known to be on the disk. */
  durableUpTo: number;
  readonly #file: DiskFile;
  /**
   * Takes no frames: it is encrypted and an earlier process wrote it. Which counters that one used, on disk or off it, cannot be known, and none may
   * ever be used twice.
   */
  readonly isSpent: boolean;
  readonly #incarnation: bigint;
  readonly #cipher: BodyCipher | undefined;
  readonly #syncs: SyncGroup;
  #end: FrameEnd;
  /** An end that is known to be on the disk, at or before `durableUpTo`. */
  #durableEnd: FrameEnd;
  #broken: LogError | undefined;
  #closing: Promise<void> | undefined;

  /** `cipher` is that of a file which this process made. A file of an earlier one has none: see `isSpent`. */
  constructor(file: DiskFile, header: SegmentHeader, end: FrameEnd, durableUpTo: number, cipher?: BodyCipher) {
    this.#file = file;
    this.#cipher = cipher;
    this.isSpent = header.cipher !== plainCipher && cipher === undefined;
    this.path = file.path;
    this.header = header;
    this.durableUpTo = durableUpTo;
    this.#incarnation = lowIncarnation(header.incarnation);
    this.#end = end;
    this.#durableEnd = durableUpTo >= end.offset ? end : startOf(header);
    this.#syncs = new SyncGroup(async () => {
      const reached = this.#end;
      await this.#file.sync();
      this.#durableEnd = reached;
      this.durableUpTo = Math.max(this.durableUpTo, reached.offset);
    });
  }

  /** Where to go on from when all that is not known to be on the disk has to be written again. */
  get durableEnd(): FrameEnd {
    return this.#durableEnd;
  }

  /** Bytes that are not known to be on the disk. */
  get unsyncedSize(): number {
    return this.#end.position - this.#durableEnd.position;
  }

  get end(): FrameEnd {
    return this.#end;
  }

  /**
   * Appends one frame, synchronously: handing bytes to the page cache is 2 to 6 times faster on this thread than through the thread pool.
   * @returns proof for level `os`.
   * @throws LogError `write_failed` when nothing was written, `fenced` when that is not certain.
   */
  append(frame: FrameAppend): DurabilityProof {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#closing !== undefined) throw new LogError('closed', `${this.path} is closed`);
    if (this.isSpent) throw new LogError('write_failed', `${this.path} takes no more frames`);
    const length = frameHeaderSize + overheadOf(this.header) + frame.body.byteLength;
    if (length > frameSizeMax)
      throw new LogError('invalid_batch', `a frame of ${length} bytes is above the limit of ${frameSizeMax}`);
    const { position, offset, chain, size } = this.#end;
    const timestamp = Math.max(frame.timestamp, this.#end.timestamp);
    const fields: FrameFields = {
      count: frame.count,
      baseOffset: offset,
      timestamp,
      layout: frame.layout,
      previousChecksum: chain,
      incarnation: this.#incarnation,
      durableUpTo: this.durableUpTo,
    };
    const sealed = sealFrame(fields, frame.body, this.#cipher);
    try {
      writeFully(this.#file, [sealed.bytes, sealed.body], position);
    } catch (error) {
      this.#undo(position, error);
    }
    this.#end = {
      position: position + length,
      offset: offset + frame.count,
      chain: sealed.checksum,
      timestamp,
      size: size + frame.body.byteLength,
    };
    return this.taken;
  }

  /** That the operating system has all there is. */
  get taken(): DurabilityProof {
    return new DurabilityProof(onlyHere, 'os', this.#end.offset);
  }

  /** Cuts off what a failed write left. */
  #undo(position: number, error: unknown): never {
    try {
      this.#file.truncate(position);
    } catch (second) {
      this.#broken = new LogError('fenced', `${this.path}: a failed write could not be undone`, second);
      throw this.#broken;
    }
    throw new LogError('write_failed', `${this.path}: ${(error as Error).message}`, error);
  }

  /**
   * Waits until all that was appended before is on the disk, sharing the wait with others.
   * @throws LogError `fenced`: the disk did not confirm, and nothing will be taken from now on.
   */
  async sync(): Promise<DurabilityProof> {
    const { offset } = this.#end;
    try {
      await this.#syncs.request();
    } catch (error) {
      this.#broken ??= new LogError(
        'fenced',
        `${this.path}: the disk did not confirm a sync: ${(error as Error).message}`,
        error,
      );
      throw this.#broken;
    }
    return new DurabilityProof(onlyHere, 'disk', offset);
  }

  /** Brings the header of a file just made to the disk. @throws the disk's error. */
  settle(): Promise<void> {
    return this.#file.sync();
  }

  /**
   * Writes what is there from `position` on once more and waits until it is on the disk. When a sync failed in an earlier process, the system may still
   * show what it never wrote, and a sync alone would find nothing to do.
   * @throws LogError `fenced`.
   */
  async syncAgain(position: number): Promise<DurabilityProof> {
    try {
      const buffer = new Uint8Array(Math.min(rewriteSize, this.#end.position - position));
      for (let at = position; at < this.#end.position; at += buffer.byteLength) {
        const part = buffer.subarray(0, Math.min(buffer.byteLength, this.#end.position - at));
        if (readFully(this.#file, part, at) < part.byteLength)
          throw new Error(`it ends before byte ${this.#end.position}`);
        writeFully(this.#file, [part], at);
      }
    } catch (error) {
      const reason = (error as Error).message;
      this.#broken ??= new LogError('fenced', `${this.path} could not be written again: ${reason}`, error);
      throw this.#broken;
    }
    return this.sync();
  }

  /** Ends appending. Does not sync. */
  close(): Promise<void> {
    this.#closing ??= this.#syncs.idle().then(() => this.#file.close());
    return this.#closing;
  }
}

/** Whether a file, though open, is to be followed by another one: it takes no frames, or is plain while new files are encrypted. */
export function isFinished({ isSpent, header }: FrameFile, { masterKey }: FileEnvironment): boolean {
  return isSpent || (masterKey !== undefined && header.cipher === plainCipher);
}

/** Low 8 bytes of an incarnation: what frames carry. */
export function lowIncarnation(incarnation: bigint): bigint {
  return incarnation & 0xffff_ffff_ffff_ffffn;
}

/** Where the first frame of a file stands. */
export function startOf(header: SegmentHeader): FrameEnd {
  return {
    position: fileHeaderSize,
    offset: header.baseOffset,
    chain: header.chainStart,
    timestamp: header.baseTimestamp,
    size: header.baseSize,
  };
}

/** Creates a file of frames: its header and its name are on the disk when this resolves, so that no frame is ever acknowledged before them. */
export async function createFrameFile(
  environment: FileEnvironment,
  folder: string,
  name: string,
  fields: NewFile,
): Promise<FrameFile> {
  const { disk } = environment;
  const created = createFrameFileNow(environment, folder, name, fields, fields.baseOffset);
  try {
    await created.settle();
    await disk.syncFolder(folder);
    return created;
  } catch (error) {
    await created.close();
    disk.remove(created.path);
    throw new LogError('write_failed', `${created.path} could not be created: ${(error as Error).message}`, error);
  }
}

/**
 * Creates a file of frames and waits for nothing: the caller acknowledges no frame of it before `settle` and a sync of the folder. Offsets below
 * `durableUpTo` are known to be on the disk, in the files that it continues.
 * @throws LogError `write_failed`.
 */
export function createFrameFileNow(
  { disk, random, masterKey }: FileEnvironment,
  folder: string,
  name: string,
  fields: NewFile,
  durableUpTo: number,
): FrameFile {
  const path = `${folder}/${name}`;
  try {
    const file = disk.create(path);
    try {
      const header = sealFileHeader(fields, random, masterKey);
      writeFully(file, [encodeFileHeader(header)], 0);
      const cipher = cipherOf(fileKeyOf(header, masterKey, path));
      return new FrameFile(file, header, startOf(header), durableUpTo, cipher);
    } catch (error) {
      file.close();
      disk.remove(path);
      throw error;
    }
  } catch (error) {
    throw new LogError('write_failed', `${path} could not be created: ${(error as Error).message}`, error);
  }
}

/** Counts every body that it seals, whether that was written or not. */
function cipherOf(key: FileKey | undefined): BodyCipher | undefined {
  if (key === undefined) return undefined;
  let counter = 0n;
  return { overhead: sealedOverhead, seal: (context, content) => key.seal(counter++, context, content) };
}

function sealFileHeader(fields: NewFile, random: Random, masterKey: MasterKey | undefined): SegmentHeader {
  const header: SegmentHeader = {
    ...fields,
    formatVersion,
    cipher: masterKey === undefined ? plainCipher : aesGcmCipher,
    keyId: masterKey?.id ?? 0,
    salt: randomIncarnation(random),
    checksum: 0n,
  };
  const bytes = encodeFileHeader(header);
  return { ...header, checksum: xxh3(bytes.subarray(0, sizeOfSegmentHeader(header) - 8)) };
}

function encodeFileHeader(header: SegmentHeader): Uint8Array {
  const writer = new Writer(fileHeaderSize);
  encodeSegmentHeader(writer, header);
  return writer.bytes;
}

/**
 * Reads and checks the header of a file; undefined when it is damaged or not one of ours.
 * @throws LogError `newer_format` when a newer build wrote it.
 */
export function readFileHeader(file: DiskFile): SegmentHeader | undefined {
  const bytes = new Uint8Array(fileHeaderSize);
  if (readFully(file, bytes, 0) < fileHeaderSize) return undefined;
  let header: SegmentHeader;
  try {
    header = decodeSegmentHeader(new Reader(bytes));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
  if (xxh3(bytes.subarray(0, sizeOfSegmentHeader(header) - 8)) !== header.checksum) return undefined;
  if (header.formatVersion > formatVersion)
    throw new LogError('newer_format', `${file.path} was written by a newer release (format ${header.formatVersion})`);
  return header;
}
