// Who may do what: one pure rule per name, over a user's permissions and the stream and topic in question. Rule names are the reference's.
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

const rules = {
  get_stats: readServers,
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
  poll_messages: poll,
  get_consumer_offset: poll,
  store_consumer_offset: poll,
  delete_consumer_offset: poll,
  append_messages: append,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** Whether a user with these permissions may do what the rule names. A user without permissions may nothing. */
export function isAllowed(
  rule: RuleName,
  permissions: Permissions | undefined,
  streamId?: number,
  topicId?: number,
): boolean {
  if (permissions === undefined) return false;
  const stream = permissions.streams.find((entry) => entry.streamId === streamId);
  const topic = stream?.topics.find((entry) => entry.topicId === topicId);
  return rules[rule]({ global: permissions.global, stream, topic });
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
