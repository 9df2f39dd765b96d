// A reference server and Whippet side by side: runs a scenario on both and tells the first difference.
import { knownDifference, leavesRest } from './known_differences.ts';
import { differences, type Outcome } from './outcome.ts';
import type { ServerCommand } from './server_process.ts';
import { Side } from './side.ts';
import { connectionOf, type Generation, type Step } from './step.ts';

/** A difference that nothing explains. */
export interface Difference {
  readonly step: number;
  readonly reference: Outcome;
  readonly whippet: Outcome;
  readonly lines: readonly string[];
  readonly note: string;
}

export class Pair {
  readonly #generation: Generation;
  readonly #reference: Side;
  readonly #whippet: Side;
  /** How often each kept difference was met. */
  readonly met = new Map<string, number>();
  stepsRun = 0;

  constructor(reference: ServerCommand, whippet: ServerCommand, generation: Generation) {
    this.#generation = generation;
    this.#reference = new Side(reference, generation);
    this.#whippet = new Side(whippet, generation);
  }

  /** Runs a scenario on both servers, each empty, on fresh connections. */
  async run(scenario: readonly Step[]): Promise<Difference | undefined> {
    await this.#both((side) => side.reset());
    const startedAt = Date.now() * 1000;
    for (const [index, step] of scenario.entries()) {
      const [reference, whippet] = await this.#both((side) => side.exchange(step, startedAt));
      if (reference === undefined || whippet === undefined) continue;
      this.stepsRun++;
      const lines = differences(reference, whippet);
      if (lines.length > 0) {
        const earlier = scenario.slice(0, index);
        const known = knownDifference({ generation: this.#generation, step, reference, whippet, earlier });
        if (known === undefined) return await this.#unexplained(index, reference, whippet, lines);
        this.met.set(known.id, (this.met.get(known.id) ?? 0) + 1);
        if (!known.goesOn) return undefined;
      }
      if (leavesRest(this.#generation, step, reference)) return undefined;
      if ([reference, whippet].some(({ kind }) => kind === 'closed' || kind === 'silent'))
        for (const side of [this.#reference, this.#whippet]) side.drop(connectionOf(step));
    }
    return undefined;
  }

  async #unexplained(step: number, reference: Outcome, whippet: Outcome, lines: string[]): Promise<Difference> {
    await new Promise((resolve) => setTimeout(resolve, reference.kind === 'closed' ? 50 : 0));
    const died = [this.#reference.isRunning ? '' : 'the reference died', this.#whippet.isRunning ? '' : 'whippet died'];
    // A server that hung keeps its connections; the next case gets a new one.
    if (reference.kind === 'silent') await this.#reference.abandon();
    if (whippet.kind === 'silent') await this.#whippet.abandon();
    return { step, reference, whippet, lines, note: died.filter((text) => text !== '').join(', ') };
  }

  /** Does something on both sides at once, and waits for both also when one fails: nothing may go on behind the end of a run. */
  async #both<Value>(act: (side: Side) => Promise<Value>): Promise<[Value, Value]> {
    const results = await Promise.allSettled([act(this.#reference), act(this.#whippet)]);
    const [reference, whippet] = results.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    }) as [Value, Value];
    return [reference, whippet];
  }

  /** Times that the reference could not be cleaned up after a case. */
  get referenceRestarts(): number {
    return this.#reference.restarts;
  }

  async stop(): Promise<void> {
    await this.#both((side) => side.stop());
  }
}
