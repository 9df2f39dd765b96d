// Password hashes: the exchanged text form, one at a time, and a flood that is turned away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Passwords } from '../../src/access/passwords.ts';

// Made by another argon2 library: password "password", salt "somesalt", 64 MiB, 2 passes.
const foreign = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

test('a hash verifies its own password only, and no two hashes are alike', async () => {
  const passwords = new Passwords();
  const [one, two] = await Promise.all([passwords.hash('iggy'), passwords.hash('iggy')]);
  assert.notEqual(one, two);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await passwords.verify('iggy', one), true);
  assert.equal(await passwords.verify('Iggy', one), false);
});

test('hashes of other libraries and other costs verify', async () => {
  assert.equal(await new Passwords().verify('password', foreign), true);
});

test('text that is no hash fits no password', async () => {
  const passwords = new Passwords();
  for (const text of ['', 'iggy', '$argon2i$v=19$m=1,t=1,p=1$AAAA$AAAA'])
    assert.equal(await passwords.verify('iggy', text), false);
});

test('a flood of logins is turned away at its end, and what waited is served', async () => {
  const passwords = new Passwords();
  const hash = await passwords.hash('iggy');
  const results = await Promise.allSettled(Array.from({ length: 70 }, () => passwords.verify('iggy', hash)));
  assert.equal(results.filter((result) => result.status === 'fulfilled' && result.value).length, 64);
  const refused = results.filter((result) => result.status === 'rejected');
  assert.deepEqual(
    refused.map(({ reason }) => reason.status),
    Array(6).fill('disconnected'),
  );
});
