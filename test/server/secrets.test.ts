// Passwords, tokens, keys and, with encryption on, payloads: used in every way that works and every way that fails, at the most talkative log level,
// and then looked for in the data folder, the log, snapshots, and every answer that has no business with them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import { HeaderKind } from '../../generated/common/header_kind.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import { SnapshotCompression } from '../../generated/common/snapshot_compression.ts';
import { SnapshotType } from '../../generated/common/snapshot_type.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { ConfigError, loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { RecentLines } from '../../src/lib/recent_lines.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';
import { sentRegion } from '../protocol/sent_batches.ts';
import { Canaries, type Sighting } from './canaries.ts';
import { named } from './every_command.ts';
import { frameBytes, headBytes } from './frames.ts';
import { RawClient, tokenLogin } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const generations = Object.keys(protocols.byName) as GenerationName[];
const place = { streamId: named('s'), topicId: named('t') };
const consumer = { kind: 1, id: { kind: 1, id: 1 } };
const poll = { consumer, ...place, partitionId: 0, strategy: { kind: 3, value: 0n }, count: 100, autoCommit: true };

/** Clients that look for secrets in every answer, unless they are told that it is one. */
class Searcher {
  readonly seen: Sighting[] = [];
  readonly #canaries: Canaries;
  readonly #client: RawClient;
  readonly #generation: GenerationName;

  constructor(canaries: Canaries, client: RawClient, generation: GenerationName) {
    this.#canaries = canaries;
    this.#client = client;
    this.#generation = generation;
  }

  /** Sends a request, right or not; whatever the answer is, it must not tell a secret. */
  async ask(command: Parameters<RawClient['ask']>[0], request: unknown): Promise<number> {
    return this.send(this.#client.frame(command, request), String(command));
  }

  async send(frame: Uint8Array, place = 'bytes'): Promise<number> {
    this.#client.write(frame);
    const { status, payload } = await this.#client.reply();
    this.seen.push(...this.#canaries.seenIn(payload, `${this.#generation}: answer to ${place}`));
    return status;
  }

  logIn(username: string, password: string): Promise<number> {
    return this.send(this.#client.loginFrame(username, password), 'login_user');
  }

  logInWithToken(token: string): Promise<number> {
    const { command, request } = tokenLogin(this.#generation, token);
    return this.send(this.#client.frame(command, request), command);
  }

  /** The frame of a request with its last bytes cut off, lost in the middle, or broken. */
  async misshape(command: Parameters<RawClient['ask']>[0], request: unknown): Promise<void> {
    // Generation 0.9 has logins of its own; their frames are not cut here but by the fuzzer.
    if (this.#generation === 'v0_9') return;
    const frame = this.#client.frame(command, request);
    const code = Buffer.from(frame).readUInt32LE(4);
    const payload = frame.subarray(8);
    for (const cut of [1, 4, 9])
      await this.send(frameBytes(code, payload.subarray(0, payload.byteLength - cut)), 'cut');
    const broken = Buffer.from(payload);
    broken[broken.byteLength >> 1] = 0xff;
    await this.send(frameBytes(code, broken), 'broken');
    await this.send(frameBytes(77_777, payload), 'no command');
  }
}

function send(generation: GenerationName, payload: string, header: string, partitionId = 0) {
  const headers = [{ key: 'k', kind: HeaderKind.raw, value: Buffer.from(header) }];
  const messages = sentRegion(generation, [{ messageId: 1n, payload: Buffer.from(payload), headers }]);
  return { ...place, partitioning: { kind: PartitioningKind.partition_id, partitionId }, messages };
}

async function useAccounts(
  canaries: Canaries,
  root: RawClient,
  client: RawClient,
  generation: GenerationName,
  own: string,
) {
  const searcher = new Searcher(canaries, client, generation);
  const name = (suffix: string) => `${generation}${suffix}`;
  const [first, second, wrong, long] = ['first', 'second', 'wrong', 'long'].map((each) =>
    canaries.plant(`${generation}${each}`, each === 'long' ? 150 : 24),
  ) as [string, string, string, string];
  const user = { username: name('a'), password: first, status: UserStatus.active, permissions: undefined };

  // Logins that fail.
  for (const [username, password] of [
    ['iggy', wrong],
    ['nobody', wrong],
    ['iggy', long],
    [name('a'), first],
  ] as const)
    await searcher.logIn(username, password);
  await searcher.misshape('login_user', { username: 'iggy', password: wrong, version: '', context: '' });
  await searcher.logInWithToken(canaries.plant(`${generation}token`, 68));
  await searcher.misshape('login_with_personal_access_token', { token: canaries.plant(`${generation}cut`, 68) });

  assert.equal(await searcher.logIn('iggy', own), 0);
  for (let twice = 0; twice < 2; twice++) await searcher.ask('create_user', user);
  await searcher.ask('create_user', { ...user, username: name('b'), password: long });
  await searcher.misshape('create_user', { ...user, username: name('c') });
  const change = { userId: named(name('a')), currentPassword: first, newPassword: second };
  for (let twice = 0; twice < 2; twice++) await searcher.ask('change_password', change);
  await searcher.ask('change_password', { ...change, userId: named('nobody') });
  await searcher.ask('change_password', { ...change, newPassword: long });
  await searcher.misshape('change_password', change);

  // Tokens: the answer to their creation is the only one that holds them.
  for (const [each, expiry] of [
    ['kept', 0n],
    ['short', 1n],
  ] as const) {
    const { token } = await client.call<{ token: string }>('create_personal_access_token', {
      name: name(each),
      expiry,
    });
    canaries.keep(`${name(each)} as text`, Buffer.from(token));
    canaries.keep(`${name(each)} as bytes`, Buffer.from(token, 'base64'));
    await sleep(2);
    await searcher.ask('create_personal_access_token', { name: name(each), expiry });
    await searcher.logInWithToken(token);
    await searcher.logIn('iggy', own);
    await searcher.ask('get_personal_access_tokens', {});
    await searcher.ask('delete_personal_access_token', { name: name(each) });
    await searcher.logInWithToken(token);
  }
  await searcher.logIn('iggy', own);
  await root.call('update_user', { userId: named(name('a')), username: undefined, status: UserStatus.inactive });
  await searcher.logIn(name('a'), second);
  for (const command of ['get_users', 'get_me', 'get_clients', 'get_stats'] as const) await searcher.ask(command, {});
  await searcher.ask('get_user', { userId: named(name('a')) });
  return searcher.seen;
}

async function useMessages(canaries: Canaries, client: RawClient, generation: GenerationName): Promise<Sighting[]> {
  const searcher = new Searcher(canaries, client, generation);
  const payload = canaries.plant(`${generation}payload`, 200);
  const header = canaries.plant(`${generation}header`);
  await searcher.ask('send_messages', send(generation, payload, header));
  await searcher.ask('send_messages', send(generation, payload, header, 99));
  await searcher.ask('send_messages', { ...send(generation, payload, header), topicId: named('missing') });
  await searcher.misshape('send_messages', send(generation, payload, header));
  await searcher.ask('flush_unsaved_buffer', { ...place, partitionId: 0, fsync: true });
  assert.equal((await client.ask('poll_messages', poll)).status, 0);
  await searcher.ask('get_topic', place);
  return searcher.seen;
}

/** Connections without a login: one that asks for more, one that ends in the middle of a secret, one whose request is too long. */
async function breakOff(server: RunningServer, canaries: Canaries): Promise<Sighting[]> {
  const early = await RawClient.open(server, 'v0_8');
  const user = { username: 'early', status: UserStatus.active, permissions: undefined };
  const searcher = new Searcher(canaries, early, 'v0_8');
  await searcher.ask('create_user', { ...user, password: canaries.plant('early') });
  early.close();
  const half = await RawClient.open(server, 'v0_8');
  half.write(Buffer.concat([headBytes(200, 38), Buffer.from(canaries.plant('half', 100))]));
  await sleep(20);
  half.close();
  const long = await RawClient.open(server, 'v0_8');
  long.write(frameBytes(38, Buffer.from(canaries.plant('endless', 2000))));
  assert.ok(await long.isClosed());
  return searcher.seen;
}

/** The parts of a snapshot, unpacked. */
async function snapshotOf(client: RawClient): Promise<Buffer> {
  const request = { compression: SnapshotCompression.stored, types: [SnapshotType.all] };
  const { archive } = await client.call<{ archive: Uint8Array }>('get_snapshot', request);
  return Buffer.concat([archive, ...Object.values(unzipSync(archive))]);
}

async function makeTopic(client: RawClient): Promise<void> {
  const settings = { compressionAlgorithm: 1, messageExpiry: 0n, maxTopicSize: 0n, replicationFactor: undefined };
  await client.call('create_stream', { streamId: undefined, name: 's' });
  await client.call('create_topic', { ...place, topicId: undefined, partitionsCount: 1, ...settings, name: 't' });
}

test('no secret is anywhere but with who brought it', async () => {
  const canaries = new Canaries();
  const key = randomBytes(32);
  canaries.keep('key', key);
  const own = canaries.plant('root');
  const [jwt, tls, s3] = ['jwt', 'tls', 's3'].map((name) => canaries.plant(name)) as [string, string, string];
  const lines: string[] = [];
  const recent = new RecentLines();
  const scratch = scratchServer(
    {
      IGGY_ROOT_USERNAME: 'iggy',
      IGGY_ROOT_PASSWORD: own,
      IGGY_SYSTEM_ENCRYPTION_ENABLED: 'true',
      IGGY_SYSTEM_ENCRYPTION_KEY: key.toString('base64'),
      IGGY_HTTP_JWT_ENCODING_SECRET: jwt,
      IGGY_TCP_TLS_PASSWORD: tls,
      IGGY_DATA_MAINTENANCE_ARCHIVER_S3_KEY_SECRET: s3,
      WHIPPET_LIMITS_FAILED_LOGINS_PER_SECOND: '0',
    },
    () => recent.text,
    createLogger(
      systemClock(),
      'trace',
      'json',
      recent.tap((line) => lines.push(line)),
    ),
  );
  let server = await scratch.start();
  try {
    const root = await RawClient.open(server, 'v0_8');
    assert.equal(await root.logIn('iggy', own), 0);
    await makeTopic(root);
    const seen: Sighting[] = [];
    for (const generation of generations) {
      const client = await RawClient.open(server, generation);
      // Refusals have a text in the oldest generation only; those between have nothing of their own.
      if (generation === generations[0] || generation === generations.at(-1))
        seen.push(...(await useAccounts(canaries, root, client, generation, own)));
      assert.equal(await client.logIn('iggy', own), 0);
      seen.push(...(await useMessages(canaries, client, generation)));
      client.close();
    }
    seen.push(...(await breakOff(server, canaries)));
    seen.push(...canaries.seenIn(await snapshotOf(root), 'snapshot'));
    root.close();
    seen.push(...canaries.seenBelow(scratch.folder));
    await server.stop();
    server = await scratch.start();
    seen.push(...canaries.seenBelow(scratch.folder));
    seen.push(...canaries.seenIn(Buffer.from(lines.join('\n')), 'log'));
    assert.deepEqual(seen, []);
    assert.ok(lines.length > 20, `only ${lines.length} lines were logged`);
    assert.ok(canaries.names.length > 30, `only ${canaries.names.length} secrets were planted`);
    assert.ok(!lines.join().includes('$argon2id$'), 'no hash is logged');
  } finally {
    await server.stop();
    scratch.remove();
  }
});

test('the search finds what is there: payloads without encryption, and what an answer is about', async () => {
  const canaries = new Canaries();
  const payload = canaries.plant('payload', 200);
  const scratch = scratchServer();
  const server = await scratch.start();
  try {
    const client = await RawClient.loggedIn(server, 'v0_8');
    await makeTopic(client);
    await client.call('send_messages', send('v0_8', payload, 'h'));
    await client.call('flush_unsaved_buffer', { ...place, partitionId: 0, fsync: true });
    const { payload: polled } = await client.ask('poll_messages', poll);
    assert.equal(canaries.seenIn(polled, 'poll').length, 1);
    assert.notEqual(canaries.seenBelow(scratch.folder).length, 0);
    for (const form of [payload, `.${payload}`, `..${payload}`]) {
      assert.equal(canaries.seenIn(Buffer.from(Buffer.from(form).toString('base64')), 'base64').length, 1);
      assert.equal(canaries.seenIn(Buffer.from(Buffer.from(form).toString('hex')), 'hex').length, 1);
    }
    client.close();
  } finally {
    await server.stop();
    scratch.remove();
  }
});

test('a configuration that is refused does not tell the secrets in it', async () => {
  const canaries = new Canaries();
  const long = canaries.plant('long', 150);
  const key = canaries.plant('key', 40);
  assert.throws(
    () => loadConfig({ IGGY_ROOT_USERNAME: 'iggy', IGGY_ROOT_PASSWORD: long }),
    (error: Error) => error instanceof ConfigError && canaries.seenIn(Buffer.from(error.stack!), 'error').length === 0,
  );
  const scratch = scratchServer({ IGGY_SYSTEM_ENCRYPTION_ENABLED: 'true', IGGY_SYSTEM_ENCRYPTION_KEY: key });
  try {
    await assert.rejects(
      scratch.start(),
      (error: Error) =>
        error instanceof ConfigError && canaries.seenIn(Buffer.from(error.stack!), 'error').length === 0,
    );
  } finally {
    scratch.remove();
  }
});
