// The healthy client beside the fuzzer: its pings, sends and polls must go on as if nothing were, and its messages stay what they were.
import { setTimeout as sleep } from 'node:timers/promises';
import { Unanswered, type WireClient } from '../rigs/wire_client.ts';
import { LiveViolation } from './answers.ts';

const partitionId = 0;
const everyMs = 50;
/** No answer may take longer, on a machine that is busy with much else. */
const answerWithinMs = 20_000;
/** Messages read at once when all are checked. */
const readAtOnce = 500;

export class Canary {
  readonly client: WireClient;
  /** Payloads sent and acknowledged, by offset. */
  readonly #sent: Buffer[] = [];
  readonly #roundsMs: number[] = [];
  readonly #seed: number;

  constructor(client: WireClient, seed: number) {
    this.client = client;
    this.#seed = seed;
  }

  get messagesCount(): number {
    return this.#sent.length;
  }

  /** The time that a share of the rounds stayed below, in milliseconds. */
  roundMs(share: number): number {
    const sorted = this.#roundsMs.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  }

  /** Rounds until told to stop. @throws LiveViolation */
  async sing(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const before = performance.now();
      await this.round();
      this.#roundsMs.push(performance.now() - before);
      await sleep(everyMs);
    }
  }

  /** A ping, a message, and that message read back. @throws LiveViolation */
  async round(): Promise<void> {
    const offset = this.#sent.length;
    const payload = Buffer.from(`canary ${this.#seed} ${offset} ${'·'.repeat(offset % 100)}`);
    await inTime('ping', this.client.call('ping', {}));
    await inTime('send', this.client.send(partitionId, [payload]));
    this.#sent.push(payload);
    const { messages } = await inTime('poll', this.client.poll(partitionId, offset, 2));
    if (messages.length !== 1 || messages[0]!.offset !== offset || !payload.equals(messages[0]!.payload))
      throw new LiveViolation(`message ${offset} of the healthy client is not what it was`);
  }

  /** Reads all messages again through a client. @throws LiveViolation when one is missing, changed or too many. */
  async checkAll(client = this.client): Promise<void> {
    let offset = 0;
    for (;;) {
      const { messages } = await inTime('poll', client.poll(partitionId, offset, readAtOnce));
      if (messages.length === 0) break;
      for (const message of messages) {
        if (message.offset !== offset || this.#sent[offset]?.equals(message.payload) !== true)
          throw new LiveViolation(`stored message ${offset} is not what the healthy client sent`);
        offset++;
      }
    }
    if (offset !== this.#sent.length)
      throw new LiveViolation(`${offset} of ${this.#sent.length} messages of the healthy client are stored`);
  }
}

/** @throws LiveViolation when the answer is late, a refusal, or does not come. */
export async function inTime<Result>(
  what: string,
  answer: Promise<Result>,
  withinMs = answerWithinMs,
): Promise<Result> {
  const late = new AbortController();
  const deadline = sleep(withinMs, undefined, { signal: late.signal }).then(
    () => {
      throw new LiveViolation(`the healthy client waits ${withinMs} ms for its ${what}`);
    },
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([answer, deadline]);
  } catch (error) {
    if (error instanceof LiveViolation) throw error;
    const text = error instanceof Unanswered ? 'the healthy client lost its connection' : String(error);
    throw new LiveViolation(`${what}: ${text}`, { cause: error });
  } finally {
    late.abort();
  }
}
