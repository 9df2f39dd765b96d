// A login whose user is deleted while the password is being checked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserStatus } from '../../generated/common/user_status.ts';
import { Passwords } from '../../src/access/passwords.ts';
import { Session, Sessions } from '../../src/access/session.ts';
import { RequestContext } from '../../src/handlers/context.ts';
import { userHandlers } from '../../src/handlers/users.ts';
import { protocols } from '../../src/protocol/index.ts';
import { open } from '../catalog/catalog_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';

const login = { username: 'first', password: 'right', version: '', context: '' };

/** Finds every password right, once `meanwhile` is done. */
class SlowPasswords extends Passwords {
  meanwhile = async (): Promise<void> => {};

  override async verify(): Promise<boolean> {
    await this.meanwhile();
    return true;
  }
}

test('a user deleted during the login is not logged in, nor whoever got the id', async () => {
  const catalog = await open(new MemoryDisk());
  const newUser = { passwordHash: 'a hash', status: UserStatus.active, permissions: undefined };
  const first = await catalog.users.create({ name: 'first', ...newUser });
  const passwords = new SlowPasswords();
  const { loginUser } = userHandlers(catalog, new Sessions(), passwords);
  const session = new Session(1, 'tcp', '127.0.0.1:1', 0);
  const context = new RequestContext(session, protocols.byName.v0_8, () => undefined);

  assert.deepEqual(await loginUser(login, context), { userId: first.id });
  session.userId = undefined;

  passwords.meanwhile = async () => {
    await catalog.users.delete(first);
    const second = await catalog.users.create({ name: 'second', ...newUser });
    assert.equal(second.id, first.id);
  };
  await assert.rejects(async () => loginUser(login, context), { status: 'invalid_credentials' });
  assert.equal(session.userId, undefined);
  await catalog.close();
});
