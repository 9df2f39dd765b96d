// Who may do what: one rule for each command, over a user's permissions and the stream and topic in question. The rules are those of the
// reference's release 0.8, for clients of every generation. Handlers ask at the right moment; nothing else decides.
import type { CommandName } from '../../generated/commands.ts';
import type {
  GlobalPermissions,
  Permissions,
  StreamPermissions,
  TopicPermissions,
} from '../../generated/common/permissions.ts';

/** What a rule looks at. Without an entry for the stream or topic those flags are all false. */
interface Grants {
  readonly global: GlobalPermissions;
  readonly stream: StreamPermissions | undefined;
  readonly topic: TopicPermissions | undefined;
}

type Rule = (grants: Grants) => boolean;

const readServers: Rule = ({ global }) => global.manageServers || global.readServers;
const readUsers: Rule = ({ global }) => global.manageUsers || global.readUsers;
const manageUsers: Rule = ({ global }) => global.manageUsers;
const manageStreams: Rule = ({ global }) => global.manageStreams;
const readStreams: Rule = ({ global }) => global.manageStreams || global.readStreams;
const manageStream: Rule = ({ global, stream }) => global.manageStreams || flag(stream?.manageStream);
const readStream: Rule = (grants) =>
  readStreams(grants) || flag(grants.stream?.manageStream, grants.stream?.readStream);
const createTopic: Rule = ({ global, stream }) =>
  global.manageStreams || global.manageTopics || flag(stream?.manageStream, stream?.manageTopics);
const manageTopic: Rule = (grants) => createTopic(grants) || flag(grants.topic?.manageTopic);
const readTopics: Rule = (grants) =>
  createTopic(grants) ||
  grants.global.readStreams ||
  grants.global.readTopics ||
  flag(grants.stream?.readStream, grants.stream?.readTopics);
const readTopic: Rule = (grants) => readTopics(grants) || flag(grants.topic?.manageTopic, grants.topic?.readTopic);
const poll: Rule = (grants) =>
  readTopic(grants) || grants.global.pollMessages || flag(grants.stream?.pollMessages, grants.topic?.pollMessages);
const append: Rule = (grants) =>
  manageTopic(grants) || grants.global.sendMessages || flag(grants.stream?.sendMessages, grants.topic?.sendMessages);

function flag(...values: (boolean | undefined)[]): boolean {
  return values.includes(true);
}

/** Who may send a command: anyone, whoever has logged in, or those whose permissions fit. */
type Access = 'anyone' | 'user' | Rule;

/** The one table of who may do what. Its type demands a line for every command there is. */
const access: Readonly<Record<CommandName, Access>> = {
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

  get_stats: readServers,
  // The reference asks for a login only; logs and configuration are for those who may read the server's state.
  get_snapshot: readServers,
  get_clients: readServers,
  get_client: readServers,

  get_user: readUsers,
  get_users: readUsers,
  create_user: manageUsers,
  delete_user: manageUsers,
  update_user: manageUsers,
  update_permissions: manageUsers,
  change_password: manageUsers,

  get_streams: readStreams,
  get_stream: readStream,
  create_stream: manageStreams,
  update_stream: manageStream,
  delete_stream: manageStream,
  purge_stream: manageStream,

  get_topics: readTopics,
  get_topic: readTopic,
  create_topic: createTopic,
  update_topic: manageTopic,
  delete_topic: manageTopic,
  purge_topic: manageTopic,
  create_partitions: manageTopic,
  delete_partitions: manageTopic,
  delete_segments: manageTopic,

  get_consumer_group: readTopic,
  get_consumer_groups: readTopic,
  create_consumer_group: readTopic,
  delete_consumer_group: readTopic,
  join_consumer_group: readTopic,
  leave_consumer_group: readTopic,
  sync_consumer_group: readTopic,

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

/** Whether a command is refused before a login. */
export function needsLogin(command: CommandName): boolean {
  return access[command] !== 'anyone';
}

/** Whether a command is refused to some who have logged in. */
export function needsPermission(command: CommandName): boolean {
  return typeof access[command] === 'function';
}

/** Whether a user with these permissions may send a command about this stream and topic. Without permissions, only what every user may. */
export function isAllowed(
  command: CommandName,
  permissions: Permissions | undefined,
  streamId?: number,
  topicId?: number,
): boolean {
  const rule = access[command];
  if (typeof rule !== 'function') return true;
  if (permissions === undefined) return false;
  const stream = permissions.streams.find((entry) => entry.streamId === streamId);
  const topic = stream?.topics.find((entry) => entry.topicId === topicId);
  return rule({ global: permissions.global, stream, topic });
}

/** The first user may do everything. */
export const rootPermissions: Permissions = {
  global: {
    manageServers: true,
    readServers: true,
    manageUsers: true,
    readUsers: true,
    manageStreams: true,
    readStreams: true,
    manageTopics: true,
    readTopics: true,
    pollMessages: true,
    sendMessages: true,
  },
  streams: [],
};
