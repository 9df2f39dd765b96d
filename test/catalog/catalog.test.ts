// The catalog as handlers see it: ids, refusals, restarts, and that nothing deleted comes back.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CompressionAlgorithm } from '../../generated/common/compression_algorithm.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { batchOf } from '../log/log_under_test.ts';
import { failure, MemoryDisk } from '../log/memory_disk.ts';
import { afterCrash, byId, byName, journalPath, open, pictureOf, settingsOf } from './catalog_under_test.ts';

/** The same files as after the death of the process: its lock does not count. */
describe('the catalog', () => {
  it('gives the lowest free id, or the wanted one', async () => {
    const catalog = await open(new MemoryDisk());
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push((await catalog.createStream(name)).id);
    assert.deepEqual(ids, [0, 1, 2]);
    await catalog.deleteStream(catalog.stream(byId(1)));
    assert.equal((await catalog.createStream('d')).id, 1);
    assert.equal((await catalog.createStream('e', 7)).id, 7);
    await assert.rejects(catalog.createStream('f', 7), { status: 'stream_id_already_exists' });
    const topic = await catalog.createTopic(catalog.stream(byName('a')), settingsOf('t'), 0, 3);
    assert.equal(topic.id, 3);
    assert.equal((await catalog.createConsumerGroup(topic, 'g')).id, 0);
    await assert.rejects(catalog.createConsumerGroup(topic, 'h', 0), { status: 'consumer_group_id_already_exists' });
    await assert.rejects(catalog.createTopic(catalog.stream(byName('a')), settingsOf('u'), 0, 3), {
      status: 'topic_id_already_exists',
    });
  });

  it('refuses what is missing or doubled, by the status of the reference', async () => {
    const catalog = await open(new MemoryDisk());
    const stream = await catalog.createStream('s');
    const topic = await catalog.createTopic(stream, settingsOf('t'), 2);
    const group = await catalog.createConsumerGroup(topic, 'g');
    assert.throws(() => catalog.stream(byId(9)), { status: 'stream_id_not_found' });
    assert.throws(() => catalog.stream(byName('S')), { status: 'stream_name_not_found' });
    assert.throws(() => stream.topic(byId(9)), { status: 'topic_id_not_found' });
    assert.throws(() => stream.topic(byName('T')), { status: 'topic_name_not_found' });
    assert.throws(() => topic.partition(2), { status: 'partition_not_found' });
    assert.throws(() => topic.consumerGroup(byId(9)), { status: 'consumer_group_id_not_found' });
    assert.throws(() => catalog.users.user(byId(9)), { status: 'resource_not_found' });
    await assert.rejects(catalog.createStream('s'), { status: 'stream_name_already_exists' });
    await assert.rejects(catalog.createTopic(stream, settingsOf('t'), 1), { status: 'topic_name_already_exists' });
    await assert.rejects(catalog.createConsumerGroup(topic, 'g'), { status: 'consumer_group_name_already_exists' });
    await assert.rejects(catalog.deletePartitions(topic, 3), { status: 'invalid_partitions_count' });
    await assert.rejects(catalog.createStream('\ufffd'.repeat(100)), { status: 'invalid_stream_name' });
    await catalog.deleteConsumerGroup(topic, group);
    await assert.rejects(catalog.deleteConsumerGroup(topic, group), { status: 'consumer_group_id_not_found' });
    await catalog.deleteStream(stream);
    await assert.rejects(catalog.updateStream(stream, 'x'), { status: 'stream_id_not_found' });
    await assert.rejects(catalog.purgeTopic(topic), { status: 'topic_id_not_found' });
  });

  it('lets one of several equal requests in flight win', async () => {
    const catalog = await open(new MemoryDisk());
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => catalog.createStream('same')));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    const stream = catalog.stream(byName('same'));
    const deletes = await Promise.allSettled([
      catalog.deleteStream(stream),
      catalog.deleteStream(stream),
      catalog.createTopic(stream, settingsOf('t'), 1),
    ]);
    assert.deepEqual(
      deletes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected'],
    );
    const names = await Promise.all(Array.from({ length: 50 }, (_, index) => catalog.createStream(`n${index}`)));
    assert.deepEqual(
      names.map(({ id }) => id).sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, index) => index),
    );
  });

  it('finds by the new name after a rename, and not by the old one', async () => {
    const catalog = await open(new MemoryDisk());
    const stream = await catalog.createStream('old');
    const topic = await catalog.createTopic(stream, settingsOf('old topic'), 1);
    await catalog.updateStream(stream, 'new');
    await catalog.updateStream(stream, 'new');
    await catalog.updateTopic(topic, { ...settingsOf('new topic'), compressionAlgorithm: CompressionAlgorithm.gzip });
    assert.equal(
      catalog.stream(byName('new')).topic(byName('new topic')).compressionAlgorithm,
      CompressionAlgorithm.gzip,
    );
    assert.equal(catalog.findStream(byName('old')), undefined);
    assert.equal(stream.findTopic(byName('old topic')), undefined);
    await catalog.createStream('old');
  });

  it('spreads balanced batches over the partitions in turn', async () => {
    const catalog = await open(new MemoryDisk());
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 3);
    assert.deepEqual(
      Array.from({ length: 4 }, () => topic.nextPartition().id),
      [0, 1, 2, 0],
    );
    await catalog.deletePartitions(topic, 2);
    assert.equal(topic.nextPartition().id, 0);
    await catalog.deletePartitions(topic, 1);
    assert.throws(() => topic.nextPartition(), { status: 'no_partitions' });
  });

  it('is the same after a clean stop, and after a crash', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const stream = await catalog.createStream('s');
    const topic = await catalog.createTopic(stream, settingsOf('t'), 3);
    await catalog.createTopic(stream, settingsOf('gone'), 1);
    await catalog.deleteTopic(stream.topic(byName('gone')));
    await catalog.createPartitions(topic, 2);
    await catalog.deletePartitions(topic, 1);
    await catalog.createConsumerGroup(topic, 'g');
    await topic.partition(3).log.append(batchOf('a', 'b'));
    const user = await catalog.users.create({
      name: 'user',
      passwordHash: 'h',
      status: UserStatus.active,
      permissions: undefined,
    });
    await catalog.users.createToken(user, { name: 'token', digest: new Uint8Array(32).fill(7), expiresAt: 99 });
    await catalog.users.createToken(user, { name: 'other', digest: new Uint8Array(32).fill(8), expiresAt: undefined });
    await catalog.users.deleteToken(user, 'other');
    await catalog.users.update(user, { name: 'renamed', status: UserStatus.inactive });
    await catalog.users.setPasswordHash(user, 'another');
    const picture = pictureOf(catalog);
    assert.deepEqual(pictureOf(await open(afterCrash(disk))), picture);
    await catalog.close();
    const again = await open(disk);
    assert.deepEqual(pictureOf(again), picture);
    assert.equal(again.users.findToken(new Uint8Array(32).fill(7))?.user.name, 'renamed');
    assert.equal(again.users.findToken(new Uint8Array(32).fill(8)), undefined);
    await again.users.delete(again.users.user(byName('renamed')));
    assert.equal(again.users.findToken(new Uint8Array(32).fill(7)), undefined);
    await assert.rejects(again.users.delete(again.users.user(byId(0))), { status: 'cannot_delete_user' });
  });

  it('keeps what is deleted or purged away for ever, wherever the process dies', async () => {
    for (const deed of ['purge topic', 'purge stream', 'delete topic', 'delete stream', 'delete partitions'] as const) {
      for (let number = 1, isReached = true; isReached; number++) {
        const disk = new MemoryDisk();
        const catalog = await open(disk);
        const stream = await catalog.createStream('s');
        const topic = await catalog.createTopic(stream, settingsOf('t'), 2);
        for (const partition of topic.partitions) {
          await partition.log.append(batchOf('old'));
          await partition.consumerOffsets.store(OffsetOwner.consumer, 1, 0);
        }
        let calls = 0;
        disk.fault = (operation, path) => {
          if (++calls >= number) throw failure('EIO', `${operation} ${path}`);
        };
        const done = {
          'purge topic': () => catalog.purgeTopic(topic),
          'purge stream': () => catalog.purgeStream(stream),
          'delete topic': () => catalog.deleteTopic(topic),
          'delete stream': () => catalog.deleteStream(stream),
          'delete partitions': () => catalog.deletePartitions(topic, 2),
        }[deed];
        const isDone = await done().then(
          () => true,
          () => false,
        );
        await catalog.close().catch(() => {});
        isReached = calls >= number;
        disk.fault = () => {};
        const notices: string[] = [];
        const again = await open(afterCrash(disk), notices);
        const found = again.findStream(byName('s'))?.findTopic(byName('t'))?.partitions ?? [];
        if (isDone) {
          assert.equal(again.totals.messages, 0, `${deed}, call ${number}`);
          for (const partition of found)
            assert.equal(partition.consumerOffsets.get(OffsetOwner.consumer, 1), undefined);
        }
        // All or nothing.
        assert.ok([0, 2].includes(again.totals.messages));
        assert.deepEqual(
          notices.filter((notice) => notice.includes('not in the catalog')),
          [],
        );
      }
    }
  });

  it('unlinks the files of what was deleted, at once or at the next start', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 2);
    for (const partition of topic.partitions) await partition.log.append(batchOf('old'));
    assert.equal(disk.list('/data/logs').length, 2);
    await catalog.purgeTopic(topic);
    assert.equal(disk.list('/data/logs').length, 0);
    assert.equal((await topic.partition(0).log.append(batchOf('new'))).baseOffset, 0);
    disk.fault = (operation, path) => {
      if (operation === 'removeFolder') throw failure('EBUSY', path);
    };
    await catalog.deleteTopic(topic);
    await catalog.close();
    assert.equal(disk.list('/data/logs').length, 1);
    disk.fault = () => {};
    const again = await open(disk);
    await again.close();
    assert.equal(disk.list('/data/logs').length, 0);
  });

  it('gives a group of a number used again no offsets of the group before it, also when those could not be forgotten', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 1);
    const { consumerOffsets } = topic.partition(0);
    const group = await catalog.createConsumerGroup(topic, 'g');
    await topic.partition(0).log.append(batchOf('a', 'b'));
    await consumerOffsets.store(OffsetOwner.consumer_group, group.createdIndex, 1);
    await consumerOffsets.store(OffsetOwner.consumer, group.id, 1);
    disk.fault = (operation, path) => {
      if (operation === 'writev' && path.includes('/offsets')) throw failure('EIO', path);
    };
    await catalog.deleteConsumerGroup(topic, group);
    disk.fault = () => {};
    const later = await catalog.createConsumerGroup(topic, 'h');
    assert.equal(later.id, group.id);
    assert.equal(consumerOffsets.get(OffsetOwner.consumer_group, later.createdIndex), undefined);
    const again = (await open(afterCrash(disk))).stream(byName('s')).topic(byName('t'));
    const found = again.partition(0).consumerOffsets;
    assert.equal(found.get(OffsetOwner.consumer_group, again.consumerGroup(byName('h')).createdIndex), undefined);
    assert.equal(found.get(OffsetOwner.consumer, group.id), 1);
  });

  it('keeps nothing of a deleted group', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 1);
    const group = await catalog.createConsumerGroup(topic, 'g');
    await topic.partition(0).log.append(batchOf('a', 'b'));
    await topic.partition(0).consumerOffsets.store(OffsetOwner.consumer_group, group.createdIndex, 1);
    await catalog.deleteConsumerGroup(topic, group);
    const again = (await open(afterCrash(disk))).stream(byName('s')).topic(byName('t')).partition(0);
    for (const { consumerOffsets } of [topic.partition(0), again])
      assert.equal(consumerOffsets.get(OffsetOwner.consumer_group, group.createdIndex), undefined);
  });

  it('serves the others when the disk does not hand over one partition, and nothing of that one is lost', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 2);
    for (const { log, consumerOffsets } of topic.partitions) {
      await log.append(batchOf('a', 'b'));
      await consumerOffsets.store(OffsetOwner.consumer, 1, 1);
    }
    const crashed = afterCrash(disk);
    crashed.fault = (operation, path) => {
      if (operation === 'open' && path.includes('/0-0-1-')) throw failure('EIO', path);
    };
    const notices: string[] = [];
    const sick = (await open(crashed, notices)).stream(byName('s')).topic(byName('t'));
    assert.equal(sick.partition(0).messagesCount, 2);
    const { log, consumerOffsets } = sick.partition(1);
    assert.match(log.fence ?? '', /cannot be read: EIO/);
    await assert.rejects(log.read(0, 1), { kind: 'read_failed' });
    await assert.rejects(log.append(batchOf('c')), { kind: 'fenced' });
    await assert.rejects(consumerOffsets.store(OffsetOwner.consumer, 1, 0), { kind: 'fenced' });
    assert.equal(consumerOffsets.get(OffsetOwner.consumer, 1), undefined);
    assert.match(notices.join(), /cannot be read/);
    const well = (await open(afterCrash(crashed))).stream(byName('s')).topic(byName('t'));
    assert.equal(well.partition(1).messagesCount, 2);
    assert.equal(well.partition(1).consumerOffsets.get(OffsetOwner.consumer, 1), 1);
  });

  it('changes nothing when the disk is full, and goes on when there is space', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    disk.fault = (operation, path) => {
      if (operation === 'writev' && path === journalPath) throw failure('ENOSPC', path);
    };
    await assert.rejects(catalog.createStream('s'), { kind: 'write_failed' });
    disk.fault = () => {};
    assert.equal((await catalog.createStream('s')).id, 0);
    assert.equal((await open(afterCrash(disk))).stream(byName('s')).id, 0);
  });

  it('shows no change whose sync failed, and takes none after it', async () => {
    const disk = new MemoryDisk();
    const catalog = await open(disk);
    disk.fault = (operation, path) => {
      if (operation === 'sync') throw failure('EIO', path);
    };
    await assert.rejects(catalog.createStream('s'), { kind: 'fenced' });
    disk.fault = () => {};
    assert.equal(catalog.findStream(byName('s')), undefined);
    await assert.rejects(catalog.createStream('t'), { kind: 'fenced' });
  });
});
