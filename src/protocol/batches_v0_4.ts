// Messages of generation 0.4 ⇄ stored messages: headers before the payload, text keys, CRC-32 of the payload.
import { crc32 } from 'node:zlib';
import { IggyError } from '../../generated/errors.ts';
import { MessageView } from '../../generated/v0_4/messages/message.ts';
import { MessageState, PolledMessageView } from '../../generated/v0_4/messages/polled_message.ts';
import { decodeUserHeaders } from '../../generated/v0_4/messages/user_headers.ts';
import { Reader } from '../bytes/reader.ts';
import { WireError } from '../bytes/wire_error.ts';
import { forEachMessage, type StoredMessages, StoredMessageView } from '../log/batch.ts';
import { type BatchLayout, checkMessagesCount } from './classic.ts';
import { countPrefix, viewOf } from './regions.ts';
import { gatherBatch, type SentMessage } from './stored_batch.ts';
import { textBlocksOf, toTypedHeaders } from './user_headers.ts';

/** Most payload bytes of one request. */
const payloadsSizeMax = 10_000_000;
/** Most bytes of header values of one request. */
const headerValuesSizeMax = 100_000;
/** A polled message without payload and headers. */
const polledOverhead = 45;
const sent = new MessageView();
const polled = new PolledMessageView();

export const batchesV04: BatchLayout = {
  read(region) {
    const messages = readMessages(region);
    checkMessagesCount(messages.length);
    return gatherBatch(messages);
  },
  write: (stored) => [countPrefix(stored.count), writeMessages(stored)],
};

function readMessages(region: Uint8Array): SentMessage[] {
  const view = viewOf(region);
  const messages: SentMessage[] = [];
  let headerValuesSize = 0;
  let payloadsSize = 0;
  for (let position = 0; position < region.byteLength; position += sent.size) {
    sent.wrap(view, position);
    if (!sent.fits(region.byteLength))
      throw new WireError('truncated', position, `message ${messages.length} reaches past the payload`);
    if (sent.payloadLength === 0) throw new WireError('invalid', position, `message ${messages.length} has no payload`);
    const block = sent.userHeaders;
    for (const { value } of decodeUserHeaders(new Reader(block)).entries) headerValuesSize += value.byteLength;
    payloadsSize += sent.payloadLength;
    messages.push({
      messageId: region.subarray(position, position + 16),
      originTimestamp: 0n,
      payload: sent.payload,
      userHeaders: toTypedHeaders(block),
    });
  }
  if (headerValuesSize > headerValuesSizeMax) throw new IggyError('too_big_headers_payload');
  if (payloadsSize > payloadsSizeMax) throw new IggyError('too_big_message_payload');
  return messages;
}

function writeMessages(stored: StoredMessages): Uint8Array {
  const { blocks, contentSize } = textBlocksOf(stored);
  const bytes = new Uint8Array(contentSize + stored.count * polledOverhead);
  const view = viewOf(bytes);
  let position = 0;
  let index = 0;
  forEachMessage(stored, (message, slice) => {
    const block = blocks[index++]!;
    const payload = message.payload;
    const idAt = message.position + StoredMessageView.messageIdAt;
    polled.wrap(view, position);
    polled.offset = message.offset;
    polled.state = MessageState.available;
    polled.timestamp = message.timestamp;
    bytes.set(slice.subarray(idAt, idAt + 16), position + PolledMessageView.messageIdAt);
    polled.checksum = crc32(payload);
    polled.userHeadersLength = block.byteLength;
    bytes.set(block, polled.userHeadersPosition);
    view.setUint32(polled.payloadPosition - 4, payload.byteLength, true);
    bytes.set(payload, polled.payloadPosition);
    position += polledOverhead + payload.byteLength + block.byteLength;
  });
  return bytes;
}
