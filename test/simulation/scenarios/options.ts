// Short scenarios of topics that ask for more than their server gives: messages and offsets that survive a power cut, segments of their own size.
import type { TopicOption } from '../../../src/catalog/topic_options.ts';
import { number, text } from '../../catalog/sent_options.ts';
import type { Client } from '../client.ts';
import type { Scenario } from '../enumerate.ts';
import { appendAtOnce, appendSome, atDisk, atOs, wideAtDisk, wideAtOs } from './server.ts';

const persisted = [text('durability', 'persisted')];
const persistedOffsets = [text('consumer_offset_durability', 'persisted')];
/** Full after about two batches. */
const smallSegments = [number('segment_size', BigInt(atOs.segmentSize))];

/** Stream `s` with topic `t` of one partition that has these options. */
async function topicWith(client: Client, options: readonly TopicOption[], batches = 0): Promise<void> {
  await client.change({ kind: 'create_stream', stream: 's' });
  await client.change({ kind: 'create_topic', stream: 's', topic: 't', partitions: 1, options });
  await appendSome(client, batches);
}

export const optionScenarios: readonly Scenario[] = [
  {
    name: 'messages of a topic with durability, level os',
    server: wideAtOs,
    run: (client) => topicWith(client, persisted, 3),
  },
  {
    name: 'messages of a topic with durability after a kill, and of partitions that come later',
    server: atOs,
    before: (client) => topicWith(client, persisted, 3),
    run: async (client) => {
      await appendSome(client, 2);
      await client.change({ kind: 'create_partitions', stream: 's', topic: 't', partitions: 1 });
      await appendSome(client, 2, 1);
    },
  },
  {
    name: 'level memory: messages of a topic with durability beside one without',
    server: { ...wideAtOs, level: 'memory' },
    before: (client) => topicWith(client, persisted, 1),
    run: async (client) => {
      await client.change({ kind: 'create_topic', stream: 's', topic: 'u', partitions: 1 });
      await Promise.all([appendAtOnce(client, 2), client.append(client.target('s/u'))]);
      await client.look(client.target('s/t'));
      await client.append(client.target('s/u'));
    },
  },
  {
    name: 'stored offsets of a topic with durability of its own for them',
    server: wideAtOs,
    before: (client) => topicWith(client, persistedOffsets, 2),
    run: async (client) => {
      await client.store(client.target('s/t'), 7, 1);
      await appendSome(client, 1);
      await client.store(client.target('s/t'), 7, 2);
    },
  },
  {
    name: 'segments of the size that a topic asks for',
    server: wideAtDisk,
    before: (client) => topicWith(client, smallSegments, 2),
    run: (client) => appendSome(client, 4),
  },
  {
    name: 'a topic with options is renamed and purged',
    server: atOs,
    before: (client) => topicWith(client, [...persisted, ...smallSegments], 2),
    run: async (client) => {
      await client.change({ kind: 'purge_topic', stream: 's', topic: 't' });
      await appendSome(client, 3);
      await client.change({ kind: 'rename_topic', stream: 's', topic: 't', to: 'q' });
      await client.append(client.target('s/q'));
    },
  },
  {
    name: 'options are remembered by a snapshot',
    // A part of the journal is full after about two entries.
    server: { ...atDisk, journalPartSize: 4096 + 250 },
    before: async (client) => {
      await topicWith(client, [...persistedOffsets, ...smallSegments]);
      await client.change({ kind: 'create_topic', stream: 's', topic: 'u', partitions: 1, options: persisted });
      await client.change({ kind: 'create_topic', stream: 's', topic: 'v', partitions: 1 });
    },
    run: async (client) => {
      for (const user of ['ann', 'bob', 'eve']) await client.change({ kind: 'create_user', user });
      await appendSome(client, 1);
    },
  },
];
