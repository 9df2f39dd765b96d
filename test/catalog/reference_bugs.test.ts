// Defects of the reference's metadata, each by its number there: here they do not happen. Those of partitions are in test/log/reference_bugs.test.ts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { batchOf, textsFrom } from '../log/log_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';
import { afterCrash, byName, journalPath, open, settingsOf } from './catalog_under_test.ts';

describe('defects of the reference that the catalog does not have', () => {
  it('#2527: a user whose permissions name no stream is replayed', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const flags = {
      ...{ manageServers: false, readServers: true, manageUsers: false, readUsers: false, manageStreams: false },
      ...{ readStreams: true, manageTopics: false, readTopics: false, pollMessages: true, sendMessages: false },
    };
    const permissions = { global: flags, streams: [] } as never;
    await catalog.users.create({ name: 'u', passwordHash: 'h', status: 1, permissions });
    const again = await open(afterCrash(disk));
    assert.deepEqual(again.users.named('u')?.permissions, catalog.users.named('u')?.permissions);
  });

  it('#2548: ids with gaps from deletions are the same after a restart', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    for (const name of ['a', 'b', 'c', 'd']) await catalog.createStream(name);
    for (const name of ['a', 'c']) await catalog.deleteStream(catalog.stream(byName(name)));
    await catalog.createStream('e', 9);
    const ids = (from: Awaited<ReturnType<typeof open>>): unknown =>
      [...from.streams].map(({ id, name }) => [id, name]);
    assert.deepEqual(ids(await open(afterCrash(disk))), [
      [1, 'b'],
      [3, 'd'],
      [9, 'e'],
    ]);
    const copy = afterCrash(disk);
    await (await open(copy)).close();
    assert.deepEqual(ids(await open(copy)), ids(catalog));
  });

  it('#2724: the journal holds what it is given as a hash, and no password is ever given', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const user = await catalog.users.create({
      name: 'u',
      passwordHash: '$argon2id$x',
      status: 1,
      permissions: undefined,
    });
    await catalog.users.createToken(user, { name: 't', digest: new Uint8Array(32).fill(1), expiresAt: undefined });
    await assert.rejects(
      catalog.users.createToken(user, {
        name: 'raw',
        digest: new TextEncoder().encode('raw token'),
        expiresAt: undefined,
      }),
      /32 bytes/,
    );
    assert.equal(Buffer.from(disk.content(journalPath)).indexOf('raw token'), -1);
  });

  it('#2736: purging one topic leaves the counters of the others', async () => {
    const catalog = await open(new MemoryDisk());
    const stream = await catalog.createStream('s');
    const [one, other] = [
      await catalog.createTopic(stream, settingsOf('one'), 1),
      await catalog.createTopic(stream, settingsOf('other'), 1),
    ];
    for (const topic of [one, other]) await topic.partition(0).log.append(batchOf('a', 'b'));
    const { sizeBytes } = other;
    await catalog.purgeTopic(one);
    assert.deepEqual([one.messagesCount, other.messagesCount, stream.messagesCount], [0, 2, 2]);
    assert.deepEqual([one.sizeBytes, other.sizeBytes, stream.sizeBytes], [0, sizeBytes, sizeBytes]);
    assert.deepEqual([catalog.totals.messages, catalog.totals.sizeBytes], [2, sizeBytes]);
  });

  it('#2743: no file of state is ever cut and written anew: what was there stays until the new one is complete', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 1);
    await topic.partition(0).log.append(batchOf('a'));
    const truncated: string[] = [];
    disk.fault = (operation, path) => {
      if (operation === 'truncate') truncated.push(path);
    };
    for (let offset = 0; offset < 20; offset++)
      await topic.partition(0).consumerOffsets.store(OffsetOwner.consumer, 1, 0);
    await catalog.close();
    await (await open(disk)).close();
    assert.deepEqual(truncated, []);
  });

  it('#3761: what was sent to a partition that is deleted and made again is in neither', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const stream = await catalog.createStream('s');
    const old = await catalog.createTopic(stream, settingsOf('t'), 1);
    const { log } = old.partition(0);
    await log.append(batchOf('old'));
    await catalog.deleteTopic(old);
    const fresh = await catalog.createTopic(stream, settingsOf('t'), 1);
    await assert.rejects(log.append(batchOf('late')), { kind: 'closed' });
    assert.deepEqual(await textsFrom(fresh.partition(0)), []);
    await fresh.partition(0).log.append(batchOf('new'));
    const again = (await open(afterCrash(disk))).stream(byName('s')).topic(byName('t'));
    assert.deepEqual(await textsFrom(again.partition(0)), ['new']);
  });

  it('#3907: no number of streams makes one the alias of another', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    await Promise.all(Array.from({ length: 4200 }, (_, index) => catalog.createStream(`s${index}`)));
    assert.equal(catalog.stream(byName('s0')).id, 0);
    assert.equal(catalog.stream(byName('s4096')).id, 4096);
    assert.equal(new Set([...catalog.streams].map(({ id }) => id)).size, 4200);
  });

  it('refused to start over a state log that lost 3 bytes: the last change goes, the rest is served', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    for (const name of ['a', 'b']) await catalog.createStream(name);
    const cut = afterCrash(disk);
    cut.truncate(journalPath, cut.content(journalPath).byteLength - 3);
    assert.deepEqual(
      [...(await open(cut)).streams].map(({ name }) => name),
      ['a'],
    );
  });
});
