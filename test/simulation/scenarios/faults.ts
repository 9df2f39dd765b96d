// Short scenarios on a disk that fails while the server runs: full and free again, short counts, no more descriptors, writes and syncs that fail.
import type { Scenario } from '../enumerate.ts';
import type { Fault } from '../simulated_disk.ts';
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

/** Lets calls that fit pass `skipped` times, then fail `failed` times. */
function failing(operation: RegExp, path: RegExp, fault: Fault, skipped: number, failed: number) {
  return () => {
    let seen = 0;
    return (name: string, where: string): Fault | undefined => {
      if (!operation.test(name) || !path.test(where)) return undefined;
      seen++;
      return seen > skipped && seen <= skipped + failed ? fault : undefined;
    };
  };
}

/** Every write takes a few bytes only. */
const shortWrites = () => (operation: string) => (operation === 'write' ? { bytes: 50 } : undefined);

const segment = /\.log(\.tmp)?$/;
const full: Fault = { code: 'ENOSPC' };
const broken: Fault = { code: 'EIO' };

export const faultScenarios: readonly Scenario[] = [
  {
    name: 'short writes',
    server: { ...wideAtOs, tail: 0 },
    before: topicWithMessages,
    run: (client) => appendSome(client, 2),
    fault: shortWrites,
  },
  {
    name: 'short writes into a new journal and a new segment',
    server: atDisk,
    run: (client) => topicWithMessages(client, 1, 1),
    fault: () => (operation) => (operation === 'write' ? { bytes: 1111 } : undefined),
  },
  {
    name: 'short reads',
    server: atOs,
    before: topicWithMessages,
    run: (client) => appendSome(client, 2),
    fault: () => (operation) => (operation === 'read' ? { bytes: 100 } : undefined),
    isFaultyFromStart: true,
  },
  {
    name: 'the disk is full and free again',
    server: wideAtOs,
    before: topicWithMessages,
    run: (client) => appendSome(client, 5),
    fault: failing(/^write$/, segment, full, 1, 2),
  },
  {
    name: 'the disk is full in the middle of a batch',
    server: wideAtDisk,
    before: topicWithMessages,
    run: (client) => appendSome(client, 4),
    fault: () => {
      let count = 0;
      return (operation, path) => {
        if (operation !== 'write' || !segment.test(path)) return undefined;
        count++;
        if (count === 2) return { bytes: 90 };
        return count === 3 ? full : undefined;
      };
    },
  },
  {
    name: 'the disk is full when a segment is',
    server: atOs,
    before: topicWithMessages,
    run: async (client) => {
      await appendAtOnce(client, 4);
      await appendSome(client, 3);
    },
    fault: failing(/^(create|write|makeFolder)$/, segment, full, 2, 3),
  },
  {
    name: 'a failed new segment cannot be taken away',
    server: atDisk,
    before: topicWithMessages,
    run: (client) => appendSome(client, 5),
    fault: failing(/^(syncFolder|remove)$/, /\/logs\/.+/, broken, 2, 3),
  },
  {
    name: 'the disk is full for the catalog',
    server: wideAtOs,
    before: emptyTopic,
    run: async (client) => {
      for (const stream of ['a', 'b', 'c']) await client.change({ kind: 'create_stream', stream });
    },
    fault: failing(/^write$/, /\.journal$/, full, 1, 1),
  },
  {
    name: 'the disk is full for stored offsets',
    server: wideAtDisk,
    before: topicWithMessages,
    run: async (client) => {
      for (const offset of [1, 2, 3, 4]) await client.store(client.target('s/t'), 7, offset);
    },
    fault: failing(/^(write|create)$/, /\/offsets/, full, 1, 2),
  },
  {
    name: 'no more descriptors',
    server: atOs,
    before: topicWithMessages,
    run: async (client) => {
      await appendAtOnce(client, 3);
      await appendSome(client, 3);
    },
    fault: failing(/^(create|open)$/, segment, { code: 'EMFILE' }, 0, 3),
  },
  {
    name: 'a write fails and cannot be undone',
    server: wideAtOs,
    before: topicWithMessages,
    run: (client) => appendSome(client, 4),
    fault: failing(/^(write|truncate)$/, segment, broken, 1, 2),
  },
  {
    name: 'a sync fails, what it gave up is in memory',
    server: wideAtDisk,
    before: topicWithMessages,
    run: async (client) => {
      await appendAtOnce(client, 4);
      await client.mustTake(client.target('s/t')!);
      await appendSome(client, 1);
    },
    fault: failing(/^sync$/, segment, broken, 1, 1),
  },
  {
    name: 'a sync fails, what it gave up is nowhere',
    server: { ...wideAtDisk, tail: 0 },
    before: topicWithMessages,
    run: (client) => appendAtOnce(client, 4),
    fault: failing(/^sync$/, segment, broken, 1, 1),
    isDamaging: true,
  },
  {
    name: 'a sync fails, what it gave up is still seen',
    server: { ...wideAtDisk, tail: 0 },
    before: topicWithMessages,
    run: async (client) => {
      await appendAtOnce(client, 4);
      await appendSome(client, 2);
    },
    fault: failing(/^sync$/, segment, { ...broken, staysVisible: true }, 1, 1),
  },
  {
    name: 'all syncs fail, what they gave up is still seen by the next process',
    server: wideAtDisk,
    before: topicWithMessages,
    run: async (client) => {
      for (let number = 0; number < 3; number++) await client.append(client.target('s/t'), 1, 700);
    },
    fault: failing(/^sync$/, segment, { ...broken, staysVisible: true }, 1, 1000),
    isDamaging: true,
  },
  {
    name: 'a sync fails when a segment is full',
    server: { ...atDisk, tail: 1 << 20 },
    before: topicWithMessages,
    run: (client) => appendSome(client, 4),
    fault: failing(/^sync$/, segment, broken, 2, 1),
  },
  {
    name: 'a sync of the catalog fails',
    server: wideAtOs,
    before: emptyTopic,
    run: async (client) => {
      await client.change({ kind: 'create_stream', stream: 'a' });
      await Promise.all(['b', 'c'].map((stream) => client.change({ kind: 'create_stream', stream })));
      await client.change({ kind: 'create_stream', stream: 'd' });
    },
    fault: failing(/^sync$/, /\.journal$/, broken, 2, 1),
    isDamaging: true,
  },
  {
    name: 'a sync of stored offsets fails',
    server: wideAtDisk,
    before: topicWithMessages,
    run: async (client) => {
      for (const offset of [1, 2, 3, 4]) await client.store(client.target('s/t'), 7, offset);
    },
    fault: failing(/^sync$/, /\/offsets$/, broken, 1, 1),
    isDamaging: true,
  },
  {
    name: 'a shorter file of stored offsets is not confirmed',
    server: wideAtDisk,
    before: async (client) => {
      await topicWithMessages(client);
      for (let number = 0; number < 4097; number++)
        await client.store(client.target('s/t'), 1 + (number % 3), number % 5);
      await client.close();
    },
    run: async (client) => {
      for (const offset of [1, 2]) await client.store(client.target('s/t'), 1, offset);
    },
    // Every other one: that of the new file's name passes, that of its new name does not.
    fault: () => {
      let count = 0;
      return (operation, path) =>
        operation === 'syncFolder' && path.includes('/logs/') && ++count % 2 === 0 ? broken : undefined;
    },
  },
  {
    name: 'cleaning up after a deletion fails',
    server: atOs,
    before: (client) => topicWithMessages(client, 2),
    run: async (client) => {
      await client.change({ kind: 'delete_topic', stream: 's', topic: 't' });
      await client.change({ kind: 'create_topic', stream: 's', topic: 't', partitions: 1 });
      await appendSome(client, 1);
    },
    fault: failing(/^remove/, /\/logs\//, broken, 1, 2),
  },
];
