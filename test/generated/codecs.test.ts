// Every command of every generation: what is written reads back, sizes are exact, and no truncation escapes as anything but a WireError.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { CommandTable } from '../../generated/commands.ts';
import { arbitraries as arbitrariesV04 } from '../../generated/v0_4/arbitraries.ts';
import { commands as commandsV04 } from '../../generated/v0_4/protocol.ts';
import { arbitraries as arbitrariesV05 } from '../../generated/v0_5/arbitraries.ts';
import { commands as commandsV05 } from '../../generated/v0_5/protocol.ts';
import { arbitraries as arbitrariesV06 } from '../../generated/v0_6/arbitraries.ts';
import { commands as commandsV06 } from '../../generated/v0_6/protocol.ts';
import { arbitraries as arbitrariesV08 } from '../../generated/v0_8/arbitraries.ts';
import { commands as commandsV08 } from '../../generated/v0_8/protocol.ts';
import { arbitraries as arbitrariesV09 } from '../../generated/v0_9/arbitraries.ts';
import { commands as commandsV09 } from '../../generated/v0_9/protocol.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { Writer } from '../../src/bytes/writer.ts';

type Arbitraries = Readonly<
  Record<string, { request: fc.Arbitrary<unknown>; response: fc.Arbitrary<unknown> | undefined }>
>;

interface Codec {
  readonly name: string;
  readonly values: fc.Arbitrary<unknown>;
  decode(reader: Reader): unknown;
  encode(writer: Writer, value: unknown): void;
  sizeOf(value: unknown): number;
}

const generations: readonly { name: string; idBase: number; commands: CommandTable; arbitraries: Arbitraries }[] = [
  { name: 'v0_4', idBase: 1, commands: commandsV04, arbitraries: arbitrariesV04 },
  { name: 'v0_5', idBase: 1, commands: commandsV05, arbitraries: arbitrariesV05 },
  { name: 'v0_6', idBase: 0, commands: commandsV06, arbitraries: arbitrariesV06 },
  { name: 'v0_8', idBase: 0, commands: commandsV08, arbitraries: arbitrariesV08 },
  { name: 'v0_9', idBase: 0, commands: commandsV09, arbitraries: arbitrariesV09 },
];

function codecsOf(commands: CommandTable, arbitraries: Arbitraries): Codec[] {
  const codecs: Codec[] = [];
  for (const command of commands.values()) {
    const { request, response } = arbitraries[command.command]!;
    codecs.push({
      name: command.command,
      values: request,
      decode: command.decodeRequest,
      encode: command.encodeRequest,
      sizeOf: command.sizeOfRequest,
    });
    if (response === undefined) continue;
    codecs.push({
      name: `${command.command} response`,
      values: response,
      decode: command.decodeResponse,
      encode: command.encodeResponse,
      sizeOf: command.sizeOfResponse,
    });
  }
  return codecs;
}

function encode(codec: Codec, value: unknown, idBase: number): Uint8Array {
  const writer = new Writer(codec.sizeOf(value), idBase);
  codec.encode(writer, value);
  assert.equal(writer.at, writer.bytes.byteLength, 'sizeOf is what encode wrote');
  return writer.bytes;
}

for (const { name, idBase, commands, arbitraries } of generations) {
  describe(`codecs of ${name}`, () => {
    for (const codec of codecsOf(commands, arbitraries)) {
      test(`${codec.name}: decode after encode is the same value`, () => {
        fc.assert(
          fc.property(codec.values, (value) => {
            const bytes = encode(codec, value, idBase);
            const reader = new Reader(bytes, idBase);
            assert.deepEqual(codec.decode(reader), value);
            assert.equal(reader.remaining, 0);
          }),
          { numRuns: 60 },
        );
      });

      test(`${codec.name}: every truncation is a WireError or a value with other bytes`, () => {
        fc.assert(
          fc.property(codec.values, (value) => {
            const bytes = encode(codec, value, idBase);
            for (let length = 0; length < bytes.byteLength; length++)
              checkTruncated(codec, bytes.slice(0, length), idBase);
          }),
          { numRuns: 15 },
        );
      });
    }
  });
}

/** A shorter payload may still be a value where a list or region runs to the end; then it must write back to itself. */
function checkTruncated(codec: Codec, bytes: Uint8Array, idBase: number): void {
  let value: unknown;
  try {
    value = codec.decode(new Reader(bytes, idBase));
  } catch (error) {
    assert.ok(error instanceof WireError, `${error}`);
    return;
  }
  assert.deepEqual(encode(codec, value, idBase), bytes);
}
