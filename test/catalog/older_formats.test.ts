// Catalogs that older formats left behind are read, as having no options, and replaced by files of today's format.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeCatalogSnapshot } from '../../generated/storage/catalog_snapshot.ts';
import { decodeJournalEntry, JournalEntryKind } from '../../generated/storage/journal_entry.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { formatVersion, readFileHeader } from '../../src/log/file_header.ts';
import { batchOf, textsFrom } from '../log/log_under_test.ts';
import { failure, MemoryDisk } from '../log/memory_disk.ts';
import { stampOlder } from '../log/older_files.ts';
import { afterCrash, byName, open, pictureOf, settingsOf } from './catalog_under_test.ts';
import { text } from './sent_options.ts';

const folder = '/data/catalog';
const filesIn = (disk: MemoryDisk) =>
  disk.list(folder).flatMap(({ name }) => (/\.(journal|snapshot)$/.test(name) ? [`${folder}/${name}`] : []));

/** Written by the release before options. */
const written = {
  created:
    '070000000000000000401e18240a06000a0100000002000000066f7264657273020500000000000000ffffffffffffffff0101000000' +
    '03000000000000000000000000000000',
  updated: '080000000000000001401e18240a06000b0100000002000000066f7264657273020500000000000000ffffffffffffffff01',
  snapshot:
    '0800000000000000010000000100000002000000000000000300000000000000017301000000020000000700000000000000040000000000' +
    '0000066f7264657273020500000000000000ffffffffffffffff0101000000000000000700000000000000040000000000000003000000' +
    '00000000000000000000000000000000000000000100000009000000000000000000000000000000',
};
const readerOf = (hex: string) => new Reader(new Uint8Array(Buffer.from(hex, 'hex')));
const settings = {
  name: 'orders',
  compressionAlgorithm: 2,
  messageExpiry: 5n,
  maxTopicSize: 2n ** 64n - 1n,
  replicationFactor: 1,
};

/** A data folder that the release before options stopped in, and what it held. */
async function formatTwo(): Promise<{ disk: MemoryDisk; picture: unknown }> {
  const disk = new MemoryDisk();
  const catalog = await open(disk);
  const stream = await catalog.createStream('s');
  const topic = await catalog.createTopic(stream, settingsOf('t'), 1);
  await topic.partition(0).log.append(batchOf('old'));
  const picture = pictureOf(catalog);
  await catalog.close();
  for (const path of filesIn(disk)) stampOlder(disk, path, 2);
  disk.files.delete('/data/format');
  disk.place('/data/format', new TextEncoder().encode('whippet data, format 2\n'));
  return { disk, picture };
}

describe('the catalog of format 2', () => {
  it('has topics without options', () => {
    const place = { streamId: 1, topicId: 2, settings, options: { entries: [] } };
    const created = { index: 7, timestamp: 1_700_000_000_000_000, kind: JournalEntryKind.topic_created };
    assert.deepEqual(decodeJournalEntry(readerOf(written.created)), { ...created, ...place, incarnations: [3n] });
    const updated = { index: 8, timestamp: 1_700_000_000_000_001, kind: JournalEntryKind.topic_updated };
    assert.deepEqual(decodeJournalEntry(readerOf(written.updated)), { ...updated, ...place });
    const snapshot = decodeCatalogSnapshot(readerOf(written.snapshot));
    assert.deepEqual(snapshot.streams[0]!.topics[0]!.settings, settings);
    assert.deepEqual([snapshot.endedLives, snapshot.optionedTopics], [[9n], []]);
  });

  it('is upgraded by the first start, and goes on with options', async () => {
    const { disk, picture } = await formatTwo();
    const notices: string[] = [];
    const again = await open(disk, notices);
    assert.match(notices.join(), /has format 2; from now on it has format 3/);
    assert.deepEqual(pictureOf(again), picture);
    for (const path of filesIn(disk)) assert.equal(readFileHeader(disk.open(path))?.formatVersion, formatVersion);
    const old = again.stream(byName('s')).topic(byName('t'));
    assert.deepEqual([old.options, old.settings.options], [[], []]);
    assert.deepEqual(await textsFrom(old.partition(0)), ['old']);
    const options = [text('durability', 'persisted')];
    await again.createTopic(again.stream(byName('s')), { ...settingsOf('new'), options }, 1);
    const later = pictureOf(again);
    await again.close();
    assert.deepEqual(pictureOf(await open(disk)), later);
  });

  it('is there in whole wherever its upgrade is cut off', async () => {
    let cuts = 0;
    for (let isThrough = false; !isThrough; cuts++) {
      const { disk, picture } = await formatTwo();
      let left = cuts;
      isThrough = true;
      disk.fault = (_, path) => {
        if (left-- > 0) return;
        isThrough = false;
        throw failure('EIO', path);
      };
      await open(disk).catch(() => {});
      disk.fault = () => {};
      const next = afterCrash(disk);
      assert.deepEqual(pictureOf(await open(next)), picture, `after ${cuts} calls`);
      assert.deepEqual(pictureOf(await open(afterCrash(next))), picture, `again after ${cuts} calls`);
    }
    assert.ok(cuts > 20, `${cuts} calls`);
  });
});
