// Personal access tokens of the user who asks, and logging in with one.
import { UserStatus } from '../../generated/common/user_status.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Session } from '../access/session.ts';
import { newToken, tokenDigest } from '../access/tokens.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../lib/clock.ts';
import type { HandlersOf } from './handlers_of.ts';
import { isRegistered, registration } from './registration.ts';
import type { UserServices } from './users.ts';

const never = 2n ** 64n - 1n;

type Names =
  | 'getPersonalAccessTokens'
  | 'createPersonalAccessToken'
  | 'deletePersonalAccessToken'
  | 'loginWithPersonalAccessToken'
  | 'loginRegisterWithPersonalAccessToken';

export function tokenHandlers(
  { catalog, sessions, greeting }: Pick<UserServices, 'catalog' | 'sessions' | 'greeting'>,
  clock: Clock,
  tokensPerUserMax: number,
): HandlersOf<Names> {
  const logIn = (session: Session, token: string): { userId: number } => {
    const found = catalog.users.findToken(tokenDigest(token));
    if (found === undefined) throw new IggyError('resource_not_found', 'there is no such token');
    if (found.token.expiresAt !== undefined && found.token.expiresAt <= clock.nowMicros())
      throw new IggyError('personal_access_token_expired');
    const { user } = found;
    if (user.status !== UserStatus.active) throw new IggyError('user_inactive');
    if (!isRegistered(session))
      session.login = { userId: user.id, createdIndex: user.createdIndex, tokenDigest: found.token.digest };
    return { userId: user.id };
  };
  return {
    getPersonalAccessTokens(_request, context) {
      const tokens = [...context.user.tokens.values()].map(({ name, expiresAt }) => ({ name, expiryAt: expiresAt }));
      return { tokens: tokens.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },

    async createPersonalAccessToken({ name, expiry }, context) {
      const { user } = context;
      if (user.tokens.size >= tokensPerUserMax) throw new IggyError('personal_access_tokens_limit_reached');
      const token = newToken();
      await catalog.users.createToken(user, { name, digest: tokenDigest(token), expiresAt: expiresAt(clock, expiry) });
      return { token };
    },

    async deletePersonalAccessToken({ name }, context) {
      const { user } = context;
      const deleted = Buffer.from(await catalog.users.deleteToken(user, name));
      // The session that asks goes on: the official command line tool deletes the token it came with, then logs out.
      sessions.logOut(
        ({ tokenDigest: own }, session) => own !== undefined && deleted.equals(own) && session !== context.session,
      );
    },

    loginWithPersonalAccessToken: ({ token }, { session }) => logIn(session, token),

    loginRegisterWithPersonalAccessToken({ token }, { session }) {
      logIn(session, token);
      return registration(session, sessions, greeting);
    },
  };
}

/** Deletes every token that has expired. */
export async function deleteExpiredTokens(catalog: Catalog, clock: Clock): Promise<void> {
  const now = clock.nowMicros();
  for (const user of [...catalog.users]) {
    for (const { name, expiresAt } of [...user.tokens.values()]) {
      if (expiresAt !== undefined && expiresAt <= now) await catalog.users.deleteToken(user, name);
    }
  }
}

/** A wanted lifetime in microseconds as a point in time; 0, the largest value, and what no clock reaches mean never. */
function expiresAt(clock: Clock, expiry: bigint): number | undefined {
  if (expiry === 0n || expiry === never) return undefined;
  const at = BigInt(clock.nowMicros()) + expiry;
  return at > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(at);
}
