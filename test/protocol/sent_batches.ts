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
import { Reader } from '../../src/bytes/reader.ts';
import { Writer } from '../../src/bytes/writer.ts';
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
  if (generation !== 'v0_8')
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

/** Reads the message region of a poll answer. */
export function polledRegion(generation: GenerationName, region: Uint8Array): PolledPlainMessage[] {
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
  if (generation !== 'v0_8') return headersV04.decodeUserHeaders(new Reader(block)).entries;
  const { entries } = headersV08.decodeUserHeaders(new Reader(block));
  return entries.map(({ key, valueKind, value }) => ({ key: new TextDecoder().decode(key), kind: valueKind, value }));
}
