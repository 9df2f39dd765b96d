// Scenarios about who may do what: users, their permissions, passwords and tokens, with root on one connection and others beside it.
import { UserStatus } from '../../generated/common/user_status.ts';
import { on, type Step, step } from '../differential/step.ts';
import { byId, byName } from '../differential/values.ts';
import {
  balanced,
  createStream,
  createTopic,
  fromFirst,
  logIn,
  opening,
  passwordLogin,
  place,
  poll,
  type Script,
  send,
} from './script.ts';

const orders = place('shop', 'orders');
const alice = byName('alice');

const nothing = {
  ...{ manageServers: false, readServers: false, manageUsers: false, readUsers: false, manageStreams: false },
  ...{ readStreams: false, manageTopics: false, readTopics: false, pollMessages: false, sendMessages: false },
};
const onStream = { manageStream: false, readStream: false, manageTopics: false, readTopics: false };

function createUser(username: string, password: string, permissions: unknown = undefined): Step {
  return step('create_user', { username, password, status: UserStatus.active, permissions });
}

function permit(permissions: unknown): Step {
  return step('update_permissions', { userId: alice, permissions });
}

/** What a user tries to learn how far the permissions go. */
const attempts: readonly Step[] = [
  step('get_stream', { streamId: byName('shop') }),
  step('get_topics', { streamId: byName('shop') }),
  send(orders, balanced, ['by alice']),
  createStream('own'),
  createTopic('shop', 'own', 1),
  step('get_users', {}),
  step('get_clients', {}),
];

export const accountScripts: readonly Script[] = [
  {
    title: 'users are created, read, changed and deleted',
    steps: (first) => [
      logIn,
      createUser('alice', 'secret'),
      createUser('alice', 'secret'),
      createUser('bob', 'secret', { global: { ...nothing, readStreams: true }, streams: [] }),
      step('create_user', {
        username: 'carol',
        password: 'secret',
        status: UserStatus.inactive,
        permissions: undefined,
      }),
      step('get_users', {}),
      step('get_user', { userId: alice }),
      step('get_user', { userId: byName('bob') }),
      step('get_user', { userId: byId(first) }),
      step('get_user', { userId: byName('nobody') }),
      step('update_user', { userId: alice, username: 'alicia', status: undefined }),
      step('update_user', { userId: byName('bob'), username: 'alicia', status: undefined }),
      step('update_user', { userId: byName('nobody'), username: 'any', status: undefined }),
      step('update_user', { userId: byName('bob'), username: undefined, status: UserStatus.inactive }),
      step('get_user', { userId: byName('bob') }),
      step('delete_user', { userId: byName('alicia') }),
      step('delete_user', { userId: byName('alicia') }),
      step('delete_user', { userId: byName('iggy') }),
      step('update_permissions', { userId: byName('iggy'), permissions: undefined }),
      step('update_permissions', { userId: byName('nobody'), permissions: undefined }),
      step('get_users', {}),
    ],
  },
  {
    title: 'names and passwords that are too short or too long',
    steps: () => [
      logIn,
      createUser('al', 'secret'),
      logIn,
      createUser('x'.repeat(51), 'secret'),
      logIn,
      createUser('alice', 'ab'),
      logIn,
      createUser('alice', 'x'.repeat(101)),
      logIn,
      step('create_personal_access_token', { name: 'ab', expiry: 0n }),
      logIn,
      step('create_personal_access_token', { name: 'x'.repeat(31), expiry: 0n }),
      logIn,
      step('get_users', {}),
    ],
  },
  {
    title: 'passwords are changed, and only the new one is good',
    steps: () => [
      logIn,
      createUser('alice', 'secret'),
      ...on(1, [passwordLogin('alice', 'secret')]),
      step('change_password', { userId: alice, currentPassword: 'wrong', newPassword: 'other' }),
      step('change_password', { userId: byName('nobody'), currentPassword: 'secret', newPassword: 'other' }),
      step('change_password', { userId: alice, currentPassword: 'secret', newPassword: 'other' }),
      ...on(2, [passwordLogin('alice', 'secret'), passwordLogin('alice', 'other'), passwordLogin('nobody', 'other')]),
    ],
  },
  {
    title: 'logins, logouts and what is asked without one',
    steps: () => [
      step('ping', {}),
      step('get_streams', {}),
      createStream('shop'),
      step('get_user', { userId: byName('iggy') }),
      passwordLogin('iggy', 'wrong'),
      passwordLogin('iggy', 'iggy'),
      step('get_streams', {}),
      step('logout_user', {}),
      step('get_streams', {}),
      step('logout_user', {}),
      step('ping', {}),
    ],
  },
  {
    title: 'an inactive user does not get in',
    steps: () => [
      logIn,
      createUser('alice', 'secret'),
      step('update_user', { userId: alice, username: undefined, status: UserStatus.inactive }),
      ...on(1, [passwordLogin('alice', 'secret')]),
      step('update_user', { userId: alice, username: undefined, status: UserStatus.active }),
      ...on(1, [passwordLogin('alice', 'secret'), step('get_personal_access_tokens', {})]),
    ],
  },
  {
    title: 'permissions are granted one after another',
    steps: (first) => {
      // Older releases do not survive that a user with rights in a stream has none in any of its topics.
      const hidden = { topicId: first, manageTopic: false, readTopic: false, pollMessages: false, sendMessages: false };
      return [
        ...opening(orders, 1),
        createUser('alice', 'secret'),
        ...on(1, [passwordLogin('alice', 'secret'), ...attempts]),
        permit({
          global: nothing,
          streams: [
            {
              streamId: first,
              ...onStream,
              readStream: true,
              pollMessages: false,
              sendMessages: true,
              topics: [hidden],
            },
          ],
        }),
        step('get_user', { userId: alice }),
        ...on(1, attempts),
        permit({ global: { ...nothing, manageStreams: true, readUsers: true, readServers: true }, streams: [] }),
        ...on(1, attempts),
        permit(undefined),
        ...on(1, attempts),
      ];
    },
  },
  {
    title: 'a user reads and sends in one topic only',
    steps: (first) => {
      const topic = { topicId: first, manageTopic: false, readTopic: true, pollMessages: true, sendMessages: true };
      const rights = { streamId: first, ...onStream, readStream: true, pollMessages: false, sendMessages: false };
      return [
        ...opening(orders, 1),
        createTopic('shop', 'invoices', 1),
        createUser('alice', 'secret', { global: nothing, streams: [{ ...rights, topics: [topic] }] }),
        step('get_user', { userId: alice }),
        ...on(1, [
          passwordLogin('alice', 'secret'),
          send(orders, balanced, ['by alice']),
          poll(orders, first, fromFirst, 5),
          step('get_topic', orders),
          step('purge_topic', orders),
          step('delete_topic', orders),
        ]),
      ];
    },
  },
  {
    title: 'tokens are made, used and deleted',
    steps: () => [
      logIn,
      step('get_personal_access_tokens', {}),
      step('create_personal_access_token', { name: 'laptop', expiry: 0n }),
      step('create_personal_access_token', { name: 'laptop', expiry: 0n }),
      step('create_personal_access_token', { name: 'phone', expiry: 3_600_000_000n }),
      step('get_personal_access_tokens', {}),
      ...on(1, [
        step('login_with_personal_access_token', { token: '@laptop' }),
        step('get_me', {}),
        step('delete_personal_access_token', { name: 'laptop' }),
        step('delete_personal_access_token', { name: 'laptop' }),
      ]),
      ...on(2, [
        step('login_with_personal_access_token', { token: '@laptop' }),
        step('login_with_personal_access_token', { token: 'a token that nobody has' }),
        step('login_with_personal_access_token', { token: '@phone' }),
        step('get_personal_access_tokens', {}),
      ]),
    ],
  },
  {
    title: 'each user has tokens of its own',
    steps: () => [
      logIn,
      createUser('alice', 'secret'),
      ...on(1, [
        passwordLogin('alice', 'secret'),
        step('create_personal_access_token', { name: 'tablet', expiry: 0n }),
        step('get_personal_access_tokens', {}),
      ]),
      ...on(2, [step('login_with_personal_access_token', { token: '@tablet' }), step('get_streams', {})]),
      step('get_personal_access_tokens', {}),
      step('delete_user', { userId: alice }),
    ],
  },
];
