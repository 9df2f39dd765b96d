// More forms of differences that are listed in conformance/known_failures.txt and explained in conformance/DIFFERENCES.md: scenarios written by hand
// meet them, drawn ones seldom do.
import {
  type Comparison,
  type KnownDifference,
  statusOf,
  tellsNothing,
} from '../differential/differences/comparison.ts';
import { knownDifference } from '../differential/known_differences.ts';
import { isByGroup, isCommand } from '../differential/step_traits.ts';
import { listedDifferences } from '../known_failures.ts';

const tapeDifferences: readonly KnownDifference[] = [
  {
    id: 'offset-of-group',
    goesOn: true,
    matches: ({ step, reference, whippet }) =>
      isCommand(step, 'get_consumer_offset') && isByGroup(step) && tellsNothing(reference) && !tellsNothing(whippet),
  },
  {
    id: 'purge-leaves-unsaved',
    goesOn: true,
    matches: ({ step, reference, earlier }) =>
      isCommand(step, 'poll_messages') &&
      statusOf(reference) === 4100 &&
      earlier.some((before) => isCommand(before, 'purge_topic') || isCommand(before, 'purge_stream')),
  },
];

/** The kept difference that explains this one, if any. */
export function keptDifference(comparison: Comparison): KnownDifference | undefined {
  return (
    knownDifference(comparison) ??
    tapeDifferences.find(
      ({ id, matches }) => listedDifferences.get(id)?.has(comparison.generation) === true && matches(comparison),
    )
  );
}
