// One file of frames: a 4 KiB header, then frames without gaps, appended by one owner. Segments, the catalog's journal and consumer offsets are all
// such files. Finding the end after a crash is left to recovery.ts.

import type { SegmentHeader } from '../../generated/storage/segment_header.ts';
import type { MasterKey } from '../lib/cipher.ts';
import type { Random } from '../lib/random.ts';
import { type Disk, type DiskFile, readFully, writeFully } from './disk.ts';
import { fileHeaderSize } from './file_header.ts';
import { type BodyCipher, type FrameFields, frameHeaderSize, frameSizeMax, sealFrame } from './frame.ts';
import { LogError } from './log_error.ts';
import type { OpenFiles } from './open_files.ts';
import { overheadOf, plainCipher } from './sealing.ts';
import { SyncGroup } from './sync_group.ts';

export { fileHeaderSize, formatVersion, readFileHeader } from './file_header.ts';

/** Bytes that are written again at a time. */
const rewriteSize = 1 << 20;

/** What making files takes. */
export interface FileEnvironment {
  readonly disk: Disk;
  readonly random: Random;
  /** Bounds how many files are open; undefined keeps every file open that is appended to. */
  readonly files?: OpenFiles | undefined;
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

/** How far an append must have come before it is acknowledged: in this process, taken by the operating system, or on the disk. */
export type Level = 'memory' | 'os' | 'disk';

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
  readonly #environment: Pick<FileEnvironment, 'disk' | 'files'>;
  /** Undefined while the file is parked. */
  #file: DiskFile | undefined;
  /**
   * Takes no frames: it is encrypted and an earlier process wrote it. Which counters that one used, on disk or off it, cannot be known, and none may
   * ever be used twice.
   */
  readonly isSpent: boolean;
  readonly #incarnation: bigint;
  readonly #cipher: BodyCipher | undefined;
  readonly #syncs: SyncGroup;
  #end: FrameEnd;
  /** Frames that are not written yet, in order, and where the file ends without them. */
  #held: Uint8Array[] = [];
  #heldFrom: FrameEnd | undefined;
  #heldCount = 0;
  /** An end that is known to be on the disk, at or before `durableUpTo`. */
  #durableEnd: FrameEnd;
  #broken: LogError | undefined;
  #closing: Promise<void> | undefined;

  /**
   * `file` is open, or the path of one to be opened by the first append. `cipher` is that of a file which this process made; a file of an earlier one
   * has none: see `isSpent`.
   */
  constructor(
    environment: Pick<FileEnvironment, 'disk' | 'files'>,
    file: DiskFile | string,
    header: SegmentHeader,
    end: FrameEnd,
    durableUpTo: number,
    cipher?: BodyCipher,
  ) {
    this.#environment = environment;
    this.#file = typeof file === 'string' ? undefined : file;
    this.#cipher = cipher;
    this.isSpent = header.cipher !== plainCipher && cipher === undefined;
    this.path = typeof file === 'string' ? file : file.path;
    this.header = header;
    this.durableUpTo = durableUpTo;
    this.#incarnation = lowIncarnation(header.incarnation);
    this.#end = end;
    this.#durableEnd = durableUpTo >= end.offset ? end : startOf(header);
    this.#syncs = new SyncGroup(async () => {
      // What was held meanwhile is not in it.
      const reached = this.#heldFrom ?? this.#end;
      await this.#open().sync();
      this.#durableEnd = reached;
      this.durableUpTo = Math.max(this.durableUpTo, reached.offset);
    });
  }

  /** Where to go on from when all that is not known to be on the disk has to be written again. */
  get durableEnd(): FrameEnd {
    return this.#durableEnd;
  }

  /** Whether a failure left it in doubt: it takes nothing any more. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  /** Bytes that are not known to be on the disk. */
  get unsyncedSize(): number {
    return this.#end.position - this.#durableEnd.position;
  }

  get end(): FrameEnd {
    return this.#end;
  }

  /** Messages and bytes that are not written yet. */
  get held(): { readonly count: number; readonly size: number } {
    return { count: this.#heldCount, size: this.#end.position - (this.#heldFrom ?? this.#end).position };
  }

  /**
   * Appends one frame and all that is held, synchronously: handing bytes to the page cache is 2 to 6 times faster on this thread than through the
   * thread pool.
   * @returns proof for level `os`.
   * @throws LogError `write_failed` when nothing was written, `fenced` when that is not certain.
   */
  append(frame: FrameAppend): DurabilityProof {
    this.write();
    const { bytes, end } = this.#sealed(frame);
    this.#writeAt(bytes, this.#end.position);
    this.#end = end;
    return this.reached('os');
  }

  /**
   * Appends one frame in memory, for `write` to hand on.
   * @returns proof for level `memory`.
   * @throws LogError `write_failed`, `fenced`.
   */
  hold(frame: FrameAppend): DurabilityProof {
    const { bytes, end } = this.#sealed(frame);
    const [header, body] = bytes;
    this.#heldFrom ??= this.#end;
    // Headers are made in memory that the next one uses again.
    this.#held.push(header.slice(), body);
    this.#heldCount += frame.count;
    this.#end = end;
    return this.reached('memory');
  }

  /** Hands what is held to the operating system. @throws LogError `write_failed`: it is still held; `fenced`. */
  write(): void {
    if (this.#heldFrom === undefined) return;
    if (this.#broken !== undefined) throw this.#broken;
    this.#writeAt(this.#held, this.#heldFrom.position);
    this.#held = [];
    this.#heldFrom = undefined;
    this.#heldCount = 0;
  }

  #writeAt(bytes: readonly Uint8Array[], position: number): void {
    const file = this.#opened();
    try {
      writeFully(file, bytes, position);
    } catch (error) {
      this.#undo(file, position, error);
    }
  }

  /** A frame as it goes to the end of the file, and where the file ends then. */
  #sealed(frame: FrameAppend): { readonly bytes: readonly [Uint8Array, Uint8Array]; readonly end: FrameEnd } {
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
    const end = {
      position: position + length,
      offset: offset + frame.count,
      chain: sealed.checksum,
      timestamp,
      size: size + frame.body.byteLength,
    };
    return { bytes: [sealed.bytes, sealed.body], end };
  }

  /** That all there is has come as far as `level`, where no disk is waited for. @throws LogError as `write`. */
  reached(level: 'memory' | 'os'): DurabilityProof {
    if (level === 'os') this.write();
    return new DurabilityProof(onlyHere, level, this.#end.offset);
  }

  /** Cuts off what a failed write left. */
  #undo(file: DiskFile, position: number, error: unknown): never {
    try {
      file.truncate(position);
    } catch (second) {
      this.#broken = new LogError('fenced', `${this.path}: a failed write could not be undone`, second);
      throw this.#broken;
    }
    throw new LogError('write_failed', `${this.path}: ${(error as Error).message}`, error);
  }

  /**
   * Waits until all that was appended before is on the disk, sharing the wait with others.
   * @throws LogError `fenced`: the disk did not confirm, and nothing will be taken from now on; `closed`.
   */
  async sync(): Promise<DurabilityProof> {
    // It would be opened once more.
    if (this.#closing !== undefined && this.#file === undefined) throw new LogError('closed', `${this.path} is closed`);
    this.write();
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
    return this.#open().sync();
  }

  /** The file for an append. @throws LogError `write_failed`. */
  #opened(): DiskFile {
    try {
      const file = this.#open();
      this.#environment.files?.appended(this);
      return file;
    } catch (error) {
      throw LogError.from('write_failed', error);
    }
  }

  #open(): DiskFile {
    this.#file ??= this.#environment.disk.open(this.path, 'write');
    return this.#file;
  }

  /** See `OpenFiles`. Everything is on the disk before the file is closed: through another descriptor a later failure might not be heard of. */
  async park(): Promise<void> {
    try {
      if (this.durableUpTo < this.#end.offset) await this.sync();
      await this.#syncs.idle();
      const isQuiet = this.#broken === undefined && this.#closing === undefined && this.unsyncedSize === 0;
      if (isQuiet) {
        this.#file?.close();
        this.#file = undefined;
      } else if (this.#closing === undefined) this.#environment.files?.appended(this);
    } catch {
      // The next append or sync is told.
    }
  }

  /**
   * Writes what is there from `position` on once more and waits until it is on the disk. When a sync failed in an earlier process, the system may still
   * show what it never wrote, and a sync alone would find nothing to do.
   * @throws LogError `fenced`.
   */
  async syncAgain(position: number): Promise<DurabilityProof> {
    try {
      const file = this.#opened();
      const buffer = new Uint8Array(Math.min(rewriteSize, this.#end.position - position));
      for (let at = position; at < this.#end.position; at += buffer.byteLength) {
        const part = buffer.subarray(0, Math.min(buffer.byteLength, this.#end.position - at));
        if (readFully(file, part, at) < part.byteLength) throw new Error(`the disk has less than ${at} bytes`);
        writeFully(file, [part], at);
      }
    } catch (error) {
      this.#broken ??= new LogError(
        'fenced',
        `${this.path} could not be written again: ${(error as Error).message}`,
        error,
      );
      throw this.#broken;
    }
    return this.sync();
  }

  /** Ends appending. Does not sync. */
  close(): Promise<void> {
    this.#environment.files?.closed(this);
    this.#closing ??= this.#syncs.idle().then(() => {
      this.#file?.close();
      this.#file = undefined;
    });
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
