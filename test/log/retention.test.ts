// Deleting old segments: only whole full ones, only from the front, for good, and unnoticed by those who read meanwhile.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { countOlder, countToFree, type SealedSegment } from '../../src/log/retention.ts';
import { batchOf, openFiles, seen, TestClock, textsFrom } from './log_under_test.ts';
import { failure, MemoryDisk } from './memory_disk.ts';

/** Five segments of one message each, a second apart; the last one takes appends. */
async function fiveSegments(tail = 0) {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  const clock = new TestClock();
  const files = await openFiles(disk, { segmentSize: fileHeaderSize + 1, clock, tail });
  for (const text of ['a', 'b', 'c', 'd', 'e']) {
    await files.log.append(batchOf(text));
    clock.micros += 1_000_000;
  }
  return { disk, files, log: files.log };
}

function segmentOf(index: number, sizeBytes: number, endTimestamp: number): SealedSegment {
  return { baseOffset: index, endOffset: index + 1, sizeBytes, endTimestamp };
}

describe('deleting the oldest segments', () => {
  it('leaves the others as they were, also after a restart', async () => {
    for (const tail of [0, 1 << 20]) {
      const { disk, files, log } = await fiveSegments(tail);
      assert.equal(await log.deleteOldestSegments(2), 2);
      const again = await openFiles(disk.copy());
      for (const { log: one } of [files, again]) {
        assert.equal(one.earliestOffset, 2);
        assert.equal(one.nextOffset, 5);
        assert.equal(one.messagesCount, 3);
        assert.equal(one.segmentsCount, 3);
        assert.equal(one.sizeBytes, 3 * 65);
        assert.equal(seen(await one.read(0, 10))[0]?.offset, 2);
        assert.equal(seen(await one.readFromTimestamp(0, 10))[0]?.offset, 2);
        assert.equal(seen(await one.readFromTimestamp(4_000_000, 10))[0]?.offset, 3);
      }
      assert.equal((await again.log.append(batchOf('f'))).baseOffset, 5);
    }
  });

  it('never takes the segment that is appended to, however many are asked for', async () => {
    const { disk, files, log } = await fiveSegments();
    assert.equal(await log.deleteOldestSegments(100), 4);
    assert.equal(await log.deleteOldestSegments(100), 0);
    assert.deepEqual(await textsFrom(files), ['e']);
    assert.equal((await log.append(batchOf('f'))).baseOffset, 5);
    assert.deepEqual(await textsFrom(await openFiles(disk.copy())), ['e', 'f']);
  });

  it('deletes one after another also when two ask at once', async () => {
    const { disk, log } = await fiveSegments();
    const calls: string[] = [];
    disk.fault = (operation) => calls.push(operation);
    assert.deepEqual(await Promise.all([log.deleteOldestSegments(1), log.deleteOldestSegments(2)]), [1, 2]);
    assert.deepEqual(calls, ['remove', 'syncFolder', 'remove', 'syncFolder', 'remove', 'syncFolder']);
  });

  it('brings every deletion to the disk before the next, so that no hole can be left', async () => {
    const { disk, log } = await fiveSegments();
    const calls: string[] = [];
    disk.fault = (operation, path) => calls.push(`${operation} ${path.slice(-6)}`);
    await log.deleteOldestSegments(2);
    assert.deepEqual(
      calls.map((call) => call.split(' ')[0]),
      ['remove', 'syncFolder', 'remove', 'syncFolder'],
    );
  });

  it('fails without harm', async () => {
    const { disk, files, log } = await fiveSegments();
    disk.fault = (operation, path) => {
      if (operation === 'remove') throw failure('EIO', path);
    };
    await assert.rejects(log.deleteOldestSegments(1), { kind: 'write_failed' });
    disk.fault = () => {};
    assert.deepEqual(await textsFrom(files), ['a', 'b', 'c', 'd', 'e']);
  });

  it('during a read gives that read what is left', async () => {
    const { log } = await fiveSegments();
    const reads = [log.read(0, 10), log.readFromTimestamp(0, 10)];
    await log.deleteOldestSegments(3);
    for (const read of reads) {
      // What it had by then, or what is there now; never a hole.
      const offsets = seen(await read).map(({ offset }) => offset);
      assert.ok(offsets.length > 0);
      assert.deepEqual(
        offsets,
        offsets.map((_, index) => offsets[0]! + index),
      );
    }
  });
});

describe('which segments may go', () => {
  it('those with nothing young in them, from the oldest on', () => {
    const segments = [segmentOf(0, 1, 10), segmentOf(1, 1, 20), segmentOf(2, 1, 30)];
    assert.deepEqual(
      [0, 10, 19, 20, 35].map((timestamp) => countOlder(segments, timestamp)),
      [0, 1, 1, 2, 3],
    );
  });

  it('as many as free enough, the oldest of all logs first', () => {
    const logs = [[segmentOf(0, 10, 1), segmentOf(1, 10, 4)], [segmentOf(0, 5, 2), segmentOf(1, 5, 3)], []];
    const freed = [0, 1, 11, 16, 21, 99].map((excess) => countToFree(logs, excess));
    assert.deepEqual(freed, [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [1, 2, 0],
      [2, 2, 0],
      [2, 2, 0],
    ]);
  });
});
