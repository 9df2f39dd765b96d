// Runs many cases and groups what differs, instead of stopping at the first difference: one line and the shortest case for each kind.
import * as fc from 'fast-check';
import type { Outcome } from './outcome.ts';
import type { Difference, Pair } from './pair.ts';
import { scenarios } from './scenario.ts';
import { type Generation, type Step, stepTitle } from './step.ts';

export interface Finding {
  readonly signature: string;
  count: number;
  scenario: readonly Step[];
  difference: Difference;
}

/** Differences by kind, the most frequent first. */
export async function survey(
  pair: Pair,
  generation: Generation,
  { cases, steps, seed, only }: { cases: number; steps: number; seed: number; only: ReadonlySet<string> },
): Promise<Finding[]> {
  const findings = new Map<string, Finding>();
  for (const scenario of fc.sample(scenarios(generation, steps, only), { seed, numRuns: cases })) {
    const difference = await pair.run(scenario);
    if (difference === undefined) continue;
    const signature = signatureOf(scenario[difference.step]!, difference);
    const finding = findings.get(signature);
    if (finding === undefined) findings.set(signature, { signature, count: 1, scenario, difference });
    else {
      finding.count++;
      if (difference.step < finding.difference.step) Object.assign(finding, { scenario, difference });
    }
  }
  return [...findings.values()].sort((a, b) => b.count - a.count);
}

function signatureOf(step: Step, { reference, whippet, lines }: Difference): string {
  const paths = lines.map((line) => line.slice(0, line.indexOf(':')).replace(/\.\d+\./g, '.'));
  const both = `reference ${headline(reference)}, whippet ${headline(whippet)}`;
  const tampered = step.kind === 'command' && step.tamper !== undefined ? ` (${step.tamper.kind})` : '';
  const where = reference.kind === whippet.kind ? `: ${[...new Set(paths)].join(' ')}` : '';
  return `${stepTitle(step)}${tampered}: ${both}${where}`;
}

function headline(outcome: Outcome): string {
  return outcome.kind === 'refused' ? `refused ${outcome.status}` : outcome.kind;
}
