// Sessions that act for others: whose memberships count, and that nobody who has left is kept by them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session } from '../../src/access/session.ts';

const sessionOf = (clientId: number): Session => new Session(clientId, 'tcp', `1.2.3.4:${clientId}`, '5.6.7.8', 0);

test('a session acts for another as long as that one is connected', () => {
  const [own, other] = [sessionOf(1), sessionOf(2)];
  assert.equal(own.memberClientId, 1);
  own.attachedTo = other;
  assert.equal(own.memberClientId, 2);
  other.end();
  assert.equal(own.memberClientId, 1);
});

test('a session that ends lets go of the one it acted for', () => {
  const row = Array.from({ length: 3 }, (_, index) => sessionOf(index));
  row[1]!.attachedTo = row[0];
  row[2]!.attachedTo = row[1];
  row[1]!.end();
  assert.equal(row[2]!.attachedTo?.attachedTo, undefined);
});
