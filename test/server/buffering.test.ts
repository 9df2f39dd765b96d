// WHIPPET_BUFFERING: messages are acknowledged and polled while they are in memory only; a flush and a clean stop bring them to the disk.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import type { RunningServer } from '../../src/server.ts';
import { sentRegion } from '../protocol/sent_batches.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const scratch = scratchServer({ WHIPPET_BUFFERING: 'true', IGGY_SYSTEM_PARTITION_MESSAGES_REQUIRED_TO_SAVE: '10' });
let server: RunningServer;

before(async () => {
  server = await scratch.start();
});
after(async () => {
  await server.stop();
  scratch.remove();
});

const place = {
  streamId: { kind: IdentifierKind.name, name: 's' },
  topicId: { kind: IdentifierKind.name, name: 't' },
} as const;

function send(client: RawClient, count: number): Promise<unknown> {
  const message = { messageId: 0n, payload: Buffer.from('hello'), headers: [] };
  return client.call('send_messages', {
    ...place,
    partitioning: { kind: PartitioningKind.partition_id, partitionId: 0 },
    messages: sentRegion('v0_8', Array(count).fill(message)),
  });
}

async function lastOffset(client: RawClient): Promise<number> {
  const { currentOffset } = await client.call<{ currentOffset: number }>('poll_messages', {
    ...place,
    consumer: { kind: ConsumerKind.consumer, id: { kind: IdentifierKind.numeric, id: 1 } },
    partitionId: 0,
    strategy: { kind: PollingKind.first, value: 0n },
    count: 100,
    autoCommit: false,
  });
  return currentOffset;
}

/** Bytes of frames in the partition's only segment. */
function written(): number {
  const logs = join(scratch.folder, 'logs');
  const segments = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  assert.equal(segments.length, 1);
  return statSync(join(logs, segments[0]!)).size - fileHeaderSize;
}

test('what is acknowledged is written when there is enough of it, on a flush, and at a clean stop', async () => {
  const client = await RawClient.loggedIn(server, 'v0_8');
  await client.call('create_stream', { streamId: undefined, name: 's' });
  await client.call('create_topic', {
    ...{ streamId: place.streamId, topicId: undefined, partitionsCount: 1, compressionAlgorithm: 1, name: 't' },
    ...{ messageExpiry: 0n, maxTopicSize: 0n, replicationFactor: undefined },
  });
  await send(client, 4);
  assert.equal(written(), 0);
  assert.equal(await lastOffset(client), 3);
  await send(client, 6);
  const ten = written();
  assert.ok(ten > 0);
  await send(client, 1);
  assert.equal(written(), ten);
  await client.call('flush_unsaved_buffer', { ...place, partitionId: 0, fsync: false });
  const eleven = written();
  assert.ok(eleven > ten);
  await send(client, 1);
  assert.equal(written(), eleven);
  client.close();
  await server.stop();
  assert.ok(written() > eleven);
  server = await scratch.start();
  const again = await RawClient.loggedIn(server, 'v0_8');
  assert.equal(await lastOffset(again), 11);
  again.close();
});
