// Bounds on connections that have not logged in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Newcomers } from '../../src/server/newcomers.ts';

class Stranger {
  isLoggedIn = false;
  isClosed = false;
  close(): void {
    this.isClosed = true;
  }
}

test('the oldest of a host goes first, other hosts are left alone', () => {
  const newcomers = new Newcomers({ connectionsBeforeLoginMax: 10, connectionsBeforeLoginPerAddressMax: 2 });
  const [other, first, second, third] = Array.from({ length: 4 }, () => new Stranger());
  newcomers.add(other!, 'b');
  for (const stranger of [first!, second!, third!]) newcomers.add(stranger, 'a');
  assert.deepEqual(
    [other, first, second, third].map((stranger) => stranger?.isClosed),
    [false, true, false, false],
  );
  assert.equal(newcomers.count, 3);
});

test('the oldest of all goes first, and those that logged in do not count', () => {
  const newcomers = new Newcomers({ connectionsBeforeLoginMax: 2, connectionsBeforeLoginPerAddressMax: 10 });
  const strangers = Array.from({ length: 5 }, () => new Stranger());
  strangers[0]!.isLoggedIn = true;
  for (const [at, stranger] of strangers.entries()) newcomers.add(stranger, `host ${at}`);
  assert.deepEqual(
    strangers.map((stranger) => stranger.isClosed),
    [false, true, true, false, false],
  );
  for (const stranger of strangers) newcomers.remove(stranger);
  assert.equal(newcomers.count, 0);
});
