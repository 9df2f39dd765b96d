// A reference server and Whippet side by side: runs a scenario on both and tells the first difference.
import { knownDifference, leavesRest } from './known_differences.ts';
import { differences, type Outcome } from './outcome.ts';
import { mayChangeRoot, type Side } from './side.ts';
import { connectionOf, type Generation, type Step } from './step.ts';

/** A difference that nothing explains. */
export interface Difference {
  readonly step: number;
  readonly reference: Outcome;
  readonly whippet: Outcome;
  readonly lines: readonly string[];
  readonly note: string;
}

/** What running one scenario told. */
export interface Ran {
  /** Steps whose answers were compared. */
  readonly steps: number;
  /** Kept differences that were met, each as often as it was. */
  readonly met: readonly string[];
  readonly difference: Difference | undefined;
}

export class Pair {
  readonly #generation: Generation;
  readonly #reference: Side;
  readonly #whippet: Side;

  constructor(reference: Side, whippet: Side, generation: Generation) {
    this.#generation = generation;
    this.#reference = reference;
    this.#whippet = whippet;
  }

  /** Runs a scenario on both servers, each empty, on fresh connections; up to the first difference that nothing explains. */
  async run(scenario: readonly Step[]): Promise<Ran> {
    await this.#both((side) => side.reset());
    const startedAt = Date.now() * 1000;
    const met: string[] = [];
    let steps = 0;
    for (const [index, step] of scenario.entries()) {
      // Nobody's root user but our own is put at risk.
      if (!this.#reference.isOurs && mayChangeRoot(step)) continue;
      const [reference, whippet] = await this.#both((side) => side.exchange(step, startedAt));
      if (reference === undefined || whippet === undefined) continue;
      steps++;
      const lines = differences(reference, whippet);
      if (lines.length > 0) {
        const earlier = scenario.slice(0, index);
        const known = knownDifference({ generation: this.#generation, step, reference, whippet, earlier });
        if (known === undefined)
          return { steps, met, difference: await this.#unexplained(index, reference, whippet, lines) };
        met.push(known.id);
        if (!known.goesOn) break;
      }
      if (leavesRest(this.#generation, step, reference)) break;
      // Clients whose session was ended connect again.
      if ([reference, whippet].some(isEviction)) await this.#both((side) => side.close(connectionOf(step)));
      if ([reference, whippet].some(({ kind }) => kind === 'closed' || kind === 'silent'))
        for (const side of [this.#reference, this.#whippet]) side.drop(connectionOf(step));
    }
    return { steps, met, difference: undefined };
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

function isEviction(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.form.startsWith('eviction');
}
