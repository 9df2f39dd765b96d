// Stored offsets: kept apart by kind, across restarts, replacements of their file and damage; bounded by the log.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConsumerOffsets, OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { batchOf, environmentOf, identity, identityFolder, openFiles } from './log_under_test.ts';
import { failure, MemoryDisk } from './memory_disk.ts';

const { consumer, consumer_group: group } = OffsetOwner;
const path = `${identityFolder}/offsets`;
/** Bytes of one change in the file: header, owner, whether it is stored, consumer, offset. */
const frameSize = 64 + 1 + 1 + 8 + 8;

async function withMessages(count: number): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  const { log } = await openFiles(disk);
  await log.append(batchOf(...Array.from({ length: count }, (_, index) => `message ${index}`)));
  return disk;
}

describe('consumer offsets', () => {
  it('survive a restart, consumers and groups apart, also backwards and deleted', async () => {
    const disk = await withMessages(100);
    const { consumerOffsets } = await openFiles(disk);
    await consumerOffsets.store(consumer, 1, 50);
    await consumerOffsets.store(group, 1, 60);
    await consumerOffsets.store(consumer, 1, 10);
    await consumerOffsets.store(consumer, 2, 70);
    assert.equal(await consumerOffsets.delete(consumer, 2), true);
    assert.equal(await consumerOffsets.delete(consumer, 2), false);
    const again = (await openFiles(disk.copy())).consumerOffsets;
    assert.equal(again.get(consumer, 1), 10);
    assert.equal(again.get(group, 1), 60);
    assert.equal(again.get(consumer, 2), undefined);
  });

  it('do not point beyond the log after a crash', async () => {
    const disk = await withMessages(10);
    const { consumerOffsets } = await openFiles(disk);
    await consumerOffsets.store(consumer, 1, 9);
    await consumerOffsets.store(consumer, 2, 12);
    assert.equal((await openFiles(disk.copy())).consumerOffsets.get(consumer, 2), 9);
    for (const name of [...disk.files.keys()]) if (name.endsWith('.log')) disk.files.delete(name);
    assert.equal((await openFiles(disk)).consumerOffsets.get(consumer, 1), undefined);
  });

  it('are in a file that stays short', async () => {
    const disk = await withMessages(1000);
    const folderOf = (): string => identityFolder;
    const offsets = new ConsumerOffsets(environmentOf(disk), { level: 'os' }, folderOf, identity, 20);
    for (let offset = 0; offset < 1000; offset++) {
      const stored = [
        offsets.store(consumer, 1, offset),
        offsets.store(consumer, 2, 999 - offset),
        offsets.store(group, 1, offset),
      ];
      await Promise.all(stored);
    }
    assert.ok(disk.content(path).byteLength < 4096 + 40 * frameSize);
    const again = (await openFiles(disk)).consumerOffsets;
    assert.deepEqual([again.get(consumer, 1), again.get(consumer, 2), again.get(group, 1)], [999, 0, 999]);
  });

  it('cut at any byte are those of some moment before, and can be stored again', async () => {
    const disk = await withMessages(100);
    const { consumerOffsets } = await openFiles(disk);
    for (let offset = 0; offset < 5; offset++) await consumerOffsets.store(consumer, 1, offset);
    const size = disk.content(path).byteLength;
    for (let cut = 0; cut < size; cut += cut > 128 && cut < 4096 ? 31 : 1) {
      const torn = disk.copy();
      torn.truncate(path, cut);
      const { consumerOffsets: again } = await openFiles(torn);
      const whole = Math.floor((cut - 4096) / frameSize);
      assert.equal(again.get(consumer, 1), whole > 0 ? whole - 1 : undefined);
      await again.store(consumer, 1, 42);
      assert.equal((await openFiles(torn)).consumerOffsets.get(consumer, 1), 42);
    }
  });

  it('with any byte flipped open, and none is one that was never stored', async () => {
    const disk = await withMessages(100);
    const { consumerOffsets } = await openFiles(disk);
    for (const offset of [11, 22, 33]) await consumerOffsets.store(consumer, 1, offset);
    for (
      let position = 0;
      position < disk.content(path).byteLength;
      position += position > 128 && position < 4096 ? 31 : 1
    ) {
      const rotten = disk.copy();
      rotten.content(path)[position]! ^= 1 << (position % 8);
      const { consumerOffsets: again } = await openFiles(rotten);
      assert.ok([undefined, 11, 22, 33].includes(again.get(consumer, 1)));
      const notices: string[] = [];
      await openFiles(rotten, { notices });
      assert.deepEqual(notices, [], 'the damage was dealt with');
    }
  });

  it('go on in a new file after a sync failed', async () => {
    const disk = await withMessages(10);
    const { consumerOffsets } = await openFiles(disk, { level: 'disk' });
    await consumerOffsets.store(consumer, 1, 5);
    let syncs = 0;
    disk.fault = (operation, at) => {
      if (operation === 'sync' && at.includes('/offsets') && ++syncs === 1) throw failure('EIO', at);
    };
    await assert.rejects(consumerOffsets.store(consumer, 1, 6), { kind: 'fenced' });
    await consumerOffsets.store(consumer, 2, 7);
    const again = (await openFiles(disk.copy())).consumerOffsets;
    assert.deepEqual([again.get(consumer, 1), again.get(consumer, 2)], [5, 7]);
  });

  it('are as before when a store failed', async () => {
    const disk = await withMessages(100);
    const { consumerOffsets } = await openFiles(disk);
    await consumerOffsets.store(consumer, 1, 5);
    disk.fault = (operation, file) => {
      if (operation === 'writev') throw failure('ENOSPC', file);
    };
    await assert.rejects(consumerOffsets.store(consumer, 1, 6), { kind: 'write_failed' });
    assert.equal(consumerOffsets.get(consumer, 1), 5);
  });

  it('go on in the long file when a short one cannot be made', async () => {
    const disk = await withMessages(1000);
    const offsets = new ConsumerOffsets(environmentOf(disk), { level: 'os' }, () => identityFolder, identity, 5);
    await offsets.store(consumer, 1, 0);
    disk.fault = (operation, file) => {
      if (operation === 'create') throw failure('EMFILE', file);
    };
    for (let offset = 1; offset < 50; offset++) await offsets.store(consumer, 1, offset);
    assert.equal((await openFiles(disk.copy())).consumerOffsets.get(consumer, 1), 49);
    disk.files.delete(path);
    const without = new ConsumerOffsets(environmentOf(disk), { level: 'os' }, () => identityFolder, identity);
    await Promise.all(
      [1, 2].map((offset) => assert.rejects(without.store(consumer, 1, offset), { kind: 'write_failed' })),
    );
    disk.fault = () => {};
    await Promise.all([3, 4].map((offset) => without.store(consumer, 1, offset)));
    assert.equal((await openFiles(disk)).consumerOffsets.get(consumer, 1), 4);
  });
});
