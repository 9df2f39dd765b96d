// Records golden vectors: some cases of every type and generation on which the official crate and our codecs agree. Their test needs no Rust.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type Codec, encode } from './codec.ts';
import { generations } from './codecs.ts';
import { Comparison } from './compared.ts';
import { Oracle } from './oracle.ts';
import { rustBinary } from './rust_build.ts';
import { toHex, toJson } from './values.ts';

const help = `Usage: node conformance/record_vectors.ts [GENERATION...]

Writes conformance/vectors/v0_*.json anew, of these generations or all, from what the oracles encode and decode. The values are always the
same ones.
`;

const seed = 20_260;
const drawnCount = 300;
const casesPerType = 10;

/** Longer cases show nothing more, and the files are to stay small. */
const longestBytes = 120;

async function recordGeneration({ name, codecs }: (typeof generations)[number]): Promise<void> {
  const oracle = await Oracle.start(await rustBinary(`oracle_${name}`));
  try {
    const sections: string[] = [];
    for (const codec of codecs) {
      const made = oracle.types.encode.includes(codec.name);
      if (!made && !oracle.types.decode.includes(codec.name)) continue;
      const cases = await recordType(new Comparison(name, codec, oracle), codec);
      const lines = cases.map(([hex, value]) => `    ${JSON.stringify([hex, value])}`);
      sections.push(`  ${JSON.stringify(codec.name)}: [\n${lines.join(',\n')}\n  ]`);
    }
    writeFileSync(join(import.meta.dirname, 'vectors', `${name}.json`), `{\n${sections.join(',\n')}\n}\n`);
    process.stdout.write(`${name}: ${sections.length} types\n`);
  } finally {
    await oracle.stop();
  }
}

/** Cases of different sizes: hex and value. */
async function recordType(comparison: Comparison, codec: Codec): Promise<(readonly [string, unknown])[]> {
  const drawn = fc.sample(comparison.values(), { numRuns: drawnCount, seed });
  const byHex = new Map(drawn.map((value) => [toHex(encode(codec, value)), value]));
  const sorted = [...byHex].toSorted(([left], [right]) => left.length - right.length || (left < right ? -1 : 1));
  const short = sorted.filter(([hex]) => hex.length <= 2 * longestBytes);
  const chosen = short.length < casesPerType ? sorted.slice(0, casesPerType) : spread(short, casesPerType);
  await comparison.check(chosen.map(([, value]) => value));
  return chosen.map(([hex, value]) => [hex, toJson(value)]);
}

/** `count` items of a list, the first and the last among them. */
function spread<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * (items.length - 1)) / (count - 1))]!);
}

const wanted = process.argv.slice(2);
if (wanted.includes('--help')) process.stdout.write(help);
else
  for (const generation of generations)
    if (wanted.length === 0 || wanted.includes(generation.name)) await recordGeneration(generation);
