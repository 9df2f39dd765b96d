// One client that reads a whole topic while others still send to it: as the only member of a group of its own where its API has
// groups, and otherwise as a consumer of its own, partition by partition, with polls that go on where the last one committed.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Line } from '../client_process.ts';
import type { OfficialClient } from '../official_clients.ts';
import { readMessage, readPoll, type ShownMessage } from '../polled.ts';
import type { SharedLog } from './shared_log.ts';

/** Messages that a reader asks for at once. */
const pageSize = 5000;
/** The wait after a page that was not full, where each poll is a program of its own. */
const pauseMs = 500;
const limitSeconds = 240;

/** Where to read. */
export interface Place {
  readonly address: string;
  readonly stream: string;
  readonly topic: string;
}

/** Given each message; `partition` counts from 0. */
type Take = (partition: number, message: ShownMessage) => void;

/** Whether a client stays in a group until it has read what it wants. */
export function readsThroughGroup({ offers }: OfficialClient): boolean {
  return offers.verbs.includes('read_group');
}

/**
 * Reads all that a log comes to hold, unless stopped before. Fails at the first message that is not the next one of its partition, or
 * not what all see there.
 */
export async function readAll(client: OfficialClient, place: Place, log: SharedLog, stop: AbortSignal): Promise<void> {
  const read = Array<number>(log.partitions).fill(0);
  const take: Take = (partition, message) => {
    assert.equal(message.offset, read[partition]!++, `what ${client.name} is shown next of partition ${partition}`);
    log.assertHolds(client, partition, message);
  };
  if (readsThroughGroup(client)) await readGroup(client, place, log, take, stop);
  else await readAlone(client, place, log, read, take, stop);
  assert.deepEqual(read, Array(log.partitions).fill(log.partitionSize), `what ${client.name} read of each partition`);
}

async function readGroup(
  client: OfficialClient,
  place: Place,
  log: SharedLog,
  take: Take,
  stop: AbortSignal,
): Promise<void> {
  const wrong = Promise.withResolvers<never>();
  stop.addEventListener('abort', () => wrong.reject(stop.reason));
  const judge = (line: Line): void => {
    if (line.event === 'read') return;
    try {
      if (line.event === 'error') throw new Error(`${client.name}: ${line.message}`);
      const message = readMessage(line);
      take(message.partition! - client.idBase, message);
    } catch (error) {
      wrong.reject(error);
    }
  };
  const count = log.partitionSize * log.partitions;
  const keys = { ...place, group: client.slug, count, batch: pageSize, timeout: limitSeconds };
  const reader = client.start('read_group', keys, judge);
  try {
    await Promise.race([reader.finish(limitSeconds * 1000), wrong.promise]);
  } finally {
    await reader.kill();
  }
}

async function readAlone(
  client: OfficialClient,
  place: Place,
  log: SharedLog,
  read: readonly number[],
  take: Take,
  stop: AbortSignal,
): Promise<void> {
  const consumer = client.offers.consumer ?? client.slug;
  const how = { strategy: 'next', value: 0, count: pageSize, consumer, auto_commit: true };
  for (let partition = 0; read.some((count) => count < log.partitionSize); partition = (partition + 1) % read.length) {
    stop.throwIfAborted();
    if (read[partition]! >= log.partitionSize) continue;
    const { messages } = readPoll(await client.run('poll', { ...place, ...how, partition: partition + client.idBase }));
    for (const message of messages) take(partition, message);
    if (messages.length < pageSize) await sleep(pauseMs);
  }
}
