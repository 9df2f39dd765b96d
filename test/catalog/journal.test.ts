// The journal and its reducer: any prefix replays, replaying twice changes nothing, damage is refused rather than served.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JournalEntry } from '../../generated/storage/journal_entry.ts';
import { openJournal } from '../../src/catalog/journal.ts';
import { apply, CatalogState } from '../../src/catalog/state.ts';
import { batchOf, environmentOf } from '../log/log_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';
import { byName, journalPath, open, settingsOf } from './catalog_under_test.ts';

/** A journal with a bit of everything, and no clean stop. */
async function busyDisk(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const catalog = await open(disk);
  const stream = await catalog.createStream('s');
  const topic = await catalog.createTopic(stream, settingsOf('t'), 2);
  await catalog.purgeTopic(topic);
  await catalog.createConsumerGroup(topic, 'g');
  await catalog.deleteTopic(topic);
  await catalog.createTopic(stream, settingsOf('t'), 1);
  await catalog.users.create({ name: 'u', passwordHash: 'h', status: 1, permissions: undefined });
  disk.files.delete('/data/lock');
  return disk;
}

async function entriesOf(disk: MemoryDisk): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  await openJournal(environmentOf(disk.copy()), '/data/catalog', true, (entry) => entries.push(entry));
  return entries;
}

function stateOf(entries: Iterable<JournalEntry>): unknown {
  const state = new CatalogState();
  for (const entry of entries) apply(state, entry);
  const streams = [...state.streams].map((stream) => ({
    ...stream,
    topics: [...stream.topics].map((topic) => ({ ...topic, groups: [...topic.groups] })),
  }));
  return { index: state.appliedIndex, streams, users: [...state.users], ended: [...state.endedLives] };
}

describe('the journal', () => {
  it('replays to the same state, also when entries come twice', async () => {
    const entries = await entriesOf(await busyDisk());
    assert.equal(entries.length, 8);
    const expected = stateOf(entries);
    assert.deepEqual(stateOf([...entries, ...entries]), expected);
    assert.deepEqual(stateOf([...entries.slice(0, 5), ...entries]), expected);
    assert.throws(() => stateOf([entries[0]!, entries[2]!]), /follows entry/);
  });

  it('cut at any byte replays its longest valid prefix, and takes changes', async () => {
    const disk = await busyDisk();
    const entries = await entriesOf(disk);
    const size = disk.content(journalPath).byteLength;
    let most = 0;
    for (let cut = 4096; cut <= size; cut++) {
      const torn = disk.copy();
      torn.truncate(journalPath, cut);
      const replayed = await entriesOf(torn);
      assert.deepEqual(replayed, entries.slice(0, replayed.length));
      assert.ok(replayed.length >= most);
      most = replayed.length;
      if (cut % 7 !== 0 && cut !== size) continue;
      const catalog = await open(torn);
      await catalog.createStream('after');
      torn.files.delete('/data/lock');
      (await open(torn)).stream(byName('after'));
    }
    assert.equal(most, entries.length);
  });

  it('with any byte flipped is refused or replays a prefix, never anything else', async () => {
    const disk = await busyDisk();
    const entries = await entriesOf(disk);
    let refused = 0;
    for (let position = 4096; position < disk.content(journalPath).byteLength; position++) {
      const rotten = disk.copy();
      rotten.content(journalPath)[position]! ^= 1 << (position % 8);
      const before = rotten.content(journalPath).slice();
      try {
        const replayed = await entriesOf(rotten);
        assert.deepEqual(replayed, entries.slice(0, replayed.length));
        assert.equal(replayed.length, entries.length - 1, 'only the last change can be taken for incomplete');
        if (position % 7 === 0) await open(rotten);
      } catch (error) {
        assert.equal((error as Error).name, 'DataFolderError');
        if (position % 7 === 0) await assert.rejects(open(rotten), { name: 'DataFolderError' });
        assert.deepEqual(rotten.content(journalPath), before);
        refused++;
      }
    }
    assert.ok(refused > 500);
  });

  it('is refused when its last change is damaged after a clean stop', async () => {
    const disk = await busyDisk();
    await (await open(disk)).close();
    disk.content(journalPath)[disk.content(journalPath).byteLength - 1]! ^= 1;
    await assert.rejects(open(disk), /is damaged after entry 7; restore/);
  });

  it('that is gone or lost its header is not replaced by an empty one when there is data', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 1);
    await topic.partition(0).log.append(batchOf('data'));
    disk.files.delete('/data/lock');
    const cut = disk.copy();
    cut.truncate(journalPath, 100);
    await assert.rejects(open(cut), /header is damaged/);
    disk.files.delete(journalPath);
    await assert.rejects(open(disk), /is missing, but there is data/);
  });
});
