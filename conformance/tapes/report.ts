// The result of playing a tape, for people and for programs.
import { text } from '../differential/outcome.ts';
import { placeOf } from './faults.ts';
import type { Divergence, Replay } from './replay.ts';

interface Result {
  readonly tape: string;
  readonly faults: readonly string[];
  readonly replay: Replay;
}

/** The result in words, ending with a line feed. */
export function describe({ tape, faults, replay }: Result): string {
  const { compared, unreached, met, divergences } = replay;
  const kept = [...met].sort().map(([id, count]) => `  ${id}: ${count}`);
  return [
    `${tape}: ${compared} answers compared, ${divergences.length} unexplained; ${unreached} steps are behind a kept difference`,
    ...(kept.length === 0 ? [] : ['kept differences met (conformance/DIFFERENCES.md):', ...kept]),
    ...faults.map((fault) => `fault of the tape: ${fault}`),
    ...divergences.map((divergence) => describeDivergence(tape, divergence)),
    '',
  ].join('\n');
}

/** One difference: where it is, what was asked, what was recorded and what Whippet answers, and the fields that differ. */
export function describeDivergence(tape: string, divergence: Divergence): string {
  const { scenario, step, recorded, reference, whippet, lines } = divergence;
  return [
    `${tape}, ${placeOf(scenario, step, recorded)}`,
    `  request:   ${JSON.stringify(recorded.request ?? recorded.requestBytes)}`,
    `  recorded:  ${text(reference)}`,
    `  whippet:   ${text(whippet)}`,
    ...lines.map((line) => `  difference: ${line}`),
  ].join('\n');
}

/** The result as plain JSON. */
export function summaryOf({ tape, faults, replay: { compared, unreached, met, divergences } }: Result): unknown {
  const unexplained = divergences.map((divergence) => describeDivergence(tape, divergence));
  return { tape, compared, unreached, kept: Object.fromEntries(met), faults, unexplained };
}
