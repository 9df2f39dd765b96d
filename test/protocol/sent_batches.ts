// Sent batches in the layout of each generation, as its clients make them, from messages that mean the same in all.
import { HeaderKind } from '../../generated/common/header_kind.ts';
import * as batchV04 from '../../generated/v0_4/messages/message_batch.ts';
import * as polledV04 from '../../generated/v0_4/messages/polled_batch.ts';
import * as headersV04 from '../../generated/v0_4/messages/user_headers.ts';
import * as batchV05 from '../../generated/v0_5/messages/message_batch.ts';
import * as polledV05 from '../../generated/v0_5/messages/polled_batch.ts';
import * as batchV08 from '../../generated/v0_8/messages/message_batch.ts';
import * as polledV08 from '../../generated/v0_8/messages/polled_batch.ts';
import * as headersV08 from '../../generated/v0_8/messages/user_headers.ts';
import { encodeBatchRecord, sizeOfBatchRecord } from '../../generated/v0_9/messages/batch_record.ts';
import { encodeMessage, sizeOfMessage } from '../../generated/v0_9/messages/message.ts';
import * as batchV09 from '../../generated/v0_9/messages/message_batch.ts';
import * as polledV09 from '../../generated/v0_9/messages/polled_batch.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { xxh3 } from '../../src/lib/checksum.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';

/** A message as a user thinks of it. Keys are text, because three generations know nothing else. */
export interface PlainMessage {
  readonly messageId: bigint;
  readonly payload: Uint8Array;
  readonly headers: readonly { readonly key: string; readonly kind: HeaderKind; readonly value: Uint8Array }[];
}

export interface PolledPlainMessage extends PlainMessage {
  readonly offset: number;
  readonly timestamp: number;
  readonly checksum: bigint;
}

function written<T>(value: T, sizeOf: (value: T) => number, encode: (writer: Writer, value: T) => void): Uint8Array {
  const writer = new Writer(sizeOf(value));
  encode(writer, value);
  return writer.bytes;
}

function headerBlock(generation: GenerationName, message: PlainMessage): Uint8Array {
  if (generation !== 'v0_8' && generation !== 'v0_9')
    return written({ entries: [...message.headers] }, headersV04.sizeOfUserHeaders, headersV04.encodeUserHeaders);
  const entries = message.headers.map(({ key, kind, value }) => ({
    keyKind: HeaderKind.string,
    key: new TextEncoder().encode(key),
    valueKind: kind,
    value,
  }));
  return written({ entries }, headersV08.sizeOfUserHeaders, headersV08.encodeUserHeaders);
}

/** The message region of a send. */
export function sentRegion(generation: GenerationName, messages: readonly PlainMessage[]): Uint8Array {
  if (generation === 'v0_4') {
    const all = messages.map((message) => ({
      messageId: message.messageId,
      payload: message.payload,
      userHeaders: headerBlock('v0_4', message),
    }));
    return written({ messages: all }, batchV04.sizeOfMessageBatch, batchV04.encodeMessageBatch);
  }
  if (generation === 'v0_9') return sentRecord(messages);
  const isWide = generation === 'v0_8';
  const all = messages.map((message) => ({
    checksum: 0n,
    messageId: message.messageId,
    offset: 0,
    timestamp: 0,
    originTimestamp: 5n,
    reserved: 0n,
    payload: message.payload,
    userHeaders: headerBlock(generation, message),
  }));
  let end = 0;
  const indexes = all.map(({ payload, userHeaders }) => {
    end += (isWide ? 64 : 56) + payload.byteLength + userHeaders.byteLength;
    return { offset: 0, endPosition: end, timestamp: 0n };
  });
  return isWide
    ? written({ indexes, messages: all }, batchV08.sizeOfMessageBatch, batchV08.encodeMessageBatch)
    : written({ indexes, messages: all }, batchV05.sizeOfMessageBatch, batchV05.encodeMessageBatch);
}

/** As clients of 0.9 send: with checksums of every message and of the batch. */
function sentRecord(messages: readonly PlainMessage[]): Uint8Array {
  const all = messages.map((message, offsetDelta) => {
    const userHeaders = headerBlock('v0_9', message);
    const sent = { ...message, checksum: 0n, offsetDelta, timestampDelta: 0, userHeaders };
    const { messageId, payload, timestampDelta } = sent;
    const bytes = written(
      { checksum: 0n, messageId, offsetDelta, timestampDelta, reserved: 0n, payload, userHeaders },
      sizeOfMessage,
      encodeMessage,
    );
    return {
      checksum: xxh3(bytes.subarray(8)),
      messageId,
      offsetDelta,
      timestampDelta,
      reserved: 0n,
      payload,
      userHeaders,
    };
  });
  const framesSize = all.reduce((size, message) => size + sizeOfMessage(message), 0);
  const record = {
    ...{ partitionId: 0, baseOffset: 0, baseTimestamp: 0, originTimestamp: 5n, batchChecksum: 0n },
    ...{ batchLength: 256 + framesSize, reserved: new Uint8Array(204), messages: all },
  };
  const unsealed = written(record, sizeOfBatchRecord, encodeBatchRecord);
  const checksums = all.map(({ checksum }) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(checksum);
    return bytes;
  });
  const batchChecksum = xxh3(Buffer.concat([unsealed.subarray(0, 40), unsealed.subarray(48, 52), ...checksums]));
  const sealed = written({ ...record, batchChecksum }, sizeOfBatchRecord, encodeBatchRecord);
  const sent = { messagesCount: all.length, record: sealed };
  return written(sent, batchV09.sizeOfMessageBatch, batchV09.encodeMessageBatch);
}

/** The messages of a poll answer of 0.9, each with what its batch says of all. */
function polledRecords(region: Uint8Array): PolledPlainMessage[] {
  const reader = new Reader(region);
  const { messagesCount, records } = polledV09.decodePolledBatch(reader);
  const messages = records.flatMap(({ baseOffset, baseTimestamp, messages: own }) =>
    own.map(({ messageId, payload, userHeaders, offsetDelta, checksum }) => ({
      ...{ messageId, payload, headers: polledHeaders('v0_9', userHeaders), checksum },
      ...{ offset: baseOffset + offsetDelta, timestamp: baseTimestamp },
    })),
  );
  if (reader.remaining > 0 || messages.length !== messagesCount) throw new Error('not what its header says');
  return messages;
}

/** Reads the message region of a poll answer. */
export function polledRegion(generation: GenerationName, region: Uint8Array): PolledPlainMessage[] {
  if (generation === 'v0_9') return polledRecords(region);
  const reader = new Reader(region);
  const { messages } =
    generation === 'v0_4'
      ? polledV04.decodePolledBatch(reader)
      : generation === 'v0_8'
        ? polledV08.decodePolledBatch(reader)
        : polledV05.decodePolledBatch(reader);
  if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes behind the messages`);
  return messages.map((message) => ({
    messageId: message.messageId,
    payload: message.payload,
    headers: polledHeaders(generation, message.userHeaders),
    offset: message.offset,
    timestamp: message.timestamp,
    checksum: BigInt(message.checksum),
  }));
}

function polledHeaders(generation: GenerationName, block: Uint8Array): PlainMessage['headers'] {
  if (generation !== 'v0_8' && generation !== 'v0_9') return headersV04.decodeUserHeaders(new Reader(block)).entries;
  const { entries } = headersV08.decodeUserHeaders(new Reader(block));
  return entries.map(({ key, valueKind, value }) => ({ key: new TextDecoder().decode(key), kind: valueKind, value }));
}
