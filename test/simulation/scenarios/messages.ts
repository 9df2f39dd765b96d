// Short scenarios of messages: appending alone and together, full segments, flushing, stopping, going on after any stop.
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

export const messageScenarios: readonly Scenario[] = [
  { name: 'first start', server: atOs, run: async () => {} },
  { name: 'first start and clean stop', server: atOs, run: (client) => client.close() },
  {
    name: 'first message of a partition, level os',
    server: atOs,
    before: emptyTopic,
    run: (client) => appendSome(client, 1),
  },
  {
    name: 'first message of a partition, level disk',
    server: atDisk,
    before: emptyTopic,
    run: (client) => appendSome(client, 1),
  },
  {
    name: 'some batches, level os',
    server: wideAtOs,
    before: topicWithMessages,
    run: (client) => appendSome(client, 4),
  },
  {
    name: 'some batches, level disk',
    server: wideAtDisk,
    before: topicWithMessages,
    run: (client) => appendSome(client, 4),
  },
  {
    name: 'batches that share a sync',
    server: wideAtDisk,
    before: topicWithMessages,
    run: async (client) => {
      await appendAtOnce(client, 3);
      await appendAtOnce(client, 5);
    },
  },
  {
    name: 'two partitions at once',
    server: atDisk,
    before: (client) => emptyTopic(client, 2),
    run: async (client) => {
      await Promise.all([appendSome(client, 3, 0), appendAtOnce(client, 2, 1)]);
    },
  },
  { name: 'full segments, level os', server: atOs, before: emptyTopic, run: (client) => appendSome(client, 5) },
  { name: 'full segments, level disk', server: atDisk, before: emptyTopic, run: (client) => appendSome(client, 5) },
  {
    name: 'many batches wait for a new segment',
    server: atDisk,
    before: topicWithMessages,
    run: (client) => appendAtOnce(client, 6),
  },
  {
    name: 'many batches wait for a new segment, level os',
    server: atOs,
    before: topicWithMessages,
    run: (client) => appendAtOnce(client, 6),
  },
  {
    name: 'a batch larger than a segment',
    server: atOs,
    before: topicWithMessages,
    run: async (client) => {
      await client.append(client.target('s/t'), 4, 700);
      await appendSome(client, 1);
    },
  },
  {
    name: 'large batches at once',
    server: wideAtDisk,
    before: emptyTopic,
    run: async (client) => {
      const target = client.target('s/t');
      await Promise.all([client.append(target, 2, 900), client.append(target, 1, 1300), client.append(target, 3, 10)]);
    },
  },
  ...[atDisk, { ...wideAtDisk, tail: 0 }, atOs].map((server) => ({
    name: `read what is on its way to level ${server.level}, segments of ${server.segmentSize}`,
    server,
    before: topicWithMessages,
    run: async (client: Client) => {
      const appends: Promise<void>[] = [];
      // Each is written while the one before is on its way.
      for (let count = 0; count < 5; count++) {
        appends.push(client.append(client.target('s/t')));
        await client.look(client.target('s/t'));
      }
      await Promise.all(appends);
    },
  })),
  {
    name: 'flush',
    server: wideAtOs,
    before: topicWithMessages,
    run: async (client) => {
      await appendSome(client, 2);
      await client.flush(client.target('s/t'));
      await appendSome(client, 1);
    },
  },
  {
    name: 'flush while messages come',
    server: atOs,
    before: topicWithMessages,
    run: async (client) => {
      await Promise.all([appendAtOnce(client, 3), client.flush(client.target('s/t')), appendSome(client, 2)]);
    },
  },
  {
    name: 'flush what an earlier process left',
    server: wideAtOs,
    before: topicWithMessages,
    run: (client) => client.flush(client.target('s/t')),
  },
  {
    name: 'go on after a kill, level os',
    server: atOs,
    before: (client) => topicWithMessages(client, 1, 4),
    run: (client) => appendSome(client, 2),
  },
  {
    name: 'go on after a kill, level disk',
    server: atDisk,
    before: (client) => topicWithMessages(client, 1, 4),
    run: (client) => appendSome(client, 2),
  },
  {
    name: 'go on after a clean stop',
    server: wideAtDisk,
    before: async (client) => {
      await topicWithMessages(client);
      await client.close();
    },
    run: (client) => appendSome(client, 2),
  },
  {
    name: 'clean stop',
    server: wideAtOs,
    before: topicWithMessages,
    run: async (client) => {
      await appendSome(client, 2);
      await client.store(client.target('s/t'), 7, 3);
      await client.close();
    },
  },
  {
    name: 'clean stop of a server that did nothing',
    server: wideAtOs,
    before: async (client) => {
      await topicWithMessages(client);
      await client.store(client.target('s/t'), 7, 3);
      await client.close();
    },
    run: (client) => client.close(),
  },
  {
    name: 'clean stop after a kill',
    server: wideAtOs,
    before: (client) => topicWithMessages(client, 2),
    run: (client) => client.close(),
  },
  {
    name: 'clean stop while messages come',
    server: atDisk,
    before: topicWithMessages,
    run: async (client) => {
      const appends = appendAtOnce(client, 4);
      await Promise.all([appends, client.close()]);
    },
  },
  {
    name: 'recovery is crashed',
    server: atOs,
    before: emptyTopic,
    run: (client) => appendSome(client, 2),
    depth: 1,
  },
  {
    name: 'recovery from the crash of a recovery is crashed',
    server: { ...atDisk, segmentSize: 4097 },
    before: topicWithMessages,
    run: (client) => client.append(client.target('s/t'), 1, 1),
    depth: 2,
  },
];
