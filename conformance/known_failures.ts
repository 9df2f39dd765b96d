// The only allow-list of byte conformance: lines `generation type reason` of known_failures.txt.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KnownFailure {
  readonly generation: string;
  readonly type: string;
  readonly reason: string;
}

export const knownFailures: readonly KnownFailure[] = parse(
  readFileSync(join(import.meta.dirname, 'known_failures.txt'), 'utf8'),
);

export function knownFailure(generation: string, type: string): KnownFailure | undefined {
  return knownFailures.find((known) => known.generation === generation && known.type === type);
}

function parse(text: string): KnownFailure[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, generation, type, reason] = /^(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
    if (reason === undefined) throw new Error(`known_failures.txt: not "generation type reason": ${line}`);
    return { generation: generation!, type: type!, reason };
  });
}
