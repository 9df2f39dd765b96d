// Every command once, over things that exist: what a user who may send it is answered, and what the server looks like to its first user before and after.
import assert from 'node:assert/strict';
import { type CommandName, OptionScope } from '../../generated/commands.ts';
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { type Identifier, IdentifierKind } from '../../generated/common/identifier.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import type { Permissions } from '../../generated/common/permissions.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { SnapshotCompression } from '../../generated/common/snapshot_compression.ts';
import { SnapshotType } from '../../generated/common/snapshot_type.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';
import { sentRegion } from '../protocol/sent_batches.ts';
import { codeOf, passwordLogin, RawClient, tokenLogin } from './raw_client.ts';

/** One command as a test sends it. */
export interface Attempt {
  readonly command: CommandName;
  readonly request: unknown;
  /** The status for a user who may: 0, or what refuses it after the permission was asked for. */
  readonly allowed: number;
  /** A password is hashed for it. */
  readonly isSlow?: boolean;
  /** It takes things away that the world needs. */
  readonly destroys?: boolean;
}

const statuses = {
  notFound: 20,
  badPassword: 42,
  userExists: 46,
  rootStays: 48,
  rootPermissions: 49,
  tokenExists: 51,
  noSession: 14001,
};
const exists = { stream: 1012, topic: 2013, group: 5004 };

/** The six gets that say nothing instead of refusing, in some generations. */
export const hidingGets: ReadonlySet<CommandName> = new Set<CommandName>([
  'get_client',
  'get_user',
  'get_consumer_offset',
  'get_stream',
  'get_topic',
  'get_consumer_group',
]);

/** The generations in which such a get says nothing to who may not send it, and those in which also to who has not logged in. */
export const hidesFromUsers: ReadonlySet<GenerationName> = new Set<GenerationName>(['v0_4', 'v0_5', 'v0_6']);
export const hidesFromStrangers: ReadonlySet<GenerationName> = new Set<GenerationName>(['v0_4', 'v0_5']);

export const named = (name: string): Identifier => ({ kind: IdentifierKind.name, name });
const numbered = (id: number): Identifier => ({ kind: IdentifierKind.numeric, id });
const settings = {
  compressionAlgorithm: 1,
  messageExpiry: 0n,
  maxTopicSize: 0n,
  replicationFactor: undefined,
} as const;
const consumer = { kind: ConsumerKind.consumer, id: numbered(7) };

type InStream = { readonly streamId: Identifier };
type InTopic = InStream & { readonly topicId: Identifier };

/** The topic that permissions are about, by its names and by its numbers; and those that they are not about. */
export const byName: InTopic = { streamId: named('s'), topicId: named('t') };
export const byNumber: InTopic = { streamId: numbered(0), topicId: numbered(0) };
export const otherPlaces: readonly InTopic[] = [
  { streamId: named('other'), topicId: named('t') },
  { streamId: numbered(1), topicId: numbered(0) },
];
export const otherTopics: readonly InTopic[] = [
  { streamId: named('s'), topicId: named('other') },
  { streamId: numbered(0), topicId: numbered(1) },
];

/** A server with streams, a topic, a group, messages, a stored offset, and users besides the first: `subject`, who is tested, and `target`. */
export class World {
  readonly #server: RunningServer;
  readonly root: RawClient;
  /** A token that `subject` logs in with, which costs no hash. */
  readonly token: string;

  private constructor(server: RunningServer, client: RawClient, token: string) {
    this.#server = server;
    this.root = client;
    this.token = token;
  }

  static async make(server: RunningServer): Promise<World> {
    const client = await RawClient.loggedIn(server, 'v0_8');
    for (const username of ['subject', 'target'])
      await client.call('create_user', {
        username,
        password: username,
        status: UserStatus.active,
        permissions: undefined,
      });
    const subject = await RawClient.open(server, 'v0_8');
    assert.equal(await subject.logIn('subject', 'subject'), 0);
    const { token } = await subject.call<{ token: string }>('create_personal_access_token', {
      name: 'own',
      expiry: 0n,
    });
    subject.close();
    const world = new World(server, client, token);
    await world.restore();
    return world;
  }

  /** The world of a server that has started again on its data. */
  static async resume(server: RunningServer, token: string): Promise<World> {
    return new World(server, await RawClient.loggedIn(server, 'v0_8'), token);
  }

  /** Makes whatever of the world is missing. */
  async restore(): Promise<void> {
    const at = byName;
    for (const { stream, topic } of [
      { stream: 's', topic: 't' },
      { stream: 's', topic: 'other' },
      { stream: 'other', topic: 't' },
    ]) {
      const place = { streamId: named(stream), topicId: named(topic) };
      const wanted = { streamId: place.streamId, topicId: undefined, partitionsCount: 1, ...settings, name: topic };
      await this.#tolerating(exists.stream, 'create_stream', { streamId: undefined, name: stream });
      await this.#tolerating(exists.topic, 'create_topic', wanted);
      await this.#tolerating(exists.group, 'create_consumer_group', { ...place, groupId: undefined, name: 'g' });
    }
    await this.root.call('send_messages', { ...at, ...sentTo('v0_8') });
    await this.root.call('store_consumer_offset', { ...at, consumer, partitionId: 0, offset: 0 });
    // Entries of permissions name the stream and the topic by these.
    const { topic: found } = await this.root.call<{ topic: { topicId: number } }>('get_topic', at);
    assert.equal(found.topicId, 0);
  }

  async #tolerating(status: number, command: CommandName, request: unknown): Promise<void> {
    const answer = await this.root.ask(command, request);
    assert.ok(answer.status === 0 || answer.status === status, `${command}: ${answer.status}`);
  }

  setPermissions(permissions: Permissions | undefined): Promise<unknown> {
    return this.root.call('update_permissions', { userId: named('subject'), permissions });
  }

  /** A connection of `subject`, who has proved the generation by the first user's login. */
  async subject(generation: GenerationName): Promise<RawClient> {
    const client = await RawClient.loggedIn(this.#server, generation);
    await client.logInWithToken(this.token);
    return client;
  }

  /** What the first user can see of everything that a command could have changed, as bytes. */
  async state(): Promise<string> {
    const at = byName;
    const asked: readonly (readonly [CommandName, unknown])[] = [
      ['get_streams', {}],
      ['get_topics', { streamId: named('s') }],
      ['get_topics', { streamId: named('other') }],
      ['get_topic', at],
      ['get_consumer_groups', at],
      ['get_consumer_group', { ...at, groupId: named('g') }],
      ['get_consumer_offset', { ...at, consumer, partitionId: 0 }],
      ['get_users', {}],
      ['get_user', { userId: named('subject') }],
      ['get_user', { userId: named('target') }],
      ['get_personal_access_tokens', {}],
    ];
    const answers: string[] = [];
    for (const [command, request] of asked) {
      const { status, payload } = await this.root.ask(command, request);
      answers.push(`${command}: ${status} ${payload.toString('hex')}`);
    }
    return answers.join('\n');
  }

  /** Every command of a generation, what destroys last. Those about a stream or topic are about this one. */
  async attempts(generation: GenerationName, place: InTopic = byName): Promise<Attempt[]> {
    const { details } = await this.root.call<{ details: { client: { clientId: number } } }>('get_me', {});
    const stream = { streamId: place.streamId };
    return [
      ...accountAttempts(generation, this.token),
      ...systemAttempts(details.client.clientId),
      ...resourceAttempts(stream, place),
      ...messageAttempts(generation, place),
      ...destroyingAttempts(stream, place),
    ].filter(({ command }) => codeOf(generation, command) !== undefined);
  }
}

function sentTo(generation: GenerationName) {
  const messages = sentRegion(generation, [{ messageId: 1n, payload: Buffer.from('hello'), headers: [] }]);
  return { partitioning: { kind: PartitioningKind.partition_id, partitionId: 0 }, messages };
}

function accountAttempts(generation: GenerationName, token: string): Attempt[] {
  const user = { username: 'target', password: 'target', status: UserStatus.active, permissions: undefined };
  return [
    { ...passwordLogin(generation, 'subject', 'subject'), allowed: 0, isSlow: true },
    { command: 'logout_user', request: {}, allowed: 0 },
    { ...tokenLogin(generation, token), allowed: 0 },
    { command: 'get_personal_access_tokens', request: {}, allowed: 0 },
    { command: 'create_personal_access_token', request: { name: 'own', expiry: 0n }, allowed: statuses.tokenExists },
    { command: 'delete_personal_access_token', request: { name: 'missing' }, allowed: statuses.notFound },
    { command: 'get_user', request: { userId: named('target') }, allowed: 0 },
    { command: 'get_users', request: {}, allowed: 0 },
    { command: 'create_user', request: user, allowed: statuses.userExists, isSlow: true },
    { command: 'delete_user', request: { userId: named('iggy') }, allowed: statuses.rootStays },
    {
      command: 'update_user',
      request: { userId: named('target'), username: undefined, status: undefined },
      allowed: 0,
    },
    {
      command: 'update_permissions',
      request: { userId: named('iggy'), permissions: undefined },
      allowed: statuses.rootPermissions,
    },
    {
      command: 'change_password',
      request: { userId: named('target'), currentPassword: 'wrong', newPassword: 'other' },
      allowed: statuses.badPassword,
      isSlow: true,
    },
  ];
}

/** A session that no client has. */
const nobodys = { clientId: 1n, session: 2n ** 40n, metadataWatermark: 0n };

function systemAttempts(clientId: number): Attempt[] {
  const snapshot = { compression: SnapshotCompression.stored, types: [SnapshotType.test] };
  return [
    { command: 'ping', request: {}, allowed: 0 },
    { command: 'get_stats', request: {}, allowed: 0 },
    { command: 'get_snapshot', request: snapshot, allowed: 0 },
    { command: 'get_cluster_metadata', request: {}, allowed: 0 },
    { command: 'describe_options', request: { scope: OptionScope.topic }, allowed: 0 },
    { command: 'attach_consumer_session', request: { consumerSession: nobodys }, allowed: statuses.noSession },
    { command: 'get_me', request: {}, allowed: 0 },
    { command: 'get_client', request: { clientId }, allowed: 0 },
    { command: 'get_clients', request: {}, allowed: 0 },
  ];
}

function resourceAttempts(stream: InStream, place: InTopic): Attempt[] {
  const group = { ...place, groupId: named('g') };
  const topic = { ...stream, topicId: undefined, partitionsCount: 1, ...settings, name: 't' };
  return [
    { command: 'get_stream', request: stream, allowed: 0 },
    { command: 'get_streams', request: {}, allowed: 0 },
    { command: 'create_stream', request: { streamId: undefined, name: 's' }, allowed: exists.stream },
    { command: 'update_stream', request: { ...stream, name: 's' }, allowed: 0 },
    { command: 'get_topic', request: place, allowed: 0 },
    { command: 'get_topics', request: stream, allowed: 0 },
    { command: 'create_topic', request: topic, allowed: exists.topic },
    { command: 'update_topic', request: { ...place, ...settings, name: 't' }, allowed: 0 },
    { command: 'get_consumer_group', request: group, allowed: 0 },
    { command: 'get_consumer_groups', request: place, allowed: 0 },
    { command: 'create_consumer_group', request: { ...place, groupId: undefined, name: 'g' }, allowed: exists.group },
    { command: 'join_consumer_group', request: group, allowed: 0 },
    { command: 'sync_consumer_group', request: group, allowed: 0 },
    { command: 'leave_consumer_group', request: group, allowed: 0 },
  ];
}

function messageAttempts(generation: GenerationName, place: InTopic): Attempt[] {
  const first = { ...place, consumer, partitionId: 0 };
  const poll = { ...first, strategy: { kind: PollingKind.first, value: 0n }, count: 1, autoCommit: false };
  return [
    { command: 'poll_messages', request: poll, allowed: 0 },
    { command: 'poll_messages_on_primary', request: poll, allowed: 0 },
    { command: 'get_poll_routing', request: poll, allowed: 0 },
    { command: 'get_consumer_offset_routing', request: first, allowed: 0 },
    { command: 'get_consumer_offset', request: first, allowed: 0 },
    { command: 'delete_consumer_offset', request: first, allowed: 0 },
    { command: 'store_consumer_offset', request: { ...first, offset: 0 }, allowed: 0 },
    { command: 'send_messages', request: { ...place, ...sentTo(generation) }, allowed: 0 },
    { command: 'flush_unsaved_buffer', request: { ...place, partitionId: 0, fsync: false }, allowed: 0 },
  ];
}

function destroyingAttempts(stream: InStream, place: InTopic): Attempt[] {
  const attempts: Attempt[] = [
    { command: 'delete_segments', request: { ...place, partitionId: 0, segmentsCount: 1 }, allowed: 0 },
    { command: 'create_partitions', request: { ...place, partitionsCount: 1 }, allowed: 0 },
    { command: 'delete_partitions', request: { ...place, partitionsCount: 1 }, allowed: 0 },
    { command: 'purge_topic', request: place, allowed: 0 },
    { command: 'purge_stream', request: stream, allowed: 0 },
    { command: 'delete_consumer_group', request: { ...place, groupId: named('g') }, allowed: 0 },
    { command: 'delete_topic', request: place, allowed: 0 },
    { command: 'delete_stream', request: stream, allowed: 0 },
  ];
  return attempts.map((attempt) => ({ ...attempt, destroys: true }));
}
