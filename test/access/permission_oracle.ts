// Who may do what as a truth table: written from what is known of the reference's release 0.8, in its words, without a look at the permissioner.
// A state is 20 bits: ten global flags, six of one stream, four of one topic of it.
import type { CommandName } from '../../generated/commands.ts';
import type { Permissions } from '../../generated/common/permissions.ts';

const globalFlags = [
  'manage_servers',
  'read_servers',
  'manage_users',
  'read_users',
  'manage_streams',
  'read_streams',
  'manage_topics',
  'read_topics',
  'poll_messages',
  'send_messages',
] as const;
const streamFlags = [
  'manage_stream',
  'read_stream',
  'manage_topics',
  'read_topics',
  'poll_messages',
  'send_messages',
] as const;
const topicFlags = ['manage_topic', 'read_topic', 'poll_messages', 'send_messages'] as const;

/** What every 20-bit state has; a state is a number below it. */
export const stateCount = 2 ** (globalFlags.length + streamFlags.length + topicFlags.length);
/** The parts of a state. */
export const globalBits = 0x3ff;
export const streamBits = 0x3f << 10;
export const topicBits = 0xf << 16;

type Words<Flags extends readonly string[]> = readonly Flags[number][];

/** Flags of which any one is enough, by level. */
interface Enough {
  readonly global: Words<typeof globalFlags>;
  readonly stream?: Words<typeof streamFlags>;
  readonly topic?: Words<typeof topicFlags>;
}

const servers: Enough = { global: ['manage_servers', 'read_servers'] };
const usersRead: Enough = { global: ['read_users', 'manage_users'] };
const usersWrite: Enough = { global: ['manage_users'] };
const streamWrite: Enough = { global: ['manage_streams'], stream: ['manage_stream'] };
const topicRead: Enough = {
  global: ['read_topics', 'manage_topics', 'read_streams', 'manage_streams'],
  stream: ['read_topics', 'manage_topics', 'read_stream', 'manage_stream'],
  topic: ['read_topic', 'manage_topic'],
};
const topicWrite: Enough = {
  global: ['manage_topics', 'manage_streams'],
  stream: ['manage_topics', 'manage_stream'],
  topic: ['manage_topic'],
};
const poll: Enough = {
  global: ['poll_messages', 'read_topics', 'manage_topics', 'read_streams', 'manage_streams'],
  stream: ['poll_messages', 'read_topics', 'manage_topics', 'read_stream', 'manage_stream'],
  topic: ['manage_topic', 'read_topic', 'poll_messages'],
};
const append: Enough = {
  global: ['send_messages', 'manage_streams', 'manage_topics'],
  stream: ['send_messages', 'manage_stream', 'manage_topics'],
  topic: ['manage_topic', 'send_messages'],
};

const table: Readonly<Record<CommandName, 'anyone' | 'user' | Enough>> = {
  ping: 'anyone',
  login_user: 'anyone',
  login_with_personal_access_token: 'anyone',
  login_register: 'anyone',
  login_register_with_personal_access_token: 'anyone',
  logout_user: 'user',
  get_me: 'user',
  get_cluster_metadata: 'user',
  describe_options: 'user',
  attach_consumer_session: 'user',
  get_personal_access_tokens: 'user',
  create_personal_access_token: 'user',
  delete_personal_access_token: 'user',
  get_stats: servers,
  get_client: servers,
  get_clients: servers,
  // Decided otherwise than the reference, where a login is enough: conformance/DIFFERENCES.md.
  get_snapshot: servers,
  get_user: usersRead,
  get_users: usersRead,
  create_user: usersWrite,
  delete_user: usersWrite,
  update_user: usersWrite,
  update_permissions: usersWrite,
  change_password: usersWrite,
  get_streams: { global: ['read_streams', 'manage_streams'] },
  get_stream: { global: ['read_streams', 'manage_streams'], stream: ['manage_stream', 'read_stream'] },
  create_stream: { global: ['manage_streams'] },
  update_stream: streamWrite,
  delete_stream: streamWrite,
  purge_stream: streamWrite,
  // A list of topics is not about one of them, nor is the creation of another.
  get_topics: { global: topicRead.global, stream: topicRead.stream! },
  create_topic: { global: topicWrite.global, stream: topicWrite.stream! },
  get_topic: topicRead,
  update_topic: topicWrite,
  delete_topic: topicWrite,
  purge_topic: topicWrite,
  create_partitions: topicWrite,
  delete_partitions: topicWrite,
  delete_segments: topicWrite,
  get_consumer_group: topicRead,
  get_consumer_groups: topicRead,
  create_consumer_group: topicRead,
  delete_consumer_group: topicRead,
  join_consumer_group: topicRead,
  leave_consumer_group: topicRead,
  sync_consumer_group: topicRead,
  poll_messages: poll,
  poll_messages_on_primary: poll,
  get_poll_routing: poll,
  get_consumer_offset: poll,
  get_consumer_offset_routing: poll,
  store_consumer_offset: poll,
  delete_consumer_offset: poll,
  send_messages: append,
  flush_unsaved_buffer: append,
};

/** Every command there is. */
export const commandNames = Object.keys(table) as CommandName[];

/** By command: the bits of which any one is enough. Every bit, and one that all states have, where a login is enough. */
const everyState = 1 << 20;
const masks = new Map(
  commandNames.map((command) => {
    const line = table[command];
    if (typeof line === 'string') return [command, everyState];
    const mask = (flags: readonly string[], words: readonly string[] = [], shift = 0) =>
      words.reduce((bits, word) => bits | (1 << (flags.indexOf(word) + shift)), 0);
    return [
      command,
      mask(globalFlags, line.global) | mask(streamFlags, line.stream, 10) | mask(topicFlags, line.topic, 16),
    ];
  }),
);

/** Whether a user in this state may send a command. A user without permissions has state 0. */
export function mayDo(command: CommandName, state: number): boolean {
  return ((state | everyState) & masks.get(command)!) !== 0;
}

/** Whether a command is served before a login. */
export function isForAnyone(command: CommandName): boolean {
  return table[command] === 'anyone';
}

const camel = (word: string) => word.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const flagsOf = (flags: readonly string[], bits: number) =>
  Object.fromEntries(flags.map((flag, at) => [camel(flag), (bits & (1 << at)) !== 0]));

type Global = Permissions['global'];
type Stream = Permissions['streams'][number];
type Topic = Stream['topics'][number];

const allGlobal = Array.from({ length: 1 << 10 }, (_, bits) => flagsOf(globalFlags, bits) as unknown as Global);

/** The permissions of a state, with an entry for one stream and one topic of it. */
export function permissionsOf(state: number, streamId: number, topicId: number): Permissions {
  return { global: allGlobal[state & globalBits]!, streams: [streamEntry(state, streamId, topicId)] };
}

/** The entry for one stream with one topic. */
export function streamEntry(state: number, streamId: number, topicId: number): Stream {
  const topic = { topicId, ...flagsOf(topicFlags, state >> 16) } as unknown as Topic;
  return { streamId, ...flagsOf(streamFlags, state >> 10), topics: [topic] } as unknown as Stream;
}
