// A snapshot over a socket: a ZIP archive of the parts asked for, without secrets.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { unzipSync } from 'fflate';
import { SnapshotCompression } from '../../generated/common/snapshot_compression.ts';
import { SnapshotType } from '../../generated/common/snapshot_type.ts';
import { loadConfig } from '../../src/config.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { RawClient } from './raw_client.ts';

const folder = mkdtempSync(join(tmpdir(), 'whippet-snapshot-'));
const secret = 'c2VjcmV0IGtleSBvZiB0aGlydHktdHdvIGJ5dGVzISE=';
let server: RunningServer;
let client: RawClient;

before(async () => {
  const environment = {
    IGGY_TCP_ADDRESS: '127.0.0.1:0',
    IGGY_SYSTEM_PATH: folder,
    IGGY_HTTP_JWT_ENCODING_SECRET: secret,
  };
  server = await startServer(loadConfig(environment).config, silentLogger, () => 'a log line\n');
  client = await RawClient.loggedIn(server, 'v0_8');
});
after(async () => {
  client.close();
  await server.stop();
  rmSync(folder, { recursive: true });
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
