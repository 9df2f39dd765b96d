// Ids and clock: shapes, not values.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { incarnationText, randomIncarnation, writeMessageId } from '../../src/lib/ids.ts';
import { systemRandom } from '../../src/lib/random.ts';

describe('ids', () => {
  it('are version 4 UUIDs as little-endian integers, and differ', () => {
    const random = systemRandom();
    const seen = new Set<string>();
    for (let index = 0; index < 1000; index++) {
      const bytes = new Uint8Array(20);
      writeMessageId(random, bytes, 2);
      assert.deepEqual([bytes[0], bytes[1], bytes[18], bytes[19]], [0, 0, 0, 0]);
      const uuid = Buffer.from(bytes.subarray(2, 18)).reverse().toString('hex');
      assert.match(uuid, /^.{12}4.{3}[89ab].{15}$/);
      seen.add(uuid);
    }
    assert.equal(seen.size, 1000);
  });

  it('name lives of partitions', () => {
    assert.equal(incarnationText(0xabcn), '00000000000000000000000000000abc');
    assert.notEqual(randomIncarnation(systemRandom()), randomIncarnation(systemRandom()));
  });
});

describe('the clock', () => {
  it('is wall time in whole microseconds', () => {
    const clock = systemClock();
    const now = clock.nowMicros();
    assert.ok(Number.isSafeInteger(now));
    assert.ok(Math.abs(now / 1000 - Date.now()) < 50);
    const before = clock.monotonicMs();
    assert.ok(before <= clock.monotonicMs());
  });
});
