// Scenarios about consumer groups: made and deleted, joined and left by several connections, polled in turn, and their offsets.
import { on, type Step, step } from '../differential/step.ts';
import { byId, byName } from '../differential/values.ts';
import { fromNext, fromOffset, group, logIn, opening, place, poll, type Script, send, toPartition } from './script.ts';

const orders = place('shop', 'orders');
const crew = { ...orders, groupId: byName('crew') };

const createCrew = step('create_consumer_group', { ...orders, groupId: undefined, name: 'crew' });
const joinCrew = step('join_consumer_group', crew);
const leaveCrew = step('leave_consumer_group', crew);
const getCrew = step('get_consumer_group', crew);

/** Two messages in each partition, whose texts tell where they are. */
function fill(first: number, partitions: number): Step[] {
  return Array.from({ length: partitions }, (_, index) =>
    send(orders, toPartition(first + index), [`${index}:0`, `${index}:1`]),
  );
}

function next(autoCommit: boolean, partitionId?: number): Step {
  return poll(orders, partitionId, fromNext, 1, { consumer: group('crew'), autoCommit });
}

export const groupScripts: readonly Script[] = [
  {
    title: 'groups are created, read and deleted',
    steps: (first) => [
      ...opening(orders, 3),
      step('get_consumer_groups', orders),
      createCrew,
      createCrew,
      step('create_consumer_group', { ...orders, groupId: undefined, name: 'team' }),
      step('create_consumer_group', { ...place('shop', 'nothing'), groupId: undefined, name: 'team' }),
      step('get_consumer_groups', orders),
      step('get_consumer_groups', place('shop', 'nothing')),
      getCrew,
      step('get_consumer_group', { ...orders, groupId: byId(first + 1) }),
      step('get_consumer_group', { ...orders, groupId: byName('nobody') }),
      step('join_consumer_group', { ...orders, groupId: byName('nobody') }),
      step('leave_consumer_group', { ...orders, groupId: byName('nobody') }),
      step('delete_consumer_group', { ...orders, groupId: byId(first + 1) }),
      step('delete_consumer_group', { ...orders, groupId: byName('team') }),
      step('get_consumer_groups', orders),
    ],
  },
  {
    title: 'one member gets every partition in turn',
    steps: (first) => [
      ...opening(orders, 3),
      ...fill(first, 3),
      createCrew,
      joinCrew,
      getCrew,
      ...Array.from({ length: 7 }, () => next(true)),
      step('get_me', {}),
      leaveCrew,
      getCrew,
      step('get_me', {}),
    ],
  },
  {
    title: 'members of three connections share the partitions before the first poll',
    steps: (first) => [
      ...opening(orders, 3),
      ...fill(first, 3),
      ...[1, 2].flatMap((connection) => on(connection, [logIn])),
      createCrew,
      ...[0, 1, 2].flatMap((connection) => on(connection, [joinCrew])),
      getCrew,
      step('get_consumer_groups', orders),
      ...[0, 1, 2].flatMap((connection) => on(connection, [next(true), next(true), next(true)])),
      step('get_topic', orders),
    ],
  },
  {
    title: 'a member that hangs up leaves its partitions to the others',
    steps: (first) => [
      ...opening(orders, 2),
      ...on(1, [logIn]),
      createCrew,
      joinCrew,
      ...on(1, [joinCrew]),
      getCrew,
      { kind: 'close', connection: 1 },
      getCrew,
      ...fill(first, 2),
      next(true),
      next(true),
      next(true),
    ],
  },
  {
    title: 'a member that leaves may join again',
    steps: (first) => [
      ...opening(orders, 2),
      ...on(1, [logIn]),
      createCrew,
      joinCrew,
      ...on(1, [joinCrew, leaveCrew]),
      getCrew,
      ...fill(first, 2),
      next(true),
      next(true),
      ...on(1, [step('get_me', {})]),
    ],
  },
  {
    title: 'a group with more members than partitions',
    steps: (first) => [
      ...opening(orders, 1),
      ...on(1, [logIn]),
      ...fill(first, 1),
      createCrew,
      joinCrew,
      ...on(1, [joinCrew]),
      getCrew,
      next(true),
      next(true),
    ],
  },
  {
    title: 'offsets of a group are apart from those of a consumer',
    steps: (first) => {
      const at = { ...orders, partitionId: first };
      return [
        ...opening(orders, 1),
        ...fill(first, 1),
        createCrew,
        joinCrew,
        step('store_consumer_offset', { consumer: group('crew'), ...at, offset: 0 }),
        poll(orders, first, fromNext, 5),
        next(false, first),
        next(true, first),
        next(true, first),
        poll(orders, first, fromOffset(0n), 5, { consumer: group('crew') }),
        step('get_consumer_offset', { consumer: group('crew'), ...at }),
        step('delete_consumer_offset', { consumer: group('crew'), ...at }),
        step('get_consumer_offset', { consumer: group('nobody'), ...at }),
        step('store_consumer_offset', { consumer: group('nobody'), ...at, offset: 0 }),
      ];
    },
  },
  {
    title: 'polls by a group that is not there or not joined',
    steps: (first) => [
      ...opening(orders, 1),
      ...fill(first, 1),
      next(true),
      createCrew,
      next(true),
      step('delete_consumer_group', crew),
      leaveCrew,
    ],
  },
];
