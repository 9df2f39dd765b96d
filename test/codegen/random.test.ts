// Whatever the dialect allows must become code that type-checks, round-trips, and reads truncated bytes without escaping its payload.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { compile } from '../../codegen/compile.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { randomSpec } from './random_spec.ts';
import { makeWorkspace } from './workspace.ts';

const seed = Number(process.env.WHIPPET_SEED ?? Date.now() % 2 ** 31);
const specsCount = Number(process.env.WHIPPET_SPECS ?? 25);
const workspace = makeWorkspace();
after(() => workspace.remove());

interface Generated {
  readonly commands: ReadonlyMap<number, import('../../generated/commands.ts').Command>;
  readonly arbitraries: Readonly<Record<string, { request: fc.Arbitrary<unknown>; response: fc.Arbitrary<unknown> }>>;
}

test(`${specsCount} random specs (WHIPPET_SEED=${seed}) compile to code that type-checks and round-trips`, async () => {
  const specs = fc.sample(randomSpec, { seed, numRuns: specsCount });
  for (const [index, spec] of specs.entries()) {
    const { files, diagnostics } = compile(spec);
    assert.deepEqual(diagnostics, [], `spec ${index}:\n${spec.get('v1/group/random.ksy')}`);
    for (const [path, text] of files) workspace.write(`generated/spec_${index}/${path}`, nested(text));
  }
  assert.equal(workspace.typeErrors(), '');
  for (const index of specs.keys()) await roundTrip(index);
});

/** Each spec's output lies one folder deeper than generated/ does, so its way to src/ is one longer. */
function nested(text: string): string {
  return text.replaceAll('/src/bytes/', '/../src/bytes/');
}

async function roundTrip(index: number): Promise<void> {
  const load = (name: string): Promise<Generated> =>
    import(pathToFileURL(join(workspace.folder, `generated/spec_${index}/v1/${name}.ts`)).href);
  const { commands } = await load('protocol');
  const { arbitraries } = await load('arbitraries');
  const command = commands.get(1)!;
  const codecs = [
    {
      values: arbitraries.random!.request,
      decode: command.decodeRequest,
      encode: command.encodeRequest,
      sizeOf: command.sizeOfRequest,
    },
    {
      values: arbitraries.random!.response,
      decode: command.decodeResponse,
      encode: command.encodeResponse,
      sizeOf: command.sizeOfResponse,
    },
  ];
  for (const { values, decode, encode, sizeOf } of codecs) {
    const written = (value: unknown): Uint8Array => {
      const writer = new Writer(sizeOf(value), 1);
      encode(writer, value);
      assert.equal(writer.at, writer.bytes.byteLength);
      return writer.bytes;
    };
    const property = fc.property(values, (value) => {
      const bytes = written(value);
      assert.deepEqual(decode(new Reader(bytes, 1)), value);
      for (let length = 0; length < bytes.byteLength; length += 1 + Math.floor(bytes.byteLength / 40)) {
        try {
          decode(new Reader(bytes.slice(0, length), 1));
        } catch (error) {
          assert.ok(error instanceof WireError, String(error));
        }
      }
    });
    fc.assert(property, { numRuns: 40, seed });
  }
}
