// Users over sockets: what one generation can say about them and another cannot.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rootPermissions } from '../../src/access/permissioner.ts';
import type { RunningServer } from '../../src/server.ts';
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

test('0.4: permissions for stream and topic 0, which no generation that counts from 1 has, are left out', async () => {
  const client = await RawClient.loggedIn(server, 'v0_4');
  const flags = { readStream: true, manageStream: false, manageTopics: false, readTopics: false };
  const messages = { pollMessages: true, sendMessages: false };
  const topic = (topicId: number) => ({ topicId, manageTopic: false, readTopic: true, ...messages });
  // The client counts from 1: -1 is 0 on the wire.
  const stream = (streamId: number) => ({ streamId, ...flags, ...messages, topics: [topic(-1), topic(2)] });
  const permissions = { global: rootPermissions.global, streams: [stream(-1), stream(1)] };
  const expected = { global: rootPermissions.global, streams: [{ ...stream(1), topics: [topic(2)] }] };
  const user = { username: 'reader', password: 'secret', status: 1, permissions };
  const created = await client.call<{ details: { permissions: unknown } }>(33, user);
  assert.deepEqual(created.details.permissions, expected);
  const userId = { kind: 2, name: 'reader' };
  await client.call(36, { userId, permissions });
  const read = await client.call<{ details: { permissions: unknown } }>(31, { userId });
  assert.deepEqual(read.details.permissions, expected);
  client.close();
});

test('who may not read offsets or users is refused also where there is none', async () => {
  const root = await RawClient.loggedIn(server, 'v0_8');
  const named = (name: string) => ({ kind: 2, name });
  const settings = { compressionAlgorithm: 1, messageExpiry: 0n, maxTopicSize: 0n, replicationFactor: undefined };
  await root.call(202, { streamId: undefined, name: 's' });
  await root.call(302, { streamId: named('s'), topicId: undefined, partitionsCount: 1, ...settings, name: 't' });
  const request = {
    consumer: { kind: 2, id: named('missing') },
    streamId: named('s'),
    topicId: named('t'),
    partitionId: undefined,
  };
  assert.equal((await root.call<{ consumerOffset: unknown }>(120, request)).consumerOffset, undefined);
  await root.call(33, { username: 'nothing', password: 'secret', status: 1, permissions: undefined });
  await root.call(38, { username: 'nothing', password: 'secret', version: '', context: '' });
  await assert.rejects(root.call(120, request), /status 41/);
  await assert.rejects(root.call(31, { userId: named('nobody') }), /status 41/);
  root.close();
});

test('0.6: who may not read something is told that there is nothing, and who is not logged in is refused', async () => {
  const root = await RawClient.loggedIn(server, 'v0_6');
  await root.call(202, { name: 'hidden' });
  await root.call(33, { username: 'outsider', password: 'secret', status: 1, permissions: undefined });
  const request = { streamId: { kind: 2, name: 'hidden' } };
  assert.notEqual((await root.call<{ stream: unknown }>(200, request)).stream, undefined);
  await root.call(38, { username: 'outsider', password: 'secret', version: '', context: '' });
  assert.equal((await root.call<{ stream: unknown }>(200, request)).stream, undefined);
  await assert.rejects(root.call(301, request), /status 41/);
  await root.call(39, {});
  await assert.rejects(root.call(200, request), /status 40/);
  root.close();
});

test('a token deleted while it is being created logs out nobody else', async () => {
  const [bystander, maker, deleter] = [
    await RawClient.loggedIn(server, 'v0_8'),
    await RawClient.loggedIn(server, 'v0_8'),
    await RawClient.loggedIn(server, 'v0_8'),
  ];
  let met = 0;
  for (let round = 0; round < 20; round++) {
    const name = `short-lived-${round}`;
    maker.write(maker.frame(42, { name, expiry: 0n }));
    deleter.write(deleter.frame(43, { name }));
    const [made, deleted] = [await maker.reply(), await deleter.reply()];
    assert.equal(made.status, 0);
    if (deleted.status === 0) met++;
    await bystander.call(41, {});
  }
  assert.ok(met > 0, 'a deletion came while its token was being created');
  for (const client of [bystander, maker, deleter]) client.close();
});
