// What a log may take of the machine: so many open files, and not the last of the disk.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import type { LogOptions } from '../../src/log/environment.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { localStorage } from '../../src/log/local_storage.ts';
import { OpenFiles } from '../../src/log/open_files.ts';
import { SpaceGuard } from '../../src/log/space.ts';
import { batchOf, environmentOf, identity, openFiles, seen, TestClock, textsFrom, turns } from './log_under_test.ts';
import { failure, MemoryDisk } from './memory_disk.ts';

function emptyDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  return disk;
}

const options: LogOptions = { segmentSize: 1 << 20, level: 'os' };

describe('open files', () => {
  it('stay within their number however many partitions are written and read', async () => {
    const disk = emptyDisk();
    const files = new OpenFiles(16);
    const options = { segmentSize: fileHeaderSize + 300, level: 'os' as const };
    const identities = Array.from({ length: 200 }, (_, partitionId) => ({ ...identity, partitionId }));
    const storage = localStorage(environmentOf(disk, { files }), '/data');
    const partitions = identities.map((one) => storage.create(one, options));
    let most = 0;
    for (let round = 0; round < 6; round++) {
      for (const { log, consumerOffsets } of partitions) {
        await log.append(batchOf(`round ${round}`));
        if (round % 2 === 0) await consumerOffsets.store(OffsetOwner.consumer, 1, round);
        most = Math.max(most, disk.openCount);
      }
      const reads = await Promise.all(partitions.map(({ log }) => log.read(0, 10)));
      for (const messages of reads) assert.equal(messages.count, round + 1);
      most = Math.max(most, disk.openCount);
    }
    await turns();
    assert.ok(disk.openCount <= 16, `${disk.openCount} are open at the end`);
    assert.ok(most <= 24, `${most} were open`);
    for (const { log, consumerOffsets } of partitions) {
      await log.close();
      await consumerOffsets.close();
    }
    const again = localStorage(environmentOf(disk, { files: new OpenFiles(16) }), '/data');
    const opened = await Promise.all(identities.map((one) => again.open(one, options)));
    assert.ok(disk.openCount <= 16 + 4);
    for (const partition of opened) {
      assert.equal(partition.consumerOffsets.get(OffsetOwner.consumer, 1), 4);
      assert.deepEqual(seen(await partition.log.read(5, 1))[0]?.text, 'round 5');
      assert.equal((await partition.log.append(batchOf('more'))).baseOffset, 6);
    }
  });

  it('are brought to the disk before they are closed', async () => {
    const disk = emptyDisk();
    const files = new OpenFiles(4);
    const storage = localStorage(environmentOf(disk, { files }), '/data');
    const logs = Array.from(
      { length: 4 },
      (_, partitionId) => storage.create({ ...identity, partitionId }, options).log,
    );
    const calls: string[] = [];
    disk.fault = (operation, path) => calls.push(`${operation} ${path.split('/')[2]?.slice(0, 6)}`);
    for (const log of logs) await log.append(batchOf('a'));
    await turns();
    // Its header first, then its message, before the file is closed.
    assert.equal(calls.filter((call) => call === 'sync 1-2-0-').length, 2);
    assert.ok(disk.openCount <= 3);
    calls.length = 0;
    assert.equal((await logs[0]!.append(batchOf('b'))).baseOffset, 1);
    assert.deepEqual(calls.slice(0, 2), ['open 1-2-0-', 'writev 1-2-0-']);
  });

  it('that cannot be brought to the disk when they are closed are written again', async () => {
    const disk = emptyDisk();
    const files = new OpenFiles(4);
    const clock = new TestClock();
    const storage = localStorage(environmentOf(disk, { files, clock }), '/data');
    const logs = Array.from(
      { length: 4 },
      (_, partitionId) => storage.create({ ...identity, partitionId }, options).log,
    );
    await logs[0]!.append(batchOf('a'));
    disk.fault = (operation, path) => {
      if (operation === 'sync' && path.includes('1-2-0-')) throw failure('EIO', path);
    };
    for (const log of logs.slice(1)) await log.append(batchOf('b'));
    await turns();
    disk.fault = () => {};
    await assert.rejects(logs[0]!.append(batchOf('c')), { kind: 'fenced' });
    await turns();
    assert.equal((await logs[0]!.append(batchOf('c'))).baseOffset, 1);
    assert.deepEqual(await textsFrom({ log: logs[0]! }), ['a', 'c']);
  });

  it('let readers wait when all places are taken', async () => {
    const files = new OpenFiles(8);
    let open = 0;
    let most = 0;
    const file = (): never => {
      most = Math.max(most, ++open);
      return { close: () => open-- } as never;
    };
    const results = Array.from({ length: 30 }, (_, index) =>
      files.read({}, file, async () => {
        await turns();
        return index;
      }),
    );
    assert.deepEqual(
      await Promise.all(results),
      Array.from({ length: 30 }, (_, index) => index),
    );
    assert.equal(most, 2);
  });

  it('of deleted segments are closed', async () => {
    const disk = emptyDisk();
    const files = await openFiles(disk, { segmentSize: fileHeaderSize + 1, files: new OpenFiles(100) });
    for (const text of 'abcdef') await files.log.append(batchOf(text));
    await files.log.read(0, 10);
    const before = disk.openCount;
    await files.log.deleteOldestSegments(5);
    assert.equal(disk.openCount, before - 5);
    await files.log.purge(9n);
    assert.equal(disk.openCount, 0);
  });
});

describe('the reserve of the disk', () => {
  it('is left alone by messages, and they go on within a second when there is space again', async () => {
    const disk = emptyDisk();
    const clock = new TestClock();
    const notices: string[] = [];
    disk.free = 20 << 20;
    const space = new SpaceGuard(disk, clock, '/data', (text) => notices.push(text));
    const { log, consumerOffsets } = await openFiles(disk, { space, clock });
    const text = 'x'.repeat(1 << 20);
    let taken = 0;
    for (; ; taken++) {
      disk.free = (20 - taken) << 20;
      const isRefused = await log.append(batchOf(text)).then(
        () => false,
        (error: { kind?: string }) => error.kind === 'write_failed',
      );
      if (isRefused) break;
    }
    // One in a hundred of a gigabyte stays.
    assert.equal(taken, 9);
    await consumerOffsets.store(OffsetOwner.consumer, 1, 2);
    disk.free = 500 << 20;
    await assert.rejects(log.append(batchOf(text)), { kind: 'write_failed' });
    clock.monotonic += 250;
    assert.equal((await log.append(batchOf(text))).baseOffset, taken);
    assert.deepEqual(notices.length, 2);
    assert.match(notices.join(), /nearly full.*space again/);
  });

  it('asks the disk once a second, not for every message', async () => {
    const disk = emptyDisk();
    const clock = new TestClock();
    let asked = 0;
    const space = new SpaceGuard(
      Object.assign(disk, {
        space: () => {
          asked++;
          return { free: 1 << 30, total: 1 << 30 };
        },
      }),
      clock,
      '/data',
      () => {},
    );
    for (let index = 0; index < 1000; index++) {
      space.admit(1000);
      clock.monotonic += 10;
    }
    assert.equal(asked, 10);
  });
});
