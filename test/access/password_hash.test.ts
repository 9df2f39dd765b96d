// Password hashes: the form that is made, and the forms of others that are read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPassword, hashPassword } from '../../src/access/password_hash.ts';

// Made by another argon2 library: password "password", salt "somesalt", 64 MiB, 2 passes.
const foreign = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

/** Passwords of users of server 0.4.72, and the hashes that it stored for them. */
const stored2024 = {
  'right horse': '$2b$04$GUcEhxTFEy06SzMjzgvTueWDlaxgpLAD/tt26TN1y1CfWiE/rC.WG',
  'pässwörd €': '$2b$04$eREU21rZQkXYRLBVktcszujcKKKKoJ2hypuOoCgySGdhODuGtFU7u',
  'a\0b\0': '$2b$04$GKrbsY3I2ILOXOrwv0flzeHZa3qWd..bN2kI2o9El00yTf3/lT13G',
  [`${'x'.repeat(71)}`]: '$2b$04$pid3tuXvF0SV6spbBWh91uLeyvL.qIHSdIZzQHIY67LORbbZm0U5e',
  [`${'y'.repeat(72)}`]: '$2b$04$eAsWnMbRl92gq35QKm1x7.l7hsashi5l0BM4gRcKdtZADirIPpNp.',
  [`${'z'.repeat(73)}`]: '$2b$04$vLUaYxdbuCRrHMTsbyTRCOLkHYfG8YQQ8musou8uZ.k/GudaNV8Ue',
  [`${'w'.repeat(100)}`]: '$2b$04$qU37VOM/YWb1OKKsV/y30OYs.EdLYJGO61udHzO.yZOUV40sl7VZG',
};

test('a hash is argon2id at the wanted cost, fits its own password only, and no two are alike', async () => {
  const [one, two] = [hashPassword('iggy'), hashPassword('iggy')];
  assert.notEqual(one, two);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await checkPassword('iggy', one), 'right');
  assert.equal(await checkPassword('Iggy', one), 'wrong');
});

test('an argon2id hash of another cost fits, and is outdated', async () => {
  assert.equal(await checkPassword('password', foreign), 'outdated');
  assert.equal(await checkPassword('Password', foreign), 'wrong');
});

test('bcrypt hashes of server 0.4.72 fit, and are outdated', async () => {
  for (const [password, hash] of Object.entries(stored2024)) {
    assert.equal(await checkPassword(password, hash), 'outdated', JSON.stringify(password));
    assert.equal(await checkPassword(`!${password}`, hash), 'wrong', JSON.stringify(password));
  }
});

test('no hash, and text that is none, fit no password', async () => {
  const none = [undefined, '', 'iggy', '$argon2i$v=19$m=1,t=1,p=1$AAAA$AAAA', '$argon2id$v=19$m=1,t=0,p=0$AAAA$AAAA'];
  for (const text of [...none, '$2b$04$', `$2b$04$${'.'.repeat(53)}`])
    for (const password of ['', 'iggy']) assert.equal(await checkPassword(password, text), 'wrong', String(text));
});
