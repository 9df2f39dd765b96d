// Where partitions are kept: the seam behind which their messages and stored offsets are. local_storage.ts is on a local disk, memory_storage.ts in
// memory; a replicated engine brings its own.
import type { OffsetOwner } from '../../generated/storage/consumer_offset_entry.ts';
import type { LogIdentity, LogOptions } from './environment.ts';
import type { PartitionLog } from './partition_log.ts';

/** A consumer group of the topic, by number and by the journal entry that created it. */
export interface OffsetGroup {
  readonly id: number;
  readonly createdIndex: number;
}

/**
 * The stored offsets of one partition, of consumers by number and of groups by `createdIndex`: a later group of the same number is another one. An implementation promises:
 *
 * - **Order.** Of several stores of one consumer, the one called last wins, also when they are in flight together. It may be a lower offset.
 * - **Level.** `store` and `delete` resolve at the partition's level; what was stored is visible at once.
 * - **Bounds.** An offset beyond the end of the log is never found after a start.
 * - **Idempotence.** Storing the same offset twice is storing it once.
 */
export interface StoredOffsets {
  /** The stored offset, undefined when none is. */
  get(kind: OffsetOwner, consumerId: number): number | undefined;
  /** @throws LogError `write_failed`, `fenced`, `closed`. */
  store(kind: OffsetOwner, consumerId: number, offset: number): Promise<void>;
  /** Forgets a stored offset; false when there was none. @throws LogError `write_failed`, `fenced`, `closed`. */
  delete(kind: OffsetOwner, consumerId: number): Promise<boolean>;
  /** Forgets the offsets of groups that are not among those given. Nobody can ask for them any more, so nothing is promised. */
  retainGroups(groups: Iterable<OffsetGroup>): Promise<void>;
  /** Brings what was stored to the disk. @throws LogError `fenced`. */
  sync(): Promise<void>;
  /** Begins a new life without stored offsets. */
  purge(incarnation: bigint): Promise<void>;
  /** Ends without keeping anything. */
  discard(): Promise<void>;
  /** Brings what was stored to the disk and ends. */
  close(): Promise<void>;
}

/** What one partition owns. */
export interface PartitionFiles {
  readonly log: PartitionLog;
  readonly consumerOffsets: StoredOffsets;
}

/** Makes, opens and removes what partitions own. A replicated engine brings its own. */
export interface PartitionStorage {
  /** A life that just began and has nothing on the disk. Its log and its stored offsets are to behave as `options` say. */
  create(identity: LogIdentity, options: LogOptions): PartitionFiles;
  /**
   * A life that an earlier process may have written to.
   * @throws LogError `newer_format`, `wrong_key`.
   */
  open(identity: LogIdentity, options: LogOptions): Promise<PartitionFiles>;
  /** Removes all that a life had. The caller has made its end durable. */
  remove(identity: LogIdentity): Promise<void>;
  /** Lives that have something on the disk. */
  list(): LogIdentity[];
}
