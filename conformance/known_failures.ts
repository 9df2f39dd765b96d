// The only allow-list of conformance, known_failures.txt: lines `generation type reason` for bytes that differ from an official crate, lines
// `difference id generation...` for behaviour that differs from an official server.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A type whose bytes are known to differ. */
export interface KnownFailure {
  readonly generation: string;
  readonly type: string;
  readonly reason: string;
}

const lines = readFileSync(join(import.meta.dirname, 'known_failures.txt'), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'));
const isDifference = (line: string) => line.startsWith('difference ');

/** Types whose bytes are known to differ from an official crate. */
export const knownFailures: readonly KnownFailure[] = lines.filter((line) => !isDifference(line)).map(parseFailure);

/** Generations in which a difference from the official server is kept, by its id in DIFFERENCES.md. */
export const listedDifferences: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  lines.filter(isDifference).map(parseDifference),
);

/** The line about a type, if there is one. */
export function knownFailure(generation: string, type: string): KnownFailure | undefined {
  return knownFailures.find((known) => known.generation === generation && known.type === type);
}

function parseFailure(line: string): KnownFailure {
  const [, generation, type, reason] = /^(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
  if (reason === undefined) throw new Error(`known_failures.txt: not "generation type reason": ${line}`);
  return { generation: generation!, type: type!, reason };
}

function parseDifference(line: string): readonly [string, ReadonlySet<string>] {
  const [, id, ...generations] = line.trim().split(/\s+/);
  if (id === undefined || generations.length === 0)
    throw new Error(`known_failures.txt: not "difference id generation...": ${line}`);
  return [id, new Set(generations)];
}
