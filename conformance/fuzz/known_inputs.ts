// Inputs that failed once, from seeds.txt. Every run tries them before it draws new ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GenerationName } from '../../src/protocol/protocol.ts';

/** A line of seeds.txt: `codec GENERATION TYPE HEX` is a payload, `live GENERATION ROLE HEX` what one connection sends after its login. */
export interface KnownInput {
  readonly target: 'codec' | 'live';
  readonly generation: GenerationName;
  /** The type of a payload, or who sends. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const form = /^(codec|live) (v\d_\d+) (\w+) ((?:[0-9a-f]{2})*)(?: #.*)?$/;

/** All lines but comments. @throws Error for a line that cannot be read. */
export function knownInputs(path = join(import.meta.dirname, 'seeds.txt')): KnownInput[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const match = form.exec(line);
      if (match === null) throw new Error(`${path}: not a known input: ${line}`);
      const [, target, generation, name, hex] = match;
      return {
        target: target as KnownInput['target'],
        generation: generation as GenerationName,
        name: name!,
        bytes: new Uint8Array(Buffer.from(hex!, 'hex')),
      };
    });
}
