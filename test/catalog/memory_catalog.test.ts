// The catalog in memory does what the one on a disk does, and touches no disk.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { openMemoryCatalog } from '../../src/catalog/open_catalog.ts';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { batchOf, environmentOf, textsFrom } from '../log/log_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';
import { byName, open, pictureOf, settingsOf } from './catalog_under_test.ts';

async function use(catalog: Catalog): Promise<unknown> {
  const stream = await catalog.createStream('s');
  const topic = await catalog.createTopic(stream, settingsOf('t'), 2);
  await topic.partition(0).log.append(batchOf('gone'));
  await catalog.purgeTopic(topic);
  await topic.partition(1).log.append(batchOf('a', 'b'));
  const group = await catalog.createConsumerGroup(topic, 'g');
  await topic.partition(1).consumerOffsets.store(OffsetOwner.consumer_group, group.createdIndex, 1);
  await catalog.deleteConsumerGroup(topic, group);
  await catalog.createStream('other');
  await catalog.deleteStream(catalog.stream(byName('other')));
  await assert.rejects(catalog.createStream('s'), { status: 'stream_name_already_exists' });
  assert.equal(topic.partition(1).consumerOffsets.get(OffsetOwner.consumer_group, group.createdIndex), undefined);
  assert.deepEqual(await textsFrom(topic.partition(1)), ['a', 'b']);
  // Incarnations are random; all else is the same.
  return JSON.parse(
    JSON.stringify(pictureOf(catalog), (key, value) =>
      key === 'incarnation' ? 0 : typeof value === 'bigint' ? `${value}` : value,
    ),
  );
}

it('a catalog in memory does what one on a disk does', async () => {
  const rootUser = { name: 'iggy', passwordHash: 'hash of iggy', status: 1, permissions: undefined } as const;
  const untouched = new MemoryDisk();
  const options = { log: { segmentSize: 1 << 20, level: 'disk' as const }, rootUser: async () => rootUser };
  const inMemory = await openMemoryCatalog(environmentOf(untouched), options);
  assert.deepEqual(await use(inMemory), await use(await open(new MemoryDisk())));
  await inMemory.close();
  assert.throws(() => inMemory.stream(byName('nowhere')), { status: 'stream_name_not_found' });
  assert.equal(untouched.files.size, 0);
  await assert.rejects(inMemory.createStream('late'), { kind: 'closed' });
});
