// Short scenarios of what not every server does: deleting the oldest segments, dropping duplicates, encryption, acknowledging from memory, and journals
// that are cut short by snapshots.
import type { Client } from '../client.ts';
import type { Scenario } from '../enumerate.ts';
import {
  appendAtOnce,
  appendSome,
  atDisk,
  atOs,
  emptyTopic,
  topicWithMessages,
  wideAtDisk,
  wideAtOs,
} from './server.ts';

const segments = (client: Client) => topicWithMessages(client, 1, 6);

const deletion: readonly Scenario[] = [
  {
    name: 'delete the oldest segment, level os',
    server: atOs,
    before: segments,
    run: (client) => client.deleteSegments(client.target('s/t')),
  },
  {
    name: 'delete all full segments and go on',
    server: atDisk,
    before: segments,
    run: async (client) => {
      await client.deleteSegments(client.target('s/t'), 9);
      await appendSome(client, 3);
    },
  },
  {
    name: 'delete segments while messages come',
    server: atOs,
    before: segments,
    run: async (client) => {
      const target = client.target('s/t');
      await Promise.all([appendAtOnce(client, 3), client.deleteSegments(target, 2), client.deleteSegments(target)]);
    },
  },
  {
    name: 'stored offsets of segments that are deleted',
    server: atDisk,
    before: async (client) => {
      await segments(client);
      await client.store(client.target('s/t'), 7, 1);
    },
    run: async (client) => {
      await client.deleteSegments(client.target('s/t'), 9);
      await client.store(client.target('s/t'), 8, 0);
    },
  },
  {
    name: 'delete segments and purge',
    server: atDisk,
    before: segments,
    run: async (client) => {
      await client.deleteSegments(client.target('s/t'));
      await client.change({ kind: 'purge_topic', stream: 's', topic: 't' });
      await appendSome(client, 3);
      await client.deleteSegments(client.target('s/t'));
    },
  },
];

const remembering = { maxEntries: 0, expiryMs: 0 };

const deduplication: readonly Scenario[] = [
  {
    name: 'duplicates of this process',
    server: { ...atDisk, deduplication: remembering },
    before: emptyTopic,
    run: async (client) => {
      await appendSome(client, 2);
      await client.resendLast(client.target('s/t'));
      await appendSome(client, 1);
      await client.resendLast(client.target('s/t'));
    },
  },
  {
    name: 'duplicates of an earlier process',
    server: { ...atOs, deduplication: remembering },
    before: topicWithMessages,
    run: async (client) => {
      const target = client.target('s/t');
      for (const append of [...(target?.slot.appends ?? [])]) await client.resend(target!, append);
      await appendSome(client, 1);
    },
  },
  {
    name: 'duplicates of messages whose segments are deleted',
    server: { ...wideAtDisk, segmentSize: 4097, deduplication: { maxEntries: 3, expiryMs: 0 } },
    before: segments,
    run: async (client) => {
      await client.deleteSegments(client.target('s/t'), 4);
      await client.resendLast(client.target('s/t'));
      await appendSome(client, 1);
    },
  },
];

const encryption: readonly Scenario[] = [
  {
    name: 'encrypted: full segments',
    server: { ...atDisk, isEncrypted: true },
    before: emptyTopic,
    run: (client) => appendSome(client, 5),
  },
  {
    name: 'encrypted: go on after a kill',
    server: { ...wideAtOs, isEncrypted: true },
    before: topicWithMessages,
    run: (client) => appendSome(client, 2),
  },
  {
    name: 'encrypted: stored offsets and changes',
    server: { ...wideAtDisk, isEncrypted: true },
    before: async (client) => {
      await topicWithMessages(client);
      await client.store(client.target('s/t'), 7, 1);
    },
    run: async (client) => {
      await client.store(client.target('s/t'), 7, 2);
      await client.change({ kind: 'create_user', user: 'ann' });
      await client.close();
    },
  },
  {
    name: 'encrypted: duplicates of an earlier process',
    server: { ...atOs, isEncrypted: true, deduplication: remembering },
    before: topicWithMessages,
    run: (client) => client.resendLast(client.target('s/t')),
  },
  {
    name: 'encrypted: recovery is crashed',
    server: { ...atOs, isEncrypted: true },
    before: emptyTopic,
    run: (client) => appendSome(client, 1),
    depth: 1,
  },
];

/** Gives what was just asked for the time to reach the disk, and no time to come back. */
async function begun(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined;
}

const inMemory = { ...wideAtOs, level: 'memory' } as const;

const holding: readonly Scenario[] = [
  {
    name: 'level memory: batches are written together',
    server: inMemory,
    before: emptyTopic,
    run: async (client) => {
      await appendSome(client, 5);
      await appendAtOnce(client, 4);
    },
  },
  {
    name: 'level memory: flush and clean stop',
    server: { ...inMemory, tail: 0 },
    before: emptyTopic,
    run: async (client) => {
      await appendSome(client, 2);
      await client.flush(client.target('s/t'));
      await appendSome(client, 1);
      await client.look(client.target('s/t'));
      await appendSome(client, 1);
      await client.close();
    },
  },
  {
    name: 'level memory: more is held while flushes are on their way',
    server: inMemory,
    before: emptyTopic,
    run: async (client) => {
      const target = client.target('s/t');
      const flushes: Promise<void>[] = [];
      for (let count = 0; count < 2; count++) {
        await client.append(target);
        flushes.push(client.flush(target));
        await begun();
      }
      await client.append(target);
      await Promise.all(flushes);
      await appendSome(client, 3);
    },
  },
  {
    name: 'level memory: full segments',
    server: { ...inMemory, segmentSize: atOs.segmentSize },
    before: emptyTopic,
    run: async (client) => {
      await appendAtOnce(client, 6);
      await client.deleteSegments(client.target('s/t'));
      await client.change({ kind: 'purge_topic', stream: 's', topic: 't' });
      await appendSome(client, 2);
    },
  },
  {
    name: 'level memory: stored offsets of what is lost',
    server: inMemory,
    before: emptyTopic,
    run: async (client) => {
      await appendSome(client, 2);
      await client.store(client.target('s/t'), 7, 2);
    },
  },
];

/** A part of the journal is full after about two entries. */
const journalPartSize = 4096 + 250;

const users = async (client: Client, count: number): Promise<void> => {
  for (let number = 0; number < count; number++) {
    await client.change({ kind: 'create_user', user: 'ann' });
    await client.change({ kind: 'change_password', user: 'ann', to: `secret ${number}` });
    await client.change({ kind: 'delete_user', user: 'ann' });
  }
};

const snapshots: readonly Scenario[] = [
  {
    name: 'snapshots of the catalog',
    server: { ...atOs, journalPartSize },
    run: (client) => users(client, 2),
  },
  {
    name: 'snapshots of an earlier process',
    server: { ...atOs, journalPartSize },
    before: async (client) => {
      await topicWithMessages(client);
      await users(client, 1);
    },
    run: (client) => users(client, 1),
  },
  {
    name: 'changes at once while a snapshot is taken',
    server: { ...wideAtDisk, journalPartSize },
    before: topicWithMessages,
    run: async (client) => {
      const streams = ['a', 'b', 'c', 'd', 'e'].map((stream) => client.change({ kind: 'create_stream', stream }));
      await Promise.all([...streams, appendSome(client, 2)]);
      await client.change({ kind: 'purge_topic', stream: 's', topic: 't' });
    },
  },
  {
    name: 'lives that ended are remembered by a snapshot',
    server: { ...atDisk, journalPartSize },
    before: topicWithMessages,
    run: async (client) => {
      await client.change({ kind: 'delete_topic', stream: 's', topic: 't' });
      await users(client, 1);
    },
  },
  {
    name: 'snapshots, encrypted, and a clean stop',
    server: { ...atOs, journalPartSize, isEncrypted: true },
    run: async (client) => {
      await users(client, 1);
      await client.close();
    },
  },
  {
    name: 'the start after snapshots is crashed',
    server: { ...atOs, journalPartSize },
    before: (client) => users(client, 1),
    run: (client) => client.change({ kind: 'create_user', user: 'bob' }),
    depth: 1,
  },
];

export const featureScenarios: readonly Scenario[] = [
  ...deletion,
  ...deduplication,
  ...encryption,
  ...holding,
  ...snapshots,
];
