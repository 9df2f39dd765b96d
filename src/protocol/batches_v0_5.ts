// Messages of generations 0.5 and 0.6 ⇄ stored messages: 56-byte headers, text keys. The two differ in their checksum and their limit.
import { crc32 } from 'node:zlib';
import { IggyError } from '../../generated/errors.ts';
import { MessageView } from '../../generated/v0_5/messages/message.ts';
import { xxh3 } from '../lib/checksum.ts';
import { forEachMessage, type StoredMessages, StoredMessageView } from '../log/batch.ts';
import { checkEnd, checkSizes, readIndex } from './batches_v0_8.ts';
import type { BatchLayout } from './classic.ts';
import { countPrefix, viewOf } from './regions.ts';
import { gatherBatch, type SentMessage } from './stored_batch.ts';
import { textBlocksOf, toTypedHeaders } from './user_headers.ts';

/** The checksum of a message over everything behind it, as a 64-bit integer. */
type Checksum = (bytes: Uint8Array) => bigint;

const wire = new MessageView();
/** Id, offset, timestamp and origin timestamp stand at the same bytes in both layouts. */
const commonAt = MessageView.messageIdAt;
const commonEnd = MessageView.userHeadersLengthAt;

/** 0.5: CRC-32, payloads of at most 10 MB. */
export const batchesV05 = batches((bytes) => BigInt(crc32(bytes)), 10_000_000);
/** 0.6: XXH3-64, payloads of at most 64 MB. */
export const batchesV06 = batches(xxh3, 64_000_000);

function batches(checksum: Checksum, payloadSizeMax: number): BatchLayout {
  return {
    read(region) {
      const { count, indexes, messagesAt } = readIndex(region);
      return gatherBatch(readMessages(region.subarray(messagesAt), count, indexes, payloadSizeMax));
    },
    write: (stored) => [countPrefix(stored.count), writeMessages(stored, checksum)],
  };
}

function readMessages(bytes: Uint8Array, count: number, indexes: DataView, payloadSizeMax: number): SentMessage[] {
  const view = viewOf(bytes);
  const messages: SentMessage[] = [];
  let position = 0;
  for (let index = 0; index < count; index++) {
    wire.wrap(view, position);
    if (position + MessageView.headerSize > bytes.byteLength) throw new IggyError('missing_index');
    checkSizes(wire.payloadLength, wire.userHeadersLength, payloadSizeMax);
    if (!wire.fits(bytes.byteLength)) throw new IggyError('missing_index');
    messages.push({
      messageId: bytes.subarray(position + commonAt, position + commonAt + 16),
      originTimestamp: wire.originTimestamp,
      payload: wire.payload,
      userHeaders: toTypedHeaders(wire.userHeaders),
    });
    position += wire.size;
    checkEnd(indexes, index, position);
  }
  if (position !== bytes.byteLength) throw new IggyError('invalid_messages_size');
  return messages;
}

function writeMessages(stored: StoredMessages, checksum: Checksum): Uint8Array {
  const { blocks, contentSize } = textBlocksOf(stored);
  const bytes = new Uint8Array(contentSize + stored.count * MessageView.headerSize);
  const view = viewOf(bytes);
  let position = 0;
  let index = 0;
  forEachMessage(stored, (message, slice) => {
    const block = blocks[index++]!;
    const from = message.position + StoredMessageView.messageIdAt;
    wire.wrap(view, position);
    bytes.set(slice.subarray(from, from + commonEnd - commonAt), position + commonAt);
    wire.payloadLength = message.payloadLength;
    wire.userHeadersLength = block.byteLength;
    bytes.set(message.payload, wire.payloadPosition);
    bytes.set(block, wire.userHeadersPosition);
    wire.checksum = checksum(bytes.subarray(position + commonAt, position + wire.size));
    position += wire.size;
  });
  return bytes;
}
