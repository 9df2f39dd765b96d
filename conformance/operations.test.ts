// Operations of generation 0.9 are what the official crate says: the command that each stands for, and which replies begin with results.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusCodes } from '../generated/errors.ts';
import { operations } from '../generated/v0_9/protocol.ts';
import { ReplyHeaderView } from '../generated/v0_9/reply_header.ts';
import { RequestHeaderView } from '../generated/v0_9/request_header.ts';
import { decodeResultSection } from '../generated/v0_9/result_section.ts';
import { Reader } from '../src/bytes/reader.ts';
import { viewOf } from '../src/protocol/regions.ts';
import { v09 } from '../src/protocol/v0_9.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { type Answer, Oracle } from './oracle.ts';
import { rustBinary } from './rust_build.ts';
import { toHex } from './values.ts';

interface Known {
  readonly code: number | null;
  readonly hasResults: boolean;
  readonly isForClients: boolean;
}

const byCode = 2;
const firstChange = 128;

const binary = await rustBinary('oracle_v0_9').catch((error) => {
  if (error instanceof MissingToolchain) return error;
  throw error;
});
const skip = binary instanceof MissingToolchain && binary.message;

test('operations are those of the official crate', { skip }, async () => {
  const answers = await ask(binary as string);
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
    assert.equal(refusalHasResults(operation), hasResults, `operation ${operation}`);
  }
});

/** What the crate says of every byte. */
async function ask(path: string): Promise<readonly Answer[]> {
  const oracle = await Oracle.start(path);
  try {
    const bytes = Array.from({ length: 256 }, (_, operation) => toHex(Uint8Array.of(operation)));
    return await oracle.ask(bytes.map((hex) => ({ op: 'decode', type: 'operation', hex })));
  } finally {
    await oracle.stop();
  }
}

/** Whether our refusal of such a change is a result, not a status. */
function refusalHasResults(operation: number): boolean {
  const head = new Uint8Array(RequestHeaderView.headerSize);
  new RequestHeaderView().wrap(viewOf(head), 0).operation = operation;
  const [frame, ...more] = v09.writeRefusal('stream_id_not_found', '', { head, code: 0, payload: new Uint8Array(0) });
  assert.ok(frame !== undefined && more.length === 0);
  const { status } = new ReplyHeaderView().wrap(viewOf(frame), 0);
  const body = new Reader(frame.subarray(ReplyHeaderView.headerSize));
  if (body.remaining === 0) {
    assert.equal(status, statusCodes.stream_id_not_found);
    return false;
  }
  assert.equal(status, 0);
  assert.deepEqual(decodeResultSection(body).results, [{ index: 0, code: statusCodes.stream_id_not_found }]);
  return true;
}
