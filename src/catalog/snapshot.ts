// The records of the catalog as one value, and back.
import {
  type CatalogSnapshot,
  type CreatedSnapshot,
  decodeCatalogSnapshot,
  encodeCatalogSnapshot,
  type StreamSnapshot,
  sizeOfCatalogSnapshot,
  type TopicSnapshot,
  type UserSnapshot,
} from '../../generated/storage/catalog_snapshot.ts';
import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';
import { Registry } from './registry.ts';
import type { CatalogState, StreamRecord, TopicRecord, UserRecord } from './state.ts';

/** All records of `state`. */
export function captureState(state: CatalogState): Uint8Array {
  const snapshot: CatalogSnapshot = {
    appliedIndex: state.appliedIndex,
    streams: [...state.streams].map((stream) => ({
      created: stream,
      name: stream.name,
      topics: [...stream.topics].map(topicSnapshot),
    })),
    users: [...state.users].map((user) => ({
      created: user,
      name: user.name,
      status: user.status,
      passwordHash: user.passwordHash,
      tokens: [...user.tokens.values()].map((token) => ({ ...token })),
      permissions: user.permissions,
    })),
    endedLives: [...state.endedLives],
    optionedTopics: [...state.streams].flatMap((stream) =>
      [...stream.topics]
        .filter(({ settings }) => settings.options.length > 0)
        .map(({ id, settings }) => ({ streamId: stream.id, topicId: id, options: { entries: settings.options } })),
    ),
  };
  const writer = new Writer(sizeOfCatalogSnapshot(snapshot));
  encodeCatalogSnapshot(writer, snapshot);
  return writer.bytes;
}

function topicSnapshot({ settings, partitions, groups, ...created }: TopicRecord): TopicSnapshot {
  return {
    created,
    settings,
    partitions: partitions.map((partition) => ({ created: partition, incarnation: partition.incarnation })),
    groups: [...groups].map((group) => ({ created: group, name: group.name })),
  };
}

/** Fills `state`, which must be empty. */
export function restoreState(state: CatalogState, bytes: Uint8Array): void {
  const snapshot = decodeCatalogSnapshot(new Reader(bytes));
  for (const stream of snapshot.streams) state.streams.add(streamRecord(stream));
  for (const user of snapshot.users) state.users.add(userRecord(user));
  for (const incarnation of snapshot.endedLives) state.endedLives.add(incarnation);
  for (const { streamId, topicId, options } of snapshot.optionedTopics) {
    const { settings } = state.streams.get(streamId)!.topics.get(topicId)!;
    settings.options = options.entries.map((option) => ({ ...option, value: Uint8Array.from(option.value) }));
  }
  state.appliedIndex = snapshot.appliedIndex;
}

function streamRecord({ created, name, topics }: StreamSnapshot): StreamRecord {
  const stream: StreamRecord = { ...placeOf(created), name, topics: new Registry() };
  for (const { created, settings, partitions, groups } of topics) {
    const topic: TopicRecord = {
      ...placeOf(created),
      name: settings.name,
      settings: { ...settings, options: [] },
      partitions: partitions.map((partition) => ({
        ...placeOf(partition.created),
        incarnation: partition.incarnation,
      })),
      groups: new Registry(),
    };
    for (const group of groups) topic.groups.add({ ...placeOf(group.created), name: group.name });
    stream.topics.add(topic);
  }
  return stream;
}

function userRecord({ created, tokens, ...user }: UserSnapshot): UserRecord {
  const records = tokens.map((token) => [token.name, { ...token, digest: token.digest.slice() }] as const);
  return { ...placeOf(created), ...user, tokens: new Map(records) };
}

function placeOf({ id, createdIndex, createdAt }: CreatedSnapshot): CreatedSnapshot {
  return { id, createdIndex, createdAt };
}
