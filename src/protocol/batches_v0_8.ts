// Messages of generation 0.8 ⇄ stored messages. The layouts are equal, so both directions pass bytes through; small sends are copied once.

import { IggyError } from '../../generated/errors.ts';
import { MessageView } from '../../generated/v0_8/messages/message.ts';
import { MessageBatchView } from '../../generated/v0_8/messages/message_batch.ts';
import { WireError } from '../bytes/wire_error.ts';
import { type BatchLayout, checkMessagesCount } from './classic.ts';
import { countPrefix, viewOf } from './regions.ts';

/** Most bytes of one message's payload. */
export const payloadSizeMax = 64_000_000;
/** Most bytes of one message's user headers. */
export const userHeadersSizeMax = 100_000;

const indexSize = 16;
const batch = new MessageBatchView();
const message = new MessageView();

export const batchesV08: BatchLayout = {
  read(region) {
    const { count, indexes, messagesAt } = readIndex(region);
    const bytes = region.subarray(messagesAt);
    checkMessages(bytes, count, indexes);
    return { count, bytes: ownBytes(bytes) };
  },
  write: (stored) => [countPrefix(stored.count), ...stored.slices],
};

/** The log keeps a batch in memory. What came in one piece with much else is copied, or all of that piece would be kept with it. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength * 2 < bytes.buffer.byteLength ? new Uint8Array(bytes) : bytes;
}

/** Checks the index of a sent batch, in the reference's order. @throws WireError, IggyError */
export function readIndex(region: Uint8Array): { count: number; indexes: DataView; messagesAt: number } {
  const view = viewOf(region);
  batch.wrap(view, 0);
  if (!batch.fits(region.byteLength))
    throw new WireError('truncated', 0, 'the index of the messages reaches past the payload');
  const count = batch.indexesCount;
  checkMessagesCount(count);
  for (let index = 0; index < count; index++) {
    const at = batch.indexesPosition + index * indexSize;
    if (view.getUint32(at, true) !== 0) throw new IggyError('non_zero_offset');
    if (view.getUint32(at + 8, true) !== 0 || view.getUint32(at + 12, true) !== 0)
      throw new IggyError('non_zero_timestamp');
  }
  const { messagesPosition: messagesAt, indexesPosition } = batch;
  return { count, indexes: viewOf(region.subarray(indexesPosition, messagesAt)), messagesAt };
}

/** Refuses a message, the one before byte `end`, that ends elsewhere than the index says. */
export function checkEnd(indexes: DataView, index: number, end: number): void {
  if (indexes.getUint32(index * indexSize + 4, true) !== end) throw new IggyError('missing_index');
}

/** Checks that `bytes` is exactly `count` messages within the limits, which end where the index says. */
function checkMessages(bytes: Uint8Array, count: number, indexes: DataView): void {
  const view = viewOf(bytes);
  let position = 0;
  for (let index = 0; index < count; index++) {
    message.wrap(view, position);
    if (position + MessageView.headerSize > bytes.byteLength) throw new IggyError('missing_index');
    checkSizes(message.payloadLength, message.userHeadersLength, payloadSizeMax);
    position += message.size;
    checkEnd(indexes, index, position);
    if (position > bytes.byteLength) throw new IggyError('missing_index');
  }
  if (position !== bytes.byteLength) throw new IggyError('invalid_messages_size');
}

/** The limits of one message. */
export function checkSizes(payloadSize: number, userHeadersSize: number, payloadMax: number): void {
  if (payloadSize > payloadMax) throw new IggyError('too_big_message_payload');
  if (userHeadersSize > userHeadersSizeMax) throw new IggyError('too_big_headers_payload');
}
