// The index of a segment: finds what it should, and stays small however large the segment is.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameIndex } from '../../src/log/index.ts';

describe('the index of a segment', () => {
  it('#2686: does not grow with the segment (the reference leaked 16 MiB with each segment it left)', () => {
    const index = new FrameIndex();
    const length = 1000;
    for (let frame = 0; frame < 1_000_000; frame++)
      index.add(
        { offset: frame * 10, position: 4096 + frame * length, timestamp: frame, headerChecksum: frame },
        length,
      );
    assert.ok(index.size <= 2048, `${index.size} entries`);
    for (let offset = 0; offset < 10_000_000; offset += 99_991) {
      const found = index.floor(offset)!;
      assert.ok(found.offset <= offset && offset - found.offset < 2 * 10 * 1024);
      assert.equal(found.position, 4096 + (found.offset / 10) * length);
    }
    assert.ok(index.before(500_000)!.timestamp < 500_000);
    assert.equal(index.before(0)!.offset, 0);
  });

  it('keeps each frame that follows a gap: it can be found in no other way', () => {
    const index = new FrameIndex();
    let position = 4096;
    for (let frame = 0; frame < 50_000; frame++) {
      if (frame % 10_000 === 7) position += 33;
      index.add({ offset: frame, position, timestamp: frame, headerChecksum: frame }, 500);
      position += 500;
    }
    for (const frame of [7, 10_007, 20_007, 40_007]) assert.equal(index.floor(frame)?.offset, frame);
  });
});
