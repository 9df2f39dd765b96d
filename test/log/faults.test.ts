// Disks that fail: nothing is acknowledged that did not reach its level, a failed write leaves nothing, a failed sync fences.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileHeaderSize } from '../../src/log/frame_file.ts';
import { batchOf, firstSegment, openFiles, type TestOptions, textsFrom } from './log_under_test.ts';
import { failure, MemoryDisk } from './memory_disk.ts';

function emptyDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  return disk;
}

/** Makes the `number`th call of any kind fail with `code`, and all later ones when `isFinal`. */
function failCall(disk: MemoryDisk, number: number, code: string, isFinal: boolean): () => boolean {
  let calls = 0;
  disk.fault = (operation, path) => {
    calls++;
    if (calls === number || (isFinal && calls > number)) throw failure(code, `${operation} ${path}`);
  };
  return () => calls >= number;
}

/** Appends a few batches across rolls; returns what was acknowledged. */
async function scenario(disk: MemoryDisk, options: TestOptions): Promise<Map<number, string>> {
  const acknowledged = new Map<number, string>();
  const { log, consumerOffsets } = await openFiles(disk, options);
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) {
    await log.append(batchOf(text)).then(
      ({ baseOffset }) => acknowledged.set(baseOffset, text),
      () => {},
    );
    await consumerOffsets.store(1, 7, 0).catch(() => {});
  }
  await log.close().catch(() => {});
  await consumerOffsets.close().catch(() => {});
  return acknowledged;
}

describe('a log on a failing disk', () => {
  it('loses nothing acknowledged, and opens, whichever call fails', async () => {
    for (const level of ['os', 'disk'] as const) {
      for (const isFinal of [false, true]) {
        for (let number = 1, isReached = true; isReached; number++) {
          const disk = emptyDisk();
          const options: TestOptions = { level, segmentSize: fileHeaderSize + 200 };
          const wasReached = failCall(disk, number, 'EIO', isFinal);
          const acknowledged = await scenario(disk, options).catch(() => new Map<number, string>());
          isReached = wasReached();
          disk.fault = () => {};
          const files = await openFiles(disk, options);
          const texts = await textsFrom(files);
          for (const [offset, text] of acknowledged) assert.equal(texts[offset], text, `call ${number}`);
          assert.equal(files.log.fence, undefined);
          await files.log.append(batchOf('later'));
          await files.consumerOffsets.store(1, 8, 0);
        }
      }
    }
  });

  it('opens after recovery itself failed at any call', async () => {
    const whole = emptyDisk();
    await scenario(whole, { segmentSize: fileHeaderSize + 200 });
    const last = [...whole.files.keys()]
      .filter((path) => path.endsWith('.log'))
      .sort()
      .at(-1)!;
    whole.truncate(last, whole.content(last).byteLength - 3);
    whole.files.delete([...whole.files.keys()].find((path) => path.endsWith('checkpoint'))!);
    const expected = await textsFrom(await openFiles(whole.copy()));
    for (let number = 1, isReached = true; isReached; number++) {
      const disk = whole.copy();
      const wasReached = failCall(disk, number, 'EIO', true);
      await openFiles(disk).catch(() => {});
      isReached = wasReached();
      disk.fault = () => {};
      assert.deepEqual(await textsFrom(await openFiles(disk)), expected);
    }
  });

  it('continues short writes where they ended', async () => {
    const disk = emptyDisk();
    disk.writeMax = 7;
    const { log } = await openFiles(disk);
    await log.append(batchOf('a', 'b'));
    await log.append(batchOf('c'));
    disk.writeMax = Number.POSITIVE_INFINITY;
    assert.deepEqual(await textsFrom(await openFiles(disk)), ['a', 'b', 'c']);
  });

  it('takes a write of no bytes for an error', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk);
    await log.append(batchOf('a'));
    disk.writeMax = 0;
    await assert.rejects(log.append(batchOf('b')), { kind: 'write_failed' });
  });

  it('leaves nothing of an append that the full disk refused, and goes on when there is space', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk);
    await log.append(batchOf('a'));
    const size = disk.content(firstSegment).byteLength;
    let left = 1;
    disk.writeMax = 40;
    disk.fault = (operation, path) => {
      if (operation === 'writev' && left-- <= 0) throw failure('ENOSPC', path);
    };
    await assert.rejects(log.append(batchOf('refused')), { kind: 'write_failed', status: 'cannot_append_message' });
    assert.equal(disk.content(firstSegment).byteLength, size);
    disk.fault = () => {};
    assert.equal((await log.append(batchOf('b'))).baseOffset, 1);
    assert.deepEqual(await textsFrom(await openFiles(disk)), ['a', 'b']);
  });

  it('fences when a failed write cannot be undone, and still reads', async () => {
    const disk = emptyDisk();
    const notices: string[] = [];
    const files = await openFiles(disk, { notices });
    await files.log.append(batchOf('a'));
    disk.fault = (operation, path) => {
      if (operation === 'writev' || operation === 'truncate') throw failure('EIO', path);
    };
    await assert.rejects(files.log.append(batchOf('b')), { kind: 'fenced' });
    disk.fault = () => {};
    await assert.rejects(files.log.append(batchOf('c')), { kind: 'fenced' });
    assert.deepEqual(await textsFrom(files), ['a']);
    assert.match(notices.join(), /read-only/);
  });

  it('acknowledges nothing at level disk when the sync fails, then or ever after', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { level: 'disk' });
    await log.append(batchOf('a'));
    disk.fault = (operation, path) => {
      if (operation === 'sync') throw failure('EIO', path);
    };
    const appends = Array.from({ length: 20 }, () => log.append(batchOf('b')));
    for (const append of appends) await assert.rejects(append, { kind: 'fenced' });
    disk.fault = () => {};
    await assert.rejects(log.append(batchOf('c')), { kind: 'fenced' });
    await assert.rejects(log.flush('disk'), { kind: 'fenced' });
  });

  it('syncs once for all who wait', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { level: 'disk' });
    await log.append(batchOf('a'));
    let syncs = 0;
    disk.fault = (operation) => {
      if (operation === 'sync') syncs++;
    };
    const receipts = await Promise.all(Array.from({ length: 100 }, () => log.append(batchOf('b'))));
    assert.equal(syncs, 2);
    assert.deepEqual(
      receipts.map(({ baseOffset }) => baseOffset),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it('brings a full segment to the disk before the next one takes a message', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { segmentSize: fileHeaderSize + 1 });
    await log.append(batchOf('a'));
    const calls: string[] = [];
    disk.fault = (operation, path) => calls.push(`${operation} ${path.slice(path.lastIndexOf('/') + 1)}`);
    await log.append(batchOf('b'));
    const [full, next] = ['00000000000000000000.log', '00000000000000000001.log'];
    const folder = firstSegment.split('/').at(-2);
    assert.deepEqual(calls, [
      `sync ${full}`,
      `remove ${next}`,
      `create ${next}`,
      `writev ${next}`,
      `sync ${next}`,
      `syncFolder ${folder}`,
      `writev ${next}`,
    ]);
  });

  it('makes the next segment once the disk works again, whatever was left of failed attempts', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { segmentSize: fileHeaderSize + 1 });
    await log.append(batchOf('a'));
    disk.fault = (operation, path) => {
      if ((operation === 'sync' || operation === 'remove') && path.includes('0001.log')) throw failure('ENOSPC', path);
    };
    const refused = [log.append(batchOf('b')), log.append(batchOf('c'))];
    for (const append of refused) await assert.rejects(append, { kind: 'write_failed' });
    disk.fault = () => {};
    assert.equal((await log.append(batchOf('d'))).baseOffset, 1);
    assert.deepEqual(await textsFrom(await openFiles(disk)), ['a', 'd']);
  });
});
