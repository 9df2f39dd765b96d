// Messages that a simulation sends: each says which batch it is of and where it stands in it, and the rest of it follows from that.
import { xxh3 } from '../../src/lib/checksum.ts';
import { messageHeaderSize, StoredMessageView } from '../../src/log/batch.ts';
import type { Append } from './records.ts';

/** Batch and place in it. */
const prefixSize = 8;

function payloadOf(batch: number, index: number, size: number): Uint8Array {
  const payload = new Uint8Array(prefixSize + size);
  const view = new DataView(payload.buffer);
  view.setUint32(0, batch, true);
  view.setUint32(4, index, true);
  for (let at = 0; at < size; at++) payload[prefixSize + at] = (batch * 31 + index * 7 + at) & 0xff;
  return payload;
}

/** The bytes of a batch of `count` messages, not yet stamped. All messages bring their own id, or every other one does. */
export function bytesOf(batch: number, count: number, size: number, haveAllIds = false): Uint8Array {
  const messageSize = messageHeaderSize + prefixSize + size;
  const bytes = new Uint8Array(messageSize * count);
  const view = new DataView(bytes.buffer);
  const message = new StoredMessageView();
  for (let index = 0; index < count; index++) {
    message.wrap(view, index * messageSize).payloadLength = prefixSize + size;
    if (haveAllIds || index % 2 === 1) message.messageId = BigInt(batch * 1000 + index);
    bytes.set(payloadOf(batch, index, size), index * messageSize + messageHeaderSize);
  }
  return bytes;
}

/** What a message that was read says of itself. */
export interface ReadMessage {
  readonly offset: number;
  readonly timestamp: number;
  readonly batch: number;
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Takes a message apart. @throws Error when its checksum does not hold. */
export function readMessage(message: StoredMessageView, slice: Uint8Array): ReadMessage {
  const bytes = slice.subarray(message.position, message.position + message.size);
  if (xxh3(bytes.subarray(StoredMessageView.messageIdAt)) !== message.checksum)
    throw new Error(`message ${message.offset} fails its checksum`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + messageHeaderSize, bytes.byteLength - messageHeaderSize);
  return {
    offset: message.offset,
    timestamp: message.timestamp,
    batch: view.byteLength < prefixSize ? -1 : view.getUint32(0, true),
    index: view.byteLength < prefixSize ? -1 : view.getUint32(4, true),
    bytes,
  };
}

/** Whether a message is number `index` of `append` as it was sent; what the server stamps is left out. */
export function isAsSent(message: ReadMessage, append: Append): boolean {
  const payload = payloadOf(append.batch, message.index, append.size);
  return Buffer.compare(message.bytes.subarray(messageHeaderSize), payload) === 0;
}
