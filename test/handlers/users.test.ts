// Logins while something happens to the user, and hashes of 2024 that become today's.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { UserStatus } from '../../generated/common/user_status.ts';
import { LoginTurns } from '../../src/access/login_turns.ts';
import type { PasswordCheck } from '../../src/access/password_hash.ts';
import { Passwords } from '../../src/access/passwords.ts';
import { Session, Sessions } from '../../src/access/session.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { Memberships } from '../../src/catalog/memberships.ts';
import type { User } from '../../src/catalog/users.ts';
import { RequestContext } from '../../src/handlers/context.ts';
import { userHandlers } from '../../src/handlers/users.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { systemTimers } from '../../src/lib/timers.ts';
import { protocols } from '../../src/protocol/index.ts';
import { open } from '../catalog/catalog_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';
import { wideLimits } from '../server/frames.ts';

const login = { username: 'first', password: 'right', version: '', context: '' };

/** Finds every password right, once `meanwhile` is done. */
class SlowPasswords extends Passwords {
  meanwhile = async (): Promise<void> => {};

  override async check(): Promise<PasswordCheck> {
    await this.meanwhile();
    return 'right';
  }
}

const realPasswords = new Passwords();
after(() => realPasswords.close());

/** Logs in on a connection of its own. */
function client(catalog: Catalog, passwords: Passwords) {
  const sessions = new Sessions();
  const limits = { ...wideLimits, failedLoginsPerSecond: 0, failedLoginsBurst: 1 };
  const loginTurns = new LoginTurns(limits, systemClock(), systemTimers());
  const { loginUser } = userHandlers({
    catalog,
    sessions,
    passwords,
    loginTurns,
    memberships: new Memberships(systemClock()),
    greeting: { protocolVersion: 0, serverVersion: '' },
  });
  const session = new Session(1, 'tcp', '127.0.0.1:1', '127.0.0.1', 0);
  const context = new RequestContext('login_user', session, protocols.byName.v0_8, catalog.users);
  return { session, logIn: async (request = login) => loginUser(request, context) };
}

const newUser = { passwordHash: 'a hash', status: UserStatus.active, permissions: undefined };

test('a user deleted during the login is not logged in, nor whoever got the id', async () => {
  const catalog = await open(new MemoryDisk());
  const first = await catalog.users.create({ name: 'first', ...newUser });
  const passwords = new SlowPasswords();
  const { session, logIn } = client(catalog, passwords);

  assert.deepEqual(await logIn(), { userId: first.id });
  session.login = undefined;

  passwords.meanwhile = async () => {
    await catalog.users.delete(first);
    const second = await catalog.users.create({ name: 'second', ...newUser });
    assert.equal(second.id, first.id);
  };
  await assert.rejects(logIn(), { status: 'invalid_credentials' });
  assert.equal(session.login, undefined);
  await catalog.close();
});

test('a user made inactive during the login is told so', async () => {
  const catalog = await open(new MemoryDisk());
  const first = await catalog.users.create({ name: 'first', ...newUser });
  const passwords = new SlowPasswords();
  const { session, logIn } = client(catalog, passwords);
  passwords.meanwhile = () => catalog.users.update(first, { name: undefined, status: UserStatus.inactive });
  await assert.rejects(logIn(), { status: 'user_inactive' });
  assert.equal(session.login, undefined);
  await catalog.close();
});

test('a client that went away while waiting is not checked', async () => {
  const catalog = await open(new MemoryDisk());
  await catalog.users.create({ name: 'first', ...newUser });
  const { session, logIn } = client(catalog, new SlowPasswords());
  session.end();
  await assert.rejects(logIn(), { status: 'disconnected' });
  assert.equal(session.login, undefined);
  await catalog.close();
});

test('a bcrypt hash of 2024 becomes argon2id at the next good login, for good', async () => {
  const disk = new MemoryDisk();
  let catalog = await open(disk);
  // As server 0.4.72 wrote it for the password "right horse".
  const passwordHash = '$2b$04$GUcEhxTFEy06SzMjzgvTueWDlaxgpLAD/tt26TN1y1CfWiE/rC.WG';
  await catalog.users.create({ ...newUser, name: 'first', passwordHash });
  const hashOf = (): string => (catalog.users.named('first') as User).passwordHash;
  let { logIn } = client(catalog, realPasswords);
  await assert.rejects(logIn({ ...login, password: 'wrong horse' }), { status: 'invalid_credentials' });
  assert.equal(hashOf(), passwordHash);

  await logIn({ ...login, password: 'right horse' });
  assert.match(hashOf(), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const renewed = hashOf();
  await catalog.close();

  catalog = await open(disk);
  assert.equal(hashOf(), renewed);
  ({ logIn } = client(catalog, realPasswords));
  await logIn({ ...login, password: 'right horse' });
  assert.equal(hashOf(), renewed);
  await assert.rejects(logIn({ ...login, password: 'wrong horse' }), { status: 'invalid_credentials' });
  await catalog.close();
});
