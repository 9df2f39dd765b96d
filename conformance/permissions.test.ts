// Every command in every state of permissions against the oracle: 2^20 states × 47 commands, and the same beside entries that must not count.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOtherEntries, checkStates } from '../test/access/permission_matrix.ts';

test('every command is decided as the oracle says in every state of permissions', (t) => {
  const { decisions, mismatches } = checkStates(1);
  assert.deepEqual(mismatches, []);
  assert.equal(decisions, 2 ** 20 * 47);
  t.diagnostic(`${decisions} decisions`);
});

test('also beside the flags of another stream and topic, and without an entry', (t) => {
  const { decisions, mismatches } = checkOtherEntries(1);
  assert.deepEqual(mismatches, []);
  t.diagnostic(`${decisions} decisions`);
});
