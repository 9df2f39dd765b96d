// What the rest of the server knows of a partition's messages. local_log.ts is the implementation on a local disk; a replicated one is to fit
// behind the same interface.
import type { MessageBatch, StoredMessages } from './batch.ts';
import type { Level } from './frame_file.ts';
import type { SealedSegment } from './retention.ts';

export type { Level } from './frame_file.ts';
export type { SealedSegment } from './retention.ts';

/** What an append answers. */
export interface AppendReceipt {
  /** Offset of the first message; the others follow without gaps. */
  readonly baseOffset: number;
  readonly count: number;
  /** Microseconds, the same for all messages of the batch. */
  readonly timestamp: number;
}

/**
 * The messages of one partition. An implementation promises:
 *
 * - **Order.** Batches get offsets in the order of the calls of `append`, also when earlier calls have not resolved yet. A batch stays together.
 * - **Dense offsets.** From 0 in each life of the partition, each message one more than the one before; never given twice, also after a crash,
 *   to a message that was acknowledged. Timestamps never decrease with offsets.
 * - **Levels.** `append` resolves once the batch and all before it reached the log's level, and not before. What has reached a level survives
 *   what the level names: `os` the death of the process, `disk` a power cut. After anything worse the log is a prefix of what was acknowledged.
 * - **Visibility.** What `append` resolved is read at once, and nothing is read or counted before it reached the log's level: what was seen is not
 *   taken back by what the level survives. A read never shows bytes that fail their checksums.
 * - **Idempotence.** None: a batch appended twice is there twice. An append that rejects with `fenced` may or may not be there later; every
 *   other rejection leaves nothing.
 */
export interface PartitionLog {
  /** Offset of the first message that is still there; `nextOffset` when none is. */
  readonly earliestOffset: number;
  readonly nextOffset: number;
  /** Offset of the last message. 0 also when there is none, as in the reference. */
  readonly currentOffset: number;
  readonly messagesCount: number;
  /** Bytes of the messages, headers included; also of those that are not shown yet. */
  readonly sizeBytes: number;
  /** At least 1. */
  readonly segmentsCount: number;
  /** The segments that are full, oldest first: what retention may delete. */
  readonly sealedSegments: readonly SealedSegment[];
  /** Why the log takes no appends; undefined when it does. */
  readonly fence: string | undefined;

  /**
   * Appends a batch, which belongs to the log from then on: messages are stamped in place.
   * @throws LogError `invalid_batch`, `write_failed`, `fenced`, `closed`.
   */
  append(batch: MessageBatch): Promise<AppendReceipt>;
  /**
   * Up to `count` messages from `offset` on, from the earliest one when that is later. None when there are none.
   * @throws LogError `corrupted` when the first of them is damaged (later ones end the answer), `read_failed`.
   */
  read(offset: number, count: number): Promise<StoredMessages>;
  /**
   * Up to `count` messages from the first one that is not older than `timestampMicros`.
   * @throws LogError `corrupted`, `read_failed`.
   */
  readFromTimestamp(timestampMicros: number, count: number): Promise<StoredMessages>;
  /**
   * Raises all that was appended before to `level`.
   * @throws LogError `fenced`.
   */
  flush(level: Level): Promise<void>;
  /**
   * Deletes up to `count` of the oldest full segments with all their messages, for good; the one that is appended to stays. Works also when the log is
   * fenced. Stored offsets that point below the earliest message go on with that.
   * @returns how many were deleted.
   * @throws LogError `write_failed` when some may come back after a power cut.
   */
  deleteOldestSegments(count: number): Promise<number>;
  /** Begins a new life: all messages are gone, offsets start at 0. The caller has made the end of the old life durable. */
  purge(incarnation: bigint): Promise<void>;
  /** Ends without keeping anything: the partition is deleted. */
  discard(): Promise<void>;
  /** Finishes appends under way, brings everything to the disk and ends. */
  close(): Promise<void>;
}
