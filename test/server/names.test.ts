// Names that would lead out of a folder if they were part of a path: they are names like others, and no file is made from them.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { UserStatus } from '../../generated/common/user_status.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';
import { named } from './every_command.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const outer = scratchServer();
// The data is two folders down, so that `..` would still be in a place the test can see; the folder is reached through a link.
mkdirSync(join(outer.folder, 'real'));
symlinkSync('real', join(outer.folder, 'link'));
const inner = scratchServer({ IGGY_SYSTEM_PATH: join(outer.folder, 'link', 'data') });
let server: RunningServer;

before(async () => {
  server = await inner.start();
});
after(async () => {
  await server.stop();
  inner.remove();
  outer.remove();
});

const hostile = [
  '..',
  '../..',
  '../escaped',
  '/tmp/whippet-escaped',
  '..\\escaped',
  'a/b/../../c',
  'NUL\0inside',
  'con',
  '%2e%2e%2f',
  '\u202etxt.exe',
  '__proto__',
  'constructor',
  '.',
  'x'.repeat(255),
];

/** What the data folder may hold: nothing that a client chose. */
const known =
  /^(catalog|logs|runtime|format|lock|(catalog|logs)\/[0-9a-f-]+(\.(journal|snapshot|log))?|catalog\/checkpoint|logs\/[0-9a-f-]+\/(\d+\.(log|index)|checkpoint|offsets)|runtime\/current_config\.toml)$/;

test('streams, topics, groups, consumers, users and tokens of any name leave files of the known names only', async () => {
  for (const generation of Object.keys(protocols.byName) as GenerationName[]) {
    const client = await RawClient.loggedIn(server, generation);
    const settings = { compressionAlgorithm: 1, messageExpiry: 0n, maxTopicSize: 0n, replicationFactor: undefined };
    const taken: string[] = [];
    for (const name of hostile) {
      const place = { streamId: named(name), topicId: named(name) };
      const { status } = await client.ask('create_stream', { streamId: undefined, name });
      if (status !== 0) continue;
      taken.push(name);
      const topic = { streamId: named(name), topicId: undefined, partitionsCount: 1, ...settings, name };
      assert.equal((await client.ask('create_topic', topic)).status, 0, `${generation} ${JSON.stringify(name)}`);
      await client.call('create_consumer_group', { ...place, groupId: undefined, name });
      const offset = { consumer: { kind: 1, id: named(name) }, ...place, partitionId: 0, offset: 0 };
      await client.ask('store_consumer_offset', offset);
      await client.ask('create_personal_access_token', { name, expiry: 0n });
      const user = { username: name, password: 'secret', status: UserStatus.active, permissions: undefined };
      // Its password is hashed, which takes long.
      if (generation === 'v0_8') await client.ask('create_user', user);
      const { topic: found } = await client.call<{ topic: { name: string } | undefined }>('get_topic', place);
      assert.notEqual(found, undefined, JSON.stringify(name));
    }
    // 0.4 refuses most signs.
    assert.ok(taken.length >= 6, `${generation} takes ${JSON.stringify(taken)}`);
    for (const name of taken) await client.call('delete_stream', { streamId: named(name) });
    client.close();
  }
  const folder = join(outer.folder, 'real', 'data');
  const entries = readdirSync(folder, { recursive: true }) as string[];
  assert.deepEqual(
    entries.filter((entry) => !known.test(entry)),
    [],
  );
  assert.deepEqual(readdirSync(outer.folder).sort(), ['link', 'real']);
  assert.deepEqual(readdirSync(join(outer.folder, 'real')), ['data']);
  const escaped = readdirSync(dirname(outer.folder)).filter((entry) => entry.includes('escaped'));
  assert.deepEqual(escaped, []);
});
