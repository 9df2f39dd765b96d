// One topic: its settings, partitions and consumer groups, and the counter that spreads batches over the partitions.

import type { CompressionAlgorithm } from '../../generated/common/compression_algorithm.ts';
import type { Identifier } from '../../generated/common/identifier.ts';
import { IggyError } from '../../generated/errors.ts';
import type { LogOptions } from '../log/environment.ts';
import { notFound } from './not_found.ts';
import type { Partition } from './partition.ts';
import type { Registry } from './registry.ts';
import type { GroupRecord, TopicRecord, TopicSettings } from './state.ts';
import { derivedOptions, logOptionsWith } from './topic_effects.ts';
import type { TopicOption } from './topic_options.ts';

/** The `messageExpiry` of a topic whose messages never expire, and the `maxTopicSize` of one that may grow for ever. */
export const unlimited = 2n ** 64n - 1n;

/** A consumer group as it is on the disk: members come and go with connections and are not the catalog's. */
export type ConsumerGroup = Readonly<GroupRecord>;

export class Topic {
  readonly streamId: number;
  /** Partition `id` stands at index `id`. Changed by the catalog only. */
  readonly partitions: Partition[] = [];
  /** How the logs of its partitions behave. */
  readonly logOptions: LogOptions;
  readonly #record: TopicRecord;
  #balanced = 0;

  /** On a server whose logs behave as `server` where the topic does not say. */
  constructor(streamId: number, record: TopicRecord, server: LogOptions) {
    this.streamId = streamId;
    this.#record = record;
    // What acts on logs is given at the creation and never changes.
    this.logOptions = logOptionsWith(record.settings.options, server);
  }

  get id(): number {
    return this.#record.id;
  }

  /** Tells this topic from an earlier one of the same number. */
  get createdIndex(): number {
    return this.#record.createdIndex;
  }

  /** Microseconds. */
  get createdAt(): number {
    return this.#record.createdAt;
  }

  get name(): string {
    return this.#record.name;
  }

  get compressionAlgorithm(): CompressionAlgorithm {
    return this.#record.settings.compressionAlgorithm;
  }

  /** Microseconds; `unlimited` means never. */
  get messageExpiry(): bigint {
    return this.#record.settings.messageExpiry;
  }

  /** Bytes; or `unlimited`. */
  get maxTopicSize(): bigint {
    return this.#record.settings.maxTopicSize;
  }

  get replicationFactor(): number {
    return this.#record.settings.replicationFactor;
  }

  /** All that it was created or last updated with. */
  get settings(): Readonly<TopicSettings> {
    return this.#record.settings;
  }

  /** The options that were asked for, by key. */
  get options(): readonly TopicOption[] {
    return this.#record.settings.options;
  }

  /** All other options, as they are in force, by key. */
  get derivedOptions(): TopicOption[] {
    return derivedOptions(this.#record.settings, this.logOptions);
  }

  get messagesCount(): number {
    return this.partitions.reduce((sum, { messagesCount }) => sum + messagesCount, 0);
  }

  get sizeBytes(): number {
    return this.partitions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  get segmentsCount(): number {
    return this.partitions.reduce((sum, { segmentsCount }) => sum + segmentsCount, 0);
  }

  /** In order of ids. */
  get consumerGroups(): Iterable<ConsumerGroup> & { readonly size: number } {
    return this.#record.groups as Registry<GroupRecord>;
  }

  /** @throws IggyError `partition_not_found`. */
  partition(id: number): Partition {
    const partition = this.partitions[id];
    if (partition === undefined)
      throw new IggyError('partition_not_found', `there is no partition ${id} in topic ${this.name}`);
    return partition;
  }

  /**
   * The partition for the next balanced batch: each in turn, from 0. One counter for all producers.
   * @throws IggyError `no_partitions`.
   */
  nextPartition(): Partition {
    if (this.#balanced >= this.partitions.length) this.#balanced = 0;
    const partition = this.partitions[this.#balanced++];
    if (partition === undefined) throw new IggyError('no_partitions', `topic ${this.name} has no partitions`);
    return partition;
  }

  findConsumerGroup(identifier: Identifier): ConsumerGroup | undefined {
    return this.#record.groups.find(identifier);
  }

  /** @throws IggyError `consumer_group_id_not_found`, `consumer_group_name_not_found`. */
  consumerGroup(identifier: Identifier): ConsumerGroup {
    return this.findConsumerGroup(identifier) ?? notFound('consumer_group', identifier);
  }
}
