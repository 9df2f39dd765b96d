// Where the frames of one segment stand, sparsely. Derived from the log and never evidence about it: a frame found through it is verified at use.

/** What is known of one frame without reading it. */
export interface FramePlace {
  readonly offset: number;
  readonly position: number;
  readonly timestamp: number;
  readonly headerChecksum: number;
}

/** Bytes of log per entry at first: finding a frame reads at most about one page more. */
const spacingMin = 4096;
/** Entries at which every other one goes. A gigabyte has one per 512 KiB then, and finding a frame reads one or two windows more. */
const entriesMax = 2048;

/** Frames of one segment in order: some at even distances, and each that follows a gap. Its size has a limit, however large the segment is. */
export class FrameIndex {
  #entries: FramePlace[] = [];
  readonly #afterGaps = new Set<FramePlace>();
  #spacing = spacingMin;
  #thinAt = entriesMax;
  #end = -1;

  get size(): number {
    return this.#entries.length;
  }

  /** Notes a frame of `length` bytes, which lies after all before. */
  add(frame: FramePlace, length: number): void {
    const last = this.#entries.at(-1);
    // A frame after a gap can be found only through an entry of its own.
    const isAfterGap = last !== undefined && frame.position !== this.#end;
    if (isAfterGap) this.#afterGaps.add(frame);
    if (last === undefined || isAfterGap || frame.position - last.position >= this.#spacing) this.#entries.push(frame);
    this.#end = frame.position + length;
    if (this.#entries.length >= this.#thinAt) this.#thin();
  }

  #thin(): void {
    this.#spacing *= 2;
    let kept: FramePlace | undefined;
    this.#entries = this.#entries.filter((entry) => {
      const isKept =
        kept === undefined || this.#afterGaps.has(entry) || entry.position - kept.position >= this.#spacing;
      if (isKept) kept = entry;
      return isKept;
    });
    this.#thinAt = Math.max(entriesMax, 2 * this.#entries.length);
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
