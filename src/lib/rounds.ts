// Work that comes round again: at every interval, and whenever somebody asks, but never twice at the same time.
import type { Timers } from './timers.ts';

export class Rounds {
  readonly #timers: Timers;
  readonly #round: () => Promise<void>;
  #running: Promise<void> | undefined;
  #end: (() => void) | undefined;

  /** `round` never rejects. */
  constructor(timers: Timers, round: () => Promise<void>) {
    this.#timers = timers;
    this.#round = round;
  }

  /** Goes round every interval from now on. */
  start(intervalMs: number): void {
    this.#end ??= this.#timers.every(intervalMs, () => {
      void this.run();
    });
  }

  /** Begins no other round and waits for the one under way. */
  async stop(): Promise<void> {
    this.#end?.();
    this.#end = undefined;
    await this.#running;
  }

  /** One round; the one under way when there is one. */
  run(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
