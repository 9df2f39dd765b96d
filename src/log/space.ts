// Keeps some of the disk free of messages, so that what frees space can still be written: deletions, changes of the catalog, stored offsets.
import type { Clock } from '../lib/clock.ts';
import type { Disk } from './disk.ts';
import { LogError } from './log_error.ts';

/** Bytes kept free: this many, or one in a hundred of a small disk. */
const reserveMax = 64 << 20;
const reserveShare = 0.01;
/** How long an answer of the disk counts, and how long when it was bad. */
const probeEveryMs = 1_000;
const probeWhenFullMs = 250;

export class SpaceGuard {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #folder: string;
  readonly #notice: (text: string) => void;
  /** Bytes that messages may still take, as far as is known. */
  #left = 0;
  #probedAtMs = Number.NEGATIVE_INFINITY;
  #isFull = false;

  constructor(disk: Disk, clock: Clock, folder: string, notice: (text: string) => void) {
    this.#disk = disk;
    this.#clock = clock;
    this.#folder = folder;
    this.#notice = notice;
  }

  /**
   * Lets `size` bytes of messages be written.
   * @throws LogError `write_failed` when they would take what is kept free.
   */
  admit(size: number): void {
    const age = this.#clock.monotonicMs() - this.#probedAtMs;
    const isStale = age >= probeEveryMs || (size > this.#left && (!this.#isFull || age >= probeWhenFullMs));
    if (isStale) this.#probe();
    const isFull = size > this.#left;
    if (isFull !== this.#isFull) {
      this.#isFull = isFull;
      this.#notice(
        isFull ? 'the disk is nearly full: messages are refused until there is space' : 'there is space again',
      );
    }
    if (isFull) throw new LogError('write_failed', 'the disk is nearly full');
    this.#left -= size;
  }

  #probe(): void {
    this.#probedAtMs = this.#clock.monotonicMs();
    try {
      const { free, total } = this.#disk.space?.(this.#folder) ?? { free: Number.POSITIVE_INFINITY, total: 0 };
      this.#left = free - Math.min(reserveMax, total * reserveShare);
    } catch {
      // A disk that does not tell is asked by writing to it.
      this.#left = Number.POSITIVE_INFINITY;
    }
  }
}
