// The spec is plain Kaitai Struct: its official compiler takes every file, and its reader sees in our bytes the values that we wrote.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { readTree } from '../../codegen/main.ts';
import { type Codec, encode } from '../../conformance/codec.ts';
import { generations } from '../../conformance/codecs.ts';
import { isRecord } from '../../conformance/values.ts';
import { commands, operations } from '../../generated/v0_9/protocol.ts';
import { compileSpec, KaitaiReader, type Struct } from './kaitai_reader.ts';

const numRuns = 100;

describe('the official compiler', () => {
  test('compiles every spec file', async () => {
    const files = [...readTree('spec', '.ksy').keys()].map((path) => path.replace(/\.ksy$/, ''));
    const roots = files.filter((name) => name.endsWith('/protocol'));
    const seen = new Set<string>();
    for (const name of [...roots, ...files]) {
      if (seen.has(name)) continue;
      const { inputs } = await compileSpec(name).catch((error) => assert.fail(`spec/${name}.ksy: ${error}`));
      for (const input of inputs) seen.add(input);
    }
    assert.deepEqual(new Set(files), seen);
  });
});

for (const { name, codecs } of generations) {
  describe(`the official reader of ${name}`, () => {
    let reader: KaitaiReader;
    before(async () => {
      const headers = name === 'v0_8' || name === 'v0_9' ? 'v0_8/messages/user_headers' : 'v0_4/messages/user_headers';
      reader = await KaitaiReader.compile([`${name}/protocol`, headers, 'common/permissions']);
    });

    for (const codec of codecs) {
      test(`reads ${codec.name} to the same values`, () => {
        fc.assert(
          fc.property(codec.values, (value) => checkRead(codec, reader, value)),
          { numRuns },
        );
      });
    }
  });
}

describe('the official reader of frames of v0_9', () => {
  const { codecs } = generations.find(({ name }) => name === 'v0_9')!;
  const named = (name: string) => codecs.find((codec) => codec.name === name)!;
  let reader: KaitaiReader;
  before(async () => {
    reader = await KaitaiReader.compile(['v0_9/protocol']);
  });

  /** The request of a frame whose header asks for it as given. */
  function bodyOf(codec: Codec, value: unknown, asked: { operation: number; code: number }): Struct {
    const body = encode(codec, value);
    const [drawn] = fc.sample(named('request_header').values, { numRuns: 1, seed: body.byteLength });
    const header = encode(named('request_header'), {
      ...(drawn as object),
      ...asked,
      frameSize: 256 + body.byteLength,
    });
    const { requests } = reader.read('protocol', new Uint8Array([...header, ...body, ...header, ...body])) as {
      requests: Struct[];
    };
    assert.equal(requests.length, 2);
    return requests[1]!.body as Struct;
  }

  for (const [code, { command }] of commands) {
    test(`finds ${command} behind its operation and its code`, () => {
      const codec = named(command);
      const [operation] = [...operations].find(([, commandCode]) => commandCode === code) ?? [];
      fc.assert(
        fc.property(codec.values, (value) => {
          const { payload } = bodyOf(codec, value, { operation: 2, code });
          assert.equal(difference(value, payload, codec.name), undefined);
          if (operation === undefined) return;
          assert.equal(difference(value, bodyOf(codec, value, { operation, code: 0 }), codec.name), undefined);
        }),
        { numRuns: 10 },
      );
    });
  }
});

function checkRead(codec: Codec, reader: KaitaiReader, value: unknown): void {
  const struct = reader.read(codec.name, encode(codec, value));
  assert.equal(difference(value, struct, codec.name), undefined);
}

/** What ours says of settings that topics of generation 0.9 have as options only. */
const lackedSettings: Readonly<Record<string, unknown>> = { compressionAlgorithm: 1, replicationFactor: 1 };

/** Where a value of ours and what Kaitai read differ first. */
function difference(ours: unknown, theirs: unknown, path: string): string | undefined {
  if (Array.isArray(ours)) return listDifference(ours, theirs, path);
  if (!isRecord(ours) || ours instanceof Uint8Array) {
    return isSame(ours, theirs) ? undefined : `${path}: ours ${ours}, theirs ${theirs}`;
  }
  if (theirs === undefined && Object.values(ours).every(isEmptyList)) return undefined;
  if (!isRecord(theirs)) return `${path}: theirs is not a structure but ${theirs}`;
  for (const [name, field] of Object.entries(ours)) {
    if (field === undefined && isAbsent(theirs, name)) continue;
    const read = fieldOf(theirs, name);
    if (read === undefined && field === lackedSettings[name]) continue;
    const found = difference(field, read, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function listDifference(ours: readonly unknown[], theirs: unknown, path: string): string | undefined {
  const items = listOf(theirs);
  if (items.length !== ours.length) return `${path}: ours has ${ours.length} items, theirs ${items.length}`;
  for (const [index, item] of ours.entries()) {
    const found = difference(item, items[index], `${path}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A list, absent when empty behind a flag, or the messages of a batch or of several. */
function listOf(theirs: unknown): readonly unknown[] {
  if (theirs === undefined) return [];
  if (Array.isArray(theirs)) return theirs;
  const { messages, record, records = [record] } = theirs as Readonly<Record<string, Struct[]>> & { record?: Struct };
  return messages ?? records.flatMap((one) => (one === undefined ? [] : messagesOf(one)));
}

/** The messages of a record of generation 0.9, each with what the record says of all. */
function messagesOf(record: Struct): Struct[] {
  const [baseOffset, originTimestamp] = [wide(record.baseOffset), wide(record.originTimestamp)];
  return (record.messages as Struct[]).map((message) => ({
    ...message,
    offset: baseOffset + BigInt(message.offsetDelta as number),
    timestamp: record.baseTimestamp,
    originTimestamp: originTimestamp + BigInt(message.timestampDelta as number),
  }));
}

/** A field, of the structure itself or of the case that a `switch-on` field chose. */
function fieldOf(struct: Struct, name: string): unknown {
  if (name in struct) return struct[name];
  const parts = Object.entries(struct).filter(([key]) => !key.startsWith('_'));
  return parts.map(([, part]) => part).find((part): part is Struct => isRecord(part) && name in part)?.[name];
}

/** Absence is a flag, a field left out, or a number that stands for it (`-none`). */
function isAbsent(struct: Struct, name: string): boolean {
  const flag = struct[`has${name[0]!.toUpperCase()}${name.slice(1)}`];
  const field = struct[name] instanceof Uint8Array ? Number(littleEndian(struct[name])) : struct[name];
  return flag === 0 || !(name in struct) || field === 0 || field === 0xffff_ffff;
}

function isSame(ours: unknown, theirs: unknown): boolean {
  if (ours === theirs) return true;
  // A field that this generation lacks has its default. An empty text that ends a payload comes when `not _io.eof` is false already.
  if (theirs === undefined) return ours === 0 || ours === '' || ours === 0n;
  if (typeof ours === 'boolean') return ours === (theirs === 1);
  // Kaitai's text decoder drops a byte order mark at the start.
  if (typeof ours === 'string') return typeof theirs === 'string' && ours.replace(/^\uFEFF/, '') === theirs;
  if (ours instanceof Uint8Array) return theirs instanceof Uint8Array && Buffer.compare(ours, theirs) === 0;
  if (theirs instanceof Uint8Array) return BigInt(ours as number | bigint) === littleEndian(theirs);
  if (typeof theirs === 'bigint') return BigInt(ours as number | bigint) === theirs;
  return false;
}

/** What a generation without options has for them. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function wide(field: unknown): bigint {
  return littleEndian(field as Uint8Array);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
