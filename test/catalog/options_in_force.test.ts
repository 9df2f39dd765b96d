// Options act on the logs of their topic, and on no other: from its creation on, for partitions that come later, and after a restart.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { readTopicOptions, type TopicOption } from '../../src/catalog/topic_options.ts';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import type { Level } from '../../src/log/frame_file.ts';
import { batchOf, turns } from '../log/log_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';
import { afterCrash, byName, open, settingsOf } from './catalog_under_test.ts';
import { flag, number, small, text } from './sent_options.ts';

/** A server of `level` with a topic that was given options and one that was not, and the calls to its disk below the folders of partitions. */
async function withTopics(level: Level, ...sent: TopicOption[]) {
  const disk = new MemoryDisk();
  const calls: string[] = [];
  const options = { level, segmentSize: 1 << 22, saveAfter: { messages: 100, bytes: 1 << 20 } };
  const watch = (one: MemoryDisk): void => {
    one.fault = (operation, path) => {
      if (path.startsWith('/data/logs/')) calls.push(operation);
    };
  };
  const catalog = await open(disk, [], options);
  const stream = await catalog.createStream('s');
  await catalog.createTopic(stream, { ...settingsOf('given'), options: readTopicOptions(sent) }, 1);
  await catalog.createTopic(stream, settingsOf('plain'), 1);
  watch(disk);
  const restarted = async (): Promise<Catalog> => {
    const next = afterCrash(disk);
    const again = await open(next, [], options);
    watch(next);
    return again;
  };
  /** What a step does on the disk once its file is there. */
  const callsOf = async (step: () => Promise<unknown>): Promise<string[]> => {
    await step();
    await turns();
    calls.length = 0;
    await step();
    return calls.splice(0);
  };
  return { catalog, restarted, callsOf };
}

function partition(catalog: Catalog, topic: string, index = 0) {
  return catalog.stream(byName('s')).topic(byName(topic)).partition(index);
}

const append = (catalog: Catalog, topic: string, index = 0) =>
  partition(catalog, topic, index).log.append(batchOf('x'));
const store = (catalog: Catalog, topic: string) =>
  partition(catalog, topic).consumerOffsets.store(OffsetOwner.consumer, 1, 0);

describe('options in force', () => {
  for (const asked of [text('durability', 'persisted'), flag('enforce_fsync', true)])
    it(`messages of a topic with ${asked.key} are on the disk before they are acknowledged`, async () => {
      const { catalog, restarted, callsOf } = await withTopics('os', asked);
      const later = catalog.stream(byName('s')).topic(byName('given'));
      await catalog.createPartitions(later, 1);
      for (const index of [0, 1])
        assert.deepEqual(await callsOf(() => append(catalog, 'given', index)), ['writev', 'sync']);
      assert.deepEqual(await callsOf(() => append(catalog, 'plain')), ['writev']);
      assert.deepEqual(await callsOf(() => store(catalog, 'given')), ['writev']);
      const again = await restarted();
      for (const index of [0, 1])
        assert.deepEqual(await callsOf(() => append(again, 'given', index)), ['writev', 'sync']);
      assert.deepEqual(await callsOf(() => append(again, 'plain')), ['writev']);
    });

  it('stored offsets of a topic with consumer_offset_durability are on the disk before they are acknowledged', async () => {
    const { catalog, restarted, callsOf } = await withTopics('os', text('consumer_offset_durability', 'persisted'));
    for (const server of [catalog, await restarted()]) {
      await append(server, 'given');
      await append(server, 'plain');
      assert.deepEqual(await callsOf(() => store(server, 'given')), ['writev', 'sync']);
      assert.deepEqual(await callsOf(() => store(server, 'plain')), ['writev']);
      assert.deepEqual(await callsOf(() => append(server, 'given')), ['writev']);
    }
  });

  it('segments are as large as segment_size says', async () => {
    const { catalog, restarted } = await withTopics('os', number('segment_size', 1n << 20n));
    for (const [round, server] of [catalog, await restarted()].entries()) {
      for (const topic of ['given', 'plain'])
        for (let count = 0; count < 3; count++) await partition(server, topic).log.append(batchOf('x'.repeat(600_000)));
      if (round === 0) assert.equal(partition(server, 'given').segmentsCount, 2);
    }
    const { logOptions } = catalog.stream(byName('s')).topic(byName('given'));
    assert.equal(logOptions.segmentSize, 1 << 20);
    assert.equal(partition(catalog, 'plain').segmentsCount, 1);
  });

  it('what is held in memory is written when messages_required_to_save or size_of_messages_required_to_save says', async () => {
    const options = [small('messages_required_to_save', 2), number('size_of_messages_required_to_save', 5_000n)];
    const { catalog, restarted, callsOf } = await withTopics('memory', ...options);
    for (const server of [catalog, await restarted()]) {
      // The second of two is written, after the one that was held.
      for (let pair = 0; pair < 2; pair++)
        assert.deepEqual(await callsOf(() => append(server, 'given')), ['writev', 'writev']);
      const large = () => partition(server, 'given').log.append(batchOf('x'.repeat(5_000)));
      assert.deepEqual(await callsOf(large), ['writev']);
      assert.deepEqual(await callsOf(() => append(server, 'plain')), []);
    }
  });

  it('nothing of them is less safe than the server', async () => {
    const options = [text('durability', 'replicated'), text('consumer_offset_durability', 'replicated')];
    const { catalog, callsOf } = await withTopics('disk', ...options);
    assert.deepEqual(await callsOf(() => append(catalog, 'given')), ['writev', 'sync']);
    assert.deepEqual(await callsOf(() => store(catalog, 'given')), ['writev', 'sync']);
  });
});
