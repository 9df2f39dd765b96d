// Judges a history after a restart: what was acknowledged is there, once, in order, unchanged, at its offset; what was refused is not; readers and
// stored offsets agree. How much a fault may take is the caller's to say.
import { type History, keyOf, type PartitionView, type Snapshot, storedName } from './history.ts';

/**
 * What must be there after a fault: `all` that was acknowledged or seen (the level survives the fault), or a `prefix` of each partition's order
 * (the power went, and acknowledgements did not wait for the disk).
 */
export type Survives = 'all' | 'prefix';

export interface Anomaly {
  /** The rule that was broken, such as `lost`. */
  readonly rule: Rule;
  readonly text: string;
}

export type Rule =
  | 'lost'
  | 'changed bytes'
  | 'invented'
  | 'moved'
  | 'duplicate'
  | 'gap'
  | 'wrong counter'
  | 'reordered'
  | 'hole'
  | 'skipped by a reader'
  | 'wrong stored offset'
  | 'back in time';

/** What a check found. */
export interface Verdict {
  readonly anomalies: readonly Anomaly[];
  /** Acknowledged messages that an allowed fault took. */
  readonly lost: number;
  /** Messages that a reader saw and that an allowed fault took. */
  readonly vanished: number;
}

/** Checks a history against what is there after a restart, and takes that over as what is known. */
export function checkHistory(history: History, snapshot: Snapshot, survives: Survives): Verdict {
  const anomalies: Anomaly[] = [];
  let lost = 0;
  let vanished = 0;
  for (const view of snapshot.partitions) {
    const check = new PartitionCheck(history, view, survives, anomalies);
    check.bytes();
    check.offsets();
    check.order();
    vanished += check.readings();
    lost += check.acknowledged();
    history.known.set(
      view.partition,
      view.messages.map(({ key }) => key),
    );
  }
  history.readings = [];
  for (const { consumer, partition, offset } of snapshot.stored) {
    const view = snapshot.partitions.find((candidate) => candidate.partition === partition)!;
    checkStored(history, { consumer, partition, offset }, view, survives, anomalies);
  }
  return { anomalies, lost, vanished };
}

class PartitionCheck {
  readonly #history: History;
  readonly #view: PartitionView;
  readonly #survives: Survives;
  readonly #anomalies: Anomaly[];
  readonly #offsetOf = new Map<string, number>();

  constructor(history: History, view: PartitionView, survives: Survives, anomalies: Anomaly[]) {
    this.#history = history;
    this.#view = view;
    this.#survives = survives;
    this.#anomalies = anomalies;
    for (const { key, offset } of view.messages) {
      const first = this.#offsetOf.get(key);
      if (first !== undefined) this.#say('duplicate', `${key} at ${first} and ${offset}`);
      this.#offsetOf.set(key, offset);
    }
  }

  #say(rule: Rule, text: string): void {
    this.#anomalies.push({ rule, text: `partition ${this.#view.partition}: ${text}` });
  }

  /** Everything there was sent to this partition, was not refused, did not vanish before, and is byte for byte what was sent. */
  bytes(): void {
    for (const { key, offset, isWhole } of this.#view.messages) {
      const sent = this.#history.sent.get(key);
      if (!isWhole) this.#say('changed bytes', `${key} at ${offset}`);
      if (sent === undefined) this.#say('invented', `${key} at ${offset} was never sent`);
      else if (sent.partition !== this.#view.partition)
        this.#say('invented', `${key} at ${offset} was sent to partition ${sent.partition}`);
      else if (sent.outcome === 'refused') this.#say('invented', `${key} at ${offset} was refused`);
      else if (sent.isGone) this.#say('invented', `${key} at ${offset} was gone after an earlier fault`);
    }
  }

  /** Offsets count from 0 without gaps, counters agree with them, timestamps never go back, and what was known before is where it was. */
  offsets(): void {
    const { messages, currentOffset, messagesCount } = this.#view;
    let timestamp = 0;
    for (const [index, message] of messages.entries()) {
      if (message.offset !== index) this.#say('gap', `offset ${message.offset} stands at place ${index}`);
      if (message.timestamp < timestamp) this.#say('back in time', `offset ${message.offset}`);
      timestamp = message.timestamp;
    }
    if (currentOffset !== Math.max(0, messages.length - 1) || messagesCount !== messages.length)
      this.#say(
        'wrong counter',
        `${messages.length} messages, but current offset ${currentOffset} and count ${messagesCount}`,
      );
    // What a check found came from the disk, so no fault may take it.
    for (const [offset, key] of (this.#history.known.get(this.#view.partition) ?? []).entries())
      if (messages[offset]?.key !== key) this.#moved(key, offset);
  }

  #moved(key: string, offset: number): void {
    this.#say('moved', `${key} was seen at ${offset}, where ${this.#view.messages[offset]?.key ?? 'nothing'} is now`);
  }

  /** Whether a message that a reader saw before the fault may be gone now. */
  #mayVanish(key: string): boolean {
    return this.#survives === 'prefix' && !this.#offsetOf.has(key);
  }

  /** Each producer's messages are in the order it sent them, and what was sent after an acknowledgement comes after what was acknowledged. */
  order(): void {
    const last = new Map<number, number>();
    let latestSent = Number.NEGATIVE_INFINITY;
    for (const { key, offset } of this.#view.messages) {
      const sent = this.#history.sent.get(key);
      if (sent === undefined) continue;
      const before = last.get(sent.producer) ?? -1;
      if (sent.sequence < before)
        this.#say('reordered', `${key} at ${offset} comes after ${sent.producer}.${before} of the same producer`);
      if (sent.endedAt < latestSent)
        this.#say('reordered', `${key} at ${offset} was acknowledged before something below it was sent`);
      last.set(sent.producer, Math.max(before, sent.sequence));
      latestSent = Math.max(latestSent, sent.sentAt);
    }
    this.#holes(last, latestSent);
  }

  /** Whatever a fault may take, it takes from the end: nothing is missing in front of what is there. */
  #holes(last: ReadonlyMap<number, number>, latestSent: number): void {
    for (const sent of this.#history.sent.values()) {
      const key = keyOf(sent);
      if (sent.partition !== this.#view.partition || sent.isGone || sent.outcome !== 'ok' || this.#offsetOf.has(key))
        continue;
      const isBefore = sent.sequence < (last.get(sent.producer) ?? -1) || sent.endedAt < latestSent;
      if (isBefore) this.#say('hole', `${key} is missing, but what came after it is there`);
    }
  }

  /** Readers went forward without skipping, and saw what is there; returns how many messages they saw that were allowed to vanish. */
  readings(): number {
    const vanished = new Set<string>();
    for (const { reader, partition, messages } of this.#history.readings) {
      if (partition !== this.#view.partition) continue;
      let next: number | undefined;
      for (const { offset, key, isWhole } of messages) {
        if (!isWhole) this.#say('changed bytes', `${key} at ${offset}, seen by reader ${reader}`);
        if (next !== undefined && offset !== next)
          this.#say('skipped by a reader', `reader ${reader} got ${offset} instead of ${next}`);
        next = offset + 1;
        if (this.#view.messages[offset]?.key === key) continue;
        if (this.#mayVanish(key)) vanished.add(key);
        else this.#moved(key, offset);
      }
    }
    return vanished.size;
  }

  /** What was acknowledged is there; returns how many are not, though the fault was allowed to take them. */
  acknowledged(): number {
    let lost = 0;
    for (const sent of this.#history.sent.values()) {
      if (sent.partition !== this.#view.partition || sent.isGone || this.#offsetOf.has(keyOf(sent))) continue;
      if (sent.outcome === 'ok') {
        if (this.#survives === 'prefix') lost++;
        else this.#say('lost', `${keyOf(sent)} was acknowledged`);
      }
      // Not there at rest: it may not come later either.
      if (sent.outcome !== 'refused') sent.isGone = true;
    }
    return lost;
  }
}

/** The stored offset is the last one acknowledged, or a later one that was not answered, and never beyond the log. */
function checkStored(
  history: History,
  { consumer, partition, offset }: Snapshot['stored'][number],
  view: PartitionView,
  survives: Survives,
  anomalies: Anomaly[],
): void {
  const name = storedName({ consumer, partition });
  const attempts = (history.stores.get(name) ?? []).filter(({ outcome }) => outcome !== 'refused');
  const lastOk = attempts.findLastIndex(({ outcome }) => outcome === 'ok');
  const before = history.knownStored.get(name);
  const possible: (number | undefined)[] = attempts
    .slice(survives === 'prefix' ? 0 : Math.max(0, lastOk))
    .map((stored) => stored.offset);
  if (lastOk < 0 || survives === 'prefix') possible.push(before);
  // What pointed at something that is gone points at the last message that is there.
  const end = view.messages.length - 1;
  const allowed = possible.map((value) => Math.min(value ?? 0, Math.max(0, end)));
  if (survives === 'prefix') allowed.push(0);
  if (!allowed.includes(offset ?? 0))
    anomalies.push({
      rule: 'wrong stored offset',
      text: `consumer ${name}: ${offset}; possible were ${[...new Set(allowed)].join(', ')}`,
    });
  history.knownStored.set(name, offset);
  history.stores.delete(name);
}
