// Who a session's user is: the one who logged in, for as long as that one is there and active.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserStatus } from '../../generated/common/user_status.ts';
import { rootPermissions } from '../../src/access/permissioner.ts';
import { Session } from '../../src/access/session.ts';
import type { User } from '../../src/catalog/users.ts';
import { RequestContext } from '../../src/handlers/context.ts';
import { protocols } from '../../src/protocol/index.ts';

const user: User = {
  id: 5,
  createdIndex: 100,
  createdAt: 0,
  name: 'somebody',
  status: UserStatus.active,
  passwordHash: '',
  permissions: rootPermissions,
  tokens: new Map(),
};

function contextOf(found: User | undefined): RequestContext {
  const session = new Session(1, 'tcp', '127.0.0.1:1', '127.0.0.1', 0);
  session.login = { userId: user.id, createdIndex: user.createdIndex, tokenDigest: undefined };
  return new RequestContext('get_streams', session, protocols.byName.v0_8, { get: () => found });
}

test('a user who is there and active is asked for permissions', () => {
  const context = contextOf(user);
  assert.equal(context.user, user);
  assert.throws(() => context.assertAuthorized(), /succeeded without authorization/);
  context.authorize();
  context.assertAuthorized();
});

test('a user who is gone, inactive, or another of the same id is nobody', () => {
  for (const found of [undefined, { ...user, status: UserStatus.inactive }, { ...user, createdIndex: 101 }]) {
    const context = contextOf(found);
    assert.throws(() => context.user, { status: 'unauthenticated' });
    assert.throws(() => context.authorize(), { status: 'unauthenticated' });
    assert.throws(() => context.authorizeAbout(user), { status: 'unauthenticated' });
  }
});

test('everybody is welcome to the own record, and to another by permission only', () => {
  const plain = { ...user, permissions: undefined };
  const context = contextOf(plain);
  context.authorizeAbout(plain);
  assert.throws(() => context.authorizeAbout({ ...user, id: 6 }), { status: 'unauthorized' });
  assert.throws(() => context.authorizeAbout(undefined), { status: 'unauthorized' });
});
