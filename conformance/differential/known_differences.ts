// The differences that are kept on purpose. Which are allowed for a generation is listed in conformance/known_failures.txt, why in
// conformance/DIFFERENCES.md; anything else that differs fails the comparison.
import { listedDifferences } from '../known_failures.ts';
import { accessDifferences } from './differences/access.ts';
import { type Comparison, type KnownDifference, statusOf } from './differences/comparison.ts';
import { groupsDifferences } from './differences/groups.ts';
import { messagesDifferences } from './differences/messages.ts';
import { requestsDifferences } from './differences/requests.ts';
import { resourcesDifferences } from './differences/resources.ts';
import type { Outcome } from './outcome.ts';
import type { Generation, Step } from './step.ts';
import { isMalformed, isSend } from './step_traits.ts';

/** All that can be recognized, in the order in which they are tried. */
export const knownDifferences: readonly KnownDifference[] = [
  ...requestsDifferences,
  ...accessDifferences,
  ...resourcesDifferences,
  ...messagesDifferences,
  ...groupsDifferences,
];

/** Names of the differences that known_failures.txt allows for a generation. */
export function allowedDifferences(generation: Generation): string[] {
  return [...listedDifferences].filter(([, generations]) => generations.has(generation)).map(([id]) => id);
}

/** The kept difference that explains this one, if any. */
export function knownDifference(comparison: Comparison): KnownDifference | undefined {
  return knownDifferences.find(
    ({ id, matches }) => listedDifferences.get(id)?.has(comparison.generation) === true && matches(comparison),
  );
}

/**
 * Whether the reference does not read the rest of a request, so that what follows is misread:
 * of a send that it refused early, so that the connection is of no more use.
 */
export function leavesRest(generation: Generation, step: Step, reference: Outcome): boolean {
  if (generation === 'v0_4') return false;
  // Releases 0.5 and 0.6 leave any bytes that they did not expect.
  if (generation !== 'v0_8' && isMalformed(step)) return true;
  return isSend(step) && (isMalformed(step) || [3, 6, 40, 82].includes(statusOf(reference)));
}
