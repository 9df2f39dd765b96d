// What a client of the simulated server asked for and what it was told, in order. A crash is a moment of it: what was told later was not told.
import type { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import type { Expected } from './expected.ts';

/** `unknown`: it failed in a way that says nothing about what a later start finds. */
export type Outcome = 'ok' | 'refused' | 'unknown';

/** How far what was acknowledged is promised to have come. */
export type Level = 'os' | 'disk';

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

/** Raises all that was answered before it was asked to level `disk`. */
export interface Flush extends Asked {
  readonly slot: Slot | undefined;
}

/** What happened to one partition, by topic and number, over all its lives. */
export interface Slot {
  readonly name: string;
  readonly appends: Append[];
  readonly stores: Store[];
}

export type Change =
  | { readonly kind: 'create_stream'; readonly stream: string }
  | { readonly kind: 'delete_stream'; readonly stream: string }
  | { readonly kind: 'purge_stream'; readonly stream: string }
  | { readonly kind: 'rename_stream'; readonly stream: string; readonly to: string }
  | { readonly kind: 'create_topic'; readonly stream: string; readonly topic: string; readonly partitions: number }
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

export class History {
  now: number;
  readonly level: Level;
  /** What was there before the first change. */
  base: Expected;
  readonly changes: Changed[] = [];
  readonly flushes: Flush[] = [];
  /** Lives that were seen, so that none is taken for a new one. */
  readonly incarnations = new Set<bigint>();
  /** From when on the disk gave up what it had taken: only what is at level `disk` is promised since. */
  gaveUpAt = never;
  readonly #slots = new Map<string, Slot>();
  #batches: number;

  /** Goes on after `earlier`, from whose last moment everything that a start found is known. */
  constructor(level: Level, base: Expected, earlier?: History) {
    this.level = level;
    this.base = base;
    this.now = earlier?.now ?? 0;
    this.#batches = earlier?.batches ?? 0;
    for (const incarnation of earlier?.incarnations ?? []) this.incarnations.add(incarnation);
  }

  get batches(): number {
    return this.#batches;
  }

  slot(topic: number, partition: number): Slot {
    const name = `${topic}/${partition}`;
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = { name, appends: [], stores: [] };
      this.#slots.set(name, slot);
    }
    return slot;
  }

  asked(): Asked {
    return { askedAt: ++this.now, answeredAt: never, outcome: 'unknown' };
  }

  answered(asked: Asked, outcome: Outcome): void {
    asked.answeredAt = ++this.now;
    asked.outcome = outcome;
  }

  change(change: Change): Changed {
    const changed: Changed = { ...this.asked(), change, incarnations: new Map() };
    this.changes.push(changed);
    return changed;
  }

  append(slot: Slot, count: number, size: number, bytesOf: (batch: number) => Uint8Array): Append {
    const batch = ++this.#batches;
    const append: Append = {
      ...this.asked(),
      batch,
      count,
      size,
      level: this.level,
      baseOffset: -1,
      timestamp: 0,
      bytes: bytesOf(batch),
    };
    slot.appends.push(append);
    return append;
  }

  store(slot: Slot, owner: OffsetOwner, consumerId: number, offset: number | undefined): Store {
    const store: Store = { ...this.asked(), owner, consumerId, offset, level: this.level };
    slot.stores.push(store);
    return store;
  }

  flush(slot: Slot | undefined): Flush {
    const flush: Flush = { ...this.asked(), slot };
    this.flushes.push(flush);
    return flush;
  }

  /** Whether what was acknowledged is promised to be on the disk at `moment`. */
  isOnDisk(asked: Asked & { readonly level: Level }, slot: Slot, moment: number): boolean {
    if (asked.level === 'disk') return true;
    // A flush of a partition is of its messages, a clean stop is of everything.
    const isMessages = 'batch' in asked;
    return this.flushes.some(
      (flush) =>
        isOkAt(flush, moment) &&
        flush.askedAt > asked.answeredAt &&
        (flush.slot === undefined || (isMessages && flush.slot === slot)),
    );
  }
}

export function isAnsweredAt(asked: Asked, moment: number): boolean {
  return asked.answeredAt <= moment;
}

export function isOkAt(asked: Asked, moment: number): boolean {
  return asked.answeredAt <= moment && asked.outcome === 'ok';
}

export function isRefusedAt(asked: Asked, moment: number): boolean {
  return asked.answeredAt <= moment && asked.outcome === 'refused';
}
