// Time and the order of what happens in a simulation: calls to the disk end when the seed says, and nothing else moves the clock.
import type { Clock } from '../../src/lib/clock.ts';
import { Seeded } from './seeded.ts';

interface Completion {
  readonly at: number;
  readonly tie: number;
  readonly run: () => void;
}

/** The process was killed; its code may still run, but nothing it does counts. */
export class ProcessIsDead extends Error {}

/** Completions without an end in sight: something asks for ever. */
const completionsMax = 200_000;

export class Scheduler implements Clock {
  /** Microseconds by the wall, which a run may set. */
  wall = 1_700_000_000_000_000;
  #micros = 0;
  readonly #random: Seeded;
  readonly #latencyMax: number;
  #queue: Completion[] = [];
  #isStopped = false;

  /** Calls take from 1 to `latencyMax` microseconds. */
  constructor(seed: number, latencyMax: number) {
    this.#random = new Seeded(seed);
    this.#latencyMax = latencyMax;
  }

  nowMicros(): number {
    return this.wall + this.#micros;
  }

  monotonicMs(): number {
    return this.#micros / 1000;
  }

  /** What `work` gives, later. */
  complete<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      this.#queue.push({ at: this.#micros + 1 + this.#random.below(this.#latencyMax), tie: this.#random.next(), run });
    });
  }

  /** Ends what is under way: its process is dead, and nobody hears of it. */
  stop(): void {
    this.#isStopped = true;
    this.#queue = [];
  }

  /** Lets things happen until `promise` settles. */
  async until<Result>(promise: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    promise.then(settled, settled);
    for (let count = 0; count < completionsMax; count++) {
      await drained();
      if (this.#isStopped) throw new ProcessIsDead();
      if (isSettled) return promise;
      const next = this.#take();
      if (next === undefined) throw new Error('nothing is under way, and still something waits');
      this.#micros = Math.max(this.#micros, next.at);
      next.run();
    }
    throw new Error(`${completionsMax} calls to the disk, and still something waits`);
  }

  #take(): Completion | undefined {
    let best: Completion | undefined;
    for (const completion of this.#queue) {
      if (best === undefined || completion.at < best.at || (completion.at === best.at && completion.tie < best.tie))
        best = completion;
    }
    if (best !== undefined) this.#queue.splice(this.#queue.indexOf(best), 1);
    return best;
  }
}

/** Resolves once every promise that can go on has: Node runs ticks only after all microtasks. */
function drained(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
