// The cipher of stored bytes: a known answer, and refusal of everything that is not exactly what was sealed.
import assert from 'node:assert/strict';
import { createDecipheriv, hkdfSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { MasterKey, sealedOverhead } from '../../src/lib/cipher.ts';

const secret = new Uint8Array(32).map((_, index) => index);
const salt = new Uint8Array(16).fill(5);
const context = new TextEncoder().encode('which file');
const place = new Uint8Array([1, 2, 3]);
const text = new TextEncoder().encode('what nobody else may read');

describe('the cipher of stored bytes', () => {
  it('is AES-256-GCM with a key from HKDF-SHA-256 and a nonce of four zeros and the counter', () => {
    const sealed = new MasterKey(secret).fileKey(salt, context).seal(258n, place, text);
    assert.equal(sealed.byteLength, text.byteLength + sealedOverhead);
    const key = new Uint8Array(hkdfSync('sha256', secret, salt, context, 32));
    const nonce = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce);
    decipher.setAAD(place);
    decipher.setAuthTag(sealed.subarray(-16));
    const opened = Buffer.concat([decipher.update(sealed.subarray(8, -16)), decipher.final()]);
    assert.deepEqual(new Uint8Array(opened), text);
  });

  it('opens only what was sealed, with its place, key and every bit', () => {
    const master = new MasterKey(secret);
    const key = master.fileKey(salt, context);
    const sealed = key.seal(7n, place, text);
    assert.deepEqual(new Uint8Array(key.open(place, sealed)!), text);
    assert.equal(key.open(new Uint8Array([1, 2, 4]), sealed), undefined);
    assert.equal(
      master
        .fileKey(
          salt.map(() => 6),
          context,
        )
        .open(place, sealed),
      undefined,
    );
    assert.equal(master.fileKey(salt, place).open(place, sealed), undefined);
    for (let bit = 0; bit < sealed.byteLength * 8; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(key.open(place, changed), undefined);
    }
    for (let size = 0; size < sealed.byteLength; size++)
      assert.equal(key.open(place, sealed.subarray(0, size)), undefined);
  });

  it('takes keys of 32 bytes only, tells them apart by number, and never shows them', () => {
    assert.throws(() => new MasterKey(new Uint8Array(31)), /has 32 bytes, not 31/);
    assert.notEqual(new MasterKey(secret).id, new MasterKey(new Uint8Array(32)).id);
    const random = new Uint8Array(32).fill(0xab);
    const shown =
      inspect(new MasterKey(random), { depth: 9, showHidden: true }) + JSON.stringify(new MasterKey(random));
    assert.ok(!/abab|171/.test(shown), shown);
  });
});
