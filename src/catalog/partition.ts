// One partition: its record, its log and its stored offsets.
import type { LogIdentity } from '../log/local_log.ts';
import type { PartitionLog } from '../log/partition_log.ts';
import type { PartitionFiles, StoredOffsets } from '../log/partition_storage.ts';
import type { PartitionRecord } from './state.ts';

export class Partition {
  readonly log: PartitionLog;
  readonly consumerOffsets: StoredOffsets;
  readonly #record: PartitionRecord;
  readonly #streamId: number;
  readonly #topicId: number;
  /** The incarnation that the log was last told of. */
  #life: bigint;

  constructor(streamId: number, topicId: number, record: PartitionRecord, files: PartitionFiles) {
    this.#streamId = streamId;
    this.#topicId = topicId;
    this.#record = record;
    this.#life = record.incarnation;
    this.log = files.log;
    this.consumerOffsets = files.consumerOffsets;
  }

  /** From 0 in its topic. */
  get id(): number {
    return this.#record.id;
  }

  /** Microseconds. */
  get createdAt(): number {
    return this.#record.createdAt;
  }

  /** Which partition, and which life of it, this is now. */
  get identity(): LogIdentity {
    return identityOf(this.#streamId, this.#topicId, this.#record);
  }

  /** Notes that the record has a new incarnation; returns the life that ended. */
  endLife(): LogIdentity {
    const ended = { ...this.identity, incarnation: this.#life };
    this.#life = this.#record.incarnation;
    return ended;
  }

  get messagesCount(): number {
    return this.log.messagesCount;
  }

  get sizeBytes(): number {
    return this.log.sizeBytes;
  }

  get segmentsCount(): number {
    return this.log.segmentsCount;
  }
}

export function identityOf(streamId: number, topicId: number, { id, incarnation }: PartitionRecord): LogIdentity {
  return { streamId, topicId, partitionId: id, incarnation };
}
