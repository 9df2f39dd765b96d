// Which message ids a partition has seen lately. The window is what the newest messages of the log say, so it is the same after any restart.
import type { Clock } from '../lib/clock.ts';
import { forEachMessage, lastOffsetOf, type MessageBatch, type StoredMessages, StoredMessageView } from './batch.ts';
import type { Deduplication, LogEnvironment } from './environment.ts';
import { LogError } from './log_error.ts';

/** Ids remembered when no number is set; about 100 bytes each. */
const entriesMax = 1 << 22;
/** Messages read at a time when the window is made from the log. */
const readCount = 500;

const noId = '\0'.repeat(16);

/** What the window is made from. */
interface Source {
  readonly earliestOffset: number;
  readonly nextOffset: number;
  readonly segments: readonly { readonly baseOffset: number }[];
  read(offset: number, count: number): Promise<StoredMessages>;
  readFromTimestamp(timestampMicros: number, count: number): Promise<StoredMessages>;
}

export class DedupWindow {
  readonly #clock: Clock;
  readonly #notice: (text: string) => void;
  readonly #entriesMax: number;
  readonly #expiryMs: number;
  /** Monotonic time at which each id came, oldest first. */
  readonly #entries = new Map<string, number>();
  /** Of the batch that was looked at last; an id is made once and used twice. */
  #ids: readonly string[] = [];
  /** False until the log has been looked at. */
  isReady = false;

  constructor({ maxEntries, expiryMs }: Deduplication, { clock, notice }: Pick<LogEnvironment, 'clock' | 'notice'>) {
    this.#clock = clock;
    this.#notice = notice;
    this.#entriesMax = maxEntries === 0 ? entriesMax : Math.min(maxEntries, entriesMax);
    this.#expiryMs = expiryMs < 1000 ? Number.POSITIVE_INFINITY : expiryMs;
  }

  /**
   * The messages whose ids are new; the very batch when all are. A message without an id is always new.
   * @throws LogError `invalid_batch`.
   */
  withoutKnown(batch: MessageBatch): MessageBatch {
    const { bytes } = batch;
    const inBatch = new Set<string>();
    const kept: Uint8Array[] = [];
    const ids: string[] = [];
    let position = 0;
    let keptFrom = 0;
    this.#forEachId(batch, (id, start, end) => {
      const isKnown = id !== noId && (inBatch.has(id) || this.#has(id));
      if (isKnown) {
        if (keptFrom < start) kept.push(bytes.subarray(keptFrom, start));
        keptFrom = end;
      } else {
        ids.push(id);
        inBatch.add(id);
      }
      position = end;
    });
    this.#ids = ids;
    if (ids.length === batch.count) return batch;
    if (keptFrom < position) kept.push(bytes.subarray(keptFrom, position));
    return { count: ids.length, bytes: Buffer.concat(kept) };
  }

  /** Remembers the ids of the batch that `withoutKnown` answered last, which was appended. */
  note(batch: MessageBatch): void {
    const now = this.#clock.monotonicMs();
    // Messages that came without an id have one by now.
    if (this.#ids.includes(noId)) this.#forEachId(batch, (id) => this.#add(id, now));
    else for (const id of this.#ids) this.#add(id, now);
    this.#trim(now);
  }

  /** Forgets everything: the messages are gone. */
  clear(): void {
    this.#entries.clear();
    this.isReady = true;
  }

  /**
   * Makes the window from the log's newest messages.
   * @throws LogError `read_failed`.
   */
  async restore(source: Source): Promise<void> {
    if (this.isReady) return;
    this.#entries.clear();
    let offset = Math.max(await this.#firstYoung(source), source.nextOffset - this.#entriesMax);
    const now = this.#clock.monotonicMs();
    const wall = this.#clock.nowMicros();
    while (offset < source.nextOffset) {
      try {
        const messages = await source.read(offset, readCount);
        if (messages.count === 0) break;
        forEachMessage(messages, (message, slice) => {
          const at = message.position + StoredMessageView.messageIdAt;
          const ageMs = Math.max(0, (wall - message.timestamp) / 1000);
          if (ageMs < this.#expiryMs) this.#add(textOf(slice, at), now - ageMs);
        });
        offset = lastOffsetOf(messages) + 1;
      } catch (error) {
        if (!(error instanceof LogError) || error.kind !== 'corrupted') throw error;
        this.#notice(`ids of messages that are damaged are not known for deduplication: ${error.message}`);
        const damaged = offset;
        offset = source.segments.find(({ baseOffset }) => baseOffset > damaged)?.baseOffset ?? source.nextOffset;
      }
    }
    this.#trim(now);
    this.isReady = true;
  }

  /** Offset of the first message that may be remembered. */
  async #firstYoung(source: Source): Promise<number> {
    if (this.#expiryMs === Number.POSITIVE_INFINITY) return source.earliestOffset;
    try {
      const first = await source.readFromTimestamp(this.#clock.nowMicros() - this.#expiryMs * 1000, 1);
      return first.count === 0 ? source.nextOffset : lastOffsetOf(first);
    } catch (error) {
      if (error instanceof LogError && error.kind === 'corrupted') return source.earliestOffset;
      throw error;
    }
  }

  #has(id: string): boolean {
    const cameAt = this.#entries.get(id);
    return cameAt !== undefined && this.#clock.monotonicMs() - cameAt < this.#expiryMs;
  }

  #add(id: string, cameAt: number): void {
    // Taken out first so that it moves to the end of the order.
    this.#entries.delete(id);
    this.#entries.set(id, cameAt);
  }

  #trim(now: number): void {
    for (const [id, cameAt] of this.#entries) {
      if (this.#entries.size <= this.#entriesMax && now - cameAt < this.#expiryMs) return;
      this.#entries.delete(id);
    }
  }

  #forEachId({ count, bytes }: MessageBatch, visit: (id: string, start: number, end: number) => void): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const message = new StoredMessageView();
    for (let index = 0, position = 0; index < count; index++) {
      message.wrap(view, position);
      if (!message.fits(bytes.byteLength))
        throw new LogError('invalid_batch', `message ${index} of ${count} reaches past the batch`);
      const end = position + message.size;
      visit(textOf(bytes, position + StoredMessageView.messageIdAt), position, end);
      position = end;
    }
  }
}

/** An id as a text of 16 characters, one per byte: the cheapest key that a map compares by value. */
function textOf(bytes: Uint8Array, position: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + position, 16).toString('latin1');
}
