// The capabilities that the client matrix tries, in the order of its columns, and what must be seen at every step of each.
import assert from 'node:assert/strict';
import type { Line } from '../client_process.ts';
import { type Capability, type Expected, judge, verb } from './capability.ts';
import * as messages from './messages.ts';

const texts = (...seeds: string[]) => seeds.flatMap((seed) => [0, 1, 2, 3].map((index) => `${seed}:${index}`));

/** Everything that was sent, each to one member, and in its order within each partition. */
function received(members: number, seeds: readonly string[]): Expected {
  return ({ received }) => {
    const lists = received as readonly (readonly string[])[];
    assert.deepEqual(lists.flat().toSorted(), texts(...seeds).toSorted(), 'everything once');
    assert.equal(lists.filter((list) => list.length > 0).length, members, 'every member gets some');
    for (const list of lists)
      for (const seed of seeds) {
        const ofSeed = list.filter((text) => text.startsWith(`${seed}:`));
        assert.deepEqual(ofSeed, ofSeed.toSorted(), 'in order');
      }
  };
}

/** In the order of the table's columns. Restart is judged apart: there the server is started again under all clients at once. */
export const capabilities: readonly Capability[] = [
  verb('login', 'session', 'connects, logs in, pings, logs out', ({ root }) => ({
    connect: {},
    login: { user: root },
    ping: {},
    logout: { refused: true },
  })),
  verb('streams', 'streams', 'creates, gets, lists, renames and deletes a stream', ({ name }) => ({
    create: {},
    get: { name, topics: 0 },
    list: { found: true },
    update: { name: `${name}-renamed` },
    delete: { found: false },
  })),
  verb('topics', 'topics', 'the same with a topic, and its expiry', ({ name }) => ({
    create: {},
    get: { name, partitions: 3 },
    list: { found: true },
    update: { name: `${name}-renamed`, hourKept: true },
    delete: { found: false },
  })),
  verb('partitions', 'partitions', 'adds and takes away partitions', () => ({
    create: { partitions: 4 },
    delete: { partitions: 3 },
  })),
  messages.send,
  messages.headers,
  messages.ids,
  messages.poll,
  messages.commit,
  messages.offsets,
  verb('groups', 'groups', 'a group of two: shares, leaves, a lost member, its offsets', ({ name }) => ({
    create: { name, members: 0, partitions: 2 },
    list: { found: true },
    join: { shares: [2] },
    share: { shares: [1, 1] },
    poll: received(2, ['one', 'two']),
    leave: { shares: [2] },
    disconnect: { shares: [2] },
    'take over': received(1, ['three', 'four']),
    delete: { found: false },
  })),
  verb('users', 'users', 'users, permissions and passwords, each tried by logging in', ({ name }) => ({
    create: { name, active: true },
    get: { name, same: true },
    list: { found: true },
    login: { reads: true, creates: false },
    permissions: {},
    password: { old: false, new: true },
    update: { name: `${name}-renamed`, active: false, login: false },
    delete: { found: false },
  })),
  verb('tokens', 'tokens', 'personal access tokens: creates, lists, logs in, deletes', () => ({
    create: {},
    list: { found: true },
    login: { reads: true },
    delete: { refused: true },
  })),
  verb('system', 'system', 'statistics, itself among the clients, a snapshot', ({ root }) => ({
    stats: { hostname: true, counts: true },
    me: { user: root },
    clients: { found: true },
    client: { user: root, same: true },
    snapshot: { zip: true },
  })),
  verb('purge', 'purge', 'flushes, purges a topic and a stream, deletes segments', () => ({
    flush: { messages: 3 },
    topic: { messages: 0 },
    stream: { messages: 0 },
    segments: {},
  })),
  messages.errors,
  verb('high level', 'highlevel', 'its producer and its consumer group, which make what they need', () => ({
    producer_sent: {},
    consumer_group_joined: {},
    consumer_received_all: {},
  })),
];

/** What must be seen of a client that stays connected while the server is started again. */
export const restart = {
  title: 'restart',
  does: 'stays while the server is started again, then reads the same and sends on',
  steps: ['before', 'after', 'send'],
  judge: (lines: readonly Line[], kept: readonly string[]): string[] => {
    const sent = [...kept, 'later:0', 'later:1'];
    const same: Expected = ({ messages }) => assert.deepEqual(messages, kept);
    return judge(lines, { before: same, after: same, send: ({ messages }) => assert.deepEqual(messages, sent) });
  },
} as const;
