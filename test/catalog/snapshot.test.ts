// Snapshots: the same catalog with or without them, wherever the process dies, and encrypted when data is.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openJournal } from '../../src/catalog/journal.ts';
import { Ledger } from '../../src/catalog/ledger.ts';
import { captureState, restoreState } from '../../src/catalog/snapshot.ts';
import { CatalogState } from '../../src/catalog/state.ts';
import { MasterKey } from '../../src/lib/cipher.ts';
import { batchOf, environmentOf, TestClock, type TestOptions, turns } from '../log/log_under_test.ts';
import { failure, MemoryDisk } from '../log/memory_disk.ts';
import { byName, open, pictureOf, settingsOf } from './catalog_under_test.ts';
import { text } from './sent_options.ts';

const masterKey = new MasterKey(new Uint8Array(32).fill(7));
const folder = '/data/catalog';

/** A ledger over a journal with small parts, so that snapshots are taken often. */
async function openLedger(disk: MemoryDisk, options: TestOptions = {}): Promise<Ledger> {
  disk.makeFolder('/data');
  const ledger = new Ledger(new TestClock());
  const environment = environmentOf(disk, options);
  const isNew = disk.list(folder).length === 0;
  const journal = await openJournal(
    environment,
    folder,
    isNew,
    (entry) => ledger.replay(entry),
    ledger.snapshots,
    4_600,
  );
  ledger.start(journal, () => {});
  return ledger;
}

function create(ledger: Ledger, number: number): Promise<void> {
  return ledger.commit({ kind: 1, streamId: number, name: `stream ${number}` });
}

function namesOf(disk: MemoryDisk): string[] {
  return disk.list(folder).map(({ name }) => name);
}

function streamsOf(ledger: Ledger): number[] {
  return [...ledger.state.streams].map(({ id }) => id);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('snapshots of the catalog', () => {
  it('hold everything', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const stream = await catalog.createStream('s');
    const topic = await catalog.createTopic(stream, settingsOf('t'), 3);
    await catalog.purgeTopic(topic);
    await catalog.createPartitions(topic, 2);
    await catalog.createConsumerGroup(topic, 'g');
    await catalog.updateTopic(topic, settingsOf('renamed'));
    await catalog.createTopic(stream, { ...settingsOf('persisted'), options: [text('durability', 'persisted')] }, 1);
    await topic.partition(1).log.append(batchOf('x'));
    const user = await catalog.users.create({ name: 'u', passwordHash: 'h', status: 1, permissions: undefined });
    const token = { name: 'token', digest: new Uint8Array(32).fill(7), expiresAt: 99 };
    await catalog.users.createToken(user, token);
    const picture = pictureOf(catalog);
    await catalog.close();
    // Switching encryption on replaces the whole history by a snapshot.
    const again = await open(disk, [], { masterKey });
    assert.deepEqual(pictureOf(again), picture);
    assert.equal(again.users.findToken(token.digest)?.user.name, 'u');
    assert.ok(namesOf(disk).some((name) => name.endsWith('.snapshot')));
    await again.createStream('later');
    const later = pictureOf(again);
    await again.close();
    assert.deepEqual(pictureOf(await open(disk, [], { masterKey })), later);
  });

  it('of nothing count too: an encrypted server that died during its first start starts again', async () => {
    const disk = new MemoryDisk();
    const ledger = await openLedger(disk, { masterKey });
    await ledger.close();
    for (let start = 0; start < 3; start++) await (await openLedger(disk, { masterKey })).close();
    const again = await openLedger(disk, { masterKey });
    await create(again, 0);
    await again.close();
    assert.deepEqual(streamsOf(await openLedger(disk, { masterKey })), [0]);
  });

  it('and the journal are written anew with another key by the first start that has it', async () => {
    const disk = new MemoryDisk();
    const first = await openLedger(disk, { masterKey });
    for (let number = 0; number < 3; number++) await create(first, number);
    await first.close();
    const bytes = new Uint8Array(32).fill(8);
    await (await openLedger(disk, { masterKey: new MasterKey(bytes, [masterKey]) })).close();
    assert.deepEqual(streamsOf(await openLedger(disk, { masterKey: new MasterKey(bytes) })), range(3));
  });

  it('give the same bytes again', () => {
    const state = new CatalogState();
    state.endedLives.add(5n);
    const bytes = captureState(state);
    const again = new CatalogState();
    restoreState(again, bytes);
    assert.deepEqual(captureState(again), bytes);
  });

  it('keep the journal short, also when changes come in groups', async () => {
    const disk = new MemoryDisk();
    const ledger = await openLedger(disk);
    for (let group = 0; group < 20; group++)
      await Promise.all(range(10).map((index) => create(ledger, group * 10 + index)));
    await turns();
    await ledger.close();
    const names = namesOf(disk);
    assert.ok(names.filter((name) => name.endsWith('.journal')).length <= 2, names.join());
    assert.equal(names.filter((name) => name.endsWith('.snapshot')).length, 1);
    assert.ok(!names.includes('00000000000000000000.journal'));
    const again = await openLedger(disk);
    assert.deepEqual(streamsOf(again), range(200));
    await create(again, 200);
    assert.deepEqual(streamsOf(await openLedger(disk.copy())), range(201));
  });

  it('lose nothing acknowledged, and no start, whichever call is the last', async () => {
    for (const options of [{}, { masterKey }]) {
      for (let number = 1, isReached = true; isReached; number++) {
        const disk = new MemoryDisk();
        let calls = 0;
        let image: MemoryDisk | undefined;
        let acknowledged = 0;
        let atImage = 0;
        const ledger = await openLedger(disk, options);
        disk.fault = () => {
          if (++calls !== number) return;
          image = disk.copy();
          atImage = acknowledged;
        };
        for (const index of range(24)) {
          await create(ledger, index);
          acknowledged = index + 1;
        }
        await turns();
        isReached = image !== undefined;
        const again = await openLedger(image ?? disk.copy(), options);
        const found = streamsOf(again);
        assert.deepEqual(found, range(found.length));
        assert.ok(found.length >= (image === undefined ? 24 : atImage), `call ${number}`);
        await create(again, 900);
      }
    }
  });

  it('take no change for durable whose part never came to the disk', async () => {
    // A power cut that keeps only the names and what was synced: the new part is empty, or a hole.
    for (const damage of ['empty', 'no header', 'zeros'] as const) {
      const disk = new MemoryDisk();
      const ledger = await openLedger(disk);
      let count = 0;
      while (namesOf(disk).filter((name) => name.endsWith('.journal')).length < 2) await create(ledger, count++);
      // The part was made in the middle of a commit that is acknowledged by now; take the disk as it was before that.
      const names = namesOf(disk).filter((name) => name.endsWith('.journal'));
      const path = `${folder}/${names[1]}`;
      const cut = disk.copy();
      for (const name of namesOf(cut)) if (/snapshot|superblock/.test(name)) cut.files.delete(`${folder}/${name}`);
      if (damage === 'empty') cut.truncate(path, 0);
      if (damage === 'no header') cut.content(path).fill(0, 0, 4096);
      if (damage === 'zeros') cut.content(path).fill(0);
      const again = await openLedger(cut);
      assert.equal(streamsOf(again).length, count - 1);
      await create(again, 900);
      assert.equal(streamsOf(await openLedger(cut.copy())).length, count);
    }
  });

  it('are found without a superblock, and a damaged superblock is reported', async () => {
    const disk = new MemoryDisk();
    const ledger = await openLedger(disk);
    for (const index of range(60)) await create(ledger, index);
    await turns();
    await ledger.close();
    for (const slot of [0, 1]) {
      const rotten = disk.copy();
      const notices: string[] = [];
      rotten.content(`${folder}/superblock.${slot}`)[30]! ^= 1;
      assert.deepEqual(streamsOf(await openLedger(rotten, { notices })), range(60));
      assert.match(notices.join(), /superblock.* is damaged/);
    }
    for (const slot of [0, 1]) disk.files.delete(`${folder}/superblock.${slot}`);
    assert.deepEqual(streamsOf(await openLedger(disk)), range(60));
  });

  it('that are damaged or gone are refused, and never taken for an empty catalog', async () => {
    const disk = new MemoryDisk();
    const ledger = await openLedger(disk);
    for (const index of range(60)) await create(ledger, index);
    await turns();
    await ledger.close();
    const name = namesOf(disk).find((found) => found.endsWith('.snapshot'))!;
    const { byteLength } = disk.content(`${folder}/${name}`);
    for (let position = 0; position < byteLength; position++) {
      // Nothing is kept in the rest of the header.
      if (position === 104) position = 4096;
      const rotten = disk.copy();
      rotten.content(`${folder}/${name}`)[position]! ^= 1 << (position % 8);
      await assert.rejects(openLedger(rotten), /damaged or missing; restore/, `byte ${position}`);
    }
    disk.files.delete(`${folder}/${name}`);
    await assert.rejects(openLedger(disk), /damaged or missing; restore/);
  });

  it('wait when the disk is full, and changes go on in the old part', async () => {
    const disk = new MemoryDisk();
    const notices: string[] = [];
    const ledger = await openLedger(disk, { notices });
    disk.fault = (operation, path) => {
      if (operation === 'create') throw failure('ENOSPC', path);
    };
    for (const index of range(60)) await create(ledger, index);
    assert.match(notices.join(), /the journal goes on in/);
    disk.fault = () => {};
    for (const index of range(60)) await create(ledger, 60 + index);
    await turns();
    await ledger.close();
    assert.ok(namesOf(disk).some((name) => name.endsWith('.snapshot')));
    assert.deepEqual(streamsOf(await openLedger(disk)), range(120));
  });
});

describe('an encrypted data folder', () => {
  it('holds no name and no hash in the clear, and starts with its own key only', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    await catalog.createStream('secret stream');
    await catalog.users.create({ name: 'secret user', passwordHash: 'secret hash', status: 1, permissions: undefined });
    await catalog.close();
    const sealed = await open(disk, [], { masterKey });
    const topic = await sealed.createTopic(sealed.stream(byName('secret stream')), settingsOf('secret topic'), 1);
    await topic.partition(0).log.append(batchOf('secret message'));
    await sealed.close();
    for (const [path, { bytes }] of disk.files) assert.equal(Buffer.from(bytes).indexOf('secret'), -1, path);
    const other = new MasterKey(new Uint8Array(32).fill(9));
    const before = new Map([...disk.files].map(([path, { bytes, size }]) => [path, bytes.slice(0, size)]));
    await assert.rejects(open(disk, [], { masterKey: other }), {
      name: 'DataFolderError',
      message: /is encrypted with key .* IGGY_SYSTEM_ENCRYPTION_KEY/,
    });
    await assert.rejects(open(disk), { name: 'DataFolderError', message: /encryption is off/ });
    for (const [path, bytes] of before) assert.deepEqual(disk.content(path), bytes);
    assert.equal(disk.files.size, before.size);
    const again = await open(disk, [], { masterKey });
    assert.equal(again.totals.messages, 1);
    assert.equal(again.users.named('secret user')?.passwordHash, 'secret hash');
  });
});
