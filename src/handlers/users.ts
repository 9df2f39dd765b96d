// Users: login and logout, and keeping the list of them. Passwords come and go as text here and nowhere behind. All that checks or sets one does so in
// a turn of its own, so that two of them never meet.
import type * as wire from '../../generated/commands.ts';
import type { Permissions } from '../../generated/common/permissions.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { IggyError } from '../../generated/errors.ts';
import type { LoginTurns } from '../access/login_turns.ts';
import type { Passwords } from '../access/passwords.ts';
import type { Session, Sessions } from '../access/session.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { User } from '../catalog/users.ts';
import type { HandlersOf } from './handlers_of.ts';
import { noOptions, refuseOptions } from './options.ts';
import { type Greeting, isRegistered, registration } from './registration.ts';

type LoginNames = 'loginUser' | 'loginRegister' | 'logoutUser';
type ReadingNames = 'getUser' | 'getUsers';
type ChangingNames = 'createUser' | 'deleteUser' | 'updateUser' | 'updatePermissions';
type Names = LoginNames | ReadingNames | ChangingNames | 'changePassword';

/** What users are kept and checked with. */
export interface UserServices {
  readonly catalog: Catalog;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly loginTurns: LoginTurns;
  readonly memberships: Memberships;
  readonly greeting: Greeting;
}

export function userHandlers(services: UserServices): HandlersOf<Names> {
  return {
    ...loginHandlers(services),
    ...readingHandlers(services.catalog),
    ...changingHandlers(services),
    changePassword: passwordHandler(services),
  };
}

function loginHandlers({
  catalog,
  sessions,
  passwords,
  loginTurns,
  memberships,
  greeting,
}: UserServices): HandlersOf<LoginNames> {
  /** Hashes a password anew whose hash is not of today's kind. Where that cannot be kept, the old hash goes on. */
  const renew = async (user: User, password: string): Promise<void> => {
    const passwordHash = await passwords.hash(password);
    if (isThere(user, catalog)) await catalog.users.setPasswordHash(user, passwordHash).catch(() => undefined);
  };
  /** A session that has begun keeps its user, and its caller is checked all the same. */
  const logIn = (session: Session, username: string, password: string): Promise<{ userId: number }> =>
    loginTurns.take(session.host, username, async () => {
      // Whose connection broke while waiting costs nobody a check.
      if (session.isOver) throw new IggyError('disconnected');
      const user = catalog.users.named(username);
      const check = await passwords.check(password, user?.passwordHash);
      if (user === undefined || check === 'wrong' || !isThere(user, catalog))
        throw new IggyError('invalid_credentials');
      if (user.status !== UserStatus.active) throw new IggyError('user_inactive');
      if (!isRegistered(session))
        session.login = { userId: user.id, createdIndex: user.createdIndex, tokenDigest: undefined };
      if (check === 'outdated') await renew(user, password);
      return { userId: user.id };
    });
  return {
    loginUser: ({ username, password }, { session }) => logIn(session, username, password),

    async loginRegister({ username, password }, { session }) {
      await logIn(session, username, password);
      return registration(session, sessions, greeting);
    },

    logoutUser(_request, { session, rules }) {
      session.login = undefined;
      if (!rules.logoutEndsEverything) return;
      session.number = session.attachedTo = undefined;
      memberships.leaveAll(session.clientId);
    },
  };
}

/** Whether a user has not been deleted, and the id perhaps given to another, since it was looked up. */
function isThere(user: User, catalog: Catalog): boolean {
  return catalog.users.get(user.id)?.createdIndex === user.createdIndex;
}

function readingHandlers(catalog: Catalog): HandlersOf<ReadingNames> {
  return {
    getUser({ userId }, context) {
      const user = catalog.users.find(userId);
      context.authorizeAbout(user);
      return { details: user === undefined ? undefined : userDetails(user) };
    },

    getUsers(_request, context) {
      context.authorize();
      return { users: [...catalog.users].map(userRecord) };
    },
  };
}

function changingHandlers({ catalog, sessions, passwords, loginTurns }: UserServices): HandlersOf<ChangingNames> {
  /** Whoever may no longer be logged in is logged out of every open connection at once. */
  const logOut = ({ id, createdIndex }: User): void =>
    sessions.logOut((login) => login.userId === id && login.createdIndex === createdIndex);
  return {
    async createUser({ username, password, status, permissions, options }, context) {
      context.authorize();
      refuseOptions(options);
      const passwordHash = await loginTurns.take(context.session.host, username, () => passwords.hash(password));
      context.authorize();
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
      context.authorize();
      const user = catalog.users.user(userId);
      await catalog.users.delete(user);
      logOut(user);
    },

    async updateUser({ userId, username, status, options }, context) {
      context.authorize();
      refuseOptions(options);
      const user = catalog.users.user(userId);
      await catalog.users.update(user, { name: username, status });
      if (status === UserStatus.inactive) logOut(user);
    },

    async updatePermissions({ userId, permissions }, context) {
      context.authorize();
      await catalog.users.setPermissions(catalog.users.user(userId), namingSomething(permissions));
    },
  };
}

function passwordHandler({
  catalog,
  passwords,
  loginTurns,
}: UserServices): HandlersOf<'changePassword'>['changePassword'] {
  return ({ userId, currentPassword, newPassword }, context) => {
    const user = catalog.users.user(userId);
    context.authorizeAbout(user);
    return loginTurns.take(context.session.host, user.name, async () => {
      const check = await passwords.check(currentPassword, user.passwordHash);
      if (check === 'wrong') throw new IggyError('invalid_credentials');
      const passwordHash = await passwords.hash(newPassword);
      context.authorizeAbout(user);
      await catalog.users.setPasswordHash(user, passwordHash);
    });
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
  return { userId: user.id, createdAt: user.createdAt, status: user.status, username: user.name, options: noOptions };
}

function userDetails(user: User): wire.UserDetails {
  return { user: userRecord(user), permissions: user.permissions };
}
