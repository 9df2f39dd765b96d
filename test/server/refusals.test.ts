// Which refusal comes first, in each generation as on its official server; found by conformance/differential.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';
import { sentRegion } from '../protocol/sent_batches.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const scratch = scratchServer();
let server: RunningServer;
const clients: RawClient[] = [];

before(async () => {
  server = await scratch.start();
});
after(async () => {
  for (const client of clients) client.close();
  await server.stop();
  scratch.remove();
});

async function member(generation: GenerationName): Promise<RawClient> {
  const client = await RawClient.loggedIn(server, generation);
  clients.push(client);
  return client;
}

/** A connection that has proved its generation and logged out again. */
async function stranger(generation: GenerationName): Promise<RawClient> {
  const client = await member(generation);
  await client.call(39, {});
  return client;
}

async function status(client: RawClient, code: number, request: unknown): Promise<number> {
  client.write(client.frame(code, request));
  return (await client.reply()).status;
}

const named = (name: string) => ({ kind: 2, name }) as const;
const missing = { streamId: named('missing'), topicId: named('missing') };
const noSuchTopic = { v0_4: 1010, v0_8: 1009 } as const;

function send(generation: GenerationName, partitioning: unknown, count: number) {
  const message = { messageId: 0n, payload: Buffer.from('x'), headers: [] };
  return { ...missing, partitioning, messages: sentRegion(generation, Array(count).fill(message)) };
}

const poll = (count: number) => ({
  consumer: { kind: 1, id: { kind: 1, id: 1 } },
  ...missing,
  partitionId: undefined,
  strategy: { kind: 5, value: 0n },
  count,
  autoCommit: false,
});

describe('before a login', () => {
  test('0.4 checks values first, but not of polls', async () => {
    const client = await stranger('v0_4');
    assert.equal(await status(client, 402, { ...missing, partitionsCount: 0 }), 2015);
    assert.equal(await status(client, 100, poll(0)), 40);
    assert.equal(await status(client, 101, send('v0_4', { kind: 3, key: Buffer.alloc(0) }, 1)), 4028);
  });

  test('0.8 checks the login before values, and before anything of a send', async () => {
    const client = await stranger('v0_8');
    assert.equal(await status(client, 402, { ...missing, partitionsCount: 0 }), 40);
    assert.equal(await status(client, 202, { name: '' }), 4);
    assert.equal(await status(client, 101, send('v0_8', { kind: 1 }, 0)), 40);
  });
});

describe('sends', () => {
  test('0.4: nothing behind a balanced partitioning cannot be read, behind another it is no messages', async () => {
    const client = await member('v0_4');
    assert.equal(await status(client, 101, send('v0_4', { kind: 1 }, 0)), 3);
    assert.equal(await status(client, 101, send('v0_4', { kind: 2, partitionId: 0 }, 0)), 4009);
  });

  test('0.8: an empty key is a key; messages end where the index says', async () => {
    const client = await member('v0_8');
    assert.equal(await status(client, 101, send('v0_8', { kind: 3, key: Buffer.alloc(0) }, 1)), noSuchTopic.v0_8);
    const request = send('v0_8', { kind: 1 }, 2);
    // Position of the first message's end: behind the count and its own offset.
    request.messages[8]!++;
    assert.equal(await status(client, 101, request), 4033);
  });
});

describe('offsets, names, numbers', () => {
  test('an empty partition takes offset 0 in 0.4 and none in 0.8', async () => {
    const client = await member('v0_4');
    const topic = { streamId: named('offsets'), topicId: named('t') };
    const settings = { compressionAlgorithm: 1, messageExpiry: 0n, maxTopicSize: 0n, replicationFactor: undefined };
    await client.call(202, { streamId: undefined, name: 'offsets' });
    const wanted = { streamId: topic.streamId, topicId: undefined, partitionsCount: 1, ...settings, name: 't' };
    await client.call(302, wanted);
    const store = { consumer: { kind: 1, id: { kind: 1, id: 1 } }, ...topic, partitionId: 0, offset: 0 };
    assert.equal(await status(await member('v0_8'), 121, store), 4100);
    assert.equal(await status(client, 121, store), 0);
    const far = client.frame(121, store);
    far[far.byteLength - 1] = 0xff;
    client.write(far);
    assert.equal((await client.reply()).status, 4100, 'an offset that no number of this server holds');
    assert.equal(await status(client, 403, { ...topic, partitionsCount: 9 }), 0, '0.4 deletes all there are');
    assert.equal(await status(client, 100, { ...poll(1), ...topic }), 3008);
    assert.equal(await status(await member('v0_8'), 100, { ...poll(1), ...topic }), 3007);
  });

  test('a taken name is told before a taken id', async () => {
    const client = await member('v0_4');
    await client.call(202, { streamId: 40, name: 'taken' });
    assert.equal(await status(client, 202, { streamId: 40, name: 'taken' }), 1012);
    assert.equal(await status(client, 202, { streamId: 40, name: 'other' }), 1011);
  });

  test('text that is not UTF-8 is refused in every generation', async () => {
    for (const generation of ['v0_4', 'v0_8'] as const) {
      const client = await member(generation);
      const frame = client.frame(202, { streamId: undefined, name: 'broken' });
      frame[frame.byteLength - 1] = 0xff;
      client.write(frame);
      assert.equal((await client.reply()).status, 3);
    }
  });
});
