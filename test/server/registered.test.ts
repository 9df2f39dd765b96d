// Sessions of generation 0.9: how they begin, what refuses them, how changes are numbered, how they end. Over real sockets, byte by byte where it matters.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { EvictionView } from '../../generated/v0_9/eviction.ts';
import { ReplyHeaderView } from '../../generated/v0_9/reply_header.ts';
import { RequestHeaderView } from '../../generated/v0_9/request_header.ts';
import { xxh3 } from '../../src/lib/checksum.ts';
import { protocolVersion } from '../../src/protocol/v0_9.ts';
import type { RunningServer } from '../../src/server.ts';
import { named } from './every_command.ts';
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

const headSize = RequestHeaderView.headerSize;

function headOf(frame: Uint8Array): RequestHeaderView {
  return new RequestHeaderView().wrap(new DataView(frame.buffer, frame.byteOffset, frame.byteLength), 0);
}

/** Sends a frame and gives the head of what comes back. */
async function headAfter(client: RawClient, frame: Uint8Array): Promise<Buffer> {
  return (await replyTo(client, frame)).subarray(0, headSize);
}

/** Sends a frame and gives the whole reply. */
async function replyTo(client: RawClient, frame: Uint8Array): Promise<Buffer> {
  client.write(frame);
  const head = await client.take(headSize);
  return Buffer.concat([head, await client.take(head.readUInt32LE(48) - headSize)]);
}

/** The code in the result section of a reply; 0 when nothing was refused. */
function resultIn(reply: Buffer): number {
  return reply.readUInt32LE(headSize) === 0 ? 0 : reply.readUInt32LE(headSize + 8);
}

function evictionIn(head: Buffer): EvictionView {
  assert.equal(head[60], 13, 'an eviction');
  assert.equal(head.readUInt32LE(48), headSize, 'without a body');
  return new EvictionView().wrap(new DataView(head.buffer, head.byteOffset, head.byteLength), 0);
}

/** A login with another protocol version. */
function loginAs(client: RawClient, version: number): Uint8Array {
  const frame = client.loginFrame('iggy', 'iggy');
  new DataView(frame.buffer, frame.byteOffset).setUint32(headSize, version, true);
  return frame;
}

test('a reply repeats what tells the client which request it answers', async () => {
  const client = await RawClient.open(server, 'v0_9');
  const ping = client.frame('ping', {});
  const sent = headOf(ping);
  sent.timestamp = 77n;
  sent.request = 9n;
  const head = await headAfter(client, ping);
  const reply = new ReplyHeaderView().wrap(new DataView(head.buffer, head.byteOffset, head.byteLength), 0);
  assert.deepEqual(
    [reply.frameSize, reply.command, reply.clientId, reply.timestamp, reply.request, reply.operation, reply.status],
    [headSize, 8, sent.clientId, 77n, 9n, 2, 0],
  );
  client.close();
});

test('only the minor version that is spoken here begins a session; others are told the window', async () => {
  const minor = 1 << 10;
  for (const version of [protocolVersion - 1, protocolVersion + minor, protocolVersion - minor, 12_290, 0]) {
    const client = await RawClient.open(server, 'v0_9');
    const eviction = evictionIn(await headAfter(client, loginAs(client, version)));
    assert.deepEqual(
      [eviction.reason, eviction.protocolVersionMin, eviction.protocolVersionMax],
      [14, protocolVersion, protocolVersion],
      String(version),
    );
    assert.equal(await client.logIn('iggy', 'iggy'), 0, 'the connection survives');
    client.close();
  }
  // SDK 0.11.1-edge.9 sums bodies up in another way, and has a secret behind its version; all it must be told is the window.
  const newer = await RawClient.open(server, 'v0_9');
  const login = loginAs(newer, 12_290);
  headOf(login).requestChecksum = 2n ** 100n;
  assert.equal(evictionIn(await headAfter(newer, login)).reason, 14);
  newer.close();
  const patched = await RawClient.open(server, 'v0_9');
  assert.equal((await headAfter(patched, loginAs(patched, protocolVersion + 3)))[60], 8);
  patched.close();
});

test('a login that cannot be read, or whose password is wrong, is evicted with its reason', async () => {
  const client = await RawClient.open(server, 'v0_9');
  const malformed = client.loginFrame('iggy', 'iggy').slice(0, headSize + 7);
  headOf(malformed).frameSize = malformed.byteLength;
  assert.equal(evictionIn(await headAfter(client, malformed)).reason, 15);
  assert.equal(evictionIn(await headAfter(client, client.loginFrame('iggy', 'wrong'))).reason, 9);
  const legacy = client.frame('ping', {});
  headOf(legacy).code = 38;
  assert.equal(evictionIn(await headAfter(client, legacy)).reason, 15, 'the login of older generations');
  client.close();
});

test('without a session a change is evicted, a read refused, and a ping answered', async () => {
  const client = await RawClient.open(server, 'v0_9');
  const change = client.frame('create_stream', { name: 'never' });
  assert.equal(evictionIn(await headAfter(client, change)).reason, 1);
  const cut = change.slice(0, headSize + 1);
  headOf(cut).frameSize = cut.byteLength;
  assert.equal(evictionIn(await headAfter(client, cut)).reason, 1, 'one that cannot be read, too');
  assert.equal((await headAfter(client, client.frame('get_streams', {}))).readUInt32LE(216), 40);
  assert.equal((await client.ask('ping', {})).status, 0);
  assert.equal((await client.ask('logout_user', {})).status, 0);
  client.close();
});

test('a second login keeps the session and the user of the first; after a logout it begins anew', async () => {
  const root = await RawClient.loggedIn(server, 'v0_9');
  await root.call('create_user', { username: 'second', password: 'second', status: 1, permissions: undefined });
  const client = await RawClient.open(server, 'v0_9');
  const session = async (username: string, password: string): Promise<bigint> => {
    client.write(client.loginFrame(username, password));
    const { status, payload } = await client.reply();
    assert.equal(status, 0);
    return payload.readBigUInt64LE(4);
  };
  const first = await session('iggy', 'iggy');
  assert.equal(await session('second', 'second'), first);
  assert.equal(evictionIn(await headAfter(client, client.loginFrame('second', 'wrong'))).reason, 9, 'checked anyway');
  await client.call('get_users', {});
  await client.call('logout_user', {});
  assert.ok((await session('second', 'second')) > first);
  assert.equal((await client.ask('get_users', {})).status, 41, 'another user now');
  for (const each of [client, root]) each.close();
});

test('a repeated change is answered as before and done once', async () => {
  const client = await RawClient.loggedIn(server, 'v0_9');
  const create = client.frame('create_stream', { name: 'once' });
  const first = await replyTo(client, create);
  assert.equal(resultIn(first), 0);
  assert.deepEqual(await replyTo(client, create), first);
  const streams = await client.call<{ streams: { name: string }[] }>('get_streams', {});
  assert.equal(streams.streams.filter(({ name }) => name === 'once').length, 1);
  const refused = client.frame('create_stream', { name: 'once' });
  for (let twice = 0; twice < 2; twice++) {
    assert.equal(resultIn(await replyTo(client, refused)), 1012, 'a refusal is kept too');
  }
  for (let count = 0; count < 5; count++) await client.call('update_stream', { streamId: named('once'), name: 'once' });
  assert.equal(resultIn(await replyTo(client, create)), 59, 'the answer is no longer kept');
  client.close();
});

test('the secret of a token is not said twice', async () => {
  const client = await RawClient.loggedIn(server, 'v0_9');
  const create = client.frame('create_personal_access_token', { name: 'secret', expiry: 0n });
  assert.equal(resultIn(await replyTo(client, create)), 0);
  assert.equal(resultIn(await replyTo(client, create)), 59);
  client.close();
});

test('a body that is not the one its checksum was made of is refused', async () => {
  const client = await RawClient.loggedIn(server, 'v0_9');
  const frame = client.frame('create_stream', { name: 'stamped' });
  headOf(frame).requestChecksum = 1n;
  client.write(frame);
  assert.equal((await client.reply()).status, 4);
  const good = client.frame('create_stream', { name: 'stamped' });
  headOf(good).requestChecksum = xxh3(good.subarray(headSize));
  client.write(good);
  assert.equal((await client.reply()).status, 0);
  client.close();
});

test('a member learns its partitions, loses them by leaving, and polls nothing that is not its own', async () => {
  const client = await RawClient.loggedIn(server, 'v0_9');
  const other = await RawClient.loggedIn(server, 'v0_9');
  await client.call('create_stream', { name: 'groups' });
  const at = { streamId: named('groups'), topicId: named('t') };
  await client.call('create_topic', { ...at, name: 't', partitionsCount: 4 });
  const group = { ...at, groupId: named('g') };
  await client.call('create_consumer_group', { ...at, name: 'g' });
  assert.equal((await client.ask('sync_consumer_group', group)).payload.byteLength, 0, 'not a member');
  interface Synced {
    readonly assignment: { readonly generation: number; readonly partitionIds: number[] };
  }
  await client.call('join_consumer_group', group);
  const alone = (await client.call<Synced>('sync_consumer_group', group)).assignment;
  assert.deepEqual(alone.partitionIds, [0, 1, 2, 3]);
  await other.call('join_consumer_group', group);
  const shared = (await client.call<Synced>('sync_consumer_group', group)).assignment;
  const others = (await other.call<Synced>('sync_consumer_group', group)).assignment;
  assert.ok(shared.generation > alone.generation);
  assert.deepEqual([...shared.partitionIds, ...others.partitionIds].sort(), [0, 1, 2, 3]);
  const poll = {
    ...{ ...at, consumer: { kind: 2, id: named('g') }, strategy: { kind: 5, value: 0n }, count: 1, autoCommit: false },
    partitionId: others.partitionIds[0],
  };
  const answer = (await client.ask('poll_messages', poll)).payload;
  assert.deepEqual([answer.readUInt32LE(0), answer.readUInt32LE(12), answer.byteLength], [0xffff_ffff, 0, 16]);
  await other.call('logout_user', {});
  const after = (await client.call<Synced>('sync_consumer_group', group)).assignment;
  assert.deepEqual([...after.partitionIds].sort(), [0, 1, 2, 3], 'a logout leaves the groups');
  for (const each of [client, other]) each.close();
});

test('a connection acts in groups as the session that it was attached to', async () => {
  const member = await RawClient.loggedIn(server, 'v0_9');
  const second = await RawClient.loggedIn(server, 'v0_9');
  await member.call('create_stream', { name: 'attached' });
  const at = { streamId: named('attached'), topicId: { kind: IdentifierKind.name, name: 't' } };
  await member.call('create_topic', { ...at, name: 't', partitionsCount: 1 });
  await member.call('create_consumer_group', { ...at, name: 'g' });
  await member.call('join_consumer_group', { ...at, groupId: named('g') });
  const route = { ...at, consumer: { kind: 2, id: named('g') }, partitionId: 0 };
  const { consumerSession, primary } = await member.call<{ consumerSession: object; primary: { tcpPort: number } }>(
    'get_consumer_offset_routing',
    route,
  );
  assert.equal(primary.tcpPort, server.tcp!.port);
  assert.equal((await second.ask('sync_consumer_group', { ...at, groupId: named('g') })).payload.byteLength, 0);
  await second.call('attach_consumer_session', { consumerSession });
  const { assignment } = await second.call<{ assignment: { partitionIds: number[] } }>('sync_consumer_group', {
    ...{ ...at, groupId: named('g') },
  });
  assert.deepEqual(assignment.partitionIds, [0]);
  for (const each of [member, second]) each.close();
});

test('where a refusal stands, and what strangers to a group are told', async () => {
  const client = await RawClient.loggedIn(server, 'v0_9');
  const at = { streamId: named('places'), topicId: named('places') };
  await client.call('create_stream', { name: 'places' });
  await client.call('create_topic', { ...at, name: 'places', partitionsCount: 1 });
  const refusal = async (...asked: Parameters<RawClient['ask']>) => {
    const { status, place } = await client.ask(...asked);
    return [status, place];
  };
  const nowhere = { ...at, topicId: named('nowhere') };
  assert.deepEqual(await refusal('purge_topic', nowhere), [2010, 'section']);
  assert.deepEqual(await refusal('create_partitions', { ...nowhere, partitionsCount: 0 }), [2015, 'head']);
  const consumer = { kind: ConsumerKind.consumer, id: named('c') };
  const offset = { consumer, partitionId: 0, offset: 5, acknowledgement: 1 };
  assert.deepEqual(await refusal('store_consumer_offset', { ...nowhere, ...offset }), [20, 'head']);
  assert.deepEqual(await refusal('store_consumer_offset', { ...at, ...offset }), [4100, 'head']);
  assert.deepEqual(await refusal('get_consumer_offset', { ...at, consumer, partitionId: 1 }), [3007, 'head']);
  const group = { kind: ConsumerKind.consumer_group, id: named('nobody') };
  const poll = { partitionId: 0, strategy: { kind: PollingKind.next, value: 0n }, count: 1, autoCommit: false };
  const polled = await client.call<{ partitionId: number }>('poll_messages', { ...nowhere, ...poll, consumer: group });
  assert.equal(polled.partitionId, 0xffff_ffff);
  assert.equal((await client.ask('sync_consumer_group', { ...nowhere, groupId: named('g') })).payload.byteLength, 0);
  await client.call('create_user', { username: 'nobody', password: 'nobody', status: 1, permissions: undefined });
  const stranger = await RawClient.open(server, 'v0_9');
  assert.equal(await stranger.logIn('nobody', 'nobody'), 0);
  const groups = await stranger.ask('get_consumer_group', { ...at, groupId: named('g') });
  assert.equal(groups.status, 41, 'whoever may not read the topic is not told which groups there are');
  for (const each of [client, stranger]) each.close();
});
