// Builds batches in stored layout from messages of generations whose layout differs.
import { type MessageBatch, messageHeaderSize, StoredMessageView } from '../log/batch.ts';
import { viewOf } from './regions.ts';

/** What a producer says of one message. Slices of the request; copied once, into the batch. */
export interface SentMessage {
  /** 16 bytes as on the wire. */
  readonly messageId: Uint8Array;
  /** The client's clock in microseconds, 0 in generations that do not send it. */
  readonly originTimestamp: bigint;
  readonly payload: Uint8Array;
  /** A block with typed keys, or opaque bytes. */
  readonly userHeaders: Uint8Array;
}

const stored = new StoredMessageView();

/** One buffer of messages in stored layout; offset, timestamp and checksum are left for the log to stamp. */
export function gatherBatch(messages: readonly SentMessage[]): MessageBatch {
  const size = messages.reduce(
    (sum, { payload, userHeaders }) => sum + messageHeaderSize + payload.byteLength + userHeaders.byteLength,
    0,
  );
  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  let position = 0;
  for (const { messageId, originTimestamp, payload, userHeaders } of messages) {
    stored.wrap(view, position);
    bytes.set(messageId, position + StoredMessageView.messageIdAt);
    stored.originTimestamp = originTimestamp;
    stored.payloadLength = payload.byteLength;
    stored.userHeadersLength = userHeaders.byteLength;
    bytes.set(payload, stored.payloadPosition);
    bytes.set(userHeaders, stored.userHeadersPosition);
    position += stored.size;
  }
  return { count: messages.length, bytes };
}
