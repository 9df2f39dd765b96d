// Draws scenarios: sequences of commands over a few streams, topics and consumers, so that they meet; with valid, boundary and spoiled values.
import * as fc from 'fast-check';
import type { Option } from '../../generated/commands/options.ts';
import type { CommandName } from '../../generated/commands.ts';
import { accountCommands, userLogin, userOpening } from './account_commands.ts';
import { groupCommands, groupOpening, joinGroup } from './group_commands.ts';
import { numberOption, textOption } from './later_requests.ts';
import type { Message } from './messages.ts';
import { rarities } from './rarities.ts';
import {
  brokenCharacter,
  clientIdOfConnection,
  codecOf,
  connectionsMax,
  type Generation,
  on,
  type Step,
  step,
  type Tamper,
} from './step.ts';
import { isCommand } from './step_traits.ts';
import {
  byId,
  byName,
  counts,
  type DrawnCommand,
  type Fields,
  identifiers,
  mainIdentifiers,
  names,
  of,
  offsets,
  partitionIds,
  place,
  strategies,
  u32Max,
  u64Max,
  weighted,
} from './values.ts';

const wantedIds = weighted([8, fc.constant(undefined)], [2, of(1, 2, 5, u32Max)]);
const numericPartitionIds = partitionIds.map((id) => id ?? 0);
const consumers = fc.record({
  kind: weighted([9, of(1)], [1, of(2)]),
  id: weighted<unknown>([4, of(1, 2).map(byId)], [1, of(0, u32Max).map(byId)], [2, of('worker', 'w').map(byName)]),
});
/** Only 0.9 sends them. */
const noOptions = of<readonly Option[]>([]);
const topicOptions = weighted(
  [6, noOptions],
  [
    1,
    of<readonly Option[]>(
      [textOption('color', 'red')],
      [numberOption('segment_size', 1n << 20n)],
      [numberOption('segment_size', 1000n)],
      [textOption('segment_size', '1 GiB')],
      [textOption('message_expiry', '7days'), textOption('max_topic_size', 'unlimited')],
      [numberOption('compression_algorithm', 1n)],
      [textOption('compression_algorithm', 'GZIP'), textOption('preallocate_segments', 'false')],
      [textOption('messages_required_to_save', '5'), numberOption('size_of_messages_required_to_save', 0n)],
    ),
  ],
);
const otherOptions = weighted([12, noOptions], [1, of<readonly Option[]>([textOption('color', 'red')])]);
const sizes = weighted([6, of(u64Max, 0n)], [1, of(1n, 999_999_999n, 10_000_000_000n, 2n ** 63n, u64Max - 1n)]);
const expiries = weighted([6, of(u64Max, 0n)], [1, of(1n, 3_600_000_000n, 2n ** 63n, u64Max - 1n)]);
const topicSettings = {
  compressionAlgorithm: of(1, 1, 2),
  messageExpiry: weighted([8, of(u64Max, 0n)], [1, of(3_600_000_000n, 2n ** 62n, u64Max - 1n)]),
  maxTopicSize: sizes,
  replicationFactor: weighted([3, of(undefined, 1)], [1, of(2, 255)]),
  name: names,
  options: topicOptions,
};
const headers = weighted<Message['headers']>(
  [6, fc.constant([])],
  [
    1,
    of(
      [{ key: 'origin', value: 'here' }],
      [
        { key: 'Key-1', value: 'x'.repeat(255) },
        { key: 'b', value: '1' },
      ],
    ),
  ],
);
const payloads = weighted(
  [8, fc.integer({ min: 1, max: 9 }).map((size) => Buffer.alloc(size, 97))],
  [1, of(Buffer.alloc(0), Buffer.alloc(500, 98))],
);
const largeMessages: fc.Arbitrary<Message[]> = of(1_000, 100_000).map((size) => [
  { messageId: 0n, payload: Buffer.alloc(size, 99), headers: [] },
]);
const messages: fc.Arbitrary<Message> = fc.record({
  messageId: weighted([3, of(0n)], [1, of(1n, 2n, 2n ** 63n)]),
  payload: payloads,
  headers,
});
const batches = weighted([30, fc.array(messages, { maxLength: 5 })], [1, largeMessages]);
const partitionings = weighted<unknown>(
  [4, of({ kind: 1 })],
  [4, numericPartitionIds.map((partitionId) => ({ kind: 2, partitionId }))],
  [2, of('key', 'other key', 'k'.repeat(255), '').map((key) => ({ kind: 3, key: Buffer.from(key) }))],
);
const partitionCounts = weighted([8, of(1, 2, 3)], [2, of(0, 4, 10)], [1, of(1001, u32Max)]);
const tokenNames = weighted(
  [6, of('first', 'second', 'comparer')],
  [1, of('', 'ab', 'x'.repeat(30), 'x'.repeat(31), 'Two Words', 'a/b', `${brokenCharacter}xyz`)],
);
const passwords = weighted([6, of('iggy')], [1, of('', 'ab', 'wrong', 'x'.repeat(100), 'x'.repeat(101))]);
const usernames = weighted([6, of('iggy')], [1, of('', 'ab', 'nobody', 'IGGY', '1', '0', 'x'.repeat(51), 'a/b/c')]);

/** Commands by how often they are drawn, with their fields. */
const commands: readonly DrawnCommand[] = [
  [1, 'ping', {}],
  [1, 'get_stats', {}],
  [1, 'get_me', {}],
  [1, 'get_clients', {}],
  [
    1,
    'get_client',
    { clientId: weighted([3, fc.nat({ max: connectionsMax - 1 }).map(clientIdOfConnection)], [1, of(0, u32Max)]) },
  ],
  [1, 'get_cluster_metadata', {}],
  [1, 'logout_user', {}],
  [1, 'get_personal_access_tokens', {}],
  [2, 'create_personal_access_token', { name: tokenNames, expiry: expiries }],
  [2, 'delete_personal_access_token', { name: tokenNames }],
  [3, 'login_with_personal_access_token', { token: of('@comparer', '@comparer', '@first', '', 'x', 'x'.repeat(101)) }],
  [3, 'get_streams', {}],
  [3, 'get_stream', { streamId: mainIdentifiers }],
  [5, 'create_stream', { streamId: wantedIds, name: names, options: otherOptions }],
  [2, 'update_stream', { streamId: mainIdentifiers, name: names, options: otherOptions }],
  [2, 'delete_stream', { streamId: identifiers }],
  [2, 'purge_stream', { streamId: mainIdentifiers }],
  [3, 'get_topics', { streamId: mainIdentifiers }],
  [5, 'get_topic', place],
  [
    5,
    'create_topic',
    { streamId: mainIdentifiers, topicId: wantedIds, partitionsCount: partitionCounts, ...topicSettings },
  ],
  [3, 'update_topic', { ...place, ...topicSettings }],
  [2, 'delete_topic', { streamId: mainIdentifiers, topicId: identifiers }],
  [2, 'purge_topic', place],
  [3, 'create_partitions', { ...place, partitionsCount: partitionCounts }],
  [3, 'delete_partitions', { ...place, partitionsCount: partitionCounts }],
  [14, 'send_messages', { ...place, partitioning: partitionings, messages: batches }],
  [
    14,
    'poll_messages',
    {
      consumer: consumers,
      ...place,
      partitionId: partitionIds,
      strategy: strategies,
      count: counts,
      autoCommit: fc.boolean(),
    },
  ],
  [1, 'flush_unsaved_buffer', { ...place, partitionId: numericPartitionIds, fsync: fc.boolean() }],
  [5, 'store_consumer_offset', { consumer: consumers, ...place, partitionId: partitionIds, offset: offsets }],
  [5, 'get_consumer_offset', { consumer: consumers, ...place, partitionId: partitionIds }],
  [3, 'delete_consumer_offset', { consumer: consumers, ...place, partitionId: partitionIds }],
  [1, 'describe_options', { scope: of(1, 2, 3) }],
  ...accountCommands,
  ...groupCommands,
];
const passwordLogin: Fields = {
  username: usernames,
  password: passwords,
  version: of('0.6.40'),
  context: of(''),
};

const tampers: fc.Arbitrary<Tamper> = weighted<Tamper>(
  [
    3,
    fc.record({
      kind: fc.constant('truncate' as const),
      missing: weighted([3, fc.integer({ min: 1, max: 12 })], [1, of(1000)]),
    }),
  ],
  [2, fc.record({ kind: fc.constant('append' as const), bytes: of(Buffer.from([0]), Buffer.from('trailing bytes')) })],
  [
    2,
    fc.record({
      kind: fc.constant('overwrite' as const),
      part: fc.double({ min: 0, max: 0.999, noNaN: true }),
      value: of(0, 1, 2, 3, 4, 255),
    }),
  ],
);

function stepOf(command: CommandName, fields: Fields): fc.Arbitrary<Step> {
  return fc.record({
    kind: fc.constant('command' as const),
    command: fc.constant(command),
    request: fc.record(fields),
    tamper: weighted<Tamper | undefined>([30, fc.constant(undefined)], [1, tampers]),
  });
}

const logIn = step('login_with_personal_access_token', { token: '@comparer' });
const stream = step('create_stream', { streamId: undefined, name: 'alpha' });
const topicOf = (partitionsCount: number): Step =>
  step('create_topic', {
    streamId: byName('alpha'),
    topicId: undefined,
    partitionsCount,
    compressionAlgorithm: 1,
    messageExpiry: 0n,
    maxTopicSize: 0n,
    replicationFactor: undefined,
    name: 'alpha',
  });
const small = [logIn, stream, topicOf(1)];
const large = [logIn, stream, topicOf(3)];

/** What most scenarios begin with, so that later steps find something. */
const openings = weighted<readonly Step[]>(
  [1, of([])],
  [2, of([logIn])],
  [2, of([logIn, stream])],
  [4, of(small)],
  [6, of(large)],
  [6, of([...large, ...groupOpening])],
  [6, userOpening(0).map((steps) => [...large, ...steps])],
  [2, of(...rarities).map((steps) => [...large, ...steps])],
);

/** The same for scenarios with several connections: all are logged in, as root or as a user, and mostly in a group. */
function openingsOf(connections: number): fc.Arbitrary<readonly Step[]> {
  const others = Array.from({ length: connections - 1 }, (_, index) => index + 1);
  const logInAll = others.flatMap((other) => on(other, [logIn]));
  const joinAll = others.flatMap((other) => on(other, [joinGroup]));
  return weighted<readonly Step[]>(
    [1, of([])],
    [1, of([...small, ...logInAll])],
    [2, of([...large, ...logInAll])],
    [6, of([...large, ...logInAll, ...groupOpening, ...joinAll])],
    [5, userOpening(connections - 1).map((steps) => [...large, ...logInAll, ...steps])],
    [3, userOpening(connections - 1).map((steps) => [...large, ...logInAll, ...groupOpening, ...joinAll, ...steps])],
  );
}

/** Bytes that are no request of any command. */
const rawSteps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('raw' as const),
  code: of(0, 2, 99, 12, 122, u32Max),
  payload: of(Buffer.alloc(0), Buffer.alloc(3, 1)),
});

const closings: fc.Arbitrary<Step> = of({ kind: 'close' });

/** Commands that are of more interest when there are several connections. */
const seenByOthers: ReadonlySet<string> = new Set([
  ...['get_me', 'get_clients', 'get_client', 'get_consumer_group', 'join_consumer_group', 'leave_consumer_group'],
  ...['delete_user', 'update_permissions', 'change_password', 'logout_user'],
]);

/** One step of a scenario. Password logins are slow on purpose, in all servers, so few are drawn. */
function stepsOf(generation: Generation, only: ReadonlySet<string>, connections: number): fc.Arbitrary<Step> {
  const drawn = commands.filter(
    ([, command]) => (only.size === 0 || only.has(command)) && codecOf(command, generation) !== undefined,
  );
  const more = (command: CommandName) => (connections > 1 && seenByOthers.has(command) ? 3 : 1);
  const steps = weighted<Step>(
    ...drawn.map(([weight, command, fields]) => [weight * 4 * more(command), stepOf(command, fields)] as const),
    ...(only.size === 0 || only.has('login_user')
      ? ([
          [2, stepOf('login_user', passwordLogin)],
          [6, stepOf('login_user', userLogin)],
        ] as const)
      : []),
    ...(only.size === 0 ? ([[2, rawSteps]] as const) : []),
    ...(connections > 1 ? ([[16, closings]] as const) : []),
  );
  const meant = steps.map((step) => asClientsSend(step, generation));
  if (connections === 1) return meant;
  return fc.tuple(fc.nat({ max: connections - 1 }), meant).map(([connection, step]) => ({ ...step, connection }));
}

/** Until 0.5 partition 0 of a consumer is sent as, and means, none in particular; clients of 0.9 always name one. */
function asClientsSend(step: Step, generation: Generation): Step {
  if (step.kind !== 'command' || !('consumer' in step.request)) return step;
  const { partitionId } = step.request;
  const isOld = generation === 'v0_4' || generation === 'v0_5';
  if (isOld && partitionId === 0) return { ...step, request: { ...step.request, partitionId: undefined } };
  if (generation === 'v0_9' && partitionId === undefined)
    return { ...step, request: { ...step.request, partitionId: 1 } };
  return step;
}

/** In 0.9 a login does not replace the one before: clients log out first. */
function withLogouts(steps: readonly Step[], generation: Generation): readonly Step[] {
  if (generation !== 'v0_9') return steps;
  return steps.flatMap((login) =>
    isCommand(login, 'login_user') ? [{ ...step('logout_user', {}), connection: login.connection }, login] : [login],
  );
}

/** Scenarios for one generation, with at most so many steps after the opening and so many connections. */
export function scenarios(
  generation: Generation,
  stepsMax: number,
  only: ReadonlySet<string>,
  connections = connectionsMax,
): fc.Arbitrary<Step[]> {
  const ofSize = Array.from({ length: connections }, (_, index) => index + 1).map((count) =>
    fc
      .tuple(
        (count === 1 ? openings : openingsOf(count)).map((steps) => withLogouts(steps, generation)),
        fc.array(stepsOf(generation, only, count), { minLength: 1, maxLength: stepsMax, size: 'max' }),
      )
      .map(([opening, following]) => [...opening, ...following]),
  );
  return fc.oneof(...ofSize);
}
