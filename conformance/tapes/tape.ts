// A tape: what an official server answered to a run of scenarios, as text. Its first line is the header; each line after it is a scenario's
// title or one step, in the order of the run. Bytes are payloads, without the 8 bytes of the frame before them.
import { readFileSync, writeFileSync } from 'node:fs';
import type { CommandName } from '../../generated/commands.ts';
import type { Generation } from '../differential/step.ts';

/** The number of this format; a tape of another one is recorded anew. */
export const tapeFormat = 1;

export interface TapeHeader {
  readonly format: number;
  readonly generation: Generation;
  /** The release that was recorded, as its get_stats tells it, or as the generation is pinned to where that tells none. */
  readonly server: string;
  /** Day of the recording. */
  readonly recorded: string;
  /** What repeats it. */
  readonly command: string;
  readonly seed: number;
  /** Drawn scenarios; the others are written by hand. */
  readonly cases: number;
  readonly scenarios: number;
  readonly steps: number;
  /** What stands in the tape for values that are not to be kept, and why. */
  readonly masks: Readonly<Record<string, string>>;
}

/** One request and what came back. */
export interface TapeExchange {
  /** Which connection of the scenario sent it. */
  readonly connection: number;
  /** The address of the connection, where this step opened it. */
  readonly opens?: string;
  readonly code: number;
  /** Absent when the code is none of this generation's. */
  readonly command?: CommandName;
  /** The bytes are not what an encoder writes. */
  readonly spoiled?: true;
  /** The decoded form in the fields of generated/commands; of values that no decoder lets through, what was asked for. */
  readonly request?: unknown;
  readonly requestBytes: string;
  /** How it ended when no reply came. */
  readonly ending?: 'closed' | 'silent';
  readonly status?: number;
  /** The decoded form; absent when there is no payload. */
  readonly reply?: unknown;
  readonly replyBytes?: string;
  /** Names of masks in the header that were used in this step. */
  readonly masked?: readonly string[];
}

/** The client hung up. */
export interface TapeClose {
  readonly connection: number;
  readonly closes: true;
}

export type TapeStep = TapeExchange | TapeClose;

export interface TapeScenario {
  readonly title: string;
  /** Address of the connection that emptied the server before, and is still open. */
  readonly observer: string;
  readonly steps: readonly TapeStep[];
}

export interface Tape {
  readonly header: TapeHeader;
  readonly scenarios: readonly TapeScenario[];
}

/** Whether a step of a tape sent something. */
export function isExchange(step: TapeStep): step is TapeExchange {
  return !('closes' in step);
}

/** Writes a tape, one JSON value a line. */
export function writeTape(path: string, { header, scenarios }: Tape): void {
  const lines = scenarios.flatMap(({ title, observer, steps }) => [{ scenario: title, observer }, ...steps]);
  writeFileSync(path, [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Reads a tape. Throws when it is of another format or not as long as its header says. */
export function readTape(path: string): Tape {
  const [header, ...lines] = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  const tape = { header: header as TapeHeader, scenarios: [] as (TapeScenario & { steps: TapeStep[] })[] };
  if (tape.header.format !== tapeFormat)
    throw new Error(`${path} has format ${tape.header.format}, not ${tapeFormat}: record it anew`);
  for (const line of lines) {
    if ('scenario' in line) {
      const { scenario, observer } = line as { scenario: string; observer: string };
      tape.scenarios.push({ title: scenario, observer, steps: [] });
    } else tape.scenarios.at(-1)!.steps.push(line as TapeStep);
  }
  const steps = tape.scenarios.reduce((sum, { steps }) => sum + steps.length, 0);
  if (steps !== tape.header.steps || tape.scenarios.length !== tape.header.scenarios)
    throw new Error(`${path} has ${tape.scenarios.length} scenarios of ${steps} steps, not what its header says`);
  return tape;
}
