// Whoever has not logged in, or no longer counts as logged in, gets nothing but a ping and a login: every command, every generation, every way to be such a
// stranger. And what is taken away from a user is taken away from the sessions that are open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandName } from '../../generated/commands.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { rootPermissions } from '../../src/access/permissioner.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';
import { isForAnyone } from '../access/permission_oracle.ts';
import { hidesFromStrangers, hidingGets, named, World } from './every_command.ts';
import { frameBytes } from './frames.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const scratch = scratchServer({ WHIPPET_LIMITS_FAILED_LOGINS_PER_SECOND: '0' });
let server: RunningServer;
let world: World;

before(async () => {
  server = await scratch.start();
  world = await World.make(server);
});
after(async () => {
  world.root.close();
  await server.stop();
  scratch.remove();
});

const status = {
  unknownCommand: 3,
  unauthenticated: 40,
  unauthorized: 41,
  badPassword: 42,
};

/** How logins are refused. In 0.9 by an eviction, of which clients make one of few statuses. */
function refusals(generation: GenerationName) {
  return generation === 'v0_9'
    ? { noToken: 53, expired: 53, inactive: 42, inactiveToken: 40 }
    : { noToken: 20, expired: 54, inactive: 47, inactiveToken: 47 };
}

const generations = Object.keys(protocols.byName) as GenerationName[];
let members = 0;

/** A user who may do everything, logged in by password and by token on a connection each. */
async function member(generation: GenerationName) {
  const name = `member${++members}`;
  const user = { username: name, password: 'secret', status: UserStatus.active, permissions: rootPermissions };
  await world.root.call('create_user', user);
  const client = await RawClient.open(server, generation);
  assert.equal(await client.logIn(name, 'secret'), 0);
  const { token } = await client.call<{ token: string }>('create_personal_access_token', { name: 'own', expiry: 0n });
  const other = await RawClient.loggedIn(server, generation);
  assert.equal(await other.logInWithToken(token), 0);
  for (const each of [client, other]) await each.call('get_streams', {});
  return { name, client, other, token };
}

async function logInWith(client: RawClient, token: string): Promise<number> {
  return client.logInWithToken(token);
}

/** Ways to be a stranger, each as connections in that state that have proved their generation. */
const ways: Readonly<Record<string, (generation: GenerationName) => Promise<RawClient[]>>> = {
  'logged out': async (generation) => {
    const client = await RawClient.loggedIn(server, generation);
    await client.call('logout_user', {});
    return [client];
  },

  'a failed login': async (generation) => {
    const client = await RawClient.open(server, generation);
    assert.equal(await client.logIn('iggy', 'wrong'), status.badPassword);
    return [client];
  },

  'an expired token': async (generation) => {
    const { client, other } = await member(generation);
    const short = { name: 'short', expiry: 1n };
    const { token } = await client.call<{ token: string }>('create_personal_access_token', short);
    await sleep(2);
    await other.call('logout_user', {});
    assert.equal(await logInWith(other, token), refusals(generation).expired);
    client.close();
    return [other];
  },

  'a deleted token': async (generation) => {
    const { client, other, token } = await member(generation);
    await client.call('delete_personal_access_token', { name: 'own' });
    assert.equal((await client.ask('get_streams', {})).status, 0, 'who logged in otherwise stays');
    await client.call('logout_user', {});
    assert.equal(await logInWith(client, token), refusals(generation).noToken);
    return [other, client];
  },

  'a user made inactive': async (generation) => {
    const { name, client, other, token } = await member(generation);
    await world.root.call('update_user', { userId: named(name), username: undefined, status: UserStatus.inactive });
    const late = await RawClient.open(server, generation);
    assert.equal(await late.logIn(name, 'wrong'), status.badPassword);
    assert.equal(await late.logIn(name, 'secret'), refusals(generation).inactive);
    assert.equal(await logInWith(late, token), refusals(generation).inactiveToken);
    return [client, other, late];
  },

  'a deleted user': async (generation) => {
    const { name, client, other, token } = await member(generation);
    await world.root.call('delete_user', { userId: named(name) });
    assert.equal(await logInWith(other, token), refusals(generation).noToken);
    return [client, other];
  },

  'a deleted user whose id another has got': async (generation) => {
    const { name, client, other } = await member(generation);
    await world.root.call('delete_user', { userId: named(name) });
    const next = await member(generation);
    for (const each of [next.client, next.other]) each.close();
    return [client, other];
  },

  'the password of before': async (generation) => {
    const { name, client, other } = await member(generation);
    await client.call('change_password', { userId: named(name), currentPassword: 'secret', newPassword: 'other' });
    await other.call('logout_user', {});
    assert.equal(await other.logIn(name, 'secret'), status.badPassword);
    client.close();
    return [other];
  },
};

/** In 0.9 also a logout, which then ends nothing. */
function isForStrangers(command: CommandName, generation: GenerationName): boolean {
  return isForAnyone(command) || (generation === 'v0_9' && command === 'logout_user');
}

/** Sends every command that needs a login; all are refused with one of `expected`, and nothing changes. */
async function expectNothing(clients: readonly RawClient[], generation: GenerationName, expected: readonly number[]) {
  const attempts = (await world.attempts(generation)).filter(({ command }) => !isForStrangers(command, generation));
  const before = await world.state();
  for (const client of clients) {
    for (const { command, request } of attempts) {
      const answer = await client.ask(command, request);
      const says = `${generation} ${command}: ${answer.status}`;
      if (hidesFromStrangers.has(generation) && hidingGets.has(command))
        assert.ok(answer.status === 0 && answer.payload.byteLength === 0, says);
      else assert.ok(expected.includes(answer.status), says);
    }
  }
  assert.equal(await world.state(), before, generation);
}

for (const [way, make] of Object.entries(ways))
  test(`${way}: only pings and logins are served, and nothing else has an effect`, async () => {
    for (const generation of generations) {
      const clients = await make(generation);
      await expectNothing(clients, generation, [status.unauthenticated]);
      for (const client of clients) {
        assert.equal((await client.ask('ping', {})).status, 0);
        assert.equal(await logInWith(client, world.token), 0);
        assert.equal((await client.ask('get_me', {})).status, 0);
        client.close();
      }
    }
  });

test('never logged in: commands are refused, also those that the assumed generation does not have', async () => {
  for (const generation of generations) {
    const attempts = (await world.attempts(generation)).filter(({ command }) => !isForStrangers(command, generation));
    const before = await world.state();
    for (const { command, request } of attempts) {
      const client = await RawClient.open(server, generation);
      assert.equal((await client.ask('ping', {})).status, 0);
      const { status: answered, payload } = await client.ask(command, request);
      client.close();
      const isEmpty = answered === 0 && payload.byteLength === 0 && hidingGets.has(command);
      const isRefused = answered === status.unauthenticated || answered === status.unknownCommand;
      assert.ok(isEmpty || isRefused, `${generation} ${command}: ${answered}`);
    }
    assert.equal(await world.state(), before);
  }
});

test('codes that are no command are refused before a login, whatever they carry', async () => {
  const client = await RawClient.open(server, 'v0_8');
  for (const code of [0, 2, 13, 37 + 2 ** 16, 99, 2 ** 31, 2 ** 32 - 1]) {
    for (const payload of [Buffer.alloc(0), Buffer.alloc(900, 1)]) {
      client.write(frameBytes(code, payload));
      assert.equal((await client.reply()).status, status.unknownCommand, String(code));
    }
  }
  client.close();
});

test('a command right behind a login in one write is served after a good one and refused after a bad one', async () => {
  for (const generation of generations) {
    for (const [password, expected] of [
      ['wrong', [status.badPassword, status.unauthenticated, status.unauthenticated]],
      ['iggy', [0, 0, 0]],
    ] as const) {
      const client = await RawClient.open(server, generation);
      const create = client.frame('create_stream', { streamId: undefined, name: 'pipelined' });
      const remove = client.frame('delete_stream', { streamId: named('pipelined') });
      client.write(Buffer.concat([client.loginFrame('iggy', password), create, remove]));
      for (const answer of expected) assert.equal((await client.reply()).status, answer, `${generation} ${password}`);
      client.close();
    }
  }
});

test('a second login puts its user in the place of the first, a failed one leaves the first', async () => {
  await world.setPermissions(undefined);
  const client = await RawClient.loggedIn(server, 'v0_8');
  assert.equal(await client.logIn('subject', 'wrong'), status.badPassword);
  assert.equal((await client.ask('get_streams', {})).status, 0);
  assert.equal(await client.logIn('subject', 'subject'), 0);
  assert.equal((await client.ask('get_streams', {})).status, status.unauthorized);
  client.close();
});

test('the session that deletes its own token goes on until it logs out', async () => {
  const { client, other } = await member('v0_8');
  await other.call('delete_personal_access_token', { name: 'own' });
  await other.call('logout_user', {});
  client.close();
  other.close();
});

test('what was taken away stays so after a restart', async () => {
  const { name, client, other, token } = await member('v0_8');
  await world.root.call('update_user', { userId: named(name), username: undefined, status: UserStatus.inactive });
  const gone = await member('v0_8');
  await gone.client.call('delete_personal_access_token', { name: 'own' });
  for (const each of [client, other, gone.client, gone.other, world.root]) each.close();
  await server.stop();
  server = await scratch.start();
  world = await World.resume(server, world.token);
  const late = await RawClient.open(server, 'v0_8');
  assert.equal(await late.logIn(name, 'secret'), refusals('v0_8').inactive);
  assert.equal(await logInWith(late, token), refusals('v0_8').inactiveToken);
  assert.equal(await logInWith(late, gone.token), refusals('v0_8').noToken);
  late.close();
});
