// What logs are given: the machine as they see it, and how they are to behave.
import type { Clock } from '../lib/clock.ts';
import type { FileEnvironment, Level } from './frame_file.ts';
import type { AppendRules } from './holding.ts';
import type { SpaceGuard } from './space.ts';
import type { TailBudget } from './tail.ts';

/** What every log of a server is given. */
export interface LogEnvironment extends FileEnvironment {
  readonly clock: Clock;
  readonly tailBudget: TailBudget;
  /** Told of everything a person may want to know: quarantined bytes, fences. */
  readonly notice: (text: string) => void;
  /** Asked before messages are written; undefined lets the disk fill up. */
  readonly space?: SpaceGuard | undefined;
}

export interface LogOptions extends AppendRules {
  /** How far a stored offset must come; as messages when undefined. */
  readonly offsetsLevel?: Level | undefined;
  /** A segment that reached this many bytes is sealed. */
  readonly segmentSize: number;
  /** Messages whose id came before are dropped silently; undefined takes every message. */
  readonly deduplication?: Deduplication | undefined;
}

/** How long a message id is remembered in its partition: as long as both allow. */
export interface Deduplication {
  /** Newest messages whose ids are remembered; 0 means as many as there is room for. */
  readonly maxEntries: number;
  /** Below one second means for ever. */
  readonly expiryMs: number;
}

/** Which partition a log is of, and which life of it. */
export interface LogIdentity {
  readonly streamId: number;
  readonly topicId: number;
  readonly partitionId: number;
  readonly incarnation: bigint;
}
