// A snapshot over a socket: a ZIP archive of the parts asked for, without secrets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { unzipSync } from 'fflate';
import { SnapshotCompression } from '../../generated/common/snapshot_compression.ts';
import { SnapshotType } from '../../generated/common/snapshot_type.ts';
import type { RunningServer } from '../../src/server.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const secret = 'c2VjcmV0IGtleSBvZiB0aGlydHktdHdvIGJ5dGVzISE=';
const scratch = scratchServer({ IGGY_HTTP_JWT_ENCODING_SECRET: secret }, () => 'a log line\n');
let server: RunningServer;
let client: RawClient;

before(async () => {
  server = await scratch.start();
  client = await RawClient.loggedIn(server, 'v0_8');
});
after(async () => {
  client.close();
  await server.stop();
  scratch.remove();
});

async function snapshot(
  compression: SnapshotCompression,
  types: readonly SnapshotType[],
): Promise<Record<string, string>> {
  const { archive } = await client.call<{ archive: Uint8Array }>(11, { compression, types });
  const files = Object.entries(unzipSync(archive));
  return Object.fromEntries(files.map(([name, bytes]) => [name, Buffer.from(bytes).toString()]));
}

test('holds the parts asked for, stored or compressed', async () => {
  for (const compression of Object.values(SnapshotCompression)) {
    const files = await snapshot(compression, [SnapshotType.test, SnapshotType.server_logs]);
    assert.deepEqual(files, { 'test.txt': 'test', 'server_logs.txt': 'a log line\n' });
  }
});

test('"all" is every part, and does not mix with others', async () => {
  const files = await snapshot(SnapshotCompression.deflated, [SnapshotType.all]);
  assert.deepEqual(Object.keys(files).sort(), [
    'filesystem_overview.txt',
    'process_list.txt',
    'resource_usage.txt',
    'server_config.txt',
    'server_logs.txt',
    'test.txt',
  ]);
  assert.match(files['resource_usage.txt']!, /^memoryUsage: \d+$/m);
  await assert.rejects(snapshot(SnapshotCompression.deflated, [SnapshotType.all, SnapshotType.test]), /status 3/);
});

test('no part is an empty archive, and none holds a secret', async () => {
  const { archive } = await client.call<{ archive: Uint8Array }>(11, {
    compression: SnapshotCompression.stored,
    types: [],
  });
  assert.equal(archive.byteLength, 22);
  const files = await snapshot(SnapshotCompression.stored, [SnapshotType.all]);
  assert.ok(!Object.values(files).join('').includes(secret));
  assert.match(files['server_config.txt']!, new RegExp(`address = "127.0.0.1:${server.tcp!.port}"`));
});
