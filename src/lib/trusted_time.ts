// Wall time for decisions that cannot be taken back, such as deleting what is old. A clock that jumps forwards is not believed at once: monotonic time
// is asked for a second opinion.
import type { Clock } from './clock.ts';

/** A jump that is no correction any more. */
const jumpMicros = 5 * 60 * 1_000_000;
/** How long a new time must agree with monotonic time before it is believed. */
const doubtMs = 60 * 60 * 1000;
/** How long a time that was just believed is called recent. */
const recentMs = 60 * 60 * 1000;

export interface TrustedNow {
  /** Microseconds; never ahead of the wall clock. */
  readonly micros: number;
  /** Whether the clock jumped not long ago: whoever deletes should go slowly. */
  readonly isUnsettled: boolean;
}

/** Follows the wall clock as long as it and the monotonic clock agree. */
export class TrustedTime {
  readonly #clock: Clock;
  readonly #notice: (text: string) => void;
  #micros: number;
  #readAtMs: number;
  /** How far the wall clock is away, and since when; undefined while it is trusted. */
  #doubt: { readonly sinceMs: number; readonly jump: number } | undefined;
  #believedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, notice: (text: string) => void) {
    this.#clock = clock;
    this.#notice = notice;
    this.#micros = clock.nowMicros();
    this.#readAtMs = clock.monotonicMs();
  }

  now(): TrustedNow {
    const nowMs = this.#clock.monotonicMs();
    const wall = this.#clock.nowMicros();
    const expected = this.#micros + Math.round((nowMs - this.#readAtMs) * 1000);
    this.#readAtMs = nowMs;
    const jump = wall - expected;
    if (Math.abs(jump) <= jumpMicros) {
      if (this.#doubt !== undefined) this.#notice('the clock is back where it was; nothing was deleted because of it');
      this.#doubt = undefined;
      this.#micros = wall;
    } else {
      this.#weigh(jump, nowMs);
      this.#micros = this.#doubt === undefined ? wall : expected;
    }
    const isUnsettled = this.#doubt !== undefined || nowMs - this.#believedAtMs < recentMs;
    return { micros: Math.min(wall, this.#micros), isUnsettled };
  }

  /** Believes a jump once the clock has gone on evenly for long enough. */
  #weigh(jump: number, nowMs: number): void {
    if (this.#doubt === undefined || Math.abs(jump - this.#doubt.jump) > jumpMicros) {
      this.#doubt = { sinceMs: nowMs, jump };
      this.#notice(
        `the clock jumped by ${Math.round(jump / 1_000_000)} s; it is not believed for deleting before it has agreed with monotonic time for an hour`,
      );
    } else if (nowMs - this.#doubt.sinceMs >= doubtMs) {
      this.#notice(`the clock that jumped by ${Math.round(jump / 1_000_000)} s is believed now`);
      this.#doubt = undefined;
      this.#believedAtMs = nowMs;
    }
  }
}
