// What exists: streams, topics, partitions, consumer groups, users. What handlers call. Knows no session, no permission and no wire generation.
import { type Identifier, IdentifierKind } from '../../generated/common/identifier.ts';
import { IggyError, type StatusName } from '../../generated/errors.ts';
import { JournalEntryKind } from '../../generated/storage/journal_entry.ts';
import { randomIncarnation } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import type { Ledger } from './ledger.ts';
import type { LiveCatalog } from './live.ts';
import { notFound } from './not_found.ts';
import type { Named, Registry } from './registry.ts';
import type { StreamRecord, TopicRecord, TopicSettings } from './state.ts';
import type { Stream } from './stream.ts';
import type { ConsumerGroup, Topic } from './topic.ts';
import { agreeingOptions } from './topic_effects.ts';
import type { Users } from './users.ts';

export type { TopicSettings } from './state.ts';

/** How much there is of everything. */
export interface Totals {
  readonly streams: number;
  readonly topics: number;
  readonly partitions: number;
  readonly segments: number;
  readonly messages: number;
  readonly sizeBytes: number;
  readonly consumerGroups: number;
}

export class Catalog {
  readonly users: Users;
  readonly #random: Random;
  readonly #ledger: Ledger;
  readonly #live: LiveCatalog;
  readonly #release: () => void;

  /** Use `openCatalog`. */
  constructor(random: Random, ledger: Ledger, live: LiveCatalog, users: Users, release: () => void) {
    this.#random = random;
    this.#ledger = ledger;
    this.#live = live;
    this.users = users;
    this.#release = release;
  }

  /** Sums over everything. */
  get totals(): Totals {
    const totals = { streams: 0, topics: 0, partitions: 0, segments: 0, messages: 0, sizeBytes: 0, consumerGroups: 0 };
    for (const stream of this.#live.streams) {
      totals.streams++;
      for (const topic of stream.topics) {
        totals.topics++;
        totals.partitions += topic.partitions.length;
        totals.segments += topic.segmentsCount;
        totals.messages += topic.messagesCount;
        totals.sizeBytes += topic.sizeBytes;
        totals.consumerGroups += topic.consumerGroups.size;
      }
    }
    return totals;
  }

  /** In order of ids. */
  get streams(): Iterable<Stream> & { readonly size: number } {
    return this.#live.streams;
  }

  findStream(identifier: Identifier): Stream | undefined {
    return this.#live.streams.find(identifier);
  }

  /** @throws IggyError `stream_id_not_found`, `stream_name_not_found`. */
  stream(identifier: Identifier): Stream {
    return this.findStream(identifier) ?? notFound('stream', identifier);
  }

  /** `wantedId` is taken as it is, else the lowest free one. @throws IggyError `stream_id_already_exists`, `stream_name_already_exists`. */
  async createStream(name: string, wantedId?: number): Promise<Stream> {
    const { streams } = this.#ledger.planned;
    checkName(streams, name, 'stream_name_already_exists', 'invalid_stream_name');
    const streamId = pickId(streams, wantedId, 'stream_id_already_exists');
    const change = { kind: JournalEntryKind.stream_created, streamId, name };
    return this.#ledger.commit(change, () => this.#live.streams.get(streamId)!);
  }

  /** @throws IggyError `stream_id_not_found`, `stream_name_already_exists`. */
  async updateStream(stream: Stream, name: string): Promise<void> {
    if (this.#plannedStream(stream).name !== name)
      checkName(this.#ledger.planned.streams, name, 'stream_name_already_exists', 'invalid_stream_name');
    await this.#ledger.commit({ kind: JournalEntryKind.stream_updated, streamId: stream.id, name });
  }

  /** @throws IggyError `stream_id_not_found`. */
  async deleteStream(stream: Stream): Promise<void> {
    this.#plannedStream(stream);
    await this.#ledger.commit({ kind: JournalEntryKind.stream_deleted, streamId: stream.id });
  }

  /** Drops all messages and stored offsets; offsets start at 0 again. @throws IggyError `stream_id_not_found`. */
  async purgeStream(stream: Stream): Promise<void> {
    const planned = this.#plannedStream(stream);
    const topics = [...planned.topics].map((topic) => ({
      topicId: topic.id,
      incarnations: this.#incarnations(topic.partitions.length),
    }));
    await this.#ledger.commit({ kind: JournalEntryKind.stream_purged, streamId: stream.id, topics });
    await this.#live.settled();
  }

  /** @throws IggyError `stream_id_not_found`, `topic_id_already_exists`, `topic_name_already_exists`. */
  async createTopic(
    stream: Stream,
    settings: TopicSettings,
    partitionsCount: number,
    wantedId?: number,
  ): Promise<Topic> {
    const { topics } = this.#plannedStream(stream);
    checkName(topics, settings.name, 'topic_name_already_exists', 'invalid_topic_name');
    const topicId = pickId(topics, wantedId, 'topic_id_already_exists');
    const incarnations = this.#incarnations(partitionsCount);
    const change = { kind: JournalEntryKind.topic_created, streamId: stream.id, topicId, incarnations };
    return this.#ledger.commit({ ...change, ...entryOf(settings) }, () => stream.topics.get(topicId)!);
  }

  /** @throws IggyError `topic_id_not_found`, `topic_name_already_exists`. */
  async updateTopic(topic: Topic, settings: TopicSettings): Promise<void> {
    const { topics, planned } = this.#plannedTopic(topic);
    if (planned.name !== settings.name)
      checkName(topics, settings.name, 'topic_name_already_exists', 'invalid_topic_name');
    await this.#ledger.commit({ kind: JournalEntryKind.topic_updated, ...placeOf(topic), ...entryOf(settings) });
  }

  /** @throws IggyError `topic_id_not_found`. */
  async deleteTopic(topic: Topic): Promise<void> {
    this.#plannedTopic(topic);
    await this.#ledger.commit({ kind: JournalEntryKind.topic_deleted, ...placeOf(topic) });
  }

  /** Drops all messages and stored offsets; offsets start at 0 again. @throws IggyError `topic_id_not_found`. */
  async purgeTopic(topic: Topic): Promise<void> {
    const { planned } = this.#plannedTopic(topic);
    const incarnations = this.#incarnations(planned.partitions.length);
    await this.#ledger.commit({ kind: JournalEntryKind.topic_purged, ...placeOf(topic), incarnations });
    await this.#live.settled();
  }

  /** Adds partitions at the end. @throws IggyError `topic_id_not_found`. */
  async createPartitions(topic: Topic, partitionsCount: number): Promise<void> {
    this.#plannedTopic(topic);
    await this.#ledger.commit({
      kind: JournalEntryKind.partitions_created,
      ...placeOf(topic),
      incarnations: this.#incarnations(partitionsCount),
    });
  }

  /** Deletes partitions from the end. @throws IggyError `topic_id_not_found`, `invalid_partitions_count` when there are not that many. */
  async deletePartitions(topic: Topic, partitionsCount: number): Promise<void> {
    const { planned } = this.#plannedTopic(topic);
    if (partitionsCount > planned.partitions.length)
      throw new IggyError(
        'invalid_partitions_count',
        `topic ${topic.name} has ${planned.partitions.length} partitions`,
      );
    await this.#ledger.commit({ kind: JournalEntryKind.partitions_deleted, ...placeOf(topic), partitionsCount });
  }

  /**
   * Deletes up to `segmentsCount` of the oldest full segments of a partition, for good; the one that is appended to stays.
   * @throws IggyError `topic_id_not_found`, `partition_not_found`.
   */
  async deleteSegments(topic: Topic, partitionId: number, segmentsCount: number): Promise<void> {
    this.#plannedTopic(topic);
    await topic.partition(partitionId).log.deleteOldestSegments(segmentsCount);
  }

  /** @throws IggyError `topic_id_not_found`, `consumer_group_id_already_exists`, `consumer_group_name_already_exists`. */
  async createConsumerGroup(topic: Topic, name: string, wantedId?: number): Promise<ConsumerGroup> {
    const { groups } = this.#plannedTopic(topic).planned;
    checkName(groups, name, 'consumer_group_name_already_exists', 'invalid_consumer_group_name');
    const groupId = pickId(groups, wantedId, 'consumer_group_id_already_exists');
    const change = { kind: JournalEntryKind.consumer_group_created, ...placeOf(topic), groupId, name };
    return this.#ledger.commit(change, () => topic.findConsumerGroup({ kind: IdentifierKind.numeric, id: groupId })!);
  }

  /** Deletes a group and its stored offsets. @throws IggyError `topic_id_not_found`, `consumer_group_id_not_found`. */
  async deleteConsumerGroup(topic: Topic, group: ConsumerGroup): Promise<void> {
    const { planned } = this.#plannedTopic(topic);
    if (planned.groups.get(group.id)?.createdIndex !== group.createdIndex)
      throw new IggyError('consumer_group_id_not_found');
    await this.#ledger.commit({ kind: JournalEntryKind.consumer_group_deleted, ...placeOf(topic), groupId: group.id });
    await this.#live.settled();
  }

  #incarnations(count: number): bigint[] {
    return Array.from({ length: count }, () => randomIncarnation(this.#random));
  }

  /** A caller may hold a stream that is deleted by now, or whose deletion is under way. */
  #plannedStream(stream: Stream): StreamRecord {
    const planned = this.#ledger.planned.streams.get(stream.id);
    if (planned?.createdIndex !== stream.createdIndex)
      throw new IggyError('stream_id_not_found', `stream ${stream.name} does not exist any more`);
    return planned;
  }

  #plannedTopic(topic: Topic): { readonly topics: Registry<TopicRecord>; readonly planned: TopicRecord } {
    const topics = this.#ledger.planned.streams.get(topic.streamId)?.topics;
    const planned = topics?.get(topic.id);
    if (topics === undefined || planned?.createdIndex !== topic.createdIndex)
      throw new IggyError('topic_id_not_found', `topic ${topic.name} does not exist any more`);
    return { topics, planned };
  }

  /** Brings everything to the disk and lets another process have the data folder. */
  async close(): Promise<void> {
    try {
      await this.#live.close();
      await this.#ledger.close();
    } finally {
      this.#release();
    }
  }
}

function placeOf(topic: Topic): { streamId: number; topicId: number } {
  return { streamId: topic.streamId, topicId: topic.id };
}

/** Settings as entries of the journal have them. */
function entryOf(given: TopicSettings) {
  const { options: _, ...settings } = given;
  return { settings, options: { entries: agreeingOptions(given) } };
}

function pickId(registry: Registry<Named>, wanted: number | undefined, taken: StatusName): number {
  if (wanted === undefined) return registry.freeId();
  if (registry.get(wanted) !== undefined) throw new IggyError(taken);
  return wanted;
}

/** Lengths were checked on the wire; a name that was normalized may have grown. */
function checkName(registry: Registry<Named>, name: string, taken: StatusName, invalid: StatusName): void {
  if (Buffer.byteLength(name) > 255) throw new IggyError(invalid);
  if (registry.named(name) !== undefined) throw new IggyError(taken);
}
