// A whole server in this process, spoken to in raw frames: what a client of each generation sees, restart included.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'smol-toml';
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';
import { polledRegion, sentRegion } from '../protocol/sent_batches.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const scratch = scratchServer();
let server: RunningServer;

before(async () => {
  server = await scratch.start();
});
after(async () => {
  await server.stop();
  scratch.remove();
});

const named = (name: string) => ({ kind: IdentifierKind.name, name }) as const;
const generations = Object.keys(protocols.byName) as GenerationName[];

interface Polled {
  readonly partitionId: number;
  readonly currentOffset: number;
  readonly messages: Uint8Array;
}

function poll(
  client: RawClient,
  stream: string,
  kind: PollingKind,
  value = 0n,
  count = 100,
  autoCommit = false,
): Promise<Polled> {
  return client.call<Polled>(100, {
    consumer: { kind: ConsumerKind.consumer, id: { kind: IdentifierKind.numeric, id: 7 } },
    streamId: named(stream),
    topicId: named('t'),
    partitionId: 1,
    strategy: { kind, value },
    count,
    autoCommit,
  });
}

function createTopic(client: RawClient, stream: string): Promise<unknown> {
  return client.call(302, {
    streamId: named(stream),
    topicId: undefined,
    partitionsCount: 2,
    compressionAlgorithm: 1,
    messageExpiry: 0n,
    maxTopicSize: 0n,
    replicationFactor: undefined,
    name: 't',
  });
}

function send(
  client: RawClient,
  generation: GenerationName,
  stream: string,
  texts: readonly string[],
): Promise<unknown> {
  const messages = texts.map((text, index) => ({
    messageId: BigInt(index + 1),
    payload: Buffer.from(text),
    headers: [{ key: 'k', kind: 2 as const, value: Buffer.from(text) }],
  }));
  return client.call(101, {
    streamId: named(stream),
    topicId: named('t'),
    partitioning: { kind: PartitioningKind.partition_id, partitionId: 1 },
    messages: sentRegion(generation, messages),
  });
}

describe('frames', () => {
  test('the golden exchange of 0.4: ping, refused before login, login', async () => {
    const client = await RawClient.open(server, 'v0_4');
    client.write(Buffer.from('0400000001000000', 'hex'));
    assert.equal((await client.take(8)).toString('hex'), '0000000000000000');
    client.write(Buffer.from('04000000c9000000', 'hex'));
    assert.equal(
      (await client.take(27)).toString('hex'),
      `28000000130000000f000000${Buffer.from('Unauthenticated').toString('hex')}`,
    );
    client.write(Buffer.from('1c000000260000000469676779046967677906000000302e362e343000000000', 'hex'));
    assert.equal((await client.take(12)).toString('hex'), '000000000400000001000000');
    client.close();
  });

  test('a client that leaves the text of a refusal unread is closed when its login tells so', async () => {
    const client = await RawClient.open(server, 'v0_5');
    client.write(Buffer.from('04000000c9000000', 'hex'));
    await client.take(27);
    client.write(client.frame(38, { username: 'iggy', password: 'iggy', version: '0.7.0', context: '' }));
    assert.ok(await client.isClosed());
  });

  test('pipelined requests are answered in order, whatever the split', async () => {
    const client = await RawClient.open(server, 'v0_8');
    const frames = Buffer.concat([
      client.frame(38, { username: 'iggy', password: 'iggy', version: '0.10.0', context: '' }),
      client.frame(1, {}),
      client.frame(201, {}),
      client.frame(1, {}),
    ]);
    for (let at = 0; at < frames.byteLength; at += 3) {
      client.write(frames.subarray(at, at + 3));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const login = await client.reply();
    assert.deepEqual([login.status, login.payload.toString('hex')], [0, '00000000']);
    for (let index = 0; index < 3; index++) assert.equal((await client.reply()).status, 0);
    client.close();
  });

  test('an unknown code and a malformed payload are refused with 3, and the connection lives', async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    client.write(Buffer.from('0400000039300000', 'hex'));
    assert.equal((await client.reply()).status, 3);
    client.write(Buffer.from('06000000c80000000104', 'hex'));
    assert.equal((await client.reply()).status, 3);
    await client.call(1, {});
    client.close();
  });

  test('a length bomb is refused at once and the connection ends', async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    client.write(Buffer.from('ffffffff65000000', 'hex'));
    assert.equal((await client.reply()).status, 3);
    assert.ok(await client.isClosed());
  });

  test('a wrong password is refused in the form that the SDK of the login reads', async () => {
    for (const [version, size] of [
      ['0.6.40', 23],
      ['0.6.202', 0],
      ['0.10.0', 0],
    ] as const) {
      const client = await RawClient.open(server, 'v0_8');
      client.write(client.frame(38, { username: 'iggy', password: 'wrong', version, context: '' }));
      const { status, payload } = await client.reply();
      assert.deepEqual([status, payload.byteLength], [42, size]);
      client.close();
    }
  });
});

/** Messages that the generations send to the shared topic, three each. */
const sentCount = 3 * generations.length;

describe('one topic, every generation', () => {
  const texts = (generation: string): string[] => [`${generation}:0`, `${generation}:1`, `${generation}:2`];

  before(async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    await client.call(202, { streamId: undefined, name: 'shared' });
    await createTopic(client, 'shared');
    client.close();
    for (const generation of generations) {
      const sender = await RawClient.loggedIn(server, generation);
      await send(sender, generation, 'shared', texts(generation));
      sender.close();
    }
  });

  for (const generation of generations) {
    test(`${generation} reads what all of them sent`, async () => {
      const client = await RawClient.loggedIn(server, generation);
      const polled = polledRegion(generation, (await poll(client, 'shared', PollingKind.offset)).messages);
      assert.deepEqual(
        polled.map(({ payload }) => Buffer.from(payload).toString()),
        generations.flatMap(texts),
      );
      assert.deepEqual(
        polled.map(({ offset }) => offset),
        [...Array(sentCount).keys()],
      );
      assert.deepEqual(
        polled.map(({ headers }) => Buffer.from(headers[0]!.value).toString()),
        generations.flatMap(texts),
      );
      client.close();
    });

    test(`${generation} polls by every strategy`, async () => {
      const client = await RawClient.loggedIn(server, generation);
      const offsets = async (kind: PollingKind, value: bigint, count: number): Promise<number[]> =>
        polledRegion(generation, (await poll(client, 'shared', kind, value, count)).messages).map(
          ({ offset }) => offset,
        );
      assert.deepEqual(await offsets(PollingKind.offset, 4n, 2), [4, 5]);
      assert.deepEqual(await offsets(PollingKind.offset, BigInt(sentCount), 2), []);
      assert.deepEqual(await offsets(PollingKind.first, 0n, 2), [0, 1]);
      assert.deepEqual(await offsets(PollingKind.last, 0n, 2), [sentCount - 2, sentCount - 1]);
      const { timestamp } = polledRegion(
        generation,
        (await poll(client, 'shared', PollingKind.offset, 6n, 1)).messages,
      )[0]!;
      assert.deepEqual(await offsets(PollingKind.timestamp, BigInt(timestamp), 2), [6, 7]);
      assert.deepEqual(await offsets(PollingKind.timestamp, 2n ** 63n, 2), []);
      client.close();
    });

    test(`${generation} counts the partition as its own`, async () => {
      const client = await RawClient.loggedIn(server, generation);
      const bytes = client.frame(100, {
        ...{ consumer: { kind: ConsumerKind.consumer, id: { kind: IdentifierKind.numeric, id: 7 } } },
        streamId: named('shared'),
        topicId: named('t'),
        partitionId: 1,
        strategy: { kind: PollingKind.first, value: 0n },
        count: 1,
        autoCommit: false,
      });
      client.write(bytes);
      const { payload } = await client.reply();
      assert.equal(payload.readUInt32LE(0), generation === 'v0_4' || generation === 'v0_5' ? 2 : 1);
      client.close();
    });
  }

  test('"next" goes on behind the committed offset', async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    const next = async (): Promise<number[]> =>
      polledRegion('v0_8', (await poll(client, 'shared', PollingKind.next, 0n, 5, true)).messages).map(
        ({ offset }) => offset,
      );
    assert.deepEqual(await next(), [0, 1, 2, 3, 4]);
    assert.deepEqual(await next(), [5, 6, 7, 8, 9]);
    assert.deepEqual(await next(), [10, 11, 12, 13, 14]);
    assert.deepEqual(await next(), []);
    client.close();
  });
});

describe('keys, tokens, restart', () => {
  test('a key goes where the reference sends it, as each generation counts', async () => {
    const expected = { v0_4: 3, v0_5: 3, v0_6: 0, v0_8: 0, v0_9: 0 };
    for (const generation of generations) {
      const client = await RawClient.loggedIn(server, generation);
      await client.call(202, { streamId: undefined, name: `keys_${generation}` });
      await client.call(302, {
        streamId: named(`keys_${generation}`),
        topicId: undefined,
        partitionsCount: 3,
        compressionAlgorithm: 1,
        messageExpiry: 0n,
        maxTopicSize: 0n,
        replicationFactor: undefined,
        name: 't',
      });
      await client.call(101, {
        streamId: named(`keys_${generation}`),
        topicId: named('t'),
        partitioning: { kind: PartitioningKind.messages_key, key: Buffer.from('abc') },
        messages: sentRegion(generation, [{ messageId: 1n, payload: Buffer.from('x'), headers: [] }]),
      });
      const { partitions } = await client.call<{ partitions: { partitionId: number; messagesCount: number }[] }>(300, {
        streamId: named(`keys_${generation}`),
        topicId: named('t'),
      });
      const found = partitions.find(({ messagesCount }) => messagesCount === 1)!;
      assert.equal(found.partitionId + protocols.byName[generation].idBase, expected[generation], generation);
      client.close();
    }
  });

  test('a token logs in until it is deleted, and outlives a restart', async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    const { token } = await client.call<{ token: string }>(42, { name: 'ci_token', expiry: 0n });
    assert.equal(token.length, 68);
    client.close();
    await server.stop();
    server = await scratch.start();
    const other = await RawClient.open(server, 'v0_8');
    assert.deepEqual(await other.call(44, { token }), { userId: 0 });
    await other.call(43, { name: 'ci_token' });
    await assert.rejects(other.call(44, { token }), /status 20/);
    other.close();
  });

  test('messages, offsets and topics outlive a restart', async () => {
    const client = await RawClient.loggedIn(server, 'v0_6');
    const polled = polledRegion('v0_6', (await poll(client, 'shared', PollingKind.offset)).messages);
    assert.equal(polled.length, sentCount);
    assert.deepEqual(polledRegion('v0_6', (await poll(client, 'shared', PollingKind.next)).messages), []);
    client.close();
  });

  test('deleting segments keeps the one that takes appends', async () => {
    const client = await RawClient.loggedIn(server, 'v0_8');
    const place = { streamId: named('shared'), topicId: named('t') };
    await client.call(503, { ...place, partitionId: 1, segmentsCount: 5 });
    const { messages } = await poll(client, 'shared', PollingKind.first);
    assert.equal(polledRegion('v0_8', messages).length, sentCount);
    await assert.rejects(client.call(503, { ...place, partitionId: 9, segmentsCount: 1 }), /status 3007/);
    client.close();
  });

  test('the runtime file tells where TCP really listens', () => {
    const path = join(scratch.folder, 'runtime/current_config.toml');
    assert.ok(existsSync(path));
    const { tcp, http } = parse(readFileSync(path, 'utf8')) as { tcp: { address: string }; http: { enabled: boolean } };
    assert.equal(tcp.address, `${server.tcp!.host}:${server.tcp!.port}`);
    assert.equal(http.enabled, false);
  });

  test('a second server on the same folder is refused, and says by whom it is in use', async () => {
    await assert.rejects(scratch.start(), new RegExp(`in use by process ${process.pid}`));
  });
});
