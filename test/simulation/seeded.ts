// Chance in a simulation: the same seed gives the same numbers, on every machine.
import type { Random } from '../../src/lib/random.ts';

export class Seeded implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    this.next();
  }

  /** A whole number from 0 to 2^32 - 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.next() / 4294967296) * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability * 4294967296;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  fill(target: Uint8Array): void {
    for (let index = 0; index < target.byteLength; index++) target[index] = this.next() >>> 24;
  }
}
