// What a file of frames holds after any kind of stop: the frames that are valid, and whether what is not valid is a torn tail (may be
// cut) or damage to something that was once complete (never cut). Decides nothing about partitions; see local_log.ts.
import type { SegmentHeader } from '../../generated/storage/segment_header.ts';
import { type Disk, type DiskFile, readFully, writeFully } from './disk.ts';
import { FrameCursor, findMagic, frameHeaderSize, isBodySound, isHeaderSound } from './frame.ts';
import { type FrameEnd, lowIncarnation, startOf } from './frame_file.ts';
import { overheadOf } from './sealing.ts';

/** A run of bytes that is no frame, between frames that are. Messages from `offset` up to `offsetEnd` were in it. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
  readonly offsetEnd: number;
}

export interface Scan {
  /** End of the last valid frame. */
  readonly end: FrameEnd;
  /** Every offset below this was on the disk, as frames and the caller say. */
  readonly durableUpTo: number;
  /** Damage that valid frames follow, when the verdict is `corrupt`. */
  readonly gaps: readonly Gap[];
  /** Size of the file; above `end.position` when something that is no frame is at its end. */
  readonly size: number;
  /**
   * `torn`: what is at the end was not known to be on the disk. A power cut may lose any page of it and keep later ones, so frames that follow the
   * damage are no evidence against it. `corrupt`: something that was on the disk is not valid now.
   */
  readonly verdict: 'clean' | 'torn' | 'corrupt';
}

/** Called for each valid frame in order. The cursor's memory is used again afterwards. */
export type FrameVisitor = (cursor: FrameCursor, position: number) => void;

const windowSize = 1 << 20;

/** How a scan differs from the usual one. */
export interface ScanOptions {
  /** An end that is known to be good: what lies before it is not read. */
  readonly from?: FrameEnd;
  /** Takes what follows damage as well, whether that was on the disk or not. */
  readonly isSalvage?: boolean;
}

/** Walks all frames of a file, bodies verified. `durableUpTo` is what the caller knows to be on the disk. */
export function scanFrames(
  file: DiskFile,
  header: SegmentHeader,
  durableUpTo: number,
  visit: FrameVisitor,
  { from = startOf(header), isSalvage = false }: ScanOptions = {},
): Scan {
  const incarnation = lowIncarnation(header.incarnation);
  const overhead = overheadOf(header);
  const window = new ScanWindow(file);
  const gaps: Gap[] = [];
  let end = from;
  let durable = Math.max(durableUpTo, header.baseOffset);
  for (let position = end.position; position < window.size; position = end.position) {
    let cursor = window.frame(position, incarnation);
    if (cursor === undefined || !follows(cursor, end) || !isBodySound(cursor)) {
      if (gaps.length === 0 && end.offset >= durable) durable = Math.max(durable, laterClaim(window, end, incarnation));
      if (gaps.length === 0 && end.offset >= durable && !isSalvage) break;
      position = laterFrame(window, end, incarnation);
      if (position < 0) break;
      cursor = window.frame(position, incarnation)!;
      gaps.push({ from: end.position, to: position, offset: end.offset, offsetEnd: cursor.header.baseOffset });
    }
    visit(cursor, position);
    const { header: frame } = cursor;
    durable = Math.max(durable, frame.durableUpTo);
    end = {
      position: position + frame.length,
      offset: frame.baseOffset + frame.count,
      chain: frame.headerChecksum,
      timestamp: frame.timestamp,
      size: end.size + frame.length - frameHeaderSize - overhead,
    };
  }
  const isCorrupt = gaps.length > 0 || end.offset < durable;
  const verdict = isCorrupt ? 'corrupt' : end.position < window.size ? 'torn' : 'clean';
  return { end, durableUpTo: durable, gaps, size: window.size, verdict };
}

/** The most that valid frames beyond damage say was on the disk, 0 when there are none. */
function laterClaim(window: ScanWindow, end: FrameEnd, incarnation: bigint): number {
  let claim = 0;
  let from = end;
  for (let position = laterFrame(window, from, incarnation); position >= 0 && claim <= end.offset; ) {
    const { header } = window.frame(position, incarnation)!;
    claim = Math.max(claim, header.durableUpTo);
    from = { ...end, position: position + header.length - 1 };
    position = laterFrame(window, from, incarnation);
  }
  return claim;
}

function follows(cursor: FrameCursor, end: FrameEnd): boolean {
  const { header } = cursor;
  return header.previousChecksum === end.chain && header.baseOffset === end.offset && header.timestamp >= end.timestamp;
}

/** Byte of the next valid frame beyond damage, -1 when there is none. The incarnation tells frames from payloads that look like frames. */
function laterFrame(window: ScanWindow, end: FrameEnd, incarnation: bigint): number {
  for (let position = window.findMagic(end.position + 1); position >= 0; position = window.findMagic(position + 1)) {
    const cursor = window.frame(position, incarnation);
    if (cursor === undefined || cursor.header.baseOffset <= end.offset || cursor.header.timestamp < end.timestamp)
      continue;
    if (isBodySound(cursor)) return position;
  }
  return -1;
}

/** Reads a file front to back through one buffer that grows to the largest frame. */
class ScanWindow {
  readonly size: number;
  readonly #file: DiskFile;
  readonly #cursor = new FrameCursor();
  #buffer = new Uint8Array(0);
  #from = 0;

  constructor(file: DiskFile) {
    this.#file = file;
    this.size = file.size();
  }

  /** The frame at `position` in whole, undefined when its header is not sound or it reaches past the end of the file. */
  frame(position: number, incarnation: bigint): FrameCursor | undefined {
    if (!this.#load(position, frameHeaderSize)) return undefined;
    if (!isHeaderSound(this.#cursor.at(position - this.#from), incarnation)) return undefined;
    if (!this.#load(position, this.#cursor.header.length)) return undefined;
    return this.#cursor.at(position - this.#from);
  }

  /** Byte of the file at or after `position` where a frame might begin, -1 when there is none. */
  findMagic(position: number): number {
    for (let at = position; at + frameHeaderSize <= this.size; ) {
      if (!this.#load(at, frameHeaderSize)) return -1;
      const found = findMagic(this.#buffer, at - this.#from);
      if (found >= 0) return this.#from + found;
      // The magic may lie across two windows.
      at = this.#from + this.#buffer.byteLength - 3;
      if (at + frameHeaderSize > this.size) return -1;
      this.#fill(at, windowSize);
    }
    return -1;
  }

  #load(position: number, length: number): boolean {
    if (position + length > this.size) return false;
    if (position < this.#from || position + length > this.#from + this.#buffer.byteLength)
      this.#fill(position, Math.max(length, windowSize));
    return position + length <= this.#from + this.#buffer.byteLength;
  }

  #fill(position: number, length: number): void {
    const target = new Uint8Array(Math.min(length, this.size - position));
    const count = readFully(this.#file, target, position);
    this.#buffer = target.subarray(0, count);
    this.#from = position;
    this.#cursor.over(this.#buffer);
  }
}

/**
 * Cuts a torn tail off a file after copying it to the `quarantine` folder beside it. May crash anywhere: the copy is on the disk before the cut.
 * @returns path of the copy.
 */
export async function quarantineTail(
  disk: Disk,
  folder: string,
  file: DiskFile,
  name: string,
  from: number,
): Promise<string> {
  const path = await copyToQuarantine(disk, folder, file, `${name}.${from}`, from);
  file.truncate(from);
  await file.sync();
  return path;
}

/** Moves a file that holds nothing of ours out of the way. */
export async function quarantineFile(disk: Disk, folder: string, name: string): Promise<string> {
  const quarantine = `${folder}/quarantine`;
  disk.makeFolder(quarantine);
  const path = freePath(disk, quarantine, name);
  disk.rename(`${folder}/${name}`, path);
  await disk.syncFolder(quarantine);
  await disk.syncFolder(folder);
  return path;
}

async function copyToQuarantine(
  disk: Disk,
  folder: string,
  file: DiskFile,
  name: string,
  from: number,
): Promise<string> {
  const quarantine = `${folder}/quarantine`;
  disk.makeFolder(quarantine);
  const path = freePath(disk, quarantine, name);
  const copy = disk.create(path);
  try {
    const buffer = new Uint8Array(windowSize);
    for (let position = from; ; ) {
      const count = readFully(file, buffer, position);
      if (count === 0) break;
      writeFully(copy, [buffer.subarray(0, count)], position - from);
      position += count;
    }
    await copy.sync();
  } finally {
    copy.close();
  }
  await disk.syncFolder(quarantine);
  await disk.syncFolder(folder);
  return path;
}

function freePath(disk: Disk, quarantine: string, name: string): string {
  const taken = new Set(disk.list(quarantine).map((entry) => entry.name));
  let number = 0;
  while (taken.has(`${name}.${number}`)) number++;
  return `${quarantine}/${name}.${number}`;
}
