// Messages as a scenario has them ⇄ the bytes of each generation.
import { HeaderKind } from '../../generated/common/header_kind.ts';
import * as batchV04 from '../../generated/v0_4/messages/message_batch.ts';
import * as polledV04 from '../../generated/v0_4/messages/polled_batch.ts';
import * as textHeaders from '../../generated/v0_4/messages/user_headers.ts';
import * as batchV05 from '../../generated/v0_5/messages/message_batch.ts';
import * as polledV05 from '../../generated/v0_5/messages/polled_batch.ts';
import * as batchV08 from '../../generated/v0_8/messages/message_batch.ts';
import * as polledV08 from '../../generated/v0_8/messages/polled_batch.ts';
import * as typedHeaders from '../../generated/v0_8/messages/user_headers.ts';
import * as polledV09 from '../../generated/v0_9/messages/polled_batch.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { Writer } from '../../src/bytes/writer.ts';
import type { GenerationName as Generation } from '../../src/protocol/protocol.ts';
import { sentRegion } from '../../test/protocol/sent_batches.ts';

export interface Message {
  readonly messageId: bigint;
  readonly payload: Uint8Array;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

interface Codec<Value> {
  sizeOf(value: Value): number;
  encode(writer: Writer, value: Value): void;
}

function write<Value>({ sizeOf, encode }: Codec<Value>, value: Value): Uint8Array {
  const writer = new Writer(sizeOf(value));
  encode(writer, value);
  return writer.bytes;
}

export function encodeMessages(messages: readonly Message[], generation: Generation): Uint8Array {
  if (generation === 'v0_9') return sentRegion(generation, messages.map(plainMessage));
  const parts = messages.map(({ messageId, payload, headers }) => ({
    messageId,
    payload,
    userHeaders: encodeHeaders(headers, generation),
  }));
  if (generation === 'v0_4')
    return write({ sizeOf: batchV04.sizeOfMessageBatch, encode: batchV04.encodeMessageBatch }, { messages: parts });
  const headerSize = generation === 'v0_8' ? 64 : 56;
  let endPosition = 0;
  const indexes = parts.map(({ payload, userHeaders }) => {
    endPosition += headerSize + payload.byteLength + userHeaders.byteLength;
    return { offset: 0, endPosition, timestamp: 0n };
  });
  const full = parts.map((part) => ({
    ...part,
    checksum: 0n,
    offset: 0,
    timestamp: 0,
    originTimestamp: 77n,
    reserved: 0n,
  }));
  return generation === 'v0_8'
    ? write({ sizeOf: batchV08.sizeOfMessageBatch, encode: batchV08.encodeMessageBatch }, { indexes, messages: full })
    : write({ sizeOf: batchV05.sizeOfMessageBatch, encode: batchV05.encodeMessageBatch }, { indexes, messages: full });
}

function plainMessage({ messageId, payload, headers }: Message) {
  const kind = HeaderKind.string;
  return { messageId, payload, headers: headers.map(({ key, value }) => ({ key, kind, value: Buffer.from(value) })) };
}

function encodeHeaders(headers: Message['headers'], generation: Generation): Uint8Array {
  const kind = HeaderKind.string;
  if (generation === 'v0_8')
    return write(
      { sizeOf: typedHeaders.sizeOfUserHeaders, encode: typedHeaders.encodeUserHeaders },
      {
        entries: headers.map(({ key, value }) => ({
          keyKind: kind,
          key: Buffer.from(key),
          valueKind: kind,
          value: Buffer.from(value),
        })),
      },
    );
  return write(
    { sizeOf: textHeaders.sizeOfUserHeaders, encode: textHeaders.encodeUserHeaders },
    { entries: headers.map(({ key, value }) => ({ key, kind, value: Buffer.from(value) })) },
  );
}

/** Polled messages with their headers decoded where they can be; headers in order of keys, as some releases shuffle them. */
export function decodePolled(region: Uint8Array, generation: Generation): { messages: unknown[]; rest: number } {
  const reader = new Reader(region);
  if (generation === 'v0_9') return { messages: decodeRecords(reader), rest: reader.remaining };
  const polled = generation === 'v0_4' ? polledV04 : generation === 'v0_8' ? polledV08 : polledV05;
  const { messages } = polled.decodePolledBatch(reader);
  const decoded = messages.map((message) => ({
    ...message,
    userHeaders: decodeHeaders(message.userHeaders, generation),
  }));
  return { messages: decoded, rest: reader.remaining };
}

/** The messages of all batches: a server may cut batches as it likes. */
function decodeRecords(reader: Reader): unknown[] {
  // An empty answer has no number of messages either.
  if (reader.remaining === 0) return [];
  const { messagesCount, records } = polledV09.decodePolledBatch(reader);
  const messages = records.flatMap(({ messages, baseOffset, baseTimestamp, originTimestamp, partitionId }) =>
    messages.map(({ offsetDelta, timestampDelta, userHeaders, checksum: _, ...message }) => ({
      ...{ ...message, partitionId, offset: baseOffset + offsetDelta, timestamp: baseTimestamp },
      originTimestamp: originTimestamp + BigInt(timestampDelta),
      userHeaders: decodeHeaders(userHeaders, 'v0_9'),
    })),
  );
  if (messages.length !== messagesCount) throw new Error(`${messages.length} messages instead of ${messagesCount}`);
  return messages;
}

function decodeHeaders(block: Uint8Array, generation: Generation): unknown {
  try {
    const { decodeUserHeaders } = generation === 'v0_8' || generation === 'v0_9' ? typedHeaders : textHeaders;
    const { entries } = decodeUserHeaders(new Reader(block));
    return entries.map((entry) => JSON.stringify(entry)).sort();
  } catch {
    return block;
  }
}
