// Short scenarios of what exists: streams, topics, partitions, groups and users are created, renamed, purged, deleted and created again, also while
// messages come.
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

const createStream = (client: Client, stream: string) => client.change({ kind: 'create_stream', stream });
const createTopic = (client: Client, topic: string, partitions = 1) =>
  client.change({ kind: 'create_topic', stream: 's', topic, partitions });
const deleteTopic = (client: Client, topic = 't') => client.change({ kind: 'delete_topic', stream: 's', topic });
const purgeTopic = (client: Client, topic = 't') => client.change({ kind: 'purge_topic', stream: 's', topic });

export const catalogScenarios: readonly Scenario[] = [
  { name: 'create a stream and a topic', server: atOs, run: (client) => emptyTopic(client, 2) },
  {
    name: 'changes that share a sync',
    server: atOs,
    run: async (client) => {
      await Promise.all(['a', 'b', 's'].map((stream) => createStream(client, stream)));
      await Promise.all(['t', 'u', 'v', 'w'].map((topic) => createTopic(client, topic, 3)));
    },
  },
  {
    name: 'delete a topic with messages',
    server: atOs,
    before: (client) => topicWithMessages(client, 2),
    run: (client) => deleteTopic(client),
  },
  {
    name: 'delete a stream with messages',
    server: atDisk,
    before: topicWithMessages,
    run: (client) => client.change({ kind: 'delete_stream', stream: 's' }),
  },
  {
    name: 'delete a topic and create it again',
    server: atDisk,
    before: topicWithMessages,
    run: async (client) => {
      await deleteTopic(client);
      await createTopic(client, 't');
      await appendSome(client, 2);
    },
  },
  {
    name: 'delete a stream and create it again, level os',
    server: atOs,
    before: topicWithMessages,
    run: async (client) => {
      await client.change({ kind: 'delete_stream', stream: 's' });
      await topicWithMessages(client, 1, 1);
    },
  },
  {
    name: 'purge a topic',
    server: wideAtOs,
    before: topicWithMessages,
    run: async (client) => {
      await purgeTopic(client);
      await appendSome(client, 2);
    },
  },
  {
    name: 'purge a stream, level disk',
    server: atDisk,
    before: (client) => topicWithMessages(client, 2),
    run: async (client) => {
      await client.change({ kind: 'purge_stream', stream: 's' });
      await appendSome(client, 1);
    },
  },
  {
    name: 'purge twice',
    server: atOs,
    before: topicWithMessages,
    run: async (client) => {
      await purgeTopic(client);
      await appendSome(client, 1);
      await purgeTopic(client);
    },
  },
  {
    name: 'purge while messages come',
    server: atDisk,
    before: topicWithMessages,
    run: async (client) => {
      await Promise.all([appendAtOnce(client, 3), purgeTopic(client), appendSome(client, 3)]);
      await appendSome(client, 1);
    },
  },
  {
    name: 'delete a topic while messages come',
    server: atDisk,
    before: topicWithMessages,
    run: async (client) => {
      const target = client.target('s/t');
      await Promise.all([appendAtOnce(client, 3), deleteTopic(client)]);
      await client.append(target);
      await createTopic(client, 't');
      await client.append(target);
      await appendSome(client, 1);
    },
  },
  {
    name: 'clean stop while files of a deleted topic are removed',
    server: atOs,
    before: (client) => topicWithMessages(client, 2),
    run: async (client) => {
      await deleteTopic(client);
      await client.close();
    },
  },
  {
    name: 'start beside files of a deleted topic',
    server: atOs,
    before: async (client) => {
      await topicWithMessages(client);
      await createTopic(client, 'u');
      await deleteTopic(client);
    },
    run: (client) => client.append(client.target('s/u')),
  },
  {
    name: 'add and remove partitions',
    server: atDisk,
    before: topicWithMessages,
    run: async (client) => {
      await client.change({ kind: 'create_partitions', stream: 's', topic: 't', partitions: 2 });
      await appendSome(client, 1, 2);
      await client.change({ kind: 'delete_partitions', stream: 's', topic: 't', partitions: 1 });
      await client.change({ kind: 'create_partitions', stream: 's', topic: 't', partitions: 1 });
      await appendSome(client, 1, 2);
    },
  },
  {
    name: 'rename a stream and a topic',
    server: atOs,
    before: topicWithMessages,
    run: async (client) => {
      await client.change({ kind: 'rename_stream', stream: 's', to: 'r' });
      await client.change({ kind: 'rename_topic', stream: 'r', topic: 't', to: 'q' });
      await client.append(client.target('r/q'));
      await createStream(client, 's');
    },
  },
  {
    name: 'users',
    server: atOs,
    run: async (client) => {
      await client.change({ kind: 'create_user', user: 'ann' });
      await client.change({ kind: 'create_user', user: 'bob' });
      await client.change({ kind: 'change_password', user: 'ann', to: 'other' });
      await client.change({ kind: 'delete_user', user: 'bob' });
      await client.change({ kind: 'create_user', user: 'eve' });
    },
  },
  {
    name: 'changes after a clean stop',
    server: wideAtDisk,
    before: async (client) => {
      await topicWithMessages(client);
      await client.close();
    },
    run: async (client) => {
      await Promise.all([createTopic(client, 'u', 2), client.change({ kind: 'create_user', user: 'ann' })]);
      await client.close();
    },
  },
  {
    name: 'the recovery of the catalog is crashed',
    server: wideAtOs,
    before: (client) => createStream(client, 's'),
    run: (client) => createTopic(client, 't'),
    depth: 1,
  },
];
