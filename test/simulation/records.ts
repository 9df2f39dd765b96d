// What a client of the simulated server asked for and was told, one record each. What they amount to is history.ts.
import type { TopicOption } from '../../src/catalog/topic_options.ts';
import type { OffsetOwner } from '../../src/log/consumer_offsets.ts';

/** `unknown`: it failed in a way that says nothing about what a later start finds. */
export type Outcome = 'ok' | 'refused' | 'unknown';

/** How far what was acknowledged is promised to have come. */
export type Level = 'memory' | 'os' | 'disk';

/** Anything that was asked for. Moments are counted from 1; 0 is before everything. */
export interface Asked {
  readonly askedAt: number;
  answeredAt: number;
  outcome: Outcome;
}

export interface Append extends Asked {
  /** Written into every message, so that each can be told from all others. */
  readonly batch: number;
  readonly count: number;
  readonly size: number;
  level: Level;
  baseOffset: number;
  timestamp: number;
  /** When somebody read it for the first time. */
  seenAt: number;
  /** The memory that the log was given, and stamps. */
  bytes: Uint8Array;
}

export interface Store extends Asked {
  readonly owner: OffsetOwner;
  readonly consumerId: number;
  /** Undefined when the stored offset was deleted. */
  readonly offset: number | undefined;
  level: Level;
}

/** Deletes the oldest full segments. */
export interface Deletion extends Asked {
  /** Offset after the last message that may go; `never` when that is not known, because more is under way. */
  readonly upTo: number;
  /** Where the log began once it was answered. */
  reached: number;
}

/** Raises all that was answered before it was asked to level `disk`. */
export interface Flush extends Asked {
  readonly slot: Slot | undefined;
}

/** What happened to one partition, by topic and number, over all its lives. */
export interface Slot {
  readonly name: string;
  readonly appends: Append[];
  readonly stores: Store[];
  readonly deletions: Deletion[];
  /** Where the log began when a start was judged last, and where it begins after a power cut at least. */
  earliest: number;
  earliestOnDisk: number;
  readonly promise: TopicPromise;
}

/** What a topic is promised, by the server or by its own options. */
export interface TopicPromise {
  readonly level: Level;
  readonly offsetsLevel: Level;
  /** Bytes at which its segments are full; undefined when they are the server's. */
  readonly segmentSize: number | undefined;
}

export type Change =
  | { readonly kind: 'create_stream'; readonly stream: string }
  | { readonly kind: 'delete_stream'; readonly stream: string }
  | { readonly kind: 'purge_stream'; readonly stream: string }
  | { readonly kind: 'rename_stream'; readonly stream: string; readonly to: string }
  | {
      readonly kind: 'create_topic';
      readonly stream: string;
      readonly topic: string;
      readonly partitions: number;
      readonly options?: readonly TopicOption[];
    }
  | { readonly kind: 'delete_topic' | 'purge_topic'; readonly stream: string; readonly topic: string }
  | { readonly kind: 'rename_topic'; readonly stream: string; readonly topic: string; readonly to: string }
  | {
      readonly kind: 'create_partitions' | 'delete_partitions';
      readonly stream: string;
      readonly topic: string;
      readonly partitions: number;
    }
  | {
      readonly kind: 'create_group' | 'delete_group';
      readonly stream: string;
      readonly topic: string;
      readonly group: string;
    }
  | { readonly kind: 'create_user'; readonly user: string }
  | { readonly kind: 'delete_user'; readonly user: string }
  | { readonly kind: 'change_password'; readonly user: string; readonly to: string };

/** A change of the catalog. */
export interface Changed extends Asked {
  readonly change: Change;
  /** Lives of partitions that this change began, by slot; known once it was answered. */
  readonly incarnations: Map<Slot, bigint>;
}

export const never = Number.POSITIVE_INFINITY;

export function isAnsweredAt(asked: Asked, moment: number): boolean {
  return asked.answeredAt <= moment;
}

export function isOkAt(asked: Asked, moment: number): boolean {
  return asked.answeredAt <= moment && asked.outcome === 'ok';
}

export function isRefusedAt(asked: Asked, moment: number): boolean {
  return asked.answeredAt <= moment && asked.outcome === 'refused';
}

/** Where records of partitions are found. */
export interface Slots {
  slot(topic: number, partition: number): Slot;
}
