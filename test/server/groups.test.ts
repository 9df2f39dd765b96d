// Consumer groups over sockets: members of different generations share one topic, partitions move as members come and go.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';
import { polledRegion, sentRegion } from '../protocol/sent_batches.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const scratch = scratchServer();
let server: RunningServer;
const named = (name: string) => ({ kind: IdentifierKind.name, name }) as const;
const topic = { streamId: named('s'), topicId: named('t') };
const group = { ...topic, groupId: named('g') };

before(async () => {
  server = await scratch.start();
  const client = await RawClient.loggedIn(server, 'v0_8');
  await client.call(202, { streamId: undefined, name: 's' });
  const settings = { compressionAlgorithm: 1, messageExpiry: 0n, maxTopicSize: 0n, replicationFactor: undefined };
  await client.call(302, { streamId: named('s'), topicId: undefined, partitionsCount: 4, ...settings, name: 't' });
  await client.call(602, { ...topic, groupId: undefined, name: 'g' });
  for (let partitionId = 0; partitionId < 4; partitionId++) {
    const messages = [0, 1, 2].map((index) => ({
      messageId: BigInt(10 * partitionId + index + 1),
      payload: Buffer.from(`${partitionId}:${index}`),
      headers: [],
    }));
    await client.call(101, {
      ...topic,
      partitioning: { kind: PartitioningKind.partition_id, partitionId },
      messages: sentRegion('v0_8', messages),
    });
  }
  client.close();
});
after(async () => {
  await server.stop();
  scratch.remove();
});

interface Details {
  readonly consumerGroup: { readonly membersCount: number; readonly partitionsCount: number };
  readonly members: readonly { readonly memberId: number; readonly partitionIds: readonly number[] }[];
}

async function poll(
  client: RawClient,
  generation: GenerationName,
  autoCommit = true,
): Promise<{ partitionId: number; texts: string[] }> {
  const { partitionId, messages } = await client.call<{ partitionId: number; messages: Uint8Array }>(100, {
    consumer: { kind: ConsumerKind.consumer_group, id: named('g') },
    ...topic,
    partitionId: undefined,
    strategy: { kind: PollingKind.next, value: 0n },
    count: 2,
    autoCommit,
  });
  return {
    partitionId,
    texts: polledRegion(generation, messages).map(({ payload }) => Buffer.from(payload).toString()),
  };
}

describe('a consumer group', () => {
  test('one who is no member is refused, and may not leave in generation 0.8', async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    await assert.rejects(poll(client, 'v0_8'), /status 5006/);
    await assert.rejects(client.call(605, group), /status 5006/);
    client.close();
    const old = await RawClient.loggedIn(server, 'v0_4');
    await old.call(605, group);
    old.close();
  });

  test('members of two generations share the partitions and read everything once, in order', async () => {
    const first = await RawClient.loggedIn(server, 'v0_8');
    const second = await RawClient.loggedIn(server, 'v0_4');
    await first.call(604, group);
    await second.call(604, group);
    const { members } = await first.call<Details>(600, group);
    assert.deepEqual(
      members.map(({ partitionIds }) => partitionIds),
      [
        [0, 1],
        [2, 3],
      ],
    );
    const read: string[] = [];
    for (let round = 0; round < 4; round++) {
      read.push(...(await poll(first, 'v0_8')).texts, ...(await poll(second, 'v0_4')).texts);
    }
    assert.deepEqual(
      [...read].sort(),
      [0, 1, 2, 3].flatMap((partition) => [0, 1, 2].map((index) => `${partition}:${index}`)),
    );
    for (let partition = 0; partition < 4; partition++) {
      const own = read.filter((text) => text.startsWith(`${partition}:`));
      assert.deepEqual(own, [...own].sort());
    }
    const me = await second.call<{ details: { consumerGroups: unknown[] } }>(20, {});
    assert.equal(me.details.consumerGroups.length, 1);
    first.close();
    second.close();
  });

  test('a member that is gone leaves its partitions to the others at once', async () => {
    const stays = await RawClient.loggedIn(server, 'v0_8');
    const goes = await RawClient.loggedIn(server, 'v0_6');
    await stays.call(604, group);
    await goes.call(604, group);
    goes.close();
    let details = await stays.call<Details>(600, group);
    while (details.consumerGroup.membersCount > 1) details = await stays.call<Details>(600, group);
    assert.deepEqual(details.members[0]!.partitionIds, [0, 1, 2, 3]);
    await stays.call(605, group);
    assert.equal((await stays.call<Details>(600, group)).consumerGroup.membersCount, 0);
    stays.close();
  });

  test('the stored offset of a group is its own, and goes with it', async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    await client.call(602, { ...topic, groupId: undefined, name: 'short' });
    const short = { ...topic, groupId: named('short') };
    const consumer = { kind: ConsumerKind.consumer_group, id: named('short') };
    await client.call(604, short);
    await client.call(121, { consumer, ...topic, partitionId: 1, offset: 2 });
    const stored = await client.call<{ consumerOffset: { storedOffset: number } }>(120, {
      consumer,
      ...topic,
      partitionId: 1,
    });
    assert.equal(stored.consumerOffset.storedOffset, 2);
    await client.call(603, short);
    await client.call(602, { ...topic, groupId: undefined, name: 'short' });
    const again = await client.call<{ consumerOffset: unknown }>(120, { consumer, ...topic, partitionId: 1 });
    assert.equal(again.consumerOffset, undefined);
    client.close();
  });

  test('a member that polled nothing yet means its first partition from 0.5 on', async () => {
    for (const generation of ['v0_5', 'v0_6'] as const) {
      const client = await RawClient.loggedIn(server, generation);
      await client.call(602, { ...topic, groupId: undefined, name: generation });
      await client.call(604, { ...topic, groupId: named(generation) });
      const consumer = { kind: ConsumerKind.consumer_group, id: named(generation) };
      await assert.rejects(client.call(122, { consumer, ...topic, partitionId: undefined }), /status 3021/);
      client.close();
    }
  });

  test('without a partition, an offset is of the next one in turn until something was polled in 0.8, of none in 0.4', async () => {
    const consumer = { kind: ConsumerKind.consumer_group, id: named('turn') };
    const turn = { ...topic, groupId: named('turn') };
    const request = { consumer, ...topic, partitionId: undefined };
    const client = await RawClient.loggedIn(server, 'v0_8');
    await client.call(602, { ...topic, groupId: undefined, name: 'turn' });
    await client.call(604, turn);
    await assert.rejects(client.call(122, request), /status 3021/);
    await client.call(121, { ...request, offset: 1 });
    const { consumerOffset } = await client.call<{ consumerOffset: unknown }>(120, { ...request, partitionId: 0 });
    assert.deepEqual(consumerOffset, { partitionId: 0, currentOffset: 2, storedOffset: 1 });
    client.close();
    const old = await RawClient.loggedIn(server, 'v0_4');
    await old.call(604, turn);
    assert.equal((await old.call<{ consumerOffset: unknown }>(120, request)).consumerOffset, undefined);
    await assert.rejects(old.call(121, { ...request, offset: 1 }), /status 3007/);
    old.close();
  });

  test('who names the partition need not be a member in 0.4 and 0.5, but in 0.6 and 0.8', async () => {
    const consumer = { kind: ConsumerKind.consumer_group, id: named('open') };
    const request = { consumer, ...topic, partitionId: 3 };
    const strategy = { kind: PollingKind.first, value: 0n };
    for (const generation of ['v0_4', 'v0_5', 'v0_6', 'v0_8'] as const) {
      const client = await RawClient.loggedIn(server, generation);
      if (generation === 'v0_4') await client.call(602, { ...topic, groupId: undefined, name: 'open' });
      const polled = client.call(100, { ...request, strategy, count: 2, autoCommit: false });
      if (generation === 'v0_6' || generation === 'v0_8') await assert.rejects(polled, /status 5006/);
      else {
        await polled;
        await client.call(121, { ...request, offset: 1 });
      }
      client.close();
    }
  });

  test('0.8: a member gets nothing from a partition that is not there; a stranger is told so before the partitions', async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    const bare = { streamId: named('s'), topicId: named('bare') };
    const settings = { compressionAlgorithm: 1, messageExpiry: 0n, maxTopicSize: 0n, replicationFactor: undefined };
    await client.call(302, {
      streamId: bare.streamId,
      topicId: undefined,
      partitionsCount: 1,
      ...settings,
      name: 'bare',
    });
    await client.call(602, { ...bare, groupId: undefined, name: 'g' });
    const consumer = { kind: ConsumerKind.consumer_group, id: named('g') };
    const strategy = { kind: PollingKind.next, value: 0n };
    const request = { consumer, ...bare, partitionId: 5, strategy, count: 1, autoCommit: true };
    await client.call(604, { ...bare, groupId: named('g') });
    const { messages } = await client.call<{ messages: Uint8Array }>(100, request);
    assert.equal(polledRegion('v0_8', messages).length, 0);
    await client.call(403, { ...bare, partitionsCount: 1 });
    await assert.rejects(client.call(100, request), /status 3007/);
    await assert.rejects(client.call(121, { consumer, ...bare, partitionId: 0, offset: 0 }), /status 3007/);
    await client.call(605, { ...bare, groupId: named('g') });
    await assert.rejects(client.call(100, request), /status 5006/);
    client.close();
  });
});
