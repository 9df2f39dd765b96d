// The runtime file: whole, readable by tools made for either reference release, without secrets.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'smol-toml';
import { variableOf } from '../../src/config/given.ts';
import {
  deleteRuntimeConfig,
  runtimeFilePath,
  runtimeText,
  writeRuntimeConfig,
} from '../../src/config/runtime_file.ts';
import { index, leavesOf } from '../../src/config/section.ts';
import { loadConfig, settings } from '../../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'whippet-runtime-'));
after(() => rmSync(folder, { recursive: true }));

/** Unset unless given, in the reference too. */
const optionalKeys =
  /^(whippet\.(default_generation|memory\.limit)|system\.database\.path|websocket\.(max_)?(read|write|message|frame)_(buffer_)?size)$/;

type Table = { [key: string]: Table } & { [key: string]: unknown };
const at = (table: Table, path: readonly string[]): unknown =>
  path.reduce<unknown>((node, key) => (node as Table | undefined)?.[key], table);

test('the file appears whole, with the addresses really bound, and can be deleted', () => {
  const { config } = loadConfig({ IGGY_SYSTEM_PATH: folder, IGGY_TCP_ADDRESS: '127.0.0.1:0' });
  writeRuntimeConfig(config, { tcp: { host: '127.0.0.1', port: 40_123 } });
  assert.equal(runtimeFilePath(config), join(folder, 'runtime', 'current_config.toml'));
  assert.deepEqual(readdirSync(join(folder, 'runtime')), ['current_config.toml'], 'no temporary file stays');
  const table = parse(readFileSync(runtimeFilePath(config), 'utf8')) as Table;
  assert.equal(at(table, ['tcp', 'address']), '127.0.0.1:40123');
  assert.equal(at(table, ['tcp', 'enabled']), true);
  for (const transport of ['http', 'quic', 'websocket']) assert.equal(at(table, [transport, 'enabled']), false);
  deleteRuntimeConfig(config);
  deleteRuntimeConfig(config);
  assert.deepEqual(readdirSync(join(folder, 'runtime')), []);
});

test('every section and key is there, with a value of the type its readers expect', () => {
  const table = parse(runtimeText(loadConfig({}).config, {})) as Table;
  for (const { path } of leavesOf(settings)) {
    if (path.includes(index) || optionalKeys.test(path.join('.'))) continue;
    assert.notEqual(at(table, path), undefined, path.join('.'));
  }
  assert.equal(at(table, ['system', 'database']), undefined, 'an empty section would be an incomplete one');
  assert.equal(at(table, ['system', 'segment', 'cache_indexes']), true);
  assert.equal(at(table, ['system', 'segment', 'size']), '1 GiB');
  assert.equal(at(table, ['message_saver', 'interval']), '30s');
  assert.equal(at(table, ['quic', 'max_concurrent_bidi_streams']), 10_000);
  assert.deepEqual(at(table, ['cluster', 'node', 'others']), []);
});

test('what the file says is what reading it back gives', () => {
  const given = {
    IGGY_SYSTEM_PATH: folder,
    IGGY_SYSTEM_SEGMENT_SIZE: '123457',
    IGGY_SYSTEM_TOPIC_MAX_SIZE: '10 GB',
    IGGY_SYSTEM_TOPIC_MESSAGE_EXPIRY: '1 day 3 us',
    IGGY_HTTP_CORS_ALLOWED_ORIGINS: '["a, b", c]',
    IGGY_CLUSTER_NODE_OTHERS_0_NAME: 'second "node"',
    IGGY_CLUSTER_NODE_OTHERS_0_PORTS_HTTP: '3001',
    IGGY_WEBSOCKET_MAX_FRAME_SIZE: '16 MiB',
    WHIPPET_LIMITS_LOGIN_DEADLINE: 'none',
  };
  const { config } = loadConfig(given);
  const addresses = {
    tcp: config.tcp.address,
    http: config.http.address,
    quic: config.quic.address,
    websocket: config.websocket.address,
  };
  writeRuntimeConfig(config, addresses);
  const again = loadConfig({ IGGY_CONFIG_PATH: runtimeFilePath(config) });
  assert.deepEqual(again.warnings, []);
  // The cached indexes are a boolean there, for readers of 0.4.72.
  const { cacheIndexes: _, ...segment } = config.system.segment;
  const { cacheIndexes: __, ...segmentAgain } = again.config.system.segment;
  assert.deepEqual(
    { ...again.config, system: { ...again.config.system, segment: segmentAgain } },
    { ...config, system: { ...config.system, segment } },
  );
});

test('no secret is in it', () => {
  const canary = 'canary-7391';
  const secrets = leavesOf(settings).filter((leaf) => leaf.setting.parts.isSecret);
  assert.ok(secrets.length >= 5);
  const environment = Object.fromEntries(secrets.map(({ path }) => [variableOf(path), canary]));
  const { config } = loadConfig({ ...environment, IGGY_ROOT_USERNAME: 'admin', IGGY_ROOT_PASSWORD: canary });
  const text = runtimeText(config, {});
  assert.ok(!text.includes(canary));
  assert.equal(text.split('"******"').length - 1, secrets.length);
});
