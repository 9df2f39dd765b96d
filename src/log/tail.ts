// The newest frames of each log, kept in memory under one budget for all logs, so that a consumer that keeps up never touches the disk.
import type { MessageCollector } from './batch.ts';

export interface TailFrame {
  readonly baseOffset: number;
  readonly count: number;
  readonly timestamp: number;
  /** Empty once the frame was dropped: nothing that still knows the frame keeps its memory. */
  body: Uint8Array;
  readonly size: number;
  /** Undefined once the frame was dropped. */
  owner: Tail | undefined;
}

const noBytes = new Uint8Array(0);

/** Memory that all tails share. When it is used up the oldest frame goes first, whichever log it belongs to. */
export class TailBudget {
  readonly limit: number;
  #used = 0;
  readonly #queue = new Fifo<TailFrame>();
  /** Frames in the queue that their logs dropped. */
  #dropped = 0;

  /** `limit` in bytes; 0 keeps nothing. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  admit(frame: TailFrame): void {
    this.#queue.push(frame);
    this.#used += frame.size;
    while (this.#used > this.limit) {
      const oldest = this.#queue.shift();
      if (oldest === undefined) return;
      this.#dropped--;
      // Counts itself as dropped.
      oldest.owner?.dropFirst();
    }
  }

  /** A log dropped a frame of this size. */
  release(size: number): void {
    this.#used -= size;
    this.#dropped++;
    if (this.#dropped < 64 || this.#dropped * 2 < this.#queue.length) return;
    this.#queue.keep(({ owner }) => owner !== undefined);
    this.#dropped = 0;
  }
}

/** The newest frames of one log, without gaps up to its end. */
export class Tail {
  readonly #budget: TailBudget;
  #frames = new Fifo<TailFrame>();

  constructor(budget: TailBudget) {
    this.#budget = budget;
  }

  /** Offset of the oldest message in memory, undefined when there is none. */
  get firstOffset(): number | undefined {
    return this.#frames.at(0)?.baseOffset;
  }

  get firstTimestamp(): number | undefined {
    return this.#frames.at(0)?.timestamp;
  }

  /** Keeps the body of the frame just appended. */
  push(baseOffset: number, count: number, timestamp: number, bytes: Uint8Array): void {
    if (this.#budget.limit === 0) return;
    // A short body can pin the much larger chunk that it arrived in.
    const isPinning = bytes.byteLength * 2 < bytes.buffer.byteLength;
    const body = isPinning ? bytes.slice() : bytes;
    const frame: TailFrame = { baseOffset, count, timestamp, body, size: body.buffer.byteLength, owner: this };
    this.#frames.push(frame);
    this.#budget.admit(frame);
  }

  /** Hands over wanted messages from the frame that holds `collector.next` on. */
  collect(collector: MessageCollector): void {
    for (
      let index = this.#search((frame) => frame.baseOffset + frame.count > collector.next);
      index < this.#frames.length && !collector.isFull;
      index++
    ) {
      const frame = this.#frames.at(index)!;
      collector.take(frame.body, frame.baseOffset, frame.count);
    }
  }

  /** Offset of the first message in memory that is not older than `timestamp`. */
  findTimestamp(timestamp: number): number | undefined {
    return this.#frames.at(this.#search((frame) => frame.timestamp >= timestamp))?.baseOffset;
  }

  /** The frames in memory from the one that begins at or after `offset` on, as they are now. */
  framesFrom(offset: number): Readonly<TailFrame>[] {
    const frames: TailFrame[] = [];
    for (let index = this.#search(({ baseOffset }) => baseOffset >= offset); index < this.#frames.length; index++)
      frames.push({ ...this.#frames.at(index)! });
    return frames;
  }

  dropFirst(): void {
    const frame = this.#frames.shift();
    if (frame === undefined) return;
    frame.owner = undefined;
    frame.body = noBytes;
    this.#budget.release(frame.size);
  }

  /** Forgets frames that have no message from `offset` on. */
  dropBelow(offset: number): void {
    for (let first = this.#frames.at(0); first !== undefined; first = this.#frames.at(0)) {
      if (first.baseOffset + first.count > offset) return;
      this.dropFirst();
    }
  }

  clear(): void {
    while (this.#frames.length > 0) this.dropFirst();
    this.#frames = new Fifo();
  }

  /** Index of the first frame for which `holds`, which is false up to some frame and true after it. */
  #search(holds: (frame: TailFrame) => boolean): number {
    let low = 0;
    let high = this.#frames.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#frames.at(middle)!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** A queue whose front is taken without moving the rest. */
class Fifo<Item> {
  #items: (Item | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  at(index: number): Item | undefined {
    return this.#items[this.#head + index];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes out all for which `isKept` is false. */
  keep(isKept: (item: Item) => boolean): void {
    this.#items = this.#items.slice(this.#head).filter((item) => item !== undefined && isKept(item));
    this.#head = 0;
  }

  shift(): Item | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
