// What `pnpm bench codec` compares in generation 0.8: 64-byte headers before the payload, one layout for sent and polled messages.
import assert from 'node:assert/strict';
import { HeaderKind } from '../generated/common/header_kind.ts';
import { type Message, MessageView, sizeOfMessage } from '../generated/v0_8/messages/message.ts';
import {
  decodeMessageBatch,
  encodeMessageBatch,
  MessageBatchView,
  type MessageIndex,
  sizeOfMessageBatch,
} from '../generated/v0_8/messages/message_batch.ts';
import {
  decodePollMessagesResponse,
  encodePollMessagesResponse,
  sizeOfPollMessagesResponse,
} from '../generated/v0_8/messages/poll_messages.ts';
import {
  decodePolledBatch,
  encodePolledBatch,
  PolledBatchView,
  sizeOfPolledBatch,
} from '../generated/v0_8/messages/polled_batch.ts';
import {
  decodeSendMessages,
  encodeSendMessages,
  sizeOfSendMessages,
} from '../generated/v0_8/messages/send_messages.ts';
import { encodeUserHeaders, sizeOfUserHeaders } from '../generated/v0_8/messages/user_headers.ts';
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
  readonly checksum: number;
  readonly messageId: Uint8Array;
  readonly offset: number;
  readonly timestamp: number;
  readonly originTimestamp: number;
  readonly lenUserHeaders: number;
  readonly lenPayload: number;
  readonly reserved: number;
  readonly payload: Uint8Array;
  readonly userHeaders: Uint8Array;
}

/** Batches, sent or polled. */
interface KaitaiBatch {
  readonly messages: readonly KaitaiMessage[];
}

/** Both the request and the answer hold their messages like this. */
interface KaitaiEnvelope {
  readonly messages: KaitaiBatch;
}

/** The comparisons of this generation. Throws when the readers do not agree on every field of every message. */
export async function comparisonsV08(): Promise<Comparison[]> {
  const sent = sampleMessages((index) => sampleMessage(index, false));
  const polled = sampleMessages((index) => sampleMessage(index, true));
  const indexes = indexesOf(sent);
  const request = encodeRequest(sent, indexes);
  const response = encodeResponse(polled);
  const readRequest = await kaitaiReader<KaitaiEnvelope>('v0_8/messages/send_messages', ['SendMessages']);
  const readResponse = await kaitaiReader<KaitaiEnvelope>('v0_8/messages/poll_messages', ['PollMessages', 'Response']);
  verify(sent, readRequest(request.buffer), decodeRequest(request), messagesInPlace(...locateRequest(request)));
  verify(polled, readResponse(response.buffer), decodeResponse(response), messagesInPlace(...locateResponse(response)));
  assert.deepEqual(encodeResponseInPlace(polled), response);
  return [
    ...(await batchComparisons(request, response)),
    readComparison('v0_8 send_messages', {
      kaitai: () => walkKaitai(readRequest(request.buffer).messages.messages),
      objects: () => walkObjects(decodeRequest(request)),
      view: () => walkViews(...locateRequest(request)),
      everyField: () => walkAllFields(...locateRequest(request)),
      everyFieldExpected: sumOfAllFields(decodeRequest(request)),
    }),
    readComparison('v0_8 poll_messages response', {
      kaitai: () => walkKaitai(readResponse(response.buffer).messages.messages),
      objects: () => walkObjects(decodeResponse(response)),
      view: () => walkViews(...locateResponse(response)),
      everyField: () => walkAllFields(...locateResponse(response)),
      everyFieldExpected: sumOfAllFields(decodeResponse(response)),
    }),
    writeComparison('v0_8 send_messages', request, { 'object encoder': () => encodeRequest(sent, indexes) }),
    writeComparison('v0_8 poll_messages response', response, {
      'object encoder': () => encodeResponse(polled),
      view: () => encodeResponseInPlace(polled),
    }),
  ];
}

async function batchComparisons(request: Uint8Array, response: Uint8Array): Promise<Comparison[]> {
  const sent = detached(decodeSendMessages(new Reader(request)).messages);
  const polled = detached(decodePollMessagesResponse(new Reader(response)).messages);
  const readSent = await kaitaiReader<KaitaiBatch>('v0_8/messages/message_batch', ['MessageBatch']);
  const readPolled = await kaitaiReader<KaitaiBatch>('v0_8/messages/polled_batch', ['PolledBatch']);
  return [
    walkComparison('v0_8 message_batch', {
      kaitai: () => walkKaitai(readSent(sent.buffer).messages),
      objects: () => walkObjects(decodeMessageBatch(new Reader(sent)).messages),
      view: () => walkViews(...locateSent(sent)),
      sharedView: () => walkSharedView(...locateSent(sent)),
    }),
    walkComparison('v0_8 polled_batch', {
      kaitai: () => walkKaitai(readPolled(polled.buffer).messages),
      objects: () => walkObjects(decodePolledBatch(new Reader(polled)).messages),
      view: () => walkViews(...locatePolled(polled)),
      sharedView: () => walkSharedView(...locatePolled(polled)),
    }),
  ];
}

function walkKaitai(messages: readonly KaitaiMessage[]): number {
  let offsets = 0;
  let rest = 0;
  for (const { offset, lenPayload, lenUserHeaders, payload } of messages) {
    offsets += offset;
    rest = (rest + lenPayload + lenUserHeaders + (64 + lenPayload + lenUserHeaders) + payload.byteOffset) | 0;
  }
  return offsets + rest;
}

function walkObjects(messages: readonly Message[]): number {
  let offsets = 0;
  let rest = 0;
  for (const message of messages) {
    const { offset, payload, userHeaders } = message;
    offsets += offset;
    rest = (rest + payload.byteLength + userHeaders.byteLength + sizeOfMessage(message) + payload.byteOffset) | 0;
  }
  return offsets + rest;
}

function walkViews(bytes: DataView, from: number, count: number): number {
  // Made here and never handed out, the view need not exist in memory: V8 keeps its two fields in registers.
  const view = new MessageView();
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

const shared = new MessageView();

function walkSharedView(bytes: DataView, from: number, count: number): number {
  const end = bytes.byteLength;
  let offsets = 0;
  let rest = count * bytes.byteOffset;
  let position = from;
  for (let index = 0; index < count; index++) {
    if (!shared.wrap(bytes, position).fits(end)) throw pastEnd(index);
    const size = shared.size;
    offsets += shared.offset;
    rest = (rest + shared.payloadLength + shared.userHeadersLength + size + shared.payloadPosition) | 0;
    position += size;
  }
  return offsets + rest;
}

function sumOfAllFields(messages: readonly Message[]): number {
  let sum = 0;
  for (const message of messages) {
    sum +=
      lowBits(message.checksum) +
      lowBits(message.messageId) +
      lowBits(message.originTimestamp) +
      lowBits(message.reserved);
    sum += message.offset + message.timestamp + message.payload.byteOffset + message.userHeaders.byteLength;
  }
  return sum;
}

function walkAllFields(bytes: DataView, from: number, count: number): number {
  const view = new MessageView();
  const end = bytes.byteLength;
  let sum = 0;
  let position = from;
  for (let index = 0; index < count; index++) {
    if (!view.wrap(bytes, position).fits(end)) throw pastEnd(index);
    sum += lowBits(view.checksum) + lowBits(view.messageId) + lowBits(view.originTimestamp) + lowBits(view.reserved);
    sum += view.offset + view.timestamp + view.payload.byteOffset + view.userHeaders.byteLength;
    position += view.size;
  }
  return sum;
}

function decodeRequest(bytes: Uint8Array): Message[] {
  return decodeMessageBatch(new Reader(decodeSendMessages(new Reader(bytes)).messages)).messages;
}

function decodeResponse(bytes: Uint8Array): Message[] {
  return decodePolledBatch(new Reader(decodePollMessagesResponse(new Reader(bytes)).messages)).messages;
}

function locateRequest(bytes: Uint8Array): Located {
  return locateSent(decodeSendMessages(new Reader(bytes)).messages);
}

function locateResponse(bytes: Uint8Array): Located {
  return locatePolled(decodePollMessagesResponse(new Reader(bytes)).messages);
}

function locateSent(batch: Uint8Array): Located {
  const bytes = viewOf(batch);
  const view = new MessageBatchView().wrap(bytes, 0);
  if (!view.fits(bytes.byteLength)) throw new RangeError('the index reaches past the payload');
  return [bytes, view.messagesPosition, view.indexesCount];
}

function locatePolled(batch: Uint8Array): Located {
  const bytes = viewOf(batch);
  const view = new PolledBatchView().wrap(bytes, 0);
  if (!view.fits(bytes.byteLength)) throw new RangeError('there is no count of messages');
  return [bytes, view.messagesPosition, view.messagesCount];
}

function encodeRequest(messages: readonly Message[], indexes: readonly MessageIndex[]): Uint8Array<ArrayBuffer> {
  const batch = { indexes: indexes as MessageIndex[], messages: messages as Message[] };
  const writer = new Writer(sizeOfSendMessages(sendEnvelope) + sizeOfMessageBatch(batch));
  encodeSendMessages(writer, sendEnvelope);
  encodeMessageBatch(writer, batch);
  return writer.bytes as Uint8Array<ArrayBuffer>;
}

function encodeResponse(messages: readonly Message[]): Uint8Array<ArrayBuffer> {
  const batch = { messages: messages as Message[] };
  const writer = new Writer(sizeOfPollMessagesResponse(pollEnvelope) + sizeOfPolledBatch(batch));
  encodePollMessagesResponse(writer, pollEnvelope);
  encodePolledBatch(writer, batch);
  return writer.bytes as Uint8Array<ArrayBuffer>;
}

function encodeResponseInPlace(messages: readonly Message[]): Uint8Array {
  let size = sizeOfPollMessagesResponse(pollEnvelope) + PolledBatchView.headerSize;
  for (const message of messages) size += sizeOfMessage(message);
  const writer = new Writer(size);
  encodePollMessagesResponse(writer, pollEnvelope);
  const { bytes } = writer;
  const target = viewOf(bytes);
  const polledView = new PolledBatchView();
  const view = new MessageView();
  polledView.wrap(target, writer.at).messagesCount = messages.length;
  let position = polledView.messagesPosition;
  for (const message of messages) {
    view.wrap(target, position);
    view.checksum = message.checksum;
    view.messageId = message.messageId;
    view.offset = message.offset;
    view.timestamp = message.timestamp;
    view.originTimestamp = message.originTimestamp;
    view.userHeadersLength = message.userHeaders.byteLength;
    view.payloadLength = message.payload.byteLength;
    view.reserved = message.reserved;
    bytes.set(message.payload, view.payloadPosition);
    if (message.userHeaders.byteLength > 0) bytes.set(message.userHeaders, view.userHeadersPosition);
    position += view.size;
  }
  return bytes;
}

function verify(
  messages: readonly Message[],
  read: KaitaiEnvelope,
  decoded: readonly Message[],
  inPlace: readonly Message[],
): void {
  assert.deepEqual(decoded, messages);
  assert.deepEqual(inPlace, messages);
  assert.deepEqual(read.messages.messages.map(fromKaitai), messages);
  assert.equal(walkKaitai(read.messages.messages), walkObjects(decoded));
}

function fromKaitai(message: KaitaiMessage): Message {
  return {
    checksum: BigInt(message.checksum),
    messageId: littleEndian128(message.messageId),
    offset: message.offset,
    timestamp: message.timestamp,
    originTimestamp: BigInt(message.originTimestamp),
    reserved: BigInt(message.reserved),
    payload: message.payload,
    userHeaders: message.userHeaders,
  };
}

function messagesInPlace(bytes: DataView, from: number, count: number): Message[] {
  const view = new MessageView();
  const messages: Message[] = [];
  for (let position = from; messages.length < count; position += view.size) {
    const { checksum, messageId, offset, timestamp, originTimestamp, reserved, payload, userHeaders } = view.wrap(
      bytes,
      position,
    );
    messages.push({ checksum, messageId, offset, timestamp, originTimestamp, reserved, payload, userHeaders });
  }
  return messages;
}

/** 64-bit values stay below 2^53: above it Kaitai's reader has no exact number to compare. */
function sampleMessage(index: number, isPolled: boolean): Message {
  return {
    checksum: isPolled ? BigInt(index) * 0x1_2345_6789n : 0n,
    messageId: sampleId(index),
    offset: isPolled ? baseOffset + index : 0,
    timestamp: isPolled ? timestamp : 0,
    originTimestamp: BigInt(timestamp + index),
    reserved: 0n,
    payload: samplePayload(index),
    userHeaders: index % 4 === 0 ? sampleUserHeaders(index) : noBytes,
  };
}

function sampleUserHeaders(index: number): Uint8Array {
  const value = new TextEncoder().encode(`order-${index}`);
  const headers = {
    entries: [
      { keyKind: HeaderKind.string, key: new TextEncoder().encode('origin'), valueKind: HeaderKind.string, value },
    ],
  };
  const writer = new Writer(sizeOfUserHeaders(headers));
  encodeUserHeaders(writer, headers);
  return writer.bytes;
}

function indexesOf(messages: readonly Message[]): MessageIndex[] {
  let endPosition = 0;
  return messages.map((message) => {
    endPosition += sizeOfMessage(message);
    return { offset: 0, endPosition, timestamp: 0n };
  });
}
