// Deletes what topics no longer keep: segments older than their expiry, and the oldest ones of a topic that is nearly full. Whole segments only, and
// never the one that is appended to.
import type { Clock } from '../lib/clock.ts';
import { Rounds } from '../lib/rounds.ts';
import type { Timers } from '../lib/timers.ts';
import { TrustedTime } from '../lib/trusted_time.ts';
import { countOlder, countToFree } from '../log/retention.ts';
import type { Catalog } from './catalog.ts';
import { type Topic, unlimited } from './topic.ts';

/** Share of its largest size at which a topic loses its oldest segments. */
const fullAt = 0.9;
/** Expired segments that one round deletes of a partition, and when the clock jumped not long ago. */
const expiredMax = 1_000;
const expiredMaxUnsettled = 4;

export class Cleaner {
  readonly #catalog: Catalog;
  readonly #rounds: Rounds;
  readonly #time: TrustedTime;
  readonly #intervalMs: number;
  readonly #notice: (text: string) => void;

  constructor(catalog: Catalog, clock: Clock, timers: Timers, intervalMs: number, notice: (text: string) => void) {
    this.#catalog = catalog;
    this.#rounds = new Rounds(timers, () => this.#cleanAll());
    this.#time = new TrustedTime(clock, notice);
    this.#intervalMs = intervalMs;
    this.#notice = notice;
  }

  /** Cleans every interval from now on. */
  start(): void {
    this.#rounds.start(this.#intervalMs);
  }

  /** Begins no other round and waits for the one under way. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round over all topics; the one under way when there is one. Never rejects: what fails is noticed and tried again next time. */
  clean(): Promise<void> {
    return this.#rounds.run();
  }

  async #cleanAll(): Promise<void> {
    const now = this.#time.now();
    for (const stream of [...this.#catalog.streams]) {
      for (const topic of [...stream.topics]) {
        const name = `topic ${topic.name} of stream ${stream.name}`;
        try {
          const expired = await dropExpired(topic, now.micros, now.isUnsettled ? expiredMaxUnsettled : expiredMax);
          if (expired > 0) this.#notice(`${name}: ${expired} expired segments are deleted`);
          const oldest = await dropOldest(topic);
          if (oldest > 0) this.#notice(`${name} is nearly full: its ${oldest} oldest segments are deleted`);
        } catch (error) {
          this.#notice(`${name} could not be cleaned: ${(error as Error).message}`);
        }
      }
    }
  }
}

async function dropExpired({ messageExpiry, partitions }: Topic, nowMicros: number, countMax: number): Promise<number> {
  if (messageExpiry === 0n || messageExpiry > BigInt(nowMicros)) return 0;
  let dropped = 0;
  for (const { log } of [...partitions]) {
    const count = countOlder(log.sealedSegments, nowMicros - Number(messageExpiry));
    if (count > 0) dropped += await log.deleteOldestSegments(Math.min(count, countMax));
  }
  return dropped;
}

async function dropOldest({ maxTopicSize, sizeBytes, partitions }: Topic): Promise<number> {
  if (maxTopicSize === 0n || maxTopicSize === unlimited) return 0;
  const excess = sizeBytes - Math.floor(Number(maxTopicSize) * fullAt);
  if (excess < 0) return 0;
  const logs = partitions.map(({ log }) => log);
  const counts = countToFree(
    logs.map((log) => log.sealedSegments),
    excess + 1,
  );
  let dropped = 0;
  for (const [index, count] of counts.entries())
    if (count > 0) dropped += await logs[index]!.deleteOldestSegments(count);
  return dropped;
}
