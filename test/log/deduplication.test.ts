// Messages whose ids came before are dropped within the window, which is the same after any stop.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Deduplication } from '../../src/log/environment.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { batchOf, batchWithIds, firstSegment, identity, openFiles, TestClock, textsFrom } from './log_under_test.ts';
import { failure, MemoryDisk } from './memory_disk.ts';

const always: Deduplication = { maxEntries: 10_000, expiryMs: 0 };

function emptyDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  return disk;
}

describe('deduplication', () => {
  it('drops known ids before offsets are given, also within a batch, and keeps messages without an id', async () => {
    const files = await openFiles(emptyDisk(), { deduplication: always });
    assert.deepEqual(await files.log.append(batchWithIds([1, 2, 1, 0, 0, 3])), {
      ...{ baseOffset: 0, count: 5, timestamp: 1_000_000 },
    });
    assert.equal((await files.log.append(batchWithIds([2, 4, 3, 5, 0], 'y'))).baseOffset, 5);
    assert.deepEqual(await textsFrom(files), ['x1', 'x2', 'x0', 'x0', 'x3', 'y4', 'y5', 'y0']);
    const { count, baseOffset } = await files.log.append(batchWithIds([5, 1]));
    assert.deepEqual([count, baseOffset], [0, 8]);
    assert.equal(files.log.nextOffset, 8);
    assert.equal(files.log.sizeBytes, 8 * 66);
  });

  it('takes every message when it is off', async () => {
    const files = await openFiles(emptyDisk());
    await files.log.append(batchWithIds([1, 1]));
    await files.log.append(batchWithIds([1]));
    assert.equal(files.log.nextOffset, 3);
  });

  it('remembers as long as both limits allow', async () => {
    const clock = new TestClock();
    const files = await openFiles(emptyDisk(), { deduplication: { maxEntries: 3, expiryMs: 5_000 }, clock });
    await files.log.append(batchWithIds([1, 2]));
    await files.log.append(batchWithIds([3, 4]));
    assert.equal((await files.log.append(batchWithIds([2, 3, 4]))).count, 0);
    assert.equal((await files.log.append(batchWithIds([1]))).count, 1);
    clock.monotonic += 4_999;
    assert.equal((await files.log.append(batchWithIds([3, 4, 1]))).count, 0);
    // The wall clock has no say while the process runs.
    clock.micros += 1e12;
    assert.equal((await files.log.append(batchWithIds([3, 4, 1]))).count, 0);
    clock.monotonic += 1;
    assert.equal((await files.log.append(batchWithIds([3, 4, 1]))).count, 3);
  });

  it('is the same after kill -9 and after a clean stop, whatever came before', async () => {
    const step = fc.record({ ids: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 5 }), ms: fc.nat(3_000) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 20 }),
        fc.constantFrom(always, { maxEntries: 4, expiryMs: 0 }, { maxEntries: 0, expiryMs: 4_000 }),
        fc.constantFrom(fileHeaderSize + 200, 1 << 20),
        fc.boolean(),
        async (steps, deduplication, segmentSize, isClean) => {
          const disk = emptyDisk();
          const clock = new TestClock();
          const options = { deduplication, segmentSize, clock };
          const files = await openFiles(disk, options);
          for (const { ids, ms } of steps) {
            await files.log.append(batchWithIds(ids));
            clock.monotonic += ms;
            clock.micros += ms * 1000;
          }
          const stopped = disk.copy();
          const more = batchWithIds([...Array(13).keys()].slice(1), 'again');
          await files.log.append({ ...more, bytes: more.bytes.slice() });
          const expected = await textsFrom(files);
          const once = await openFiles(stopped, options);
          if (isClean) await once.log.close();
          const again = await openFiles(stopped, options);
          await again.log.append(more);
          assert.deepEqual(await textsFrom(again), expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('forgets with the messages when the partition is purged', async () => {
    const files = await openFiles(emptyDisk(), { deduplication: always });
    await files.log.append(batchWithIds([1, 2]));
    await files.log.purge(identity.incarnation + 1n);
    assert.deepEqual(await files.log.append(batchWithIds([1, 2])), { baseOffset: 0, count: 2, timestamp: 1_000_000 });
  });

  it('does not count an append that failed', async () => {
    const disk = emptyDisk();
    const files = await openFiles(disk, { deduplication: always });
    await files.log.append(batchWithIds([1]));
    disk.fault = (operation, path) => {
      if (operation === 'writev') throw failure('ENOSPC', path);
    };
    await assert.rejects(files.log.append(batchWithIds([2])), { kind: 'write_failed' });
    disk.fault = () => {};
    assert.equal((await files.log.append(batchWithIds([2]))).count, 1);
  });

  it('acknowledges a repeated message at level disk only once the first one is there', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { deduplication: always, level: 'disk' });
    await log.append(batchOf('first'));
    disk.fault = (operation, path) => {
      if (operation === 'sync') throw failure('EIO', path);
    };
    const appends = [log.append(batchWithIds([1])), log.append(batchWithIds([1]))];
    for (const append of appends) await assert.rejects(append, { kind: 'fenced' });
  });

  it('goes on when messages of the window are damaged', async () => {
    const disk = emptyDisk();
    const notices: string[] = [];
    const options = { deduplication: always, segmentSize: fileHeaderSize + 1, notices };
    const { log } = await openFiles(disk, options);
    for (const id of [1, 2, 3]) await log.append(batchWithIds([id]));
    disk.content(firstSegment)[fileHeaderSize + 100]! ^= 1;
    const again = await openFiles(disk.copy(), options);
    assert.equal((await again.log.append(batchWithIds([1, 2, 3]))).count, 1);
    assert.match(notices.join(), /not known for deduplication/);
  });

  it('refuses a batch that is not what it claims to be', async () => {
    const { log } = await openFiles(emptyDisk(), { deduplication: always });
    await log.append(batchWithIds([1]));
    await assert.rejects(log.append({ count: 2, bytes: batchWithIds([2]).bytes }), { kind: 'invalid_batch' });
    await assert.rejects(log.append({ count: 1, bytes: batchWithIds([1]).bytes.subarray(0, 65) }), {
      kind: 'invalid_batch',
    });
  });
});
