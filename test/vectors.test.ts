// Golden vectors, recorded from the official crates or documented from live exchanges: our codecs read and write exactly these bytes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Codec, decode, encode } from '../conformance/codec.ts';
import { generations } from '../conformance/codecs.ts';
import { difference, fromHex, toHex, toJson } from '../conformance/values.ts';
import { decodeReplyHeader } from '../generated/common/reply_header.ts';
import { decodeRequestHeader } from '../generated/common/request_header.ts';
import { commands, decodeErrorMessage } from '../generated/v0_4/protocol.ts';
import { Reader } from '../src/bytes/reader.ts';
import { crc32Of, xxh3 } from '../src/lib/checksum.ts';
import { xxh32 } from '../src/lib/xxh32.ts';
import { v04 } from '../src/protocol/v0_4.ts';

type Payload = readonly [hex: string, value: unknown];

for (const { name, codecs } of generations) {
  const recorded = load(`${name}.json`) as Readonly<Record<string, readonly Payload[]>>;
  describe(`recorded bytes of ${name}`, () => {
    for (const [type, payloads] of Object.entries(recorded)) {
      test(`${type}: ${payloads.length} cases`, () => {
        const codec = codecNamed(codecs, type);
        for (const payload of payloads) checkPayload(codec, payload);
      });
    }

    test('no type is without a vector', () => {
      assert.deepEqual(
        codecs.map((codec) => codec.name).filter((type) => !(type in recorded)),
        [],
      );
    });
  });
}

interface Documented {
  readonly payloads: readonly (readonly [type: string, hex: string, value: unknown])[];
  readonly requests: readonly (readonly [command: string, hex: string, value: unknown])[];
  readonly replies: readonly (readonly [command: string, hex: string, value: unknown])[];
  readonly refusals: readonly (readonly [hex: string, status: number, message: string])[];
  readonly xxh32: readonly (readonly [hex: string, hash: number])[];
  readonly crc32: readonly (readonly [hex: string, checksum: number])[];
  readonly keyedPartitions: readonly (readonly [key: string, partitions: number, partition: number])[];
}

describe('documented bytes of v0_4', () => {
  const documented = load('documented.json') as Documented;
  const { codecs } = generations.find(({ name }) => name === 'v0_4')!;

  test('payloads', () => {
    for (const [type, hex, value] of documented.payloads) checkPayload(codecNamed(codecs, type), [hex, value]);
  });

  test('requests with their frames', () => {
    for (const [command, hex, value] of documented.requests) {
      const reader = new Reader(fromHex(hex));
      const { length, code } = decodeRequestHeader(reader);
      assert.equal(length, reader.remaining + 4);
      assert.equal(commands.get(code)?.command, command);
      checkPayload(codecNamed(codecs, command), [toHex(reader.rest()), value]);
    }
  });

  test('replies with their frames', () => {
    for (const [command, hex, value] of documented.replies) {
      const reader = new Reader(fromHex(hex));
      assert.deepEqual(decodeReplyHeader(reader), { status: 0, length: reader.remaining });
      const codec = codecs.find(({ name }) => name === `${command}_response`);
      if (codec === undefined) assert.equal(reader.remaining, 0);
      else checkPayload(codec, [toHex(reader.rest()), value]);
    }
  });

  test('refusals', () => {
    for (const [hex, status, message] of documented.refusals) {
      const reader = new Reader(fromHex(hex));
      assert.deepEqual(decodeReplyHeader(reader), { status, length: reader.remaining });
      assert.deepEqual(decodeErrorMessage(reader), { message });
      assert.equal(reader.remaining, 0);
    }
  });

  test('hashes and checksums', () => {
    for (const [hex, hash] of documented.xxh32) assert.equal(xxh32(fromHex(hex)), hash);
    for (const [hex, checksum] of documented.crc32) assert.equal(crc32Of(fromHex(hex)), checksum);
    for (const [key, partitions, partition] of documented.keyedPartitions)
      assert.equal(v04.keyedPartition(xxh32(fromHex(key)), partitions) + 1, partition);
  });
});

describe('documented bytes of v0_9', () => {
  const documented = load('documented_v0_9.json') as Pick<Documented, 'payloads' | 'xxh32'> & {
    readonly xxh3: readonly (readonly [hex: string, hash: string])[];
  };
  const { codecs } = generations.find(({ name }) => name === 'v0_9')!;

  test('payloads and headers', () => {
    for (const [type, hex, value] of documented.payloads) checkPayload(codecNamed(codecs, type), [hex, value]);
  });

  test('hashes', () => {
    for (const [hex, hash] of documented.xxh3) assert.equal(xxh3(fromHex(hex)), BigInt(`0x${hash}`));
    for (const [hex, hash] of documented.xxh32) assert.equal(xxh32(fromHex(hex)), hash);
  });
});

/** Fields of 0.9 that handlers see empty in generations without them; nobody recorded those. */
const sinceOptions = ['options', 'explicitOptions', 'derivedOptions'];

function load(file: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../conformance/vectors', file), 'utf8'));
}

function codecNamed(codecs: readonly Codec[], name: string): Codec {
  return codecs.find((codec) => codec.name === name) ?? assert.fail(`no type ${name}`);
}

function checkPayload(codec: Codec, [hex, expected]: Payload): void {
  const value = decode(codec, fromHex(hex));
  assert.equal(difference(toJson(value), expected, sinceOptions), undefined, `${codec.name} ${hex}`);
  assert.equal(toHex(encode(codec, value)), hex);
}
