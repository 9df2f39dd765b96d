// What generation 0.9 has beside payloads is what the official crate says: the command of each operation, which replies begin with results,
// and which batches of messages are sound. WHIPPET_CASES and WHIPPET_SEED change how many and which.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { IggyError } from '../generated/errors.ts';
import { commands, operations } from '../generated/v0_9/protocol.ts';
import { ReplyHeaderView } from '../generated/v0_9/reply_header.ts';
import { RequestHeaderView } from '../generated/v0_9/request_header.ts';
import { decodeResultSection } from '../generated/v0_9/result_section.ts';
import { Reader } from '../src/bytes/reader.ts';
import { WireError } from '../src/bytes/wire_error.ts';
import { viewOf } from '../src/protocol/regions.ts';
import { v09 } from '../src/protocol/v0_9.ts';
import { decode, encode } from './codec.ts';
import { generations } from './codecs.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { type Answer, Oracle, type Question } from './oracle.ts';
import { rustBinary } from './rust_build.ts';
import { difference, toHex, toJson } from './values.ts';

interface Known {
  readonly code: number | null;
  readonly hasResults: boolean;
  readonly isForClients: boolean;
}

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;
const byCode = 2;
const firstChange = 128;
const lengthSize = 4;
const cases = Number(process.env.WHIPPET_CASES ?? 1_000);
const seed = Number(process.env.WHIPPET_SEED ?? Date.now() % 0x7fff_ffff);

const binary = await rustBinary('oracle_v0_9').catch((error) => {
  if (error instanceof MissingToolchain) return error;
  throw error;
});
const { codecs } = generations.find(({ name }) => name === 'v0_9')!;
const isNarrowed = (generation ?? 'v0_9') !== 'v0_9' || (command ?? 'send_messages') !== 'send_messages';
const skip =
  binary instanceof MissingToolchain ? binary.message : isNarrowed && 'narrowed to what these have nothing to do with';

test('operations are those of the official crate', { skip }, async () => {
  const bytes = Array.from({ length: 256 }, (_, operation) => Uint8Array.of(operation));
  const answers = await ask('operation', bytes);
  const theirs = answers.flatMap(({ value }, operation): [number, Known][] =>
    value === undefined ? [] : [[operation, value as Known]],
  );
  const forClients = theirs.filter(([operation, { isForClients }]) => isForClients && operation !== byCode);
  assert.deepEqual(
    forClients.map(([operation]) => operation),
    [...operations.keys()].toSorted((left, right) => left - right),
  );
  // Of logins and logouts the crate names no command.
  const changes = forClients.filter(([operation]) => operation >= firstChange);
  for (const [operation, { code, hasResults }] of changes) {
    assert.equal(operations.get(operation), code);
    assert.equal(replyHasResults(operation), hasResults, `operation ${operation}`);
  }
});

test(`spoiled sends are refused by both or mean the same to both (seed ${seed})`, { skip }, async () => {
  const codec = generations.find(({ name }) => name === 'v0_9')!.codecs.find(({ name }) => name === 'send_messages')!;
  const sends = fc.sample(spoiled(codec.values.map((value) => encode(codec, value))), { numRuns: cases, seed });
  const answers = await ask('send_messages', sends);
  let taken = 0;
  for (const [index, bytes] of sends.entries()) {
    const { value } = answers[index]!;
    const ours = valueRead(() => decode(codec, bytes));
    if (ours !== undefined) taken++;
    assert.equal(difference(toJson(ours), value ?? null), undefined, toHex(bytes));
  }
  assert.ok(taken > 0 && taken < cases, `${taken} of ${cases} were sound`);
});

/** Payloads with one byte changed, cut off or added. What the crate does not look at, the length before the metadata, stays. */
function spoiled(payloads: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const kind = fc.constantFrom('change', 'change', 'change', 'cut', 'add');
  return fc.tuple(payloads, place, kind, fc.nat({ max: 0xff })).map(([payload, share, how, byte]) => {
    const at = lengthSize + Math.floor(share * (payload.byteLength - lengthSize));
    if (how === 'cut') return payload.slice(0, at);
    if (how === 'add') return Uint8Array.of(...payload, byte);
    return payload.with(at, byte);
  });
}

function valueRead(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof WireError || error instanceof IggyError, `${error}`);
    return undefined;
  }
}

/** What the crate reads from these bytes. */
async function ask(type: string, payloads: readonly Uint8Array[]): Promise<readonly Answer[]> {
  const oracle = await Oracle.start(binary as string);
  try {
    return await oracle.ask(payloads.map((bytes): Question => ({ op: 'decode', type, hex: toHex(bytes) })));
  } finally {
    await oracle.stop();
  }
}

/** Whether our reply to such a change has a section of no results before the payload. */
function replyHasResults(operation: number): boolean {
  const head = new Uint8Array(RequestHeaderView.headerSize);
  new RequestHeaderView().wrap(viewOf(head), 0).operation = operation;
  const changed = commands.get(operations.get(operation)!)!;
  const drawn = codecs.find(({ name }) => name === `${changed.command}_response`)?.values;
  const response = drawn === undefined ? undefined : fc.sample(drawn, { numRuns: 1, seed })[0];
  const frame = Buffer.concat(v09.writeReply(changed, response, { head, code: 0, payload: new Uint8Array(0) }));
  const payloadSize = changed.sizeOfResponse(response);
  const section = frame.subarray(ReplyHeaderView.headerSize, frame.byteLength - payloadSize);
  if (section.byteLength === 0) return false;
  assert.deepEqual(decodeResultSection(new Reader(section)), { results: [] });
  return true;
}
