// Where an official crate takes or shows less than the wire allows: each limit with its reason. Beyond these, all bytes are compared.

import * as headersV04 from '../generated/v0_4/messages/user_headers.ts';
import { Reader } from '../src/bytes/reader.ts';
import type { GenerationName } from '../src/protocol/protocol.ts';
import { fromHex, isRecord, toJson } from './values.ts';

interface Scope {
  readonly generations: readonly GenerationName[];
  readonly types: readonly string[];
  readonly reason: string;
}

/** Drawn values are changed at `at` (a path; lists are entered) to what the crate can hold. */
interface Limit extends Scope {
  readonly at: string;
  change(value: unknown): unknown;
}

/** Both sides, in JSON form, are changed at `at` before they are compared. */
type Reordering = Limit;

const early = ['v0_4', 'v0_5', 'v0_6'] as const;
const late = ['v0_8', 'v0_9'] as const;
const all = [...early, ...late] as const;
const topicResponses = ['get_topic_response', 'create_topic_response'];

const namedResponses = [
  'get_user',
  'get_users',
  'create_user',
  'get_personal_access_tokens',
  'create_personal_access_token',
  'get_stream',
  'get_streams',
  'create_stream',
  'get_topic',
  'get_topics',
  'create_topic',
  'get_consumer_group',
  'get_consumer_groups',
  'create_consumer_group',
].map((name) => `${name}_response`);

/** Also with names in them, in generation 0.9. */
const namedRequests = [
  'login_register',
  'login_register_response',
  'login_register_with_personal_access_token',
  'login_register_with_personal_access_token_response',
  'describe_options_response',
];

const optionTypes = [
  'options',
  ...['create_user', 'update_user', 'create_stream', 'update_stream', 'create_topic', 'update_topic'],
  ...namedResponses,
];

const limits: readonly Limit[] = [
  {
    generations: all,
    types: ['login_user'],
    at: 'version',
    reason: 'the crate always writes both texts; only older clients end before them',
    change: (version) => version ?? '',
  },
  {
    generations: all,
    types: ['login_user'],
    at: 'context',
    reason: 'the crate always writes both texts; only older clients end before them',
    change: (context) => context ?? '',
  },
  ...['cpuUsage', 'totalCpuUsage', 'cacheMetrics.hitRatio'].map((at) => ({
    generations: all,
    types: ['get_stats_response'],
    at,
    reason: 'the JSON between us and the oracle has no infinity and one zero',
    change: (share: unknown) => (Number.isFinite(share) ? (share as number) + 0 : 1),
  })),
  ...['permissions.streams', 'streams', 'details.permissions.streams'].map((at, index) => ({
    generations: early,
    types: [['create_user', 'update_permissions'], ['permissions'], ['create_user_response', 'get_user_response']][
      index
    ]!,
    at,
    reason: 'the crate keeps permissions in maps: an id occurs once',
    change: (streams: unknown) =>
      unique(streams, 'streamId').map((stream) => ({ ...stream, topics: unique(stream.topics, 'topicId') })),
  })),
  {
    generations: ['v0_4'],
    types: ['get_snapshot'],
    at: 'types',
    reason: 'the crate knows the types 1 to 5 only',
    change: (types) => (types as number[]).filter((type) => type <= 5),
  },
  {
    generations: ['v0_4'],
    types: ['message'],
    at: 'messageId',
    reason: 'the crate replaces the id 0 by a random one',
    change: atLeastOne,
  },
  {
    generations: ['v0_4'],
    types: ['send_messages'],
    at: 'messages.messageId',
    reason: 'the crate replaces the id 0 by a random one',
    change: atLeastOne,
  },
  {
    generations: ['v0_4'],
    types: ['poll_messages_response'],
    at: 'messages',
    reason: 'the crate leaves out a last message that has no payload',
    change: (messages) =>
      (messages as { payload: Uint8Array }[]).map((message) =>
        message.payload.byteLength === 0 ? { ...message, payload: new Uint8Array(1) } : message,
      ),
  },
  ...['clients.transport', 'details.client.transport'].map((at, index) => ({
    generations: early,
    types: [['get_clients_response'], ['get_me_response', 'get_client_response']][index]!,
    at,
    reason: 'the crate shows every transport but TCP and QUIC as unknown',
    change: (transport: unknown) => (transport === 2 ? 2 : 1),
  })),
  ...['topics.messageExpiry', 'topic.messageExpiry'].map((at, index) => ({
    generations: early,
    types: [['get_stream_response', 'get_topics_response'], topicResponses][index]!,
    at,
    reason: 'the crate reads the expiry 0 as never',
    change: (expiry: unknown) => (expiry === 0n ? 1n : expiry),
  })),
  {
    generations: all,
    types: topicResponses,
    at: '',
    reason: 'the crate has one count for the topic and its list of partitions',
    change: withCount('topic', 'partitionsCount', 'partitions'),
  },
  {
    generations: late,
    types: ['get_stream_response'],
    at: '',
    reason: 'the crate reads as many topics as the stream claims',
    change: withCount('stream', 'topicsCount', 'topics'),
  },
  {
    generations: late,
    types: ['get_consumer_group_response'],
    at: '',
    reason: 'the crate reads as many members as the group claims',
    change: withCount('consumerGroup', 'membersCount', 'members'),
  },
  {
    generations: all,
    types: ['get_me_response', 'get_client_response'],
    at: 'details',
    reason: 'the crate reads as many groups as the client claims',
    change: withCount('client', 'consumerGroupsCount', 'consumerGroups'),
  },
  {
    generations: late,
    types: namedResponses,
    at: '',
    reason: 'the crate takes no empty name',
    change: withoutEmptyNames,
  },
  {
    generations: ['v0_8'],
    types: ['message', 'send_messages'],
    at: 'messages',
    reason: "the crate writes 0 in the fields of a message that are the server's",
    change: (messages) => (messages as object[]).map(asSent),
  },
  {
    generations: ['v0_8'],
    types: ['message'],
    at: '',
    reason: "the crate writes 0 in the fields of a message that are the server's",
    change: (message) => asSent(message as object),
  },
  {
    generations: ['v0_9'],
    types: namedRequests,
    at: '',
    reason: 'the crate takes no empty name',
    change: withoutEmptyNames,
  },
  {
    generations: ['v0_9'],
    types: optionTypes,
    at: '',
    reason: 'the crate refuses a block of options in which a key occurs twice',
    change: withUniqueOptions,
  },
  {
    generations: ['v0_9'],
    types: ['store_consumer_offset', 'delete_consumer_offset'],
    at: 'acknowledgement',
    reason: 'the crate always writes it; only early releases of the generation end before it',
    change: (acknowledgement) => acknowledgement ?? 1,
  },
  {
    generations: ['v0_9'],
    types: ['message'],
    at: 'reserved',
    reason: 'the crate takes no reserved byte but 0',
    change: () => 0n,
  },
  {
    generations: ['v0_9'],
    types: ['result_section'],
    at: '',
    reason: 'the crate looks at the code of the first result and the length of the section',
    change: (section) => ({ results: (section as { results: Entry[] }).results.slice(0, 1).map(asRefusal) }),
  },
];

/** Types whose empty answer "not found" the crate leaves to its callers. Their values are drawn until something is found. */
const foundOnly: readonly Scope[] = [
  {
    generations: late,
    types: [
      'get_client',
      'get_user',
      'get_stream',
      'get_topic',
      'get_consumer_group',
      'get_consumer_offset',
      'sync_consumer_group',
    ].map((name) => `${name}_response`),
    reason: 'the crate has no form for the empty answer "not found"',
  },
];

const reorderings: readonly Reordering[] = [
  sorted('topics', ['topicId'], ['get_stream_response', 'get_topics_response']),
  sorted('partitions', ['partitionId'], topicResponses),
  sorted('streams', ['streamId'], ['get_streams_response']),
  sorted('users', ['userId'], ['get_users_response']),
  sorted('clients', ['clientId'], ['get_clients_response']),
  sorted('details.consumerGroups', ['groupId'], ['get_me_response', 'get_client_response']),
  sorted('tokens', ['name'], ['get_personal_access_tokens_response']),
  sorted('consumerGroups', ['groupId'], ['get_consumer_groups_response']),
  sorted('members', ['memberId'], ['get_consumer_group_response']),
  sorted('cacheMetrics', ['streamId', 'topicId', 'partitionId'], ['get_stats_response']),
  sorted('entries', ['key'], ['user_headers']),
  sorted('messages', ['offset'], ['poll_messages_response']),
  sorted('streams', ['streamId'], ['permissions']),
  sorted('streams.topics', ['topicId'], ['permissions']),
  sorted('permissions.streams', ['streamId'], ['create_user', 'update_permissions']),
  sorted('permissions.streams.topics', ['topicId'], ['create_user', 'update_permissions']),
  sorted('details.permissions.streams', ['streamId'], ['create_user_response', 'get_user_response']),
  sorted('details.permissions.streams.topics', ['topicId'], ['create_user_response', 'get_user_response']),
  ...['messages.userHeaders', 'userHeaders'].map((at, index) => ({
    generations: ['v0_4'] as const,
    types: [['send_messages', 'poll_messages_response'], ['message']][index]!,
    at,
    reason: 'the crate keeps headers in a map',
    change: (block: unknown) => sortedHeaders(block as string),
  })),
  ...['version', 'context'].map((at) => ({
    generations: all,
    types: ['login_user'],
    at,
    reason: 'the crate reads an empty text as none',
    change: (text: unknown) => text ?? '',
  })),
];

/** What the crate of this generation can hold of a drawn value; undefined when it can hold nothing of it. */
export function withinCrate(generation: GenerationName, type: string, value: unknown): unknown {
  const isAbsent = Object.values(value as object).some((field) => field === undefined);
  if (isAbsent && foundOnly.some((scope) => covers(scope, generation, type))) return undefined;
  return changed(limits, generation, type, value);
}

/** A value in JSON form, free of the orders that the crate of this generation does not keep. */
export function comparable(generation: GenerationName, type: string, json: unknown): unknown {
  return changed(reorderings, generation, type, json);
}

function changed(table: readonly Limit[], generation: GenerationName, type: string, value: unknown): unknown {
  return table
    .filter((limit) => covers(limit, generation, type))
    .reduce((current, { at, change }) => changedAt(current, at === '' ? [] : at.split('.'), change), value);
}

function covers(scope: Scope, generation: GenerationName, type: string): boolean {
  return scope.generations.includes(generation) && scope.types.includes(type);
}

function changedAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item) => changedAt(item, path, change));
  if (!isRecord(value) || !(name in value)) return value;
  const field = value[name];
  if (rest.length > 0 && (field === undefined || field === null)) return value;
  return { ...value, [name]: changedAt(field, rest, change) };
}

type Entry = Readonly<Record<string, unknown>>;

function unique(entries: unknown, key: string): Entry[] {
  return [...new Map((entries as Entry[]).map((entry) => [entry[key], entry])).values()];
}

function atLeastOne(id: unknown): unknown {
  return id === 0n ? 1n : id;
}

function asSent(message: object): object {
  return { ...message, checksum: 0n, offset: 0, timestamp: 0, reserved: 0n };
}

function asRefusal(result: Entry): Entry {
  return { ...result, index: 0, code: result.code || 1 };
}

/** Blocks of options at any depth, each key once. */
function withUniqueOptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUniqueOptions);
  if (!isRecord(value) || value instanceof Uint8Array) return value;
  if (Array.isArray(value.entries)) return { ...value, entries: unique(value.entries, 'key') };
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withUniqueOptions(field)]));
}

const nameFields = ['name', 'username', 'token', 'sdkName', 'sdkVersion', 'serverVersion', 'key'];

function withoutEmptyNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyNames);
  if (!isRecord(value) || value instanceof Uint8Array) return value;
  const isName = (name: string) => nameFields.includes(name);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, isName(name) && field === '' ? 'x' : withoutEmptyNames(field)]),
  );
}

/** Makes `count` of `record` the length of `list` beside it. */
function withCount(record: string, count: string, list: string): (value: unknown) => unknown {
  return (value) => {
    if (value === undefined) return value;
    const whole = value as Readonly<Record<string, Entry | undefined>>;
    const entries = whole[list] as unknown as readonly unknown[];
    return whole[record] === undefined ? whole : { ...whole, [record]: { ...whole[record], [count]: entries.length } };
  };
}

function sorted(at: string, keys: readonly string[], types: readonly string[]): Reordering {
  const ascending = (left: Entry, right: Entry): number => {
    const key = keys.find((name) => left[name] !== right[name]);
    if (key === undefined) return 0;
    return sortKey(left[key]) < sortKey(right[key]) ? -1 : 1;
  };
  return {
    generations: early,
    types,
    at,
    reason: 'the crate keeps a map, or sorts what it reads',
    change: (list) => (list as Entry[]).toSorted(ascending),
  };
}

/** Numbers come as such and as text. Any order will do that is the same for both sides and tells all fields apart. */
function sortKey(field: unknown): string {
  return `${String(field).padStart(20, '0')} ${field}`;
}

function sortedHeaders(block: string): unknown {
  const { entries } = headersV04.decodeUserHeaders(new Reader(fromHex(block)));
  return toJson(entries.toSorted((left, right) => (left.key < right.key ? -1 : 1)));
}
