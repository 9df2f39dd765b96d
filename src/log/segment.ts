// One file of a partition's messages, as it is read. What it returns was verified after it came from the disk: header, chain and body of every frame.
// Appending goes through frame_file.ts; which segments there are is local_log.ts.
import type { SegmentHeader } from '../../generated/storage/segment_header.ts';
import type { FileKey } from '../lib/cipher.ts';
import type { MessageCollector } from './batch.ts';
import type { DiskFile } from './disk.ts';
import type { LogEnvironment } from './environment.ts';
import { fileHeaderSize } from './file_header.ts';
import { type FrameCursor, frameHeaderSize, isBodySound } from './frame.ts';
import { type FrameEnd, lowIncarnation } from './frame_file.ts';
import { FrameIndex, type FramePlace } from './index.ts';
import { LogError } from './log_error.ts';
import { ReadWindow } from './read_window.ts';
import { type FrameVisitor, scanFrames } from './recovery.ts';
import { contentOf, overheadOf } from './sealing.ts';

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

/** Frames above this many bytes are passed over without reading them when only their headers are wanted. */
const sparseAbove = 1 << 15;

/** Where segments are read. */
type SegmentSource = Pick<LogEnvironment, 'disk' | 'files'>;

/** What is kept of a segment in memory. */
export class Segment {
  readonly baseOffset: number;
  /** Bytes of messages before this segment, deleted ones too. */
  readonly baseSize: number;
  /** No message is older. */
  readonly baseTimestamp: number;
  /** Changes when the file is renamed. */
  path: string;
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
  /** Undefined when frames are plain. */
  readonly key: FileKey | undefined;
  readonly #overhead: number;
  #index: FrameIndex | undefined;

  constructor(
    path: string,
    header: SegmentHeader | undefined,
    base: { offset: number; size: number; timestamp: number },
    key?: FileKey,
  ) {
    this.key = key;
    this.#overhead = header === undefined ? 0 : overheadOf(header);
    this.path = path;
    this.header = header;
    this.baseOffset = base.offset;
    this.baseSize = base.size;
    this.baseTimestamp = base.timestamp;
    this.endOffset = base.offset;
    this.endSize = base.size;
    this.endTimestamp = base.timestamp;
  }

  /** Begins at an end that an earlier process noted; what lies before it is read when it is asked for. */
  resume(end: FrameEnd): void {
    this.endOffset = end.offset;
    this.endSize = end.size;
    this.endTimestamp = end.timestamp;
    this.endPosition = end.position;
  }

  /** Ends the segment at a frame's end: what follows it in the file was written again elsewhere. */
  cutAt(end: FrameEnd): void {
    this.resume(end);
    this.endChain = end.chain;
  }

  /** Notes a frame that was appended or found. */
  extend(frame: FramePlace, count: number, length: number): void {
    // An index that lacks the frames before would be taken for a whole one.
    if (frame.position === fileHeaderSize) this.#index ??= new FrameIndex();
    this.#index?.add(frame, length);
    this.endOffset = frame.offset + count;
    this.endSize += length - frameHeaderSize - this.#overhead;
    this.endTimestamp = frame.timestamp;
    this.endPosition = frame.position + length;
  }

  /** Byte at or before the frame that holds `offset`, as far as the frames are known; with the file's header when there is none before. */
  positionOf(offset: number): number {
    if (offset <= this.baseOffset) return 0;
    return this.#index?.floor(offset)?.position ?? fileHeaderSize;
  }

  /**
   * Hands over messages from `collector.next` on, up to the end of this segment as it is now.
   * @throws LogError `corrupted` at damage; what was handed over before is good.
   */
  async collect(environment: SegmentSource, collector: MessageCollector): Promise<void> {
    const { endOffset } = this;
    return this.#walk(
      environment,
      (index) => index.floor(collector.next),
      async (window, start) => {
        let place = start;
        let chain: number | undefined;
        while (place.offset < endOffset && !collector.isFull) {
          let cursor = await window.header(place.position);
          // The first frame is the one that the index means; each further one continues the chain.
          let isSound = cursor !== undefined && isFrameAt(cursor, place.offset, chain, start.headerChecksum);
          // Bodies before the first message wanted are passed over: damage in them hides nothing after them.
          const isWanted = isSound && cursor!.header.baseOffset + cursor!.header.count > collector.next;
          if (isWanted) {
            cursor = await window.frame(place.position);
            isSound = cursor !== undefined && isBodySound(cursor);
          }
          if (!isSound || cursor === undefined)
            throw new LogError('corrupted', `${this.path}: offset ${collector.next} is damaged on the disk`);
          const { header } = cursor;
          const end = header.baseOffset + header.count;
          if (isWanted) {
            const content = contentOf(cursor, this.key);
            if (content === undefined)
              throw new LogError('corrupted', `${this.path}: offset ${place.offset} is not what was encrypted there`);
            collector.take(content, header.baseOffset, header.count);
          }
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
  async findTimestamp(environment: SegmentSource, timestamp: number): Promise<number | undefined> {
    const { endOffset } = this;
    return this.#walk(
      environment,
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
    { disk, files }: SegmentSource,
    find: (index: FrameIndex) => FramePlace | undefined,
    walk: (window: ReadWindow, start: FramePlace) => Promise<Result>,
  ): Promise<Result> {
    const { header } = this;
    if (header === undefined) throw new LogError('corrupted', `${this.path}: the file's header is damaged`);
    const open = (): DiskFile => disk.open(this.path, 'read');
    const use = async (file: DiskFile): Promise<Result> => {
      const window = new ReadWindow(file, this.endPosition ?? file.size(), lowIncarnation(header.incarnation));
      this.#index ??= await this.#buildIndex(file, window, header, this.endOffset);
      const start = find(this.#index);
      if (start === undefined) throw new LogError('corrupted', `${this.path}: no frame of it can be read`);
      return walk(window, start);
    };
    if (files !== undefined) return files.read(this, open, use);
    const file = open();
    try {
      return await use(file);
    } finally {
      file.close();
    }
  }

  /** Reads the headers of a segment up to `endOffset`. When they do not make a whole, every byte is searched for what is still good. */
  async #buildIndex(file: DiskFile, window: ReadWindow, header: SegmentHeader, endOffset: number): Promise<FrameIndex> {
    const { endChain } = this;
    const index = new FrameIndex();
    let position = fileHeaderSize;
    let offset = header.baseOffset;
    let chain = header.chainStart;
    let isSparse = false;
    // What was written again in the next segment may still stand at the end of this one; it is not read.
    while (offset < endOffset) {
      const cursor = await window.header(position, isSparse);
      if (cursor === undefined) break;
      const { header: frame } = cursor;
      isSparse = frame.length > sparseAbove;
      if (frame.previousChecksum !== chain || frame.baseOffset !== offset) break;
      index.add(placeOf(cursor, position), frame.length);
      position += frame.length;
      offset += frame.count;
      chain = frame.headerChecksum;
    }
    if (offset === endOffset) {
      if (endChain === undefined || chain === endChain) return index;
      throw new LogError('corrupted', `${this.path} is not the file that the next segment continues`);
    }
    const salvaged = new FrameIndex();
    const visit: FrameVisitor = (cursor, at) => salvaged.add(placeOf(cursor, at), cursor.header.length);
    scanFrames(file, header, endOffset, visit, { isSalvage: true });
    return salvaged;
  }
}

/** Whether a sound header is the one expected: by the chain, or by its own checksum where the chain is not known. */
function isFrameAt(cursor: FrameCursor, offset: number, chain: number | undefined, own: number): boolean {
  const { header } = cursor;
  const isMeant = chain === undefined ? header.headerChecksum === own : header.previousChecksum === chain;
  return isMeant && header.baseOffset === offset;
}

/** Where the frame under a cursor stands. */
export function placeOf(cursor: FrameCursor, position: number): FramePlace {
  const { baseOffset, timestamp, headerChecksum } = cursor.header;
  return { offset: baseOffset, position, timestamp, headerChecksum };
}
