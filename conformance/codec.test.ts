// Our bytes are those of the official crates: every type of every generation that a crate makes or reads, over arbitrary values.
// WHIPPET_CASES, WHIPPET_SEED, WHIPPET_GENERATION and WHIPPET_COMMAND change how many, which and what.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { generations } from './codecs.ts';
import { Comparison } from './compared.ts';
import { knownFailure, knownFailures } from './known_failures.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { Oracle } from './oracle.ts';
import { rustBinary } from './rust_build.ts';

const cases = Number(process.env.WHIPPET_CASES ?? 1_000);
const seed = Number(process.env.WHIPPET_SEED ?? Date.now() % 0x7fff_ffff);
const { WHIPPET_GENERATION: onlyGeneration, WHIPPET_COMMAND: onlyCommand } = process.env;

const binaries = await Promise.all(generations.map(({ name }) => rustBinary(`oracle_${name}`))).catch((error) => {
  if (error instanceof MissingToolchain) return error;
  throw error;
});

if (binaries instanceof MissingToolchain) {
  test('bytes equal those of the official crates', { skip: binaries.message }, () => {});
} else {
  for (const [index, generation] of generations.entries()) {
    if (onlyGeneration !== undefined && onlyGeneration !== generation.name) continue;
    await compareGeneration(generation, binaries[index]!);
  }
}

async function compareGeneration({ name, codecs }: (typeof generations)[number], binary: string): Promise<void> {
  let oracle = await Oracle.start(binary);
  const { encode, decode, unsupported } = oracle.types;
  const wanted = codecs.filter(({ name: type }) => onlyCommand === undefined || isOf(type, onlyCommand));

  describe(`bytes of ${name} (seed ${seed})`, () => {
    after(() => oracle.stop());

    for (const codec of wanted) {
      const directions = [encode.includes(codec.name) && 'encodes', decode.includes(codec.name) && 'decodes'].filter(
        Boolean,
      );
      const isResponse = codec.name.endsWith('_response');
      const reason =
        unsupported[codec.name] ?? (isResponse ? 'its clients only read answers' : 'it has no code for it');
      const title = `${codec.name}: the crate ${directions.length === 0 ? 'has neither direction' : directions.join(' and ')}`;
      const skip = directions.length === 0 && reason;
      test(title, { skip }, async (t) => {
        if (directions.length === 1) t.diagnostic(`${name} ${codec.name}: the crate only ${directions[0]}: ${reason}`);
        if (oracle.hasFailed) {
          await oracle.stop();
          oracle = await Oracle.start(binary);
        }
        await expectKnown(name, codec.name, async () => {
          const { encoded, decoded } = await new Comparison(name, codec, oracle).run(cases, seed);
          if (encode.includes(codec.name)) assert.ok(encoded >= cases, `${encoded} values encoded`);
          if (decode.includes(codec.name)) assert.ok(decoded >= cases, `${decoded} values decoded`);
        });
      });
    }

    test('every type of the oracle is compared', { skip: onlyCommand !== undefined }, () => {
      // The last is no type of the spec; codec_v0_9.test.ts asks for it.
      const ours = new Set([...codecs.map((codec) => codec.name), 'operation']);
      assert.deepEqual(
        [...encode, ...decode].filter((type) => !ours.has(type)),
        [],
      );
    });
  });
}

/** A listed case must fail; any other must pass. */
async function expectKnown(generation: string, type: string, run: () => Promise<void>): Promise<void> {
  if (knownFailure(generation, type) === undefined) return run();
  await assert.rejects(run, Error, `${generation} ${type} passes: delete its line in known_failures.txt`);
}

function isOf(type: string, command: string): boolean {
  return type === command || type === `${command}_response`;
}

test('known failures name types that exist', () => {
  for (const { generation, type } of knownFailures)
    assert.ok(
      generations.find(({ name }) => name === generation)?.codecs.some((codec) => codec.name === type),
      type,
    );
});
