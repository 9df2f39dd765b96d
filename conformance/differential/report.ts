// What a comparison tells: for people as text, for programs as one JSON object per line.
import { text } from './outcome.ts';
import { type Found, signatureOf } from './shrink.ts';
import { codeOf, connectionOf, encodeStep, type Generation, type Step, stepTitle } from './step.ts';
import { isMalformed } from './step_traits.ts';

/** Where a run stands, and in the end what it was. */
export interface Tally {
  readonly generation: Generation;
  readonly seed: number;
  readonly cases: number;
  /** Compared commands. */
  readonly steps: number;
  /** How often each kept difference was met. */
  readonly met: Readonly<Record<string, number>>;
  /** Differences listed for this generation that a complete run never met. */
  readonly neverMet: readonly string[];
  readonly referenceRestarts: number;
  readonly differences: number;
}

export interface Report {
  /** Told from time to time. */
  progress(tally: Tally): void;
  /** A difference that nothing explains, shrunk; `count` cases of the run showed one of its kind. */
  difference(found: Found, count: number): void;
  summary(tally: Tally): void;
}

type Write = (line: string) => void;

const progressEveryMs = 10_000;

/** For programs: `event` is progress, difference or summary. */
export function jsonReport(generation: Generation, write: Write): Report {
  const line = (event: string, fields: object) => write(text({ event, ...fields }));
  return {
    progress: ({ cases, steps }) => line('progress', { cases, steps }),
    difference: ({ scenario, difference, isRepeatable }, count) => {
      const { reference, whippet, lines, note } = difference;
      const kind = signatureOf(scenario[difference.step]!, difference);
      const steps = scenario.map((step) => ({ ...described(step), payload: payloadOf(step, generation) }));
      line('difference', { kind, count, isRepeatable, steps, reference, whippet, paths: lines, note });
    },
    summary: (tally) => line('summary', tally),
  };
}

/** For people. Where the run stands is told now and then through `note`. */
export function textReport(generation: Generation, write: Write, note: Write): Report {
  let toldAt = performance.now();
  return {
    progress: ({ cases, steps }) => {
      if (performance.now() < toldAt + progressEveryMs) return;
      toldAt = performance.now();
      note(`${cases} cases, ${steps} commands compared`);
    },
    difference: ({ scenario, difference, isRepeatable }, count) => {
      const { reference, whippet, lines, note } = difference;
      write(`\n=== ${signatureOf(scenario[difference.step]!, difference)}${count > 1 ? ` (${count} cases)` : ''}`);
      if (!isRepeatable) write('not seen again when the same commands were repeated; this is the sequence as drawn');
      for (const [index, step] of scenario.entries()) {
        write(`${index + 1}. ${titleOf(step)}`);
        if (isMalformed(step)) write(`   payload: ${short(payloadOf(step, generation), 200)}`);
      }
      write(`reference: ${short(text(reference), 1500)}`);
      write(`whippet:   ${short(text(whippet), 1500)}`);
      for (const path of lines.slice(0, 20)) write(`  ${short(path, 300)}`);
      if (note !== '') write(`note: ${note}`);
    },
    summary: (tally) => {
      const { seed, cases, steps, met, neverMet, referenceRestarts, differences } = tally;
      write(`${generation}: ${cases} cases, ${steps} compared commands, seed ${seed}: ${differences} unexplained`);
      for (const [id, count] of Object.entries(met).sort()) write(`  kept difference ${id}: ${count}`);
      for (const id of neverMet) write(`  LISTED BUT NEVER MET: ${id}: delete it from known_failures.txt`);
      if (referenceRestarts > 0) write(`  reference started anew ${referenceRestarts} times`);
    },
  };
}

function titleOf(step: Step): string {
  const connection = `connection ${connectionOf(step)}`;
  if (step.kind !== 'command') return `${connection}: ${stepTitle(step)}`;
  const tamper = step.tamper === undefined ? '' : `, spoiled: ${text(plain(step.tamper))}`;
  return `${connection}: ${codeOf(step.command)} ${step.command} ${short(text(plain(step.request)), 400)}${tamper}`;
}

function described(step: Step): object {
  const connection = connectionOf(step);
  if (step.kind === 'close') return { connection, kind: step.kind };
  if (step.kind === 'raw') return { connection, kind: step.kind, code: step.code };
  const { command, request, tamper } = step;
  return {
    connection,
    kind: step.kind,
    code: codeOf(command),
    command,
    request: plain(request),
    tamper: plain(tamper),
  };
}

function payloadOf(step: Step, generation: Generation): string {
  const payload = encodeStep(step, generation, { tokens: new Map(), startedAt: 0 })?.payload ?? [];
  return Buffer.from(payload).toString('hex');
}

/** Bytes as hexadecimal digits. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function short(value: string, max: number): string {
  return value.length <= max ? value : `${value.slice(0, max)}… (${value.length} characters)`;
}
