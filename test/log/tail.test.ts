// The newest messages in memory: what logs drop is free, for the budget and for the process.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Tail, TailBudget } from '../../src/log/tail.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const mebibyte = 1 << 20;

describe('tails of one budget', () => {
  it('give back the memory of what their logs drop', () => {
    const budget = new TailBudget(1 << 30);
    const kept = new Tail(budget);
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 40; round++) {
      const tail = new Tail(budget);
      for (let frame = 0; frame < 8; frame++) tail.push(frame, 1, round, new Uint8Array(mebibyte));
      kept.push(round, 1, round, new Uint8Array(1024));
      if (round % 2 === 0) tail.clear();
      else tail.dropBelow(8);
    }
    collectGarbage();
    // Buffers are swept by another thread, which the next collection waits for.
    collectGarbage();
    assert.equal(budget.used, 40 * 1024);
    assert.ok(process.memoryUsage().arrayBuffers - before < 40 * mebibyte);
    assert.equal(kept.framesFrom(0).length, 40);
  });

  it('lose their oldest frames first, also among many that were dropped', () => {
    const budget = new TailBudget(100);
    const [one, other] = [new Tail(budget), new Tail(budget)];
    for (let offset = 0; offset < 500; offset++) {
      one.push(offset, 1, offset, new Uint8Array(10));
      other.push(offset, 1, offset, new Uint8Array(10));
      if (offset % 7 === 0) one.clear();
      assert.ok(budget.used <= 100);
    }
    assert.deepEqual(
      [one, other].map((tail) => tail.framesFrom(0).map(({ baseOffset, body }) => `${baseOffset} ${body.byteLength}`)),
      [
        ['498 10', '499 10'],
        ['493 10', '494 10', '495 10', '496 10', '497 10', '498 10', '499 10'],
      ],
    );
  });
});
