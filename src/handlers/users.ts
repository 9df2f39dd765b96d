// Login and logout.
import { UserStatus } from '../../generated/common/user_status.ts';
import { IggyError } from '../../generated/errors.ts';
import { hashPassword, verifyPassword } from '../access/passwords.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { HandlersOf } from './handlers_of.ts';

export function userHandlers(catalog: Catalog): HandlersOf<'loginUser' | 'logoutUser'> {
  // An unknown user costs a hash too, so that the time of a refusal does not tell who exists.
  const nobody = hashPassword('nobody has this password');
  return {
    async loginUser({ username, password }, context) {
      const user = catalog.users.named(username);
      const isRight = await verifyPassword(password, user?.passwordHash ?? (await nobody));
      if (user === undefined || !isRight) throw new IggyError('invalid_credentials');
      if (user.status !== UserStatus.active) throw new IggyError('user_inactive');
      context.session.userId = user.id;
      return { userId: user.id };
    },

    logoutUser(_request, context) {
      context.session.userId = undefined;
    },
  };
}
