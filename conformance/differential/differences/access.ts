// Kept differences. Who is logged in and what a user may do.
import { UserStatus } from '../../../generated/common/user_status.ts';
import { stepTitle } from '../step.ts';
import { fieldOf, isCommand, isGet, isSend } from '../step_traits.ts';
import { type KnownDifference, onlyPaths, statusOf, tellsNothing } from './comparison.ts';

/** In the order in which they are tried. */
export const accessDifferences: readonly KnownDifference[] = [
  {
    id: 'second-login',
    goesOn: true,
    matches: (comparison) =>
      stepTitle(comparison.step).startsWith('login_') && onlyPaths(comparison, /^value\.userId$/),
  },
  {
    id: 'logged-out-clients',
    goesOn: true,
    matches: ({ reference, whippet, step, earlier }) =>
      (isCommand(step, 'get_clients') || isCommand(step, 'get_client')) &&
      reference.kind === 'answered' &&
      whippet.kind === 'answered' &&
      earlier.some((before) => isCommand(before, 'logout_user')),
  },
  {
    id: 'lengths-not-checked',
    goesOn: false,
    matches: ({ reference, whippet }) => reference.kind === 'answered' && [44, 50].includes(statusOf(whippet)),
  },
  {
    id: 'access-ends',
    goesOn: false,
    matches: ({ generation, reference, whippet, step, earlier }) =>
      // In 0.4, gets of one thing tell nothing instead of a refusal.
      (statusOf(whippet) === 40 ||
        statusOf(reference) === 20 ||
        reference.kind === 'closed' ||
        isCommand(step, 'get_clients') ||
        isCommand(step, 'get_client') ||
        (isGet(step) && (generation === 'v0_4' || tellsNothing(whippet)))) &&
      earlier.some(
        (step) =>
          ['delete_user', 'delete_personal_access_token'].some((command) => isCommand(step, command)) ||
          fieldOf(step, 'status') === UserStatus.inactive,
      ),
  },
  {
    id: 'before-login',
    goesOn: true,
    matches: ({ whippet }) => statusOf(whippet) === 40,
  },
  {
    id: 'purge-before-login',
    goesOn: true,
    matches: ({ whippet, step }) => isCommand(step, 'purge_stream') && statusOf(whippet) === 40,
  },
  {
    id: 'login-without-version',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'login_user') &&
      (reference.kind === 'closed' || statusOf(reference) === 3) &&
      whippet.kind === 'answered',
  },
  {
    id: 'expiry-beyond-clock',
    goesOn: false,
    matches: ({ reference, step, earlier }) =>
      statusOf(reference) === 56 ||
      ((isCommand(step, 'get_personal_access_tokens') || isCommand(step, 'login_with_personal_access_token')) &&
        earlier.some((before) => ((fieldOf(before, 'expiry') as bigint | undefined) ?? 0n) >= 2n ** 63n)),
  },
  {
    id: 'moved-connection-loses-user',
    goesOn: true,
    matches: (comparison) =>
      comparison.earlier.some(isSend) &&
      onlyPaths(comparison, /^value\.(details\.client|details\.consumerGroups|clients\.\d+)\./),
  },
  {
    id: 'hidden-users',
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'get_user') && tellsNothing(reference) && statusOf(whippet) === 41,
  },
  {
    id: 'permission-rules',
    goesOn: false,
    matches: ({ reference, whippet, step, earlier }) =>
      earlier.some((before) => isCommand(before, 'login_user') && fieldOf(before, 'username') !== 'iggy') &&
      ((isGet(step) && tellsNothing(reference) !== tellsNothing(whippet)) ||
        statusOf(reference) === 41 ||
        statusOf(whippet) === 41 ||
        reference.kind === 'closed'),
  },
  {
    id: 'permissions-for-nothing',
    goesOn: true,
    matches: (comparison) => onlyPaths(comparison, /^value\.details\.permissions\.streams\./),
  },
];
