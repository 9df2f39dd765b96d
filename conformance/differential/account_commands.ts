// Draws commands about users: creating, changing and deleting them, their permissions, and logging in as one of them.
import * as fc from 'fast-check';
import { brokenCharacter, on, type Step, step } from './step.ts';
import { byId, byName, type DrawnCommand, of, u32Max, weighted } from './values.ts';

const rights = (names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, weighted([2, of(false)], [1, of(true)])])));
const globalRights = rights([
  ...['manageServers', 'readServers', 'manageUsers', 'readUsers', 'manageStreams', 'readStreams'],
  ...['manageTopics', 'readTopics', 'pollMessages', 'sendMessages'],
]);
const streamRights = rights([
  ...['manageStream', 'readStream', 'manageTopics', 'readTopics', 'pollMessages', 'sendMessages'],
]);
const topicRights = rights(['manageTopic', 'readTopic', 'pollMessages', 'sendMessages']);

/** Entries with one id each: releases keep them by id. */
const topics = fc.uniqueArray(
  fc.tuple(of(0, 1, 2, 7), topicRights).map(([topicId, flags]) => ({ topicId, ...flags })),
  { maxLength: 2, selector: ({ topicId }) => topicId },
);
const streams = fc.uniqueArray(
  fc.tuple(of(0, 1, 2, 7), streamRights, topics).map(([streamId, flags, topics]) => ({ streamId, ...flags, topics })),
  { maxLength: 2, selector: ({ streamId }) => streamId },
);
const permissions = weighted<unknown>([2, of(undefined)], [5, fc.record({ global: globalRights, streams })]);

const names = weighted(
  [12, of('mallory', 'mallory', 'robert')],
  [1, of('iggy', 'Mallory', 'Two Words', ' mallory ', 'a/b/c', 'ab', '', '123', `${brokenCharacter}xyz`)],
  [1, of('x'.repeat(50), 'x'.repeat(51), 'Ü'.repeat(25))],
);
const users = weighted<unknown>(
  [8, of('mallory', 'mallory', 'mallory', 'robert').map(byName)],
  [2, of<unknown>(byName('iggy'), byId(0), byId(1))],
  [1, of<unknown>(byName('nobody'), byId(77), byId(u32Max), byName('MALLORY'))],
);
const others = weighted<unknown>(
  [8, of('mallory', 'mallory', 'mallory', 'robert').map(byName)],
  [1, of<unknown>(byName('nobody'), byId(77))],
);
const passwords = weighted([8, of('secret')], [1, of('other', '', 'ab', 'x'.repeat(100), 'x'.repeat(101))]);
const statuses = weighted([4, of(1)], [1, of(2)]);

export const accountCommands: readonly DrawnCommand[] = [
  [2, 'get_user', { userId: users }],
  [1, 'get_users', {}],
  [2, 'create_user', { username: names, password: passwords, status: statuses, permissions }],
  [1, 'delete_user', { userId: users }],
  [
    1,
    'update_user',
    {
      userId: weighted([9, others], [1, users]),
      username: weighted([1, of(undefined)], [2, names]),
      status: weighted([2, of(undefined)], [1, statuses]),
    },
  ],
  [2, 'update_permissions', { userId: users, permissions }],
  [
    1,
    'change_password',
    {
      userId: weighted([9, others], [1, users]),
      currentPassword: weighted([6, of('secret')], [1, of('wrong', 'iggy', '')]),
      newPassword: passwords,
    },
  ],
];

/** Logging in as a user that cases make. */
export const userLogin = {
  username: names,
  password: passwords,
  version: of('0.6.40'),
  context: of(''),
};

/** A user with permissions of any kind, logged in on a connection more often than not. */
export function userOpening(connection: number): fc.Arbitrary<Step[]> {
  const logIn = step('login_user', { username: 'mallory', password: 'secret', version: '0.6.40', context: '' });
  return fc
    .tuple(permissions, fc.integer({ min: 0, max: 3 }))
    .map(([drawn, login]) => [
      step('create_user', { username: 'mallory', password: 'secret', status: 1, permissions: drawn }),
      ...(login > 0 ? on(connection, [logIn]) : []),
    ]);
}
