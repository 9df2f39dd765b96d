// Files that older formats left behind are read, and replaced by ones of today's format when they change.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameLayout } from '../../generated/storage/batch_header.ts';
import {
  encodeConsumerOffsetEntry1,
  sizeOfConsumerOffsetEntry1,
} from '../../generated/storage/consumer_offset_entry_1.ts';
import { FileKind } from '../../generated/storage/segment_header.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { formatVersion, readFileHeader } from '../../src/log/file_header.ts';
import { createFrameFile } from '../../src/log/new_file.ts';
import { batchOf, environmentOf, identity, identityFolder, openFiles } from './log_under_test.ts';
import { MemoryDisk } from './memory_disk.ts';
import { stampOlder } from './older_files.ts';

const { consumer, consumer_group: group } = OffsetOwner;
const path = `${identityFolder}/offsets`;

/** A partition of 100 messages with stored offsets as format 1 had them: kind, number, offset; undefined was deleted. */
async function formatOne(entries: readonly [OffsetOwner, number, number | undefined][]): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  const { log } = await openFiles(disk);
  await log.append(batchOf(...Array.from({ length: 100 }, (_, index) => `message ${index}`)));
  const file = await createFrameFile(environmentOf(disk), identityFolder, 'offsets', {
    ...identity,
    kind: FileKind.consumer_offsets,
    ...{ chainStart: 0, baseOffset: 0, baseSize: 0, baseTimestamp: 0, createdAt: 1 },
  });
  for (const [kind, consumerId, offset] of entries) {
    const entry = { kind, isStored: offset !== undefined, consumerId, offset: offset ?? 0 };
    const writer = new Writer(sizeOfConsumerOffsetEntry1(entry));
    encodeConsumerOffsetEntry1(writer, entry);
    file.append({ count: 1, timestamp: 1, layout: FrameLayout.consumer_offsets, body: writer.bytes });
  }
  stampOlder(disk, path, 1);
  return disk;
}

describe('stored offsets of format 1', () => {
  const stored: [OffsetOwner, number, number | undefined][] = [
    [consumer, 3, 10],
    [group, 0, 20],
    [group, 1, 30],
    [group, 2, 40],
    [group, 2, undefined],
    [group, 7, 50],
    [consumer, 3, 11],
  ];
  const groups = [0, 1, 2].map((id) => ({ id, createdIndex: 100 + id }));

  it('are those of the groups that have the numbers now', async () => {
    const disk = await formatOne(stored);
    const notices: string[] = [];
    const { consumerOffsets } = await openFiles(disk, { notices });
    await consumerOffsets.retainGroups(groups);
    assert.deepEqual(notices, []);
    assert.equal(consumerOffsets.get(consumer, 3), 11);
    assert.deepEqual(
      groups.map(({ createdIndex }) => consumerOffsets.get(group, createdIndex)),
      [20, 30, undefined],
    );
    assert.equal(consumerOffsets.get(group, 7), undefined);
  });

  it('stay as they are until they change, and are of the new format then', async () => {
    const disk = await formatOne(stored);
    for (let start = 0; start < 2; start++) {
      const { consumerOffsets } = await openFiles(disk);
      await consumerOffsets.retainGroups(groups);
      await consumerOffsets.close();
      assert.equal(readFileHeader(disk.open(path))?.formatVersion, 1);
    }
    const { consumerOffsets } = await openFiles(disk);
    await consumerOffsets.retainGroups(groups);
    await consumerOffsets.store(group, 101, 31);
    assert.equal(readFileHeader(disk.open(path))?.formatVersion, formatVersion);
    const again = (await openFiles(disk.copy())).consumerOffsets;
    await again.retainGroups(groups);
    assert.deepEqual([again.get(consumer, 3), again.get(group, 100), again.get(group, 101)], [11, 20, 31]);
  });
});
