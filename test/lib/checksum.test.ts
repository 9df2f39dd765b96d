// The checksums against values published for their algorithms.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32Of, writeXxh3, xxh3 } from '../../src/lib/checksum.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('checksums', () => {
  it('are XXH3-64 with seed 0', () => {
    assert.equal(xxh3(text('')), 0x2d06800538d394c2n);
    assert.equal(xxh3(text('a')), 0xe6c632b61e964e1fn);
    assert.equal(xxh3(text('abc')), 0x78af5f94892f3950n);
  });

  it('are the same number written as little-endian bytes', () => {
    const source = Uint8Array.from({ length: 1000 }, (_, index) => index * 7);
    const target = new Uint8Array(16);
    writeXxh3(source, target, 4);
    assert.equal(new DataView(target.buffer).getBigUint64(4, true), xxh3(source));
    assert.deepEqual([...target.subarray(0, 4), ...target.subarray(12)], Array(8).fill(0));
  });

  it('are CRC-32 of IEEE', () => {
    assert.equal(crc32Of(text('123456789')), 0xcbf43926);
  });
});
