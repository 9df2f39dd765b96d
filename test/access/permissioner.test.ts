// Every permission rule over the reduced space of permissions, against a truth table written from the reference's documentation, not from the code.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type {
  GlobalPermissions,
  Permissions,
  StreamPermissions,
  TopicPermissions,
} from '../../generated/common/permissions.ts';
import { commands } from '../../generated/v0_8/protocol.ts';
import { isAllowed, type RuleName, rootPermissions } from '../../src/access/permissioner.ts';

type GlobalFlag = keyof GlobalPermissions;
type StreamFlag = Exclude<keyof StreamPermissions, 'streamId' | 'topics'>;
type TopicFlag = Exclude<keyof TopicPermissions, 'topicId'>;

/** The flags of which any one is enough, by level. */
interface Enough {
  readonly global: readonly GlobalFlag[];
  readonly stream?: readonly StreamFlag[];
  readonly topic?: readonly TopicFlag[];
}

const servers: Enough = { global: ['manageServers', 'readServers'] };
const readUsers: Enough = { global: ['manageUsers', 'readUsers'] };
const manageUsers: Enough = { global: ['manageUsers'] };
const manageStream: Enough = { global: ['manageStreams'], stream: ['manageStream'] };
const manageTopic: Enough = {
  global: ['manageStreams', 'manageTopics'],
  stream: ['manageStream', 'manageTopics'],
  topic: ['manageTopic'],
};
const readTopics: Enough = {
  global: ['manageStreams', 'readStreams', 'manageTopics', 'readTopics'],
  stream: ['manageStream', 'readStream', 'manageTopics', 'readTopics'],
};
const readTopic: Enough = { ...readTopics, topic: ['manageTopic', 'readTopic'] };
const poll: Enough = {
  global: [...readTopics.global, 'pollMessages'],
  stream: [...readTopics.stream!, 'pollMessages'],
  topic: ['manageTopic', 'readTopic', 'pollMessages'],
};

const table: Readonly<Record<RuleName, Enough>> = {
  get_stats: servers,
  get_clients: servers,
  get_client: servers,
  get_user: readUsers,
  get_users: readUsers,
  create_user: manageUsers,
  delete_user: manageUsers,
  update_user: manageUsers,
  update_permissions: manageUsers,
  change_password: manageUsers,
  get_streams: { global: ['manageStreams', 'readStreams'] },
  get_stream: { global: ['manageStreams', 'readStreams'], stream: ['manageStream', 'readStream'] },
  create_stream: { global: ['manageStreams'] },
  update_stream: manageStream,
  delete_stream: manageStream,
  purge_stream: manageStream,
  get_topics: readTopics,
  get_topic: readTopic,
  create_topic: { global: ['manageStreams', 'manageTopics'], stream: ['manageStream', 'manageTopics'] },
  update_topic: manageTopic,
  delete_topic: manageTopic,
  purge_topic: manageTopic,
  create_partitions: manageTopic,
  delete_partitions: manageTopic,
  delete_segments: manageTopic,
  get_consumer_group: readTopic,
  get_consumer_groups: readTopic,
  create_consumer_group: readTopic,
  delete_consumer_group: readTopic,
  join_consumer_group: readTopic,
  leave_consumer_group: readTopic,
  poll_messages: poll,
  get_consumer_offset: poll,
  store_consumer_offset: poll,
  delete_consumer_offset: poll,
  append_messages: {
    global: ['manageStreams', 'manageTopics', 'sendMessages'],
    stream: ['manageStream', 'manageTopics', 'sendMessages'],
    topic: ['manageTopic', 'sendMessages'],
  },
};

const globalFlags = Object.keys(rootPermissions.global) as GlobalFlag[];
const streamFlags: readonly StreamFlag[] = [
  'manageStream',
  'readStream',
  'manageTopics',
  'readTopics',
  'pollMessages',
  'sendMessages',
];
const topicFlags: readonly TopicFlag[] = ['manageTopic', 'readTopic', 'pollMessages', 'sendMessages'];
const stateCount = 2 ** (globalFlags.length + streamFlags.length + topicFlags.length);
/** Every `stride`-th state; 1 is all of them. An odd stride meets every flag. */
const stride = Number(process.env.WHIPPET_PERMISSION_STRIDE ?? 61);

function flagsOf<Flag extends string>(flags: readonly Flag[], bits: number): Record<Flag, boolean> {
  return Object.fromEntries(flags.map((flag, index) => [flag, (bits & (1 << index)) !== 0])) as Record<Flag, boolean>;
}

function permissionsOf(state: number, streamId: number, topicId: number): Permissions {
  const streamBits = state >> globalFlags.length;
  const topicBits = streamBits >> streamFlags.length;
  const topic = { topicId, ...flagsOf(topicFlags, topicBits) };
  return {
    global: flagsOf(globalFlags, state),
    streams: [{ streamId, ...flagsOf(streamFlags, streamBits), topics: [topic] }],
  };
}

function expected(rule: RuleName, permissions: Permissions, streamId: number, topicId: number): boolean {
  const { global, stream: streamEnough = [], topic: topicEnough = [] } = table[rule];
  const stream = permissions.streams.find((entry) => entry.streamId === streamId);
  const topic = stream?.topics.find((entry) => entry.topicId === topicId);
  return (
    global.some((flag) => permissions.global[flag]) ||
    streamEnough.some((flag) => stream?.[flag] === true) ||
    topicEnough.some((flag) => topic?.[flag] === true)
  );
}

describe('permissions', () => {
  const rules = Object.keys(table) as RuleName[];

  test(`each rule decides as the table, over every ${stride}th of ${stateCount} states (WHIPPET_PERMISSION_STRIDE)`, () => {
    for (let state = 0; state < stateCount; state += stride) {
      const permissions = permissionsOf(state, 3, 5);
      for (const rule of rules) {
        if (isAllowed(rule, permissions, 3, 5) !== expected(rule, permissions, 3, 5))
          assert.fail(`${rule} in state ${state}`);
      }
    }
  });

  test('flags of another stream or topic count for nothing', () => {
    for (let state = 0; state < stateCount; state += 1021) {
      for (const [streamId, topicId] of [
        [4, 5],
        [3, 6],
        [4, 6],
      ] as const) {
        const permissions = permissionsOf(state, 3, 5);
        for (const rule of rules)
          assert.equal(
            isAllowed(rule, permissions, streamId, topicId),
            expected(rule, permissions, streamId, topicId),
            rule,
          );
      }
    }
  });

  test('a user without permissions may nothing, the first user everything', () => {
    for (const rule of rules) {
      assert.equal(isAllowed(rule, undefined, 3, 5), false);
      assert.equal(isAllowed(rule, rootPermissions, 3, 5), true);
    }
  });

  test('every command names a rule of the table, or needs a login at most', () => {
    const free = [
      'ping',
      'login_user',
      'login_with_personal_access_token',
      'logout_user',
      'get_me',
      'get_cluster_metadata',
      'get_snapshot',
    ];
    const own = ['get_personal_access_tokens', 'create_personal_access_token', 'delete_personal_access_token'];
    for (const { command, permission } of commands.values()) {
      if (permission === undefined) assert.ok([...free, ...own].includes(command), `${command} declares no permission`);
      else assert.ok(permission.rule in table, `${command}: ${permission.rule}`);
    }
  });
});
