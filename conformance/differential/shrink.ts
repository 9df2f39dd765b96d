// Finds the shortest sequence that still shows a difference: leaves out steps in ever smaller runs, then makes those that remain simpler.
import type { Outcome } from './outcome.ts';
import type { Difference, Ran } from './pair.ts';
import { connectionOf, connectionsMax, type Step, stepTitle } from './step.ts';

/** A scenario that shows a difference at its last step. */
export interface Found {
  readonly scenario: readonly Step[];
  readonly difference: Difference;
  /** False when it was not seen again: then the scenario is the one that was drawn. */
  readonly isRepeatable: boolean;
}

const repeatsMax = 3;
const runsMax = 400;

/** What kind of difference it is; while shrinking, another kind does not count. */
export function signatureOf(step: Step, { reference, whippet, lines }: Difference): string {
  const paths = lines.map((line) => line.slice(0, line.indexOf(':')).replace(/\.\d+\./g, '.'));
  const both = `reference ${headline(reference)}, whippet ${headline(whippet)}`;
  const tampered = step.kind === 'command' && step.tamper !== undefined ? ` (${step.tamper.kind})` : '';
  const where = reference.kind === whippet.kind ? `: ${[...new Set(paths)].join(' ')}` : '';
  return `${stepTitle(step)}${tampered}: ${both}${where}`;
}

function headline(outcome: Outcome): string {
  return outcome.kind === 'refused' ? `refused ${outcome.status}` : outcome.kind;
}

/** The shortest scenario found that shows what `difference` is of `scenario`. */
export async function shortest(
  scenario: readonly Step[],
  difference: Difference,
  run: (scenario: readonly Step[]) => Promise<Ran>,
): Promise<Found> {
  const signature = signatureOf(scenario[difference.step]!, difference);
  let runs = 0;
  const tried = async (candidate: readonly Step[]): Promise<Found | undefined> => {
    if (runs >= runsMax) return undefined;
    runs++;
    const { difference: again } = await run(candidate);
    if (again === undefined || signatureOf(candidate[again.step]!, again) !== signature) return undefined;
    return { scenario: candidate.slice(0, again.step + 1), difference: again, isRepeatable: true };
  };
  const drawn = scenario.slice(0, difference.step + 1);
  let best: Found | undefined;
  for (let attempt = 0; attempt < repeatsMax && best === undefined; attempt++) best = await tried(drawn);
  if (best === undefined) return { scenario: drawn, difference, isRepeatable: false };
  for (let length = 0; length !== best.scenario.length; ) {
    length = best.scenario.length;
    best = await withFewerConnections(await withFewerSteps(best, tried), tried);
  }
  return withSimplerSteps(best, tried);
}

type Attempt = (candidate: readonly Step[]) => Promise<Found | undefined>;

/** Leaves out runs of steps, first long ones. The last step shows the difference and stays. */
async function withFewerSteps(found: Found, tried: Attempt): Promise<Found> {
  let best = found;
  for (let size = Math.ceil((best.scenario.length - 1) / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = best.scenario.length - 1; end > 0; end -= size) {
      const { scenario } = best;
      if (end >= scenario.length) continue;
      best = (await tried([...scenario.slice(0, Math.max(0, end - size)), ...scenario.slice(end)])) ?? best;
    }
  }
  return best;
}

/** Does on one connection what was done on another, and counts those that remain from 0. */
async function withFewerConnections(found: Found, tried: Attempt): Promise<Found> {
  let best = found;
  for (let from = connectionsMax - 1; from > 0; from--)
    for (let to = 0; to < from; to++) {
      const moved = best.scenario.map((step) => (connectionOf(step) === from ? { ...step, connection: to } : step));
      best = (await tried(moved)) ?? best;
    }
  const order = [...new Set(best.scenario.map(connectionOf))];
  return (
    (await tried(best.scenario.map((step) => ({ ...step, connection: order.indexOf(connectionOf(step)) })))) ?? best
  );
}

async function withSimplerSteps(found: Found, tried: Attempt): Promise<Found> {
  let best = found;
  for (let index = 0; index < best.scenario.length; index++) {
    for (const simpler of simplerThan(best.scenario[index]!)) {
      const candidate = best.scenario.with(index, simpler);
      const again = await tried(candidate);
      if (again?.scenario.length === best.scenario.length) best = again;
    }
  }
  return best;
}

/** The same step with its bytes unspoiled, with one message. */
function simplerThan(step: Step): Step[] {
  const candidates: Step[] = [];
  if (step.kind !== 'command') return candidates;
  if (step.tamper !== undefined) candidates.push({ ...step, tamper: undefined });
  const { messages } = step.request as { messages?: readonly unknown[] };
  if (messages !== undefined && messages.length > 1)
    candidates.push({ ...step, request: { ...step.request, messages: messages.slice(0, 1) } });
  return candidates;
}
