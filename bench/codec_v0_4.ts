// What `pnpm bench codec` compares in generation 0.4: headers of varying size before the payload, two layouts, no index.
import assert from 'node:assert/strict';
import { HeaderKind } from '../generated/common/header_kind.ts';
import { type Message, MessageView, sizeOfMessage } from '../generated/v0_4/messages/message.ts';
import {
  decodeMessageBatch,
  encodeMessageBatch,
  MessageBatchView,
  sizeOfMessageBatch,
} from '../generated/v0_4/messages/message_batch.ts';
import {
  decodePollMessagesResponse,
  encodePollMessagesResponse,
  sizeOfPollMessagesResponse,
} from '../generated/v0_4/messages/poll_messages.ts';
import {
  decodePolledBatch,
  encodePolledBatch,
  PolledBatchView,
  sizeOfPolledBatch,
} from '../generated/v0_4/messages/polled_batch.ts';
import {
  isMessageState,
  MessageState,
  type PolledMessage,
  PolledMessageView,
  sizeOfPolledMessage,
} from '../generated/v0_4/messages/polled_message.ts';
import {
  decodeSendMessages,
  encodeSendMessages,
  sizeOfSendMessages,
} from '../generated/v0_4/messages/send_messages.ts';
import { encodeUserHeaders, sizeOfUserHeaders } from '../generated/v0_4/messages/user_headers.ts';
import { Reader } from '../src/bytes/reader.ts';
import { Writer } from '../src/bytes/writer.ts';
import {
  detached,
  type Located,
  littleEndian128,
  lowBits,
  pastEnd,
  readComparison,
  viewOf,
  walkComparison,
  writeComparison,
} from './codec_comparison.ts';
import { kaitaiReader } from './kaitai_reader.ts';
import type { Comparison } from './measure.ts';
import {
  baseOffset,
  noBytes,
  pollEnvelope,
  sampleId,
  sampleMessages,
  samplePayload,
  sendEnvelope,
  timestamp,
} from './sample_messages.ts';

interface KaitaiMessage {
  readonly messageId: Uint8Array;
  readonly lenUserHeaders: number;
  readonly userHeaders: Uint8Array;
  readonly lenPayload: number;
  readonly payload: Uint8Array;
}

interface KaitaiPolledMessage extends KaitaiMessage {
  readonly offset: number;
  readonly state: number;
  readonly timestamp: number;
  readonly checksum: number;
}

interface KaitaiBatch<Entry> {
  readonly messages: readonly Entry[];
}

interface KaitaiEnvelope<Entry> {
  readonly messages: KaitaiBatch<Entry>;
}

/** What this generation adds to ids on the wire. */
const idBase = 1;

/** The comparisons of this generation. Throws when the readers do not agree on every field of every message. */
export async function comparisonsV04(): Promise<Comparison[]> {
  const sent = sampleMessages(sampleMessage);
  const polled = sampleMessages(samplePolledMessage);
  const request = encodeRequest(sent);
  const response = encodeResponse(polled);
  const readRequest = await kaitaiReader<KaitaiEnvelope<KaitaiMessage>>('v0_4/messages/send_messages', [
    'SendMessages',
  ]);
  const readResponse = await kaitaiReader<KaitaiEnvelope<KaitaiPolledMessage>>('v0_4/messages/poll_messages', [
    'PollMessages',
    'Response',
  ]);
  assert.deepEqual(decodeRequest(request), sent);
  assert.deepEqual(sentInPlace(...locateRequest(request)), sent);
  assert.deepEqual(readRequest(request.buffer).messages.messages.map(sentFromKaitai), sent);
  assert.deepEqual(decodeResponse(response), polled);
  assert.deepEqual(polledInPlace(...locateResponse(response)), polled);
  assert.deepEqual(readResponse(response.buffer).messages.messages.map(polledFromKaitai), polled);
  assert.deepEqual(encodeResponseInPlace(polled), response);
  return [
    ...(await batchComparisons(request, response)),
    readComparison('v0_4 send_messages', {
      kaitai: () => walkKaitaiSent(readRequest(request.buffer).messages.messages),
      objects: () => walkSent(decodeRequest(request)),
      view: () => walkSentViews(...locateRequest(request)),
      everyField: () => walkAllSentFields(...locateRequest(request)),
      everyFieldExpected: sumOfAllSentFields(decodeRequest(request)),
    }),
    readComparison('v0_4 poll_messages response', {
      kaitai: () => walkKaitaiPolled(readResponse(response.buffer).messages.messages),
      objects: () => walkPolled(decodeResponse(response)),
      view: () => walkPolledViews(...locateResponse(response)),
      everyField: () => walkAllPolledFields(...locateResponse(response)),
      everyFieldExpected: sumOfAllPolledFields(decodeResponse(response)),
    }),
    writeComparison('v0_4 send_messages', request, { 'object encoder': () => encodeRequest(sent) }),
    writeComparison('v0_4 poll_messages response', response, {
      'object encoder': () => encodeResponse(polled),
      view: () => encodeResponseInPlace(polled),
    }),
  ];
}

async function batchComparisons(request: Uint8Array, response: Uint8Array): Promise<Comparison[]> {
  const sent = detached(decodeSendMessages(new Reader(request, idBase)).messages);
  const polled = detached(decodePollMessagesResponse(new Reader(response, idBase)).messages);
  const readSent = await kaitaiReader<KaitaiBatch<KaitaiMessage>>('v0_4/messages/message_batch', ['MessageBatch']);
  const readPolled = await kaitaiReader<KaitaiBatch<KaitaiPolledMessage>>('v0_4/messages/polled_batch', [
    'PolledBatch',
  ]);
  return [
    walkComparison('v0_4 message_batch', {
      kaitai: () => walkKaitaiSent(readSent(sent.buffer).messages),
      objects: () => walkSent(decodeMessageBatch(new Reader(sent)).messages),
      view: () => walkSentViews(...locateSent(sent)),
    }),
    walkComparison('v0_4 polled_batch', {
      kaitai: () => walkKaitaiPolled(readPolled(polled.buffer).messages),
      objects: () => walkPolled(decodePolledBatch(new Reader(polled)).messages),
      view: () => walkPolledViews(...locatePolled(polled)),
    }),
  ];
}

function walkKaitaiSent(messages: readonly KaitaiMessage[]): number {
  let sum = 0;
  for (const { lenPayload, lenUserHeaders, payload } of messages)
    sum = (sum + lenPayload + lenUserHeaders + (24 + lenPayload + lenUserHeaders) + payload.byteOffset) | 0;
  return sum;
}

function walkSent(messages: readonly Message[]): number {
  let sum = 0;
  for (const message of messages) {
    const { payload, userHeaders } = message;
    sum = (sum + payload.byteLength + userHeaders.byteLength + sizeOfMessage(message) + payload.byteOffset) | 0;
  }
  return sum;
}

/** A sent batch has no count: it ends where the payload does. */
function walkSentViews(bytes: DataView, from: number): number {
  const view = new MessageView();
  const end = bytes.byteLength;
  let sum = 0;
  let count = 0;
  for (let position = from; position < end; count++) {
    if (!view.wrap(bytes, position).fits(end)) throw pastEnd(count);
    const size = view.size;
    sum = (sum + view.payloadLength + view.userHeadersLength + size + view.payloadPosition) | 0;
    position += size;
  }
  return sum + count * bytes.byteOffset;
}

function sumOfAllSentFields(messages: readonly Message[]): number {
  let sum = 0;
  for (const { messageId, payload, userHeaders } of messages)
    sum += lowBits(messageId) + payload.byteOffset + payload.byteLength + userHeaders.byteLength;
  return sum;
}

function walkAllSentFields(bytes: DataView, from: number): number {
  const view = new MessageView();
  const end = bytes.byteLength;
  let sum = 0;
  for (let position = from, index = 0; position < end; index++) {
    if (!view.wrap(bytes, position).fits(end)) throw pastEnd(index);
    const { messageId, payload, userHeaders } = view;
    sum += lowBits(messageId) + payload.byteOffset + payload.byteLength + userHeaders.byteLength;
    position += view.size;
  }
  return sum;
}

function walkKaitaiPolled(messages: readonly KaitaiPolledMessage[]): number {
  let offsets = 0;
  let rest = 0;
  for (const { offset, lenPayload, lenUserHeaders, payload } of messages) {
    offsets += offset;
    rest = (rest + lenPayload + lenUserHeaders + (45 + lenPayload + lenUserHeaders) + payload.byteOffset) | 0;
  }
  return offsets + rest;
}

function walkPolled(messages: readonly PolledMessage[]): number {
  let offsets = 0;
  let rest = 0;
  for (const message of messages) {
    const { offset, payload, userHeaders } = message;
    offsets += offset;
    rest = (rest + payload.byteLength + userHeaders.byteLength + sizeOfPolledMessage(message) + payload.byteOffset) | 0;
  }
  return offsets + rest;
}

function walkPolledViews(bytes: DataView, from: number, count: number): number {
  const view = new PolledMessageView();
  const end = bytes.byteLength;
  let offsets = 0;
  let rest = count * bytes.byteOffset;
  let position = from;
  for (let index = 0; index < count; index++) {
    if (!view.wrap(bytes, position).fits(end)) throw pastEnd(index);
    const size = view.size;
    offsets += view.offset;
    rest = (rest + view.payloadLength + view.userHeadersLength + size + view.payloadPosition) | 0;
    position += size;
  }
  return offsets + rest;
}

function sumOfAllPolledFields(messages: readonly PolledMessage[]): number {
  let sum = 0;
  for (const { offset, state, timestamp, messageId, checksum, payload, userHeaders } of messages) {
    sum += offset + state + timestamp + lowBits(messageId) + checksum;
    sum += payload.byteOffset + userHeaders.byteLength;
  }
  return sum;
}

function walkAllPolledFields(bytes: DataView, from: number, count: number): number {
  const view = new PolledMessageView();
  const end = bytes.byteLength;
  let sum = 0;
  let position = from;
  for (let index = 0; index < count; index++) {
    if (!view.wrap(bytes, position).fits(end)) throw pastEnd(index);
    const { offset, state, timestamp, messageId, checksum, payload, userHeaders } = view;
    sum += offset + state + timestamp + lowBits(messageId) + checksum;
    sum += payload.byteOffset + userHeaders.byteLength;
    position += view.size;
  }
  return sum;
}

function decodeRequest(bytes: Uint8Array): Message[] {
  return decodeMessageBatch(new Reader(decodeSendMessages(new Reader(bytes, idBase)).messages)).messages;
}

function decodeResponse(bytes: Uint8Array): PolledMessage[] {
  return decodePolledBatch(new Reader(decodePollMessagesResponse(new Reader(bytes, idBase)).messages)).messages;
}

function locateRequest(bytes: Uint8Array): readonly [bytes: DataView, position: number] {
  return locateSent(decodeSendMessages(new Reader(bytes, idBase)).messages);
}

function locateResponse(bytes: Uint8Array): Located {
  return locatePolled(decodePollMessagesResponse(new Reader(bytes, idBase)).messages);
}

function locateSent(batch: Uint8Array): readonly [bytes: DataView, position: number] {
  const bytes = viewOf(batch);
  return [bytes, new MessageBatchView().wrap(bytes, 0).messagesPosition];
}

function locatePolled(batch: Uint8Array): Located {
  const bytes = viewOf(batch);
  const view = new PolledBatchView().wrap(bytes, 0);
  if (!view.fits(bytes.byteLength)) throw new RangeError('there is no count of messages');
  return [bytes, view.messagesPosition, view.messagesCount];
}

function encodeRequest(messages: Message[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer(sizeOfSendMessages(sendEnvelope) + sizeOfMessageBatch({ messages }), idBase);
  encodeSendMessages(writer, sendEnvelope);
  encodeMessageBatch(writer, { messages });
  return writer.bytes as Uint8Array<ArrayBuffer>;
}

function encodeResponse(messages: PolledMessage[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer(sizeOfPollMessagesResponse(pollEnvelope) + sizeOfPolledBatch({ messages }), idBase);
  encodePollMessagesResponse(writer, pollEnvelope);
  encodePolledBatch(writer, { messages });
  return writer.bytes as Uint8Array<ArrayBuffer>;
}

function encodeResponseInPlace(messages: readonly PolledMessage[]): Uint8Array {
  let size = sizeOfPollMessagesResponse(pollEnvelope) + PolledBatchView.headerSize;
  for (const message of messages) size += sizeOfPolledMessage(message);
  const writer = new Writer(size, idBase);
  encodePollMessagesResponse(writer, pollEnvelope);
  const { bytes } = writer;
  const target = viewOf(bytes);
  const polledBatchView = new PolledBatchView();
  const view = new PolledMessageView();
  polledBatchView.wrap(target, writer.at).messagesCount = messages.length;
  let position = polledBatchView.messagesPosition;
  for (const message of messages) {
    view.wrap(target, position);
    view.offset = message.offset;
    view.state = message.state;
    view.timestamp = message.timestamp;
    view.messageId = message.messageId;
    view.checksum = message.checksum;
    view.userHeadersLength = message.userHeaders.byteLength;
    if (message.userHeaders.byteLength > 0) bytes.set(message.userHeaders, view.userHeadersPosition);
    // The length stands behind the headers, where a view has no setter.
    target.setUint32(view.payloadPosition - 4, message.payload.byteLength, true);
    bytes.set(message.payload, view.payloadPosition);
    position += view.size;
  }
  return bytes;
}

function sentFromKaitai({ messageId, userHeaders, payload }: KaitaiMessage): Message {
  return { messageId: littleEndian128(messageId), userHeaders, payload };
}

function polledFromKaitai(message: KaitaiPolledMessage): PolledMessage {
  const { offset, state, timestamp, messageId, checksum, userHeaders, payload } = message;
  assert.ok(isMessageState(state));
  return { offset, state, timestamp, messageId: littleEndian128(messageId), checksum, userHeaders, payload };
}

function sentInPlace(bytes: DataView, from: number): Message[] {
  const view = new MessageView();
  const messages: Message[] = [];
  for (let position = from; position < bytes.byteLength; position += view.size) {
    const { messageId, userHeaders, payload } = view.wrap(bytes, position);
    messages.push({ messageId, userHeaders, payload });
  }
  return messages;
}

function polledInPlace(bytes: DataView, from: number, count: number): PolledMessage[] {
  const view = new PolledMessageView();
  const messages: PolledMessage[] = [];
  for (let position = from; messages.length < count; position += view.size) {
    const { offset, state, timestamp, messageId, checksum, userHeaders, payload } = view.wrap(bytes, position);
    assert.ok(isMessageState(state));
    messages.push({ offset, state, timestamp, messageId, checksum, userHeaders, payload });
  }
  return messages;
}

function sampleMessage(index: number): Message {
  const userHeaders = index % 4 === 0 ? sampleUserHeaders(index) : noBytes;
  return { messageId: sampleId(index), userHeaders, payload: samplePayload(index) };
}

function samplePolledMessage(index: number): PolledMessage {
  return {
    offset: baseOffset + index,
    state: MessageState.available,
    timestamp,
    checksum: (index * 0x9e37_79b1) % 0x1_0000_0000,
    ...sampleMessage(index),
  };
}

function sampleUserHeaders(index: number): Uint8Array {
  const value = new TextEncoder().encode(`order-${index}`);
  const headers = { entries: [{ key: 'origin', kind: HeaderKind.string, value }] };
  const writer = new Writer(sizeOfUserHeaders(headers));
  encodeUserHeaders(writer, headers);
  return writer.bytes;
}
