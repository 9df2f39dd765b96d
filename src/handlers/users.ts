// Users: login and logout, and keeping the list of them. Passwords come and go as text here and nowhere behind.
import type * as wire from '../../generated/commands.ts';
import type { Permissions } from '../../generated/common/permissions.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Passwords } from '../access/passwords.ts';
import type { Sessions } from '../access/session.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { User } from '../catalog/users.ts';
import type { HandlersOf } from './handlers_of.ts';

type Names =
  | 'loginUser'
  | 'logoutUser'
  | 'getUser'
  | 'getUsers'
  | 'createUser'
  | 'deleteUser'
  | 'updateUser'
  | 'updatePermissions'
  | 'changePassword';

export function userHandlers(catalog: Catalog, sessions: Sessions, passwords: Passwords): HandlersOf<Names> {
  return {
    ...loginHandlers(catalog, passwords),
    ...readingHandlers(catalog),
    ...changingHandlers(catalog, sessions, passwords),
  };
}

function loginHandlers(catalog: Catalog, passwords: Passwords): HandlersOf<'loginUser' | 'logoutUser'> {
  // An unknown user costs a hash too, so that the time of a refusal does not tell who exists.
  const nobody = passwords.hash('nobody has this password');
  return {
    async loginUser({ username, password }, context) {
      const user = catalog.users.named(username);
      const isRight = await passwords.verify(password, user?.passwordHash ?? (await nobody));
      // While the password was checked, the user may have been deleted and the id given to another.
      if (user === undefined || !isRight || catalog.users.get(user.id)?.createdIndex !== user.createdIndex)
        throw new IggyError('invalid_credentials');
      if (user.status !== UserStatus.active) throw new IggyError('user_inactive');
      context.session.userId = user.id;
      return { userId: user.id };
    },

    logoutUser(_request, context) {
      context.session.userId = undefined;
    },
  };
}

function readingHandlers(catalog: Catalog): HandlersOf<'getUser' | 'getUsers'> {
  return {
    getUser({ userId }, context) {
      const user = catalog.users.find(userId);
      if (user !== undefined && user.id === context.userId) context.nothingToAuthorize();
      else context.authorize('get_user');
      return { details: user === undefined ? undefined : userDetails(user) };
    },

    getUsers(_request, context) {
      context.authorize('get_users');
      return { users: [...catalog.users].map(userRecord) };
    },
  };
}

type ChangingNames = 'createUser' | 'deleteUser' | 'updateUser' | 'updatePermissions' | 'changePassword';

function changingHandlers(catalog: Catalog, sessions: Sessions, passwords: Passwords): HandlersOf<ChangingNames> {
  /** Whoever may no longer be logged in is logged out of every open connection at once. */
  const logOut = (userId: number): void => {
    for (const session of sessions.list()) if (session.userId === userId) session.userId = undefined;
  };
  return {
    async createUser({ username, password, status, permissions }, context) {
      context.authorize('create_user');
      const passwordHash = await passwords.hash(password);
      return {
        details: userDetails(
          await catalog.users.create({
            name: username,
            passwordHash,
            status,
            permissions: namingSomething(permissions),
          }),
        ),
      };
    },

    async deleteUser({ userId }, context) {
      context.authorize('delete_user');
      const user = catalog.users.user(userId);
      await catalog.users.delete(user);
      logOut(user.id);
    },

    async updateUser({ userId, username, status }, context) {
      context.authorize('update_user');
      const user = catalog.users.user(userId);
      await catalog.users.update(user, { name: username, status });
      if (status === UserStatus.inactive) logOut(user.id);
    },

    async updatePermissions({ userId, permissions }, context) {
      context.authorize('update_permissions');
      await catalog.users.setPermissions(catalog.users.user(userId), namingSomething(permissions));
    },

    async changePassword({ userId, currentPassword, newPassword }, context) {
      const user = catalog.users.user(userId);
      if (user.id === context.userId) context.nothingToAuthorize();
      else context.authorize('change_password');
      if (!(await passwords.verify(currentPassword, user.passwordHash))) throw new IggyError('invalid_credentials');
      await catalog.users.setPasswordHash(user, await passwords.hash(newPassword));
    },
  };
}

/** Without the entries for number 0 of generations that count from 1: nothing ever has it. */
function namingSomething(permissions: Permissions | undefined): Permissions | undefined {
  if (permissions === undefined) return undefined;
  const streams = permissions.streams
    .filter(({ streamId }) => streamId >= 0)
    .map((stream) => ({ ...stream, topics: stream.topics.filter(({ topicId }) => topicId >= 0) }));
  return { global: permissions.global, streams };
}

function userRecord(user: User): wire.User {
  return { userId: user.id, createdAt: user.createdAt, status: user.status, username: user.name };
}

function userDetails(user: User): wire.UserDetails {
  return { user: userRecord(user), permissions: user.permissions };
}
