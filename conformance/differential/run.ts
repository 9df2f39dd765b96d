// One comparison from its first to its last case: draws scenarios, runs each on both servers, counts, shrinks what differs.
import * as fc from 'fast-check';
import { allowedDifferences } from './known_differences.ts';
import type { Difference, Pair } from './pair.ts';
import type { Report, Tally } from './report.ts';
import { scenarios } from './scenario.ts';
import { shortest, signatureOf } from './shrink.ts';
import type { Generation, Step } from './step.ts';

export interface RunOptions {
  readonly seed: number;
  /** Cases to run at most. */
  readonly cases: number;
  /** Compared commands after which no further case begins. */
  readonly commands: number;
  /** Most commands of one case, after its opening. */
  readonly steps: number;
  readonly connections: number;
  /** Draws these commands only; all when empty. */
  readonly only: ReadonlySet<string>;
  /** Goes on after a difference, and groups what differs. */
  readonly isSurvey: boolean;
  /** Ends the run after the case that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/** After so many compared commands a listed difference should have been met, however rarely it is drawn. */
const completeRun = 100_000;
const batchSize = 25;

interface Finding {
  readonly scenario: readonly Step[];
  readonly difference: Difference;
  readonly count: number;
}

/** Runs until there is a difference, or to the end; tells the report all of it. */
export async function compare(pair: Pair, generation: Generation, options: RunOptions, report: Report): Promise<Tally> {
  const { seed, cases, commands, only, connections, isSurvey, signal } = options;
  const findings = new Map<string, Finding>();
  const met: Record<string, number> = {};
  let [casesRun, stepsRun] = [0, 0];
  const tally = (neverMet: readonly string[] = []): Tally => ({
    ...{ generation, seed, cases: casesRun, steps: stepsRun, met, neverMet },
    ...{ referenceRestarts: pair.referenceRestarts, differences: findings.size },
  });
  for (const scenario of drawn(generation, options)) {
    if (casesRun === cases || stepsRun >= commands || signal?.aborted || (!isSurvey && findings.size > 0)) break;
    const ran = await pair.run(scenario);
    casesRun++;
    stepsRun += ran.steps;
    for (const id of ran.met) met[id] = (met[id] ?? 0) + 1;
    if (ran.difference !== undefined) keepShorter(findings, scenario, ran.difference);
    if (casesRun % batchSize === 0) report.progress(tally());
  }
  for (const { scenario, difference, count } of [...findings.values()].sort((a, b) => b.count - a.count))
    report.difference(await shortest(scenario, difference, (candidate) => pair.run(candidate)), count);
  const isComplete = stepsRun >= completeRun && only.size === 0 && connections > 1;
  const result = tally(isComplete ? allowedDifferences(generation).filter((id) => met[id] === undefined) : []);
  report.summary(result);
  return result;
}

/** Scenarios without end, the same ones for the same seed. */
function* drawn(generation: Generation, { seed, steps, only, connections }: RunOptions): Generator<Step[]> {
  const arbitrary = scenarios(generation, steps, only, connections);
  for (let batch = 0; ; batch++) yield* fc.sample(arbitrary, { seed: (seed + batch) | 0, numRuns: batchSize });
}

function keepShorter(findings: Map<string, Finding>, scenario: readonly Step[], difference: Difference): void {
  const signature = signatureOf(scenario[difference.step]!, difference);
  const known = findings.get(signature);
  const count = (known?.count ?? 0) + 1;
  const isShorter = known === undefined || difference.step < known.difference.step;
  findings.set(signature, isShorter ? { scenario, difference, count } : { ...known, count });
}
