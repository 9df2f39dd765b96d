// The catalog as a model: what exists after a number of changes. Written without a look at src/catalog, whose reducer it checks.
import type { TopicOption } from '../../src/catalog/topic_options.ts';
import type { Changed, Slot, Slots } from './records.ts';

export interface ExpectedPartition {
  readonly slot: Slot;
  /** The change that began its life; undefined when an earlier process did. */
  readonly begunBy: Changed | undefined;
  /** Undefined when nobody was told. */
  readonly incarnation: bigint | undefined;
}

export interface ExpectedGroup {
  readonly id: number;
  readonly name: string;
  readonly begunBy: Changed | undefined;
}

export interface ExpectedTopic {
  /** Tells it from every other topic that ever was. */
  readonly key: number;
  readonly id: number;
  readonly name: string;
  readonly options: readonly TopicOption[];
  readonly partitions: readonly ExpectedPartition[];
  readonly groups: readonly ExpectedGroup[];
  /** Changes that deleted groups. */
  readonly groupsEnded: readonly { readonly id: number; readonly by: Changed }[];
}

export interface ExpectedStream {
  readonly id: number;
  readonly name: string;
  readonly topics: readonly ExpectedTopic[];
}

export interface Expected {
  readonly streams: readonly ExpectedStream[];
  /** Names and passwords. */
  readonly users: readonly { readonly id: number; readonly name: string; readonly password: string }[];
}

export const nothingExpected: Expected = { streams: [], users: [{ id: 0, name: 'iggy', password: 'secret' }] };

/** The lowest number that none of `items` has. */
function freeId(items: readonly { readonly id: number }[]): number {
  let id = 0;
  while (items.some((item) => item.id === id)) id++;
  return id;
}

function added<Item extends { readonly id: number }>(items: readonly Item[], item: Item): Item[] {
  return [...items, item].sort((a, b) => a.id - b.id);
}

function replaced<Item extends { readonly name: string }>(
  items: readonly Item[],
  name: string,
  change: (item: Item) => Item,
): Item[] {
  return items.map((item) => (item.name === name ? change(item) : item));
}

/** What is there after one more change. Changes that name what is not there change nothing: they were refused. */
export function expectedAfter(before: Expected, changed: Changed, slots: Slots): Expected {
  const { change } = changed;
  switch (change.kind) {
    case 'create_user':
      return {
        ...before,
        users: added(before.users, { id: freeId(before.users), name: change.user, password: 'secret' }),
      };
    case 'delete_user':
      return { ...before, users: before.users.filter(({ name }) => name !== change.user) };
    case 'change_password':
      return { ...before, users: replaced(before.users, change.user, (user) => ({ ...user, password: change.to })) };
    case 'create_stream':
      return {
        ...before,
        streams: added(before.streams, { id: freeId(before.streams), name: change.stream, topics: [] }),
      };
    case 'delete_stream':
      return { ...before, streams: before.streams.filter(({ name }) => name !== change.stream) };
    case 'rename_stream':
      return {
        ...before,
        streams: replaced(before.streams, change.stream, (stream) => ({ ...stream, name: change.to })),
      };
    default:
      return {
        ...before,
        streams: replaced(before.streams, change.stream, (stream) => ({
          ...stream,
          topics: topicsAfter(stream.topics, changed, slots),
        })),
      };
  }
}

function topicsAfter(topics: readonly ExpectedTopic[], changed: Changed, slots: Slots): ExpectedTopic[] {
  const { change } = changed;
  if (change.kind === 'purge_stream') return topics.map((topic) => purged(topic, changed));
  if (!('topic' in change)) return [...topics];
  const { topic: name } = change;
  switch (change.kind) {
    case 'create_topic': {
      const topic = {
        key: changed.askedAt,
        id: freeId(topics),
        name,
        options: change.options ?? [],
        partitions: [],
        groups: [],
        groupsEnded: [],
      };
      return added(topics, grown(topic, change.partitions, changed, slots));
    }
    case 'delete_topic':
      return topics.filter((topic) => topic.name !== name);
    case 'rename_topic':
      return replaced(topics, name, (topic) => ({ ...topic, name: change.to }));
    case 'purge_topic':
      return replaced(topics, name, (topic) => purged(topic, changed));
    case 'create_partitions':
      return replaced(topics, name, (topic) => grown(topic, change.partitions, changed, slots));
    case 'delete_partitions':
      return replaced(topics, name, (topic) => ({
        ...topic,
        partitions: topic.partitions.slice(0, topic.partitions.length - change.partitions),
      }));
    case 'create_group':
      return replaced(topics, name, (topic) => ({
        ...topic,
        groups: added(topic.groups, { id: freeId(topic.groups), name: change.group, begunBy: changed }),
      }));
    case 'delete_group':
      return replaced(topics, name, (topic) => ({
        ...topic,
        groups: topic.groups.filter((group) => group.name !== change.group),
        groupsEnded: [
          ...topic.groupsEnded,
          ...topic.groups.filter((group) => group.name === change.group).map(({ id }) => ({ id, by: changed })),
        ],
      }));
  }
}

function purged(topic: ExpectedTopic, changed: Changed): ExpectedTopic {
  return {
    ...topic,
    partitions: topic.partitions.map(({ slot }) => ({
      slot,
      begunBy: changed,
      incarnation: changed.incarnations.get(slot),
    })),
  };
}

function grown(topic: ExpectedTopic, count: number, changed: Changed, slots: Slots): ExpectedTopic {
  const more = Array.from({ length: count }, (_, index): ExpectedPartition => {
    const slot = slots.slot(topic.key, topic.partitions.length + index);
    return { slot, begunBy: changed, incarnation: changed.incarnations.get(slot) };
  });
  return { ...topic, partitions: [...topic.partitions, ...more] };
}
