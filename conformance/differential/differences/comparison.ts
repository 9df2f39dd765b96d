// What a kept difference is: how to recognize it in two outcomes of one step.
import { differences, type Outcome } from '../outcome.ts';
import type { Generation, Step } from '../step.ts';

/** Two outcomes of one step that are not equal. */
export interface Comparison {
  readonly generation: Generation;
  readonly step: Step;
  readonly reference: Outcome;
  readonly whippet: Outcome;
  /** Steps before this one. */
  readonly earlier: readonly Step[];
}

/** A difference that is kept on purpose. */
export interface KnownDifference {
  /** Names the row in DIFFERENCES.md and the line in known_failures.txt, which says in which generations it is allowed. */
  readonly id: string;
  /** Whether the two servers are in the same state afterwards; if not, the case ends. */
  readonly goesOn: boolean;
  matches(comparison: Comparison): boolean;
}

/** The status of a refusal, 0 for every other outcome. */
export function statusOf(outcome: Outcome): number {
  return outcome.kind === 'refused' ? outcome.status : 0;
}

/** Whether a get answered that there is nothing, or that it does not tell. */
export function tellsNothing(outcome: Outcome): boolean {
  if (outcome.kind !== 'answered') return false;
  const fields = Object.values((outcome.value ?? {}) as Record<string, unknown>);
  return fields.every((field) => field === undefined || (Array.isArray(field) && field.length === 0));
}

/** Whether all that differs are fields whose paths fit. */
export function onlyPaths({ reference, whippet }: Comparison, expected: RegExp): boolean {
  return differences(reference, whippet).every((line) => expected.test(line.slice(0, line.indexOf(':'))));
}
