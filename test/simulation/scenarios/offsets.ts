// Short scenarios of stored offsets: of consumers and of groups, alone and together, replaced by a shorter file, of messages that are gone.
import type { Client } from '../client.ts';
import type { Scenario } from '../enumerate.ts';
import { appendSome, atDisk, atOs, topicWithMessages, wideAtDisk, wideAtOs } from './server.ts';

const group = (client: Client, kind: 'create_group' | 'delete_group') =>
  client.change({ kind, stream: 's', topic: 't', group: 'g' });

/** Stores so many offsets that the next one replaces the file. */
async function longHistory(client: Client): Promise<void> {
  await topicWithMessages(client);
  for (let number = 0; number < 4097; number++) await client.store(client.target('s/t'), 1 + (number % 3), number % 5);
  await client.close();
}

export const offsetScenarios: readonly Scenario[] = [
  {
    name: 'first stored offset, level os',
    server: wideAtOs,
    before: topicWithMessages,
    run: (client) => client.store(client.target('s/t'), 7, 2),
  },
  {
    name: 'stored offsets, level disk',
    server: wideAtDisk,
    before: topicWithMessages,
    run: async (client) => {
      for (const offset of [1, 4, 2]) await client.store(client.target('s/t'), 7, offset);
    },
  },
  {
    name: 'stored offsets, level os',
    server: wideAtOs,
    before: topicWithMessages,
    run: async (client) => {
      for (const offset of [1, 4, 2]) await client.store(client.target('s/t'), 7, offset);
    },
  },
  {
    name: 'offsets stored at once',
    server: wideAtDisk,
    before: topicWithMessages,
    run: async (client) => {
      const target = client.target('s/t');
      await Promise.all([1, 2, 3].map((offset) => client.store(target, 7, offset)));
      await Promise.all([client.store(target, 7, 0), client.store(target, 8, 4), client.forget(target, 7)]);
    },
  },
  {
    name: 'stored offsets after a kill',
    server: wideAtDisk,
    before: async (client) => {
      await topicWithMessages(client);
      for (const offset of [1, 4]) await client.store(client.target('s/t'), 7, offset);
    },
    run: async (client) => {
      await client.store(client.target('s/t'), 8, 2);
      await client.forget(client.target('s/t'), 7);
    },
  },
  {
    name: 'a group is deleted and its number used again',
    server: wideAtDisk,
    before: async (client) => {
      await topicWithMessages(client);
      await group(client, 'create_group');
    },
    run: async (client) => {
      const target = client.target('s/t');
      await client.storeForGroup(target, 'g', 3);
      await group(client, 'delete_group');
      await group(client, 'create_group');
      await client.storeForGroup(target, 'g', 1);
    },
  },
  {
    name: 'a group is deleted, level os',
    server: wideAtOs,
    before: async (client) => {
      await topicWithMessages(client);
      await group(client, 'create_group');
      await client.storeForGroup(client.target('s/t'), 'g', 3);
      await client.store(client.target('s/t'), 0, 4);
    },
    run: async (client) => {
      await group(client, 'delete_group');
      await group(client, 'create_group');
    },
  },
  {
    name: 'purge takes stored offsets along',
    server: wideAtDisk,
    before: async (client) => {
      await topicWithMessages(client);
      await client.store(client.target('s/t'), 7, 4);
    },
    run: async (client) => {
      await client.change({ kind: 'purge_topic', stream: 's', topic: 't' });
      await appendSome(client, 3);
      await client.store(client.target('s/t'), 8, 1);
    },
  },
  {
    name: 'offsets of messages that a power cut takes',
    server: wideAtOs,
    before: topicWithMessages,
    run: async (client) => {
      await appendSome(client, 2);
      await client.store(client.target('s/t'), 7, 8);
      await client.store(client.target('s/t'), 8, 8);
      await client.store(client.target('s/t'), 8, 6);
    },
  },
  {
    name: 'offsets and messages at once',
    server: atDisk,
    before: topicWithMessages,
    run: async (client) => {
      const target = client.target('s/t');
      await Promise.all([
        client.append(target),
        client.store(target, 7, 2),
        client.append(target),
        client.flush(target),
      ]);
    },
  },
  {
    name: 'a long history of stored offsets is replaced',
    server: atOs,
    before: longHistory,
    run: async (client) => {
      const target = client.target('s/t');
      await Promise.all([client.store(target, 1, 2), client.store(target, 2, 3), client.store(target, 3, 0)]);
    },
  },
];
