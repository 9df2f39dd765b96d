// The objects behind the records: streams, topics and partitions with their open logs. Follows the journal entry by entry.
import { type JournalEntry, JournalEntryKind } from '../../generated/storage/journal_entry.ts';
import type { Clock } from '../lib/clock.ts';
import type { LogIdentity, LogOptions } from '../log/local_log.ts';
import type { MemoryEnvironment } from '../log/memory_log.ts';
import type { PartitionStorage } from '../log/partition_storage.ts';
import { identityOf, Partition } from './partition.ts';
import { Registry } from './registry.ts';
import type { CatalogState, StreamRecord, TopicRecord } from './state.ts';
import { Stream } from './stream.ts';
import { Topic } from './topic.ts';

/** How often a long start says how far it is. */
const progressEveryMs = 2_000;

/** Partitions opened at the same time at the start. */
const openingMax = 16;

export class LiveCatalog {
  readonly streams = new Registry<Stream>();
  readonly #state: CatalogState;
  readonly #storage: PartitionStorage;
  /** How logs behave whose topics do not say. */
  readonly #log: LogOptions;
  readonly #clock: Clock;
  readonly #notice: (text: string) => void;
  /** Purges and unlinks under way. */
  readonly #work = new Set<Promise<void>>();

  #toldAtMs: number | undefined;

  constructor(state: CatalogState, storage: PartitionStorage, log: LogOptions, environment: MemoryEnvironment) {
    this.#state = state;
    this.#storage = storage;
    this.#log = log;
    this.#clock = environment.clock;
    this.#notice = environment.notice;
  }

  /** Opens all partitions of the replayed records, and removes what is left of lives that ended. */
  async load(): Promise<void> {
    const onDisk = this.#storage.list();
    const unclaimed = new Map(onDisk.map((identity) => [identity.incarnation, identity]));
    const waiting: (() => Promise<void>)[] = [];
    for (const streamRecord of this.#state.streams) {
      const stream = this.#addStream(streamRecord);
      for (const record of streamRecord.topics) {
        const topic = new Topic(stream.id, record, this.#log);
        stream.topics.add(topic);
        for (const partition of record.partitions) {
          waiting.push(async () => {
            const identity = identityOf(stream.id, topic.id, partition);
            const files = unclaimed.delete(partition.incarnation)
              ? await this.#storage.open(identity, topic.logOptions)
              : this.#storage.create(identity, topic.logOptions);
            await files.consumerOffsets.retainGroups(record.groups).catch((error) => this.#tellUnclean(error));
            topic.partitions[partition.id] = new Partition(stream.id, topic.id, partition, files);
          });
        }
      }
    }
    await inParallel(waiting.map((open, index) => () => this.#opening(open, index, waiting.length)));
    for (const identity of unclaimed.values()) this.#sweep(identity);
  }

  /** Says how far it is when there is much to recover. */
  async #opening(open: () => Promise<void>, index: number, count: number): Promise<void> {
    const startedAt = this.#clock.monotonicMs();
    await open();
    const now = this.#clock.monotonicMs();
    this.#toldAtMs ??= startedAt;
    if (now - this.#toldAtMs < progressEveryMs) return;
    this.#toldAtMs = now;
    this.#notice(`recovering partitions: about ${index + 1} of ${count} are open`);
  }

  /** Removes a life that the journal says has ended; anything else that is not in the catalog is for a person to judge. */
  #sweep(identity: LogIdentity): void {
    if (this.#state.endedLives.has(identity.incarnation)) this.#start(() => this.#storage.remove(identity));
    else
      this.#notice(
        `partition ${identity.streamId}/${identity.topicId}/${identity.partitionId} is on the disk but not in the catalog, and is left alone`,
      );
  }

  /** Follows an entry that was just applied to the records. */
  applied(entry: JournalEntry): void {
    switch (entry.kind) {
      case JournalEntryKind.stream_created:
        this.#addStream(this.#state.streams.get(entry.streamId)!);
        return;
      case JournalEntryKind.stream_updated:
        renameLive(this.streams, entry.streamId);
        return;
      case JournalEntryKind.stream_deleted:
        this.#removeStream(this.streams.get(entry.streamId)!);
        return;
      case JournalEntryKind.stream_purged:
        for (const { topicId } of entry.topics) this.#beginLives(this.#topic(entry.streamId, topicId));
        return;
      case JournalEntryKind.topic_created:
      case JournalEntryKind.partitions_created:
        this.#grow(entry.streamId, entry.topicId);
        return;
      case JournalEntryKind.topic_updated:
        renameLive(this.streams.get(entry.streamId)!.topics, entry.topicId);
        return;
      case JournalEntryKind.topic_deleted:
        this.#removeTopic(this.streams.get(entry.streamId)!, this.#topic(entry.streamId, entry.topicId));
        return;
      case JournalEntryKind.topic_purged:
        this.#beginLives(this.#topic(entry.streamId, entry.topicId));
        return;
      case JournalEntryKind.partitions_deleted: {
        const { partitions } = this.#topic(entry.streamId, entry.topicId);
        for (const partition of partitions.splice(partitions.length - entry.partitionsCount)) this.#discard(partition);
        return;
      }
      case JournalEntryKind.consumer_group_deleted:
        this.#forgetGroups(this.#topic(entry.streamId, entry.topicId));
        return;
    }
  }

  #addStream(record: StreamRecord): Stream {
    const stream = new Stream(record);
    this.streams.add(stream);
    return stream;
  }

  #topic(streamId: number, topicId: number): Topic {
    return this.streams.get(streamId)!.topics.get(topicId)!;
  }

  /** Makes the topic, and its partitions, that the records have and the objects lack. */
  #grow(streamId: number, topicId: number): void {
    const { topics } = this.streams.get(streamId)!;
    const record: TopicRecord = this.#state.streams.get(streamId)!.topics.get(topicId)!;
    const topic = topics.get(topicId) ?? new Topic(streamId, record, this.#log);
    if (topics.get(topicId) === undefined) topics.add(topic);
    for (const partition of record.partitions.slice(topic.partitions.length)) {
      const files = this.#storage.create(identityOf(streamId, topicId, partition), topic.logOptions);
      topic.partitions.push(new Partition(streamId, topicId, partition, files));
    }
  }

  #removeStream(stream: Stream): void {
    for (const topic of [...stream.topics]) this.#removeTopic(stream, topic);
    this.streams.remove(stream);
  }

  #removeTopic(stream: Stream, topic: Topic): void {
    stream.topics.remove(topic);
    for (const partition of topic.partitions.splice(0)) this.#discard(partition);
  }

  #discard(partition: Partition): void {
    const { identity } = partition;
    this.#start(async () => {
      await Promise.all([partition.log.discard(), partition.consumerOffsets.discard()]);
      await this.#storage.remove(identity);
    });
  }

  /** The records have a new incarnation for each partition of the topic. The journal knows that the old one ended, so its files may go at any time. */
  #beginLives(topic: Topic): void {
    for (const partition of topic.partitions) {
      const ended = partition.endLife();
      const { incarnation } = partition.identity;
      this.#start(async () => {
        await Promise.all([partition.log.purge(incarnation), partition.consumerOffsets.purge(incarnation)]);
        await this.#storage.remove(ended);
      });
    }
  }

  /** Offsets of groups that are gone only take space: nothing leads to them. */
  #forgetGroups(topic: Topic): void {
    for (const { consumerOffsets } of topic.partitions)
      this.#start(() => consumerOffsets.retainGroups(topic.consumerGroups));
  }

  #start(work: () => Promise<void>): void {
    const running = work()
      .catch((error) => this.#tellUnclean(error))
      .finally(() => this.#work.delete(running));
    this.#work.add(running);
  }

  #tellUnclean(error: unknown): void {
    this.#notice(`cleaning up after a deletion failed: ${(error as Error).message}`);
  }

  /** Resolves when all purges and unlinks that have begun are done. */
  async settled(): Promise<void> {
    await Promise.all(this.#work);
  }

  async close(): Promise<void> {
    await this.settled();
    const closing: (() => Promise<void>)[] = [];
    for (const stream of this.streams) {
      for (const topic of stream.topics) {
        for (const partition of topic.partitions) closing.push(() => this.#closePartition(partition));
      }
    }
    await inParallel(closing);
  }

  /** A partition that cannot be brought to the disk must not keep the others from it. */
  async #closePartition(partition: Partition): Promise<void> {
    for (const part of [partition.log, partition.consumerOffsets]) {
      await part
        .close()
        .catch((error: unknown) => this.#notice(`closing a partition failed: ${(error as Error).message}`));
    }
  }
}

/** A record was renamed; the object reads its name from it. */
function renameLive<Item extends Stream | Topic>(registry: Registry<Item>, id: number): void {
  registry.renamed(registry.get(id)!);
}

async function inParallel(tasks: (() => Promise<void>)[]): Promise<void> {
  const remaining = tasks.values();
  await Promise.all(
    Array.from({ length: openingMax }, async () => {
      for (const task of remaining) await task();
    }),
  );
}
