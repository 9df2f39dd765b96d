// Clients at work on one topic while something happens to the server: producers with sends under way on several connections, readers that follow and
// store how far they got. What they do goes into a history; afterwards all partitions are read at rest.
import { xxh3 } from '../../src/lib/checksum.ts';
import { type History, keyOf, type PartitionView, type Seen, type Sent, type Snapshot } from './history.ts';
import { Refused, Unanswered, WireClient } from './wire_client.ts';

export const partitionsCount = 4;
const producersCount = 4;
/** Sends under way on each connection. */
const depth = 3;
const pollSize = 500;

const filler = Buffer.alloc(16 << 10, 'All that was acknowledged is here, once, in order, unchanged. ');

/** The payload that a key stands for: the key, then as many bytes as the key says. Now and then a large one. */
export function payloadOf(key: string): Buffer {
  const draw = Number(xxh3(Buffer.from(key)) % 4096n);
  const size = draw % 32 === 0 ? draw * 4 : draw % 300;
  return Buffer.concat([Buffer.from(`${key} `), filler.subarray(draw % 64, (draw % 64) + size)]);
}

/** A polled message as the history knows it. */
export function seenOf(message: {
  readonly offset: number;
  readonly timestamp: number;
  readonly payload: Uint8Array;
}): Seen {
  const text = Buffer.from(message.payload);
  const key = text.subarray(0, Math.max(0, text.indexOf(0x20))).toString('latin1');
  return { offset: message.offset, key, timestamp: message.timestamp, isWhole: text.equals(payloadOf(key)) };
}

/** Numbers that a seed decides. */
export function randomOf(seed: number): (below: number) => number {
  let state = BigInt(seed);
  return (below) => {
    state = xxh3(Buffer.from(`${state}`));
    return Number(state % BigInt(below));
  };
}

/** Clients that work until they are stopped or the server is gone. */
export class Load {
  readonly #history: History;
  readonly #clients: WireClient[];
  readonly #work: Promise<void>[] = [];
  #isStopped = false;

  private constructor(history: History, clients: WireClient[]) {
    this.#history = history;
    this.#clients = clients;
  }

  /** Connects and begins. Producers are numbered from `firstProducer`. */
  static async start(address: string, history: History, firstProducer: number, token?: string): Promise<Load> {
    const clients: WireClient[] = [];
    for (let index = 0; index < producersCount + 1; index++) clients.push(await WireClient.open(address, token));
    const load = new Load(history, clients);
    for (const [index, client] of clients.slice(1).entries()) load.#produce(client, firstProducer + index);
    load.#work.push(load.#follow(clients[0]!));
    return load;
  }

  /** Producers that `start` takes numbers for. */
  static readonly producers = producersCount;

  /** Lets what is under way end, in whatever way it does. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#work);
    for (const client of this.#clients) client.close();
  }

  /** Begins a producer's sends, several under way at a time; each goes to some partition. */
  #produce(client: WireClient, producer: number): void {
    const random = randomOf(producer + 1);
    let sequence = 0;
    const sendSome = async (): Promise<void> => {
      while (!this.#isStopped && !client.isClosed) {
        const partition = random(partitionsCount);
        const sentAt = performance.now();
        const batch = Array.from({ length: 1 + random(5) }, () =>
          this.#history.send(producer, sequence++, partition, sentAt),
        );
        await sendBatch(client, partition, batch);
        // Lets the other clients of this process have their turn.
        await new Promise(setImmediate);
      }
    };
    for (let index = 0; index < depth; index++) this.#work.push(sendSome());
  }

  /** Reads all partitions in turn, from what was known on, and stores how far it got. */
  async #follow(client: WireClient): Promise<void> {
    const readings = Array.from({ length: partitionsCount }, (_, partition) => ({
      next: this.#history.known.get(partition)?.length ?? 0,
      reading: this.#history.read(0, partition),
    }));
    try {
      while (!this.#isStopped) {
        for (const [partition, place] of readings.entries()) {
          const { messages } = await client.poll(partition, place.next, pollSize);
          for (const message of messages) place.reading.messages.push(seenOf(message));
          if (messages.length === 0) continue;
          place.next = messages.at(-1)!.offset + 1;
          await this.#store(client, partition, place.next - 1);
        }
        await new Promise(setImmediate);
      }
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
    }
  }

  async #store(client: WireClient, partition: number, offset: number): Promise<void> {
    const stored = this.#history.store(0, partition, offset);
    try {
      await client.storeOffset(0, partition, offset);
      stored.outcome = 'ok';
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // A sync that failed leaves it open whether the offset is there later.
      stored.outcome = 'unknown';
    }
  }
}

async function sendBatch(client: WireClient, partition: number, batch: readonly Sent[]): Promise<void> {
  try {
    await client.send(
      partition,
      batch.map((sent) => payloadOf(keyOf(sent))),
    );
    for (const sent of batch) sent.outcome = 'ok';
  } catch (error) {
    // A refusal says "not acknowledged", not "not there": a failed sync leaves that open.
    if (!(error instanceof Refused) && !(error instanceof Unanswered)) throw error;
  }
  const endedAt = performance.now();
  for (const sent of batch) if (sent.outcome === 'ok') sent.endedAt = endedAt;
}

/** Reads everything from beginning to end. */
export async function snapshotOf(address: string, token?: string): Promise<Snapshot> {
  const client = await WireClient.open(address, token);
  try {
    const counts = await client.messagesCounts();
    const partitions: PartitionView[] = [];
    const stored: Snapshot['stored'][number][] = [];
    for (let partition = 0; partition < partitionsCount; partition++) {
      partitions.push(await readPartition(client, partition, counts[partition]!));
      stored.push({ consumer: 0, partition, offset: await client.storedOffset(0, partition) });
    }
    return { partitions, stored };
  } finally {
    client.close();
  }
}

async function readPartition(client: WireClient, partition: number, messagesCount: number): Promise<PartitionView> {
  const messages: Seen[] = [];
  for (;;) {
    const polled = await client.poll(partition, messages.length, pollSize);
    for (const message of polled.messages) messages.push(seenOf(message));
    if (polled.messages.length === 0)
      return { partition, messages, currentOffset: polled.currentOffset, messagesCount };
  }
}
