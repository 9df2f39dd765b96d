// Servers that scenarios are played on, and what most of them find when they begin.
import type { Client } from '../client.ts';
import type { ServerOptions } from '../world.ts';

const headerSize = 4096;

/** A segment is full after about two batches. */
const small = headerSize + 300;

export const atOs: ServerOptions = { level: 'os', segmentSize: small, tail: 0 };
export const atDisk: ServerOptions = { level: 'disk', segmentSize: small, tail: 0 };

/** Segments that nothing in a scenario fills. */
export const wideAtOs: ServerOptions = { level: 'os', segmentSize: 1 << 20, tail: 1 << 20 };
export const wideAtDisk: ServerOptions = { level: 'disk', segmentSize: 1 << 20, tail: 1 << 20 };

/** Stream `s` with topic `t` of one partition, without messages. */
export async function emptyTopic(client: Client, partitions = 1): Promise<void> {
  await client.change({ kind: 'create_stream', stream: 's' });
  await client.change({ kind: 'create_topic', stream: 's', topic: 't', partitions });
}

/** The same with a few messages in each partition. */
export async function topicWithMessages(client: Client, partitions = 1, batches = 3): Promise<void> {
  await emptyTopic(client, partitions);
  for (let index = 0; index < partitions; index++) await appendSome(client, batches, index);
}

/** Appends batches of one to three messages, one after another. */
export async function appendSome(client: Client, batches: number, index = 0): Promise<void> {
  for (let number = 0; number < batches; number++) await client.append(client.target('s/t', index), 1 + (number % 3));
}

/** Appends batches of one to three messages without waiting for any. */
export async function appendAtOnce(client: Client, batches: number, index = 0): Promise<void> {
  const target = client.target('s/t', index);
  await Promise.all(Array.from({ length: batches }, (_, number) => client.append(target, 1 + (number % 3))));
}
