// The records of the catalog and the reducer that changes them, entry by entry. No I/O, no clock, no chance: the same entries give the same state,
// on every machine and in every release.
import type { Permissions } from '../../generated/common/permissions.ts';
import type { UserStatus } from '../../generated/common/user_status.ts';
import {
  type JournalEntry,
  JournalEntryKind,
  type TopicSettings as SettingsWithoutOptions,
} from '../../generated/storage/journal_entry.ts';
import type { TopicOption } from '../../generated/storage/topic_options.ts';
import { Registry } from './registry.ts';

/** What every record has. `createdIndex` tells it from an earlier one of the same number. */
interface CreatedRecord {
  readonly id: number;
  readonly createdIndex: number;
  /** Microseconds. */
  readonly createdAt: number;
}

export interface PartitionRecord extends CreatedRecord {
  incarnation: bigint;
}

export interface GroupRecord extends CreatedRecord {
  readonly name: string;
}

/** What a topic was created or updated with. */
export interface TopicSettings extends SettingsWithoutOptions {
  /** Those that were asked for, as `topic_options.ts` reads them. */
  options: TopicOption[];
}

export interface TopicRecord extends CreatedRecord {
  name: string;
  settings: TopicSettings;
  /** Partition `id` stands at index `id`. */
  readonly partitions: PartitionRecord[];
  readonly groups: Registry<GroupRecord>;
}

export interface StreamRecord extends CreatedRecord {
  name: string;
  readonly topics: Registry<TopicRecord>;
}

export interface TokenRecord {
  readonly name: string;
  /** BLAKE3 of the token's text; the text itself is kept nowhere. */
  readonly digest: Uint8Array;
  /** Microseconds; undefined when it never expires. */
  readonly expiresAt: number | undefined;
}

export interface UserRecord extends CreatedRecord {
  name: string;
  status: UserStatus;
  passwordHash: string;
  permissions: Permissions | undefined;
  readonly tokens: Map<string, TokenRecord>;
}

/** All records, and the index of the last entry that made them. */
export class CatalogState {
  appliedIndex = 0;
  readonly streams = new Registry<StreamRecord>();
  readonly users = new Registry<UserRecord>();
  /** Lives of partitions that ended: whatever of them is still on the disk is garbage and never read. */
  readonly endedLives = new Set<bigint>();
}

/**
 * Applies one entry in place. An entry that was applied before changes nothing.
 * @throws Error when entries are missing, or refer to what does not exist: the journal is not the one of this state.
 */
export function apply(state: CatalogState, entry: JournalEntry): void {
  if (entry.index <= state.appliedIndex) return;
  if (entry.index !== state.appliedIndex + 1)
    throw new Error(`entry ${entry.index} follows entry ${state.appliedIndex}`);
  applyNext(state, entry);
  state.appliedIndex = entry.index;
}

function applyNext(state: CatalogState, entry: JournalEntry): void {
  switch (entry.kind) {
    case JournalEntryKind.stream_created:
      state.streams.add({ ...created(entry, entry.streamId), name: entry.name, topics: new Registry() });
      return;
    case JournalEntryKind.stream_updated:
      rename(state.streams, streamOf(state, entry.streamId), entry.name);
      return;
    case JournalEntryKind.stream_deleted:
      deleteStream(state, streamOf(state, entry.streamId));
      return;
    case JournalEntryKind.stream_purged:
      for (const { topicId, incarnations } of entry.topics)
        beginLives(state, topicOf(state, entry.streamId, topicId), incarnations);
      return;
    case JournalEntryKind.topic_created:
    case JournalEntryKind.topic_updated:
    case JournalEntryKind.topic_deleted:
    case JournalEntryKind.topic_purged:
    case JournalEntryKind.partitions_created:
    case JournalEntryKind.partitions_deleted:
    case JournalEntryKind.consumer_group_created:
    case JournalEntryKind.consumer_group_deleted:
      applyToTopics(state, entry);
      return;
    default:
      applyToUsers(state, entry);
      return;
  }
}

type TopicEntry = Extract<JournalEntry, { topicId: number }>;

function applyToTopics(state: CatalogState, entry: TopicEntry): void {
  const { topics } = streamOf(state, entry.streamId);
  if (entry.kind === JournalEntryKind.topic_created) {
    const topic: TopicRecord = {
      ...created(entry, entry.topicId),
      name: entry.settings.name,
      settings: { ...entry.settings, options: entry.options.entries },
      partitions: [],
      groups: new Registry(),
    };
    addPartitions(topic, entry, entry.incarnations);
    topics.add(topic);
    return;
  }
  const topic = topicOf(state, entry.streamId, entry.topicId);
  switch (entry.kind) {
    case JournalEntryKind.topic_updated:
      topic.settings = { ...entry.settings, options: entry.options.entries };
      rename(topics, topic, entry.settings.name);
      return;
    case JournalEntryKind.topic_deleted:
      deleteTopic(state, topics, topic);
      return;
    case JournalEntryKind.topic_purged:
      beginLives(state, topic, entry.incarnations);
      return;
    case JournalEntryKind.partitions_created:
      addPartitions(topic, entry, entry.incarnations);
      return;
    case JournalEntryKind.partitions_deleted:
      for (const { incarnation } of topic.partitions.splice(topic.partitions.length - entry.partitionsCount))
        state.endedLives.add(incarnation);
      return;
    case JournalEntryKind.consumer_group_created:
      topic.groups.add({ ...created(entry, entry.groupId), name: entry.name });
      return;
    case JournalEntryKind.consumer_group_deleted:
      topic.groups.remove(existing(topic.groups.get(entry.groupId), `consumer group ${entry.groupId}`));
      return;
  }
}

type UserEntry = Extract<JournalEntry, { userId: number }>;

function applyToUsers(state: CatalogState, entry: UserEntry): void {
  if (entry.kind === JournalEntryKind.user_created) {
    const { name, status, passwordHash, permissions } = entry;
    state.users.add({ ...created(entry, entry.userId), name, status, passwordHash, permissions, tokens: new Map() });
    return;
  }
  const user = existing(state.users.get(entry.userId), `user ${entry.userId}`);
  switch (entry.kind) {
    case JournalEntryKind.user_updated:
      user.status = entry.status;
      rename(state.users, user, entry.name);
      return;
    case JournalEntryKind.permissions_changed:
      user.permissions = entry.permissions;
      return;
    case JournalEntryKind.password_changed:
      user.passwordHash = entry.passwordHash;
      return;
    case JournalEntryKind.user_deleted:
      state.users.remove(user);
      return;
    case JournalEntryKind.token_created:
      user.tokens.set(entry.name, { name: entry.name, digest: entry.digest.slice(), expiresAt: entry.expiresAt });
      return;
    case JournalEntryKind.token_deleted:
      user.tokens.delete(entry.name);
      return;
  }
}

function created(entry: JournalEntry, id: number): CreatedRecord {
  return { id, createdIndex: entry.index, createdAt: entry.timestamp };
}

function existing<Item>(item: Item | undefined, what: string): Item {
  if (item === undefined) throw new Error(`the journal speaks of ${what}, which does not exist`);
  return item;
}

function streamOf(state: CatalogState, id: number): StreamRecord {
  return existing(state.streams.get(id), `stream ${id}`);
}

function topicOf(state: CatalogState, streamId: number, id: number): TopicRecord {
  return existing(streamOf(state, streamId).topics.get(id), `topic ${id} of stream ${streamId}`);
}

function rename<Item extends { readonly id: number; name: string }>(
  registry: Registry<Item>,
  item: Item,
  name: string,
): void {
  item.name = name;
  registry.renamed(item);
}

function addPartitions(topic: TopicRecord, entry: JournalEntry, incarnations: readonly bigint[]): void {
  for (const incarnation of incarnations)
    topic.partitions.push({ ...created(entry, topic.partitions.length), incarnation });
}

function beginLives(state: CatalogState, topic: TopicRecord, incarnations: readonly bigint[]): void {
  for (const [id, incarnation] of incarnations.entries()) {
    const partition = existing(topic.partitions[id], `partition ${id} of topic ${topic.id}`);
    state.endedLives.add(partition.incarnation);
    partition.incarnation = incarnation;
  }
}

function deleteTopic(state: CatalogState, topics: Registry<TopicRecord>, topic: TopicRecord): void {
  for (const { incarnation } of topic.partitions) state.endedLives.add(incarnation);
  topics.remove(topic);
}

function deleteStream(state: CatalogState, stream: StreamRecord): void {
  for (const topic of [...stream.topics]) deleteTopic(state, stream.topics, topic);
  state.streams.remove(stream);
}
