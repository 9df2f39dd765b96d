// Disks that fail: nothing is acknowledged that did not reach its level, a failed write leaves nothing, a failed sync fences.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { batchOf, firstSegment, openFiles, TestClock, type TestOptions, textsFrom, turns } from './log_under_test.ts';
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

/** Makes one call of a kind fail, the `number`th one. */
function failOnce(disk: MemoryDisk, kind: string, code: string, number = 1): void {
  let calls = 0;
  disk.fault = (operation, path) => {
    if (operation === kind && ++calls === number) throw failure(code, path);
  };
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
    await turns();
    disk.fault = () => {};
    await assert.rejects(files.log.append(batchOf('c')), { kind: 'fenced' });
    assert.deepEqual(await textsFrom(files), ['a']);
    assert.match(notices.join(), /read-only/);
  });

  it('acknowledges nothing at level disk while syncs fail', async () => {
    const disk = emptyDisk();
    const clock = new TestClock();
    const { log } = await openFiles(disk, { level: 'disk', clock });
    await log.append(batchOf('a'));
    disk.fault = (operation, path) => {
      if (operation === 'sync') throw failure('EIO', path);
    };
    const appends = Array.from({ length: 20 }, () => log.append(batchOf('b')));
    for (const append of appends) await assert.rejects(append, { kind: 'fenced' });
    await turns();
    for (let attempt = 0; attempt < 3; attempt++) {
      clock.monotonic += 10_000;
      await assert.rejects(log.append(batchOf('c')), { kind: 'fenced' });
      await assert.rejects(log.flush('disk'), { kind: 'fenced' });
      await turns();
    }
    assert.match(log.fence ?? '', /did not confirm/);
  });

  it('writes what a failed sync left in doubt into a new segment, and takes appends again', async () => {
    for (const tail of [0, 1 << 20]) {
      for (const known of [0, 2]) {
        const disk = emptyDisk();
        const notices: string[] = [];
        const files = await openFiles(disk, { level: 'disk', tail, notices });
        const texts: string[] = [];
        for (let index = 0; index < known; index++) texts.push(`known ${index}`);
        for (const text of texts) await files.log.append(batchOf(text));
        failOnce(disk, 'sync', 'EIO', known === 0 ? 2 : 1);
        const failed = ['x', 'y'].map((text) => files.log.append(batchOf(text, `${text}2`)));
        for (const append of failed) await assert.rejects(append, { kind: 'fenced' });
        await turns();
        assert.equal(files.log.fence, undefined, notices.join());
        texts.push('x', 'x2', 'y', 'y2');
        assert.equal((await files.log.append(batchOf('after'))).baseOffset, known + 4);
        texts.push('after');
        assert.deepEqual(await textsFrom(files), texts);
        assert.equal(files.log.segmentsCount, known === 0 ? 1 : 2);
        const again = await openFiles(disk.copy());
        assert.deepEqual(await textsFrom(again), texts);
        assert.deepEqual(await textsFrom(again, known + 1), texts.slice(known + 1));
        assert.equal(again.log.sizeBytes, files.log.sizeBytes);
        assert.ok(![...disk.files.keys()].some((path) => path.endsWith('.tmp')));
      }
    }
  });

  it('shows nothing that is in doubt while the name of the new segment is not on the disk, and leaves the fence when it is', async () => {
    const disk = emptyDisk();
    const clock = new TestClock();
    const files = await openFiles(disk, { level: 'disk', clock });
    let syncs = 0;
    disk.fault = (operation, path) => {
      const isFailing = (operation === 'sync' && ++syncs === 2) || (operation === 'syncFolder' && syncs > 2);
      if (isFailing) throw failure('EIO', path);
    };
    await assert.rejects(files.log.append(batchOf('a')), { kind: 'fenced' });
    for (let attempt = 0; attempt < 3; attempt++) {
      await turns();
      assert.notEqual(files.log.fence, undefined);
      assert.deepEqual(await textsFrom(files), []);
      assert.deepEqual(await textsFrom(await openFiles(disk.copy())), ['a']);
      clock.monotonic += 10_000;
      if (attempt === 2) disk.fault = () => {};
      await assert.rejects(files.log.append(batchOf('b')), { kind: 'fenced' });
    }
    await turns();
    assert.equal((await files.log.append(batchOf('b'))).baseOffset, 1);
    assert.deepEqual(await textsFrom(await openFiles(disk.copy())), ['a', 'b']);
  });

  it('stays read-only when what is in doubt is neither in memory nor on the disk', async () => {
    const disk = emptyDisk();
    const clock = new TestClock();
    const files = await openFiles(disk, { level: 'disk', clock });
    await files.log.append(batchOf('a'));
    failOnce(disk, 'sync', 'EIO');
    const lost = assert.rejects(files.log.append(batchOf('lost')), { kind: 'fenced' });
    // What a system does that drops the pages it could not write.
    const content = disk.content(firstSegment);
    content.fill(0, content.byteLength - 70);
    await lost;
    await turns();
    assert.notEqual(files.log.fence, undefined);
    clock.monotonic += 10_000;
    await assert.rejects(files.log.append(batchOf('b')), { kind: 'fenced' });
    await turns();
    assert.notEqual(files.log.fence, undefined);
    assert.deepEqual(await textsFrom(files), ['a']);
  });

  it('loses nothing acknowledged when the process dies anywhere while it writes again', async () => {
    for (let number = 1, isReached = true; isReached; number++) {
      const disk = emptyDisk();
      const files = await openFiles(disk, { level: 'os', tail: 1 << 20 });
      for (const text of ['a', 'b']) await files.log.append(batchOf(text));
      await files.log.flush('disk');
      for (const text of ['c', 'd']) await files.log.append(batchOf(text));
      let calls = -1;
      let image: MemoryDisk | undefined;
      disk.fault = (operation, path) => {
        if (operation === 'read') return;
        calls++;
        if (calls === 0) throw failure('EIO', path);
        if (calls === number) image = disk.copy();
      };
      await assert.rejects(files.log.flush('disk'), { kind: 'fenced' });
      await turns();
      isReached = image !== undefined;
      assert.deepEqual(await textsFrom(await openFiles(image ?? disk.copy())), ['a', 'b', 'c', 'd'], `call ${number}`);
    }
  });

  it('syncs in the background while a segment grows, so that the watermark goes up and the end of a segment is cheap', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { segmentSize: 1 << 30 });
    let syncs = 0;
    await log.append(batchOf('a'));
    disk.fault = (operation) => {
      if (operation === 'sync') syncs++;
    };
    const text = 'x'.repeat(1 << 20);
    for (let index = 0; index < 100; index++) await log.append(batchOf(text));
    await turns();
    assert.equal(syncs, 3);
    const torn = disk.copy();
    torn.content(firstSegment)[10 << 20]! ^= 1;
    assert.match((await openFiles(torn)).log.fence ?? '', /damaged/);
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
