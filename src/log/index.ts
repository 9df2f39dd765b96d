// Where the frames of one segment stand, sparsely. Derived from the log and never evidence about it: a frame found through it is verified at use.

/** What is known of one frame without reading it. */
export interface FramePlace {
  readonly offset: number;
  readonly position: number;
  readonly timestamp: number;
  readonly headerChecksum: number;
}

/** One entry per this many bytes of log, so that finding a frame reads at most about one page more. */
const spacing = 4096;

/** Frames of one segment in order, one entry per 4 KiB and after every gap. */
export class FrameIndex {
  readonly #entries: FramePlace[] = [];
  #end = -1;

  /** Notes a frame of `length` bytes, which lies after all before. */
  add(frame: FramePlace, length: number): void {
    const last = this.#entries.at(-1);
    // A frame after a gap can be found only through an entry of its own.
    if (last === undefined || frame.position !== this.#end || frame.position - last.position >= spacing)
      this.#entries.push(frame);
    this.#end = frame.position + length;
  }

  /** The last known frame that begins at or before `offset`. */
  floor(offset: number): FramePlace | undefined {
    return this.#last((frame) => frame.offset <= offset);
  }

  /** The last known frame older than `timestamp`, else the first: the first frame not older is it or follows it. */
  before(timestamp: number): FramePlace | undefined {
    return this.#last((frame) => frame.timestamp < timestamp) ?? this.#entries[0];
  }

  /** The last entry for which `holds`, which is true up to some entry and false after it. */
  #last(holds: (frame: FramePlace) => boolean): FramePlace | undefined {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#entries[middle]!)) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low - 1];
  }
}
