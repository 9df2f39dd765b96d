// All that was asked for and told, in order. A crash is a moment of it: what was told later was not told.
import type { TopicOption } from '../../src/catalog/topic_options.ts';
import type { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import type { Expected } from './expected.ts';
import {
  type Append,
  type Asked,
  type Change,
  type Changed,
  type Deletion,
  type Flush,
  isOkAt,
  type Level,
  never,
  type Outcome,
  type Slot,
  type Slots,
  type Store,
  type TopicPromise,
} from './records.ts';

export class History implements Slots {
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
  /** When calls to the disk failed: what was asked for by then may be refused already, though nobody was told yet. */
  readonly failures: number[] = [];
  /** Of topics with options, by key. */
  readonly #promises = new Map<number, TopicPromise>();
  readonly #slots = new Map<string, Slot>();
  #batches: number;

  /** Goes on after `earlier`, from whose last moment everything that a start found is known. */
  constructor(level: Level, base: Expected, earlier?: History) {
    this.level = level;
    this.base = base;
    this.now = earlier?.now ?? 0;
    this.#batches = earlier?.batches ?? 0;
    for (const incarnation of earlier?.incarnations ?? []) this.incarnations.add(incarnation);
    for (const [topic, promise] of earlier?.promises ?? []) this.#promises.set(topic, promise);
  }

  get promises(): ReadonlyMap<number, TopicPromise> {
    return this.#promises;
  }

  get batches(): number {
    return this.#batches;
  }

  slot(topic: number, partition: number): Slot {
    const name = `${topic}/${partition}`;
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      const promise = this.#promises.get(topic) ?? promiseOf([], this.level);
      slot = { name, appends: [], stores: [], deletions: [], earliest: 0, earliestOnDisk: 0, promise };
      this.#slots.set(name, slot);
    }
    return slot;
  }

  /** Notes a call to the disk that failed. */
  failed(operation: string): void {
    this.failures.push(this.now);
    if (operation === 'sync') this.gaveUpAt = Math.min(this.gaveUpAt, this.now);
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
    if (change.kind === 'create_topic')
      this.#promises.set(changed.askedAt, promiseOf(change.options ?? [], this.level));
    return changed;
  }

  append(slot: Slot, count: number, size: number, bytesOf: (batch: number) => Uint8Array): Append {
    const batch = ++this.#batches;
    const append: Append = {
      ...this.asked(),
      batch,
      count,
      size,
      level: slot.promise.level,
      baseOffset: -1,
      timestamp: 0,
      seenAt: never,
      bytes: bytesOf(batch),
    };
    slot.appends.push(append);
    return append;
  }

  store(slot: Slot, owner: OffsetOwner, consumerId: number, offset: number | undefined): Store {
    // Stored offsets are handed to the operating system at once at every level.
    const level = slot.promise.offsetsLevel === 'memory' ? 'os' : slot.promise.offsetsLevel;
    const store: Store = { ...this.asked(), owner, consumerId, offset, level };
    slot.stores.push(store);
    return store;
  }

  deletion(slot: Slot, upTo: number): Deletion {
    const deletion: Deletion = { ...this.asked(), upTo, reached: 0 };
    slot.deletions.push(deletion);
    return deletion;
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

/** What options promise on a server of `level`. Written without a look at src/catalog/topic_effects.ts. */
function promiseOf(options: readonly TopicOption[], level: Level): TopicPromise {
  const textOf = (key: string): string =>
    Buffer.from(options.find((option) => option.key === key)?.value ?? []).toString('latin1');
  const segmentSize = options.find(({ key }) => key === 'segment_size');
  return {
    level: textOf('durability') === 'persisted' ? 'disk' : level,
    offsetsLevel: textOf('consumer_offset_durability') === 'persisted' ? 'disk' : level,
    segmentSize: segmentSize && Number(Buffer.from(segmentSize.value).readBigUInt64LE()),
  };
}
