// One file of a partition's messages, as it is read. What it returns was verified after it came from the disk: header, chain and body of every frame.
// Appending goes through frame_file.ts; which segments there are is local_log.ts.
import type { SegmentHeader } from '../../generated/storage/segment_header.ts';
import type { MessageCollector } from './batch.ts';
import { type Disk, type DiskFile, readFullyAsync } from './disk.ts';
import { FrameCursor, frameHeaderSize, isBodySound, isHeaderSound } from './frame.ts';
import { type FrameEnd, lowIncarnation, startOf } from './frame_file.ts';
import { FrameIndex, type FramePlace } from './index.ts';
import { LogError } from './log_error.ts';
import { scanFrames } from './recovery.ts';

/** Name of the file whose first message has this offset. */
export function segmentName(baseOffset: number): string {
  return `${String(baseOffset).padStart(20, '0')}.log`;
}

/** Offset that a file name says; undefined when it is no segment's name. */
export function segmentNameOffset(name: string): number | undefined {
  const match = /^(\d{20})\.log$/.exec(name);
  const offset = match === null ? Number.NaN : Number(match[1]);
  return Number.isSafeInteger(offset) ? offset : undefined;
}

/** What is kept of a segment in memory. */
export class Segment {
  readonly baseOffset: number;
  /** Bytes of messages before this segment, deleted ones too. */
  readonly baseSize: number;
  /** No message is older. */
  readonly baseTimestamp: number;
  readonly path: string;
  /** Undefined when the file's header is damaged: nothing in it can be read. */
  readonly header: SegmentHeader | undefined;
  /** Offset after the last message. */
  endOffset: number;
  /** `baseSize` and the bytes of messages in this segment. */
  endSize: number;
  /** Timestamp of the last message. */
  endTimestamp: number;
  /** Byte after the last frame; undefined while only the file's size says it. */
  endPosition: number | undefined;
  /** What the next segment continues; undefined while there is none, or its header is damaged. */
  endChain: number | undefined;
  #index: FrameIndex | undefined;

  constructor(
    path: string,
    header: SegmentHeader | undefined,
    base: { offset: number; size: number; timestamp: number },
  ) {
    this.path = path;
    this.header = header;
    this.baseOffset = base.offset;
    this.baseSize = base.size;
    this.baseTimestamp = base.timestamp;
    this.endOffset = base.offset;
    this.endSize = base.size;
    this.endTimestamp = base.timestamp;
  }

  /** Notes a frame that was appended or found. */
  extend(frame: FramePlace, count: number, length: number): void {
    this.#index ??= new FrameIndex();
    this.#index.add(frame, length);
    this.endOffset = frame.offset + count;
    this.endSize += length - frameHeaderSize;
    this.endTimestamp = frame.timestamp;
    this.endPosition = frame.position + length;
  }

  /**
   * Hands over messages from `collector.next` on, up to the end of this segment as it is now.
   * @throws LogError `corrupted` at damage; what was handed over before is good.
   */
  async collect(disk: Disk, collector: MessageCollector): Promise<void> {
    const { endOffset } = this;
    return this.#walk(
      disk,
      (index) => index.floor(collector.next),
      async (window, start) => {
        let place = start;
        let chain: number | undefined;
        while (place.offset < endOffset && !collector.isFull) {
          const cursor = await window.frame(place.position);
          // The first frame is the one that the index means; each further one continues the chain.
          const isNext = cursor !== undefined && isFrameAt(cursor, place.offset, chain, start.headerChecksum);
          if (!isNext) throw new LogError('corrupted', `${this.path}: offset ${collector.next} is damaged on the disk`);
          const { header } = cursor;
          const end = header.baseOffset + header.count;
          if (end > collector.next) collector.take(cursor.body, header.baseOffset, header.count);
          chain = header.headerChecksum;
          place = { ...start, offset: end, position: place.position + header.length };
        }
      },
    );
  }

  /**
   * Offset of the first message that is not older than `timestamp`; undefined when this segment has none.
   * @throws LogError `corrupted` when damage hides it.
   */
  async findTimestamp(disk: Disk, timestamp: number): Promise<number | undefined> {
    const { endOffset } = this;
    return this.#walk(
      disk,
      (index) => index.before(timestamp),
      async (window, start) => {
        let { position, offset } = start;
        while (offset < endOffset) {
          const cursor = await window.header(position);
          if (cursor === undefined || cursor.header.baseOffset !== offset)
            throw new LogError('corrupted', `${this.path}: offset ${offset} is damaged on the disk`);
          if (cursor.header.timestamp >= timestamp) return offset;
          offset += cursor.header.count;
          position += cursor.header.length;
        }
        return undefined;
      },
    );
  }

  async #walk<Result>(
    disk: Disk,
    find: (index: FrameIndex) => FramePlace | undefined,
    walk: (window: ReadWindow, start: FramePlace) => Promise<Result>,
  ): Promise<Result> {
    if (this.header === undefined) throw new LogError('corrupted', `${this.path}: the file's header is damaged`);
    const file = disk.open(this.path, 'read');
    try {
      const window = new ReadWindow(file, this.endPosition ?? file.size(), lowIncarnation(this.header.incarnation));
      this.#index ??= await this.#buildIndex(file, window, this.header);
      const start = find(this.#index);
      if (start === undefined) throw new LogError('corrupted', `${this.path}: no frame of it can be read`);
      return await walk(window, start);
    } finally {
      file.close();
    }
  }

  /** Reads the headers of a sealed segment. When they do not make a whole, every byte is searched for what is still good. */
  async #buildIndex(file: DiskFile, window: ReadWindow, header: SegmentHeader): Promise<FrameIndex> {
    const index = new FrameIndex();
    let end: FrameEnd = startOf(header);
    for (
      let cursor = await window.header(end.position);
      cursor !== undefined;
      cursor = await window.header(end.position)
    ) {
      const { header: frame } = cursor;
      if (frame.previousChecksum !== end.chain || frame.baseOffset !== end.offset) break;
      index.add(placeOf(cursor, end.position), frame.length);
      end = {
        position: end.position + frame.length,
        offset: end.offset + frame.count,
        chain: frame.headerChecksum,
        timestamp: frame.timestamp,
      };
    }
    if (end.offset === this.endOffset && end.position === window.end) {
      if (this.endChain === undefined || end.chain === this.endChain) return index;
      throw new LogError('corrupted', `${this.path} is not the file that the next segment continues`);
    }
    const salvaged = new FrameIndex();
    scanFrames(file, header, this.endOffset, (cursor, position) =>
      salvaged.add(placeOf(cursor, position), cursor.header.length),
    );
    return salvaged;
  }
}

/** Whether a frame in memory is undamaged and the one expected: by the chain, or by its own checksum where the chain is not known. */
function isFrameAt(cursor: FrameCursor, offset: number, chain: number | undefined, own: number): boolean {
  const { header } = cursor;
  const isMeant = chain === undefined ? header.headerChecksum === own : header.previousChecksum === chain;
  return isMeant && header.baseOffset === offset && isBodySound(cursor);
}

/** Where the frame under a cursor stands. */
export function placeOf(cursor: FrameCursor, position: number): FramePlace {
  const { baseOffset, timestamp, headerChecksum } = cursor.header;
  return { offset: baseOffset, position, timestamp, headerChecksum };
}

const windowSize = 1 << 18;

/** Reads a file forwards in pieces of 256 KiB, or of one frame when that is larger. Never fills memory twice, so bodies may be kept. */
class ReadWindow {
  readonly end: number;
  readonly #file: DiskFile;
  readonly #incarnation: bigint;
  readonly #cursor = new FrameCursor();
  #buffer = new Uint8Array(0);
  #from = 0;

  constructor(file: DiskFile, end: number, incarnation: bigint) {
    this.#file = file;
    this.end = end;
    this.#incarnation = incarnation;
  }

  /** The sound header at `position`; undefined when there is none. Its body need not be in memory. */
  async header(position: number): Promise<FrameCursor | undefined> {
    if (position < 0 || position + frameHeaderSize > this.end) return undefined;
    await this.#load(position, frameHeaderSize);
    const cursor = this.#cursor.at(position - this.#from);
    return isHeaderSound(cursor, this.#incarnation) && position + cursor.header.length <= this.end ? cursor : undefined;
  }

  /** The frame at `position` in memory; undefined when its header is not sound. */
  async frame(position: number): Promise<FrameCursor | undefined> {
    const cursor = await this.header(position);
    if (cursor === undefined) return undefined;
    await this.#load(position, cursor.header.length);
    return this.#cursor.at(position - this.#from);
  }

  async #load(position: number, length: number): Promise<void> {
    if (position >= this.#from && position + length <= this.#from + this.#buffer.byteLength) return;
    const target = new Uint8Array(Math.min(Math.max(length, windowSize), this.end - position));
    const count = await readFullyAsync(this.#file, target, position);
    this.#buffer = target.subarray(0, count);
    this.#from = position;
    this.#cursor.over(this.#buffer);
  }
}
