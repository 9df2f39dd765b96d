// Messages as the log keeps them: back to back in the layout of spec/storage/stored_message.ksy. What src/protocol converts to and from.
import { StoredMessageView } from '../../generated/storage/stored_message.ts';
import { writeXxh3 } from '../lib/checksum.ts';
import { writeMessageId } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import { LogError } from './log_error.ts';

export { StoredMessageView };

/** Bytes of a message without payload and headers. */
export const messageHeaderSize = StoredMessageView.headerSize;

/** Messages to append. `bytes` belongs to the log from then on: it is stamped in place and kept. */
export interface MessageBatch {
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Messages read: `slices` one after another hold exactly `count` messages with consecutive offsets. Not to be written to. */
export interface StoredMessages {
  readonly count: number;
  readonly slices: readonly Uint8Array[];
}

export const noMessages: StoredMessages = { count: 0, slices: [] };

/** Calls `visit` for each message. The view is moved on afterwards, so nothing may keep it. */
export function forEachMessage(
  messages: StoredMessages,
  visit: (message: StoredMessageView, slice: Uint8Array) => void,
): void {
  const message = new StoredMessageView();
  for (const slice of messages.slices) {
    const view = new DataView(slice.buffer, slice.byteOffset, slice.byteLength);
    for (let position = 0; position < slice.byteLength; position += message.size)
      visit(message.wrap(view, position), slice);
  }
}

const stamping = new StoredMessageView();

/**
 * Gives each message its offset, the batch's timestamp, a random id when it has none, and its checksum.
 * @throws LogError `invalid_batch` when `bytes` is not exactly `count` messages.
 */
export function stampBatch(batch: MessageBatch, baseOffset: number, timestamp: number, random: Random): void {
  const { bytes, count } = batch;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const idAt = StoredMessageView.messageIdAt;
  let position = 0;
  for (let index = 0; index < count; index++) {
    const message = stamping.wrap(view, position);
    if (!message.fits(bytes.byteLength))
      throw new LogError('invalid_batch', `message ${index} of ${count} reaches past the batch`);
    const end = position + message.size;
    message.offset = baseOffset + index;
    message.timestamp = timestamp;
    if (isZero(view, position + idAt)) writeMessageId(random, bytes, position + idAt);
    writeXxh3(bytes.subarray(position + idAt, end), bytes, position);
    position = end;
  }
  if (count === 0 || position !== bytes.byteLength)
    throw new LogError('invalid_batch', `${count} messages end at byte ${position} of ${bytes.byteLength}`);
}

function isZero(view: DataView, position: number): boolean {
  for (let word = 0; word < 4; word++) if (view.getUint32(position + 4 * word, true) !== 0) return false;
  return true;
}

/** Byte at which message number `index` of `bytes` begins. */
function messageStart(bytes: Uint8Array, index: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const message = new StoredMessageView();
  let position = 0;
  for (let skipped = 0; skipped < index; skipped++) position += message.wrap(view, position).size;
  return position;
}

/** Gathers the messages of a read from bodies of frames, trimmed at both ends. */
export class MessageCollector {
  readonly #slices: Uint8Array[] = [];
  readonly #countMax: number;
  readonly #sizeMax: number;
  #count = 0;
  #size = 0;
  /** Offset of the next message wanted. */
  next: number;

  constructor(offset: number, countMax: number, sizeMax: number) {
    this.next = offset;
    this.#countMax = countMax;
    this.#sizeMax = sizeMax;
  }

  get isFull(): boolean {
    return this.#count >= this.#countMax || this.#size >= this.#sizeMax;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get messages(): StoredMessages {
    return { count: this.#count, slices: this.#slices };
  }

  /** Takes what is wanted of a body that holds `count` messages from `baseOffset`. */
  take(body: Uint8Array, baseOffset: number, count: number): void {
    const skip = Math.max(0, this.next - baseOffset);
    const taken = Math.min(count - skip, this.#countMax - this.#count);
    if (taken <= 0) return;
    let slice = body;
    if (skip > 0) slice = slice.subarray(messageStart(slice, skip));
    if (skip + taken < count) slice = slice.subarray(0, messageStart(slice, taken));
    this.#slices.push(slice);
    this.#count += taken;
    this.#size += slice.byteLength;
    this.next = baseOffset + skip + taken;
  }
}

/** Offset of the last of `messages`, which must hold one. */
export function lastOffsetOf({ count, slices }: StoredMessages): number {
  const first = slices[0]!;
  return (
    new StoredMessageView().wrap(new DataView(first.buffer, first.byteOffset, first.byteLength), 0).offset + count - 1
  );
}
