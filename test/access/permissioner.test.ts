// Who may do what, against a truth table that was written without a look at the code. The conformance suite does all states, this a sample.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowed, needsLogin, needsPermission, rootPermissions } from '../../src/access/permissioner.ts';
import { protocols } from '../../src/protocol/index.ts';
import { checkOtherEntries, checkStates } from './permission_matrix.ts';
import { commandNames, isForAnyone, mayDo, stateCount } from './permission_oracle.ts';

/** 1 in about 64; odd, so that every flag is met. */
const stride = 61;

test(`every command is decided as the table says, in every ${stride}th of ${stateCount} states`, () => {
  const { decisions, mismatches } = checkStates(stride);
  assert.deepEqual(mismatches, []);
  assert.equal(decisions, Math.ceil(stateCount / stride) * 55);
});

test('flags of another stream or topic count for nothing', () => {
  const { decisions, mismatches } = checkOtherEntries(1021);
  assert.deepEqual(mismatches, []);
  assert.equal(decisions, (Math.ceil(stateCount / 1021) * 4 + 1) * 55);
});

test('without permissions a user may what needs none; the first user may everything', () => {
  for (const command of commandNames) {
    assert.equal(isAllowed(command, undefined, 3, 5), mayDo(command, 0), command);
    assert.equal(isAllowed(command, rootPermissions, 3, 5), true, command);
  }
});

test('the table covers every command, and the spec agrees with it on what needs a login and a permission', () => {
  const inSpec = new Set<string>();
  for (const { name, commands } of Object.values(protocols.byName)) {
    for (const { command, auth, permission } of commands.values()) {
      inSpec.add(command);
      assert.equal(needsLogin(command), auth === 'user', `${name} ${command}`);
      assert.equal(needsLogin(command), !isForAnyone(command), command);
      // A snapshot needs one here and none at the reference, and the own client record the other way round in 0.4.
      if (command !== 'get_snapshot' && command !== 'get_me')
        assert.equal(needsPermission(command), permission !== undefined, `${name} ${command}`);
    }
  }
  assert.deepEqual([...inSpec].sort(), [...commandNames].sort());
});
