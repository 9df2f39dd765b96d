// Reads the frames of one file forwards without blocking the thread. What it returns has a sound header; bodies are for the caller to check.
import { type DiskFile, readFullyAsync } from './disk.ts';
import { FrameCursor, frameHeaderSize, isHeaderSound } from './frame.ts';

const windowSize = 1 << 18;
const sparseSize = 1 << 12;

/** Reads a file forwards in pieces of 256 KiB, or of one frame when that is larger. Never fills memory twice, so bodies may be kept. */
export class ReadWindow {
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

  /**
   * The sound header at `position`; undefined when there is none. Its body need not be in memory. With `isSparse` little is read besides: the next
   * header that is asked for is far away.
   */
  async header(position: number, isSparse = false): Promise<FrameCursor | undefined> {
    if (position < 0 || position + frameHeaderSize > this.end) return undefined;
    await this.#load(position, frameHeaderSize, isSparse ? sparseSize : windowSize);
    const cursor = this.#cursor.at(position - this.#from);
    return isHeaderSound(cursor, this.#incarnation) && position + cursor.header.length <= this.end ? cursor : undefined;
  }

  /** The frame at `position` in memory; undefined when its header is not sound. */
  async frame(position: number): Promise<FrameCursor | undefined> {
    const cursor = await this.header(position);
    if (cursor === undefined) return undefined;
    await this.#load(position, cursor.header.length, windowSize);
    return this.#cursor.at(position - this.#from);
  }

  async #load(position: number, length: number, size: number): Promise<void> {
    if (position >= this.#from && position + length <= this.#from + this.#buffer.byteLength) return;
    const target = new Uint8Array(Math.min(Math.max(length, size), this.end - position));
    const count = await readFullyAsync(this.#file, target, position);
    this.#buffer = target.subarray(0, count);
    this.#from = position;
    this.#cursor.over(this.#buffer);
  }
}
