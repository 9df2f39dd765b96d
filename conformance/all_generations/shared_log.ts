// What every consumer of one topic must be shown: the same log, from its first offset to its last, in which each producer's messages
// lie in the order of their numbers, whole, with the headers and ids that it gave them.
import assert from 'node:assert/strict';
import type { OfficialClient } from '../official_clients.ts';
import { type ShownMessage, sentHeaders } from '../polled.ts';

/** What each producer sends: batch after batch, taking turns over the partitions. */
export interface Load {
  readonly partitions: number;
  readonly count: number;
  /** Messages in a request. */
  readonly batch: number;
}

/** A message as all must be shown it; what its producer did not choose is known from the first consumer that shows it. */
interface Entry {
  readonly payload: string;
  /** Empty for none. */
  readonly headers: string;
  id: string | null;
  timestamp: number | null;
}

/** The log of a topic as it becomes known: whoever is the first to be shown a message says what the others must be shown, too. */
export class SharedLog {
  readonly #load: Load;
  readonly #producers: ReadonlyMap<string, OfficialClient>;
  readonly #partitions: readonly Entry[][];
  /** By partition, the number of the message that each producer's next one in it must have. */
  readonly #expected: readonly Map<string, number>[];

  constructor(producers: readonly OfficialClient[], load: Load) {
    this.#load = load;
    this.#producers = new Map(
      producers.map((producer, number) => [`${producer.slug}${'-ä大'.repeat(number)}`, producer]),
    );
    const numbers = [...Array(load.partitions).keys()];
    this.#partitions = numbers.map(() => []);
    const seeds = [...this.#producers.keys()];
    this.#expected = numbers.map((partition) => new Map(seeds.map((seed) => [seed, partition * load.batch])));
  }

  /** What payloads of a producer begin with: its name and some more, so that each has a length of its own and not all is ASCII. */
  seedOf(producer: OfficialClient): string {
    return [...this.#producers].find(([, each]) => each === producer)![0];
  }

  /** How many partitions the topic has. */
  get partitions(): number {
    return this.#load.partitions;
  }

  /** Messages that each partition holds in the end. */
  get partitionSize(): number {
    return (this.#producers.size * this.#load.count) / this.#load.partitions;
  }

  /** Fails unless a message, as far as its reader shows it, is the one at its offset. `partition` counts from 0. */
  assertHolds(reader: OfficialClient, partition: number, message: ShownMessage): void {
    const { offset, payload, headers, id, timestamp } = message;
    const entry = this.#partitions[partition]![offset] ?? this.#add(partition, message);
    const where = `offset ${offset} of partition ${partition} as ${reader.name} shows it`;
    assert.equal(payload, entry.payload, where);
    if (reader.offers.headers) assert.equal(textOf(headers), entry.headers, where);
    entry.id ??= id;
    if (id !== null) assert.equal(id, entry.id, where);
    entry.timestamp ??= timestamp;
    if (timestamp !== null) assert.equal(timestamp, entry.timestamp, where);
  }

  #add(partition: number, { offset, payload }: ShownMessage): Entry {
    const entries = this.#partitions[partition]!;
    assert.equal(offset, entries.length, `a message of partition ${partition} that follows the last known one`);
    const seed = payload.slice(0, payload.indexOf(':'));
    const producer = this.#producers.get(seed);
    assert.ok(producer !== undefined, `${payload} is of a producer`);
    const index = this.#expected[partition]!.get(seed)!;
    const { batch, partitions, count } = this.#load;
    assert.ok(index < count, `${payload} is not one too many`);
    const following = index + 1;
    this.#expected[partition]!.set(seed, following % batch === 0 ? following + (partitions - 1) * batch : following);
    const headers = textOf(sentHeaders(producer, numberOfHeaders(producer, index, batch), seed));
    const id = producer.offers.ids ? String(1000 + index) : null;
    const entry = { payload: `${seed}:${index}`, headers, id, timestamp: null };
    entries.push(entry);
    return entry;
  }
}

/** A run of a tool gives all its messages the headers of the first. */
function numberOfHeaders({ language }: OfficialClient, index: number, batch: number): number {
  return language === 'CLI' ? index - (index % batch) : index;
}

function textOf(headers: ShownMessage['headers']): string {
  const parts = Object.entries(headers ?? {}).map(([key, [kind, value]]) => `${key}:${kind}:${value}`);
  return parts.sort().join();
}
