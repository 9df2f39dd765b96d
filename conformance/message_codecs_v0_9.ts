// The types of generation 0.9 that carry messages: as the server writes and reads them, with all checksums, and shown without what it computes.
import * as fc from 'fast-check';
import { encoded } from '../generated/arbitraries.ts';
import type * as neutral from '../generated/commands/messages.ts';
import { encodeStoredMessage, sizeOfStoredMessage } from '../generated/storage/stored_message.ts';
import { userHeaders } from '../generated/v0_8/messages/arbitraries.ts';
import * as headers from '../generated/v0_8/messages/user_headers.ts';
import * as draw from '../generated/v0_9/messages/arbitraries.ts';
import { decodeBatchRecord } from '../generated/v0_9/messages/batch_record.ts';
import { decodeMessage, encodeMessage, sizeOfMessage } from '../generated/v0_9/messages/message.ts';
import * as poll from '../generated/v0_9/messages/poll_messages.ts';
import * as pollOnPrimary from '../generated/v0_9/messages/poll_messages_on_primary.ts';
import { decodePolledBatch } from '../generated/v0_9/messages/polled_batch.ts';
import * as send from '../generated/v0_9/messages/send_messages.ts';
import { Reader } from '../src/bytes/reader.ts';
import { Writer } from '../src/bytes/writer.ts';
import { forEachMessage, type StoredMessages } from '../src/log/batch.ts';
import { batchesV09 } from '../src/protocol/batches_v0_9.ts';
import { type Codec, codec } from './codec.ts';
import { headersOrOpaque, withUniqueKeys } from './header_blocks.ts';

interface SentMessage {
  readonly messageId: bigint;
  readonly originTimestamp: bigint;
  readonly payload: Uint8Array;
  readonly userHeaders: Uint8Array;
}

interface PolledMessage extends SentMessage {
  readonly offset: number;
  readonly timestamp: number;
}

type Send = Omit<neutral.SendMessages<Uint8Array>, 'messages'> & { readonly messages: readonly SentMessage[] };
type Polled = Omit<neutral.PollMessagesResponse<Uint8Array>, 'messages'> & {
  readonly messages: readonly PolledMessage[];
};

/** What a poll answers, its messages still bytes. */
type PolledRegion = neutral.PollMessagesResponse<Uint8Array>;

export function messagesV09(): Codec[] {
  const { sizeOfUserHeaders, encodeUserHeaders, decodeUserHeaders } = headers;
  const entries = userHeaders().map(withUniqueKeys);
  const blocks = headersOrOpaque(encoded(entries, sizeOfUserHeaders, encodeUserHeaders));
  return [
    codec('user_headers', entries, sizeOfUserHeaders, encodeUserHeaders, decodeUserHeaders),
    codec('message', draw.message(), sizeOfMessage, encodeMessage, decodeMessage),
    sendCodec(blocks),
    polledCodec(
      'poll_messages_response',
      blocks,
      poll.sizeOfPollMessagesResponse,
      poll.encodePollMessagesResponse,
      poll.decodePollMessagesResponse,
    ),
    polledCodec(
      'poll_messages_on_primary_response',
      blocks,
      pollOnPrimary.sizeOfPollMessagesOnPrimaryResponse,
      pollOnPrimary.encodePollMessagesOnPrimaryResponse,
      pollOnPrimary.decodePollMessagesOnPrimaryResponse,
    ),
  ];
}

/** The batch of a send, field by field. */
function decodeSentBatch(reader: Reader): unknown {
  const messagesCount = reader.u32();
  return { messagesCount, record: decodeBatchRecord(reader) };
}

/** A batch that was only sent is one in partition 0 at offset 0 and time 0: the server writes it as it writes polled ones. */
function sendCodec(blocks: fc.Arbitrary<Uint8Array>): Codec {
  const values = fc
    .tuple(draw.sendMessages(), sentMessages(blocks))
    .map(([whole, messages]): Send => ({ ...whole, messages }));
  const written = (value: Send) => ({
    ...value,
    messages: regionOf(
      value.messages.map((message, offset) => ({ ...message, offset, timestamp: 0 })),
      0,
    ),
  });
  const whole = codec<Send>(
    'send_messages',
    values,
    (value) => send.sizeOfSendMessages(written(value)),
    (writer, value) => send.encodeSendMessages(writer, written(value)),
    (reader) => {
      const { messages, ...rest } = send.decodeSendMessages(reader);
      const { count, bytes } = batchesV09.read(messages);
      return { ...rest, messages: sentOf({ count, slices: [bytes] }) };
    },
  );
  return { ...whole, decodeRegion: decodeSentBatch };
}

function polledCodec(
  name: string,
  blocks: fc.Arbitrary<Uint8Array>,
  sizeOf: (value: PolledRegion) => number,
  encode: (writer: Writer, value: PolledRegion) => void,
  decode: (reader: Reader) => PolledRegion,
): Codec {
  const values = fc
    .tuple(draw.pollMessagesResponse(), polledMessages(blocks))
    .map(([whole, messages]): Polled => ({ ...whole, messages }));
  const written = (value: Polled) => ({ ...value, messages: regionOf(value.messages, value.partitionId) });
  const whole = codec<Polled>(
    name,
    values,
    (value) => sizeOf(written(value)),
    (writer, value) => encode(writer, written(value)),
    (reader) => {
      const { messages, ...rest } = decode(reader);
      return { ...rest, messages: polledOf(messages) };
    },
  );
  return { ...whole, decodeRegion: decodePolledBatch };
}

/** Messages of one batch: clocks of their clients differ by no more than a batch can say. */
function sentMessages(blocks: fc.Arbitrary<Uint8Array>): fc.Arbitrary<SentMessage[]> {
  const earliest = fc.bigInt({ min: 0n, max: 2n ** 64n - 2n ** 32n });
  const message = fc.record(
    {
      messageId: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      originTimestamp: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
      payload: fc.uint8Array({ maxLength: 300 }),
      userHeaders: blocks,
    },
    { noNullPrototype: true },
  );
  return fc
    .tuple(earliest, fc.array(message, { minLength: 1, maxLength: 5 }))
    .map(([from, messages]) =>
      messages.map((one) => ({ ...one, originTimestamp: from + one.originTimestamp }) satisfies SentMessage),
    );
}

/** Messages with consecutive offsets, appended in several batches, some of them at the same time. */
function polledMessages(blocks: fc.Arbitrary<Uint8Array>): fc.Arbitrary<PolledMessage[]> {
  const time = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.maxSafeNat());
  const appends = fc.array(fc.tuple(time, sentMessages(blocks)), { maxLength: 3 });
  return fc
    .tuple(fc.integer({ min: 0, max: 2 ** 52 }), appends)
    .map(([baseOffset, batches]) =>
      batches
        .flatMap(([timestamp, messages]) => messages.map((message) => ({ ...message, timestamp })))
        .map((message, index) => ({ ...message, offset: baseOffset + index })),
    );
}

/** The region as the server writes what the log gave it. */
function regionOf(messages: readonly PolledMessage[], partitionId: number): Uint8Array {
  const stored = messages.map((message) => ({ ...message, checksum: 0n, reserved: 0n }));
  const writer = new Writer(stored.reduce((size, message) => size + sizeOfStoredMessage(message), 0));
  for (const message of stored) encodeStoredMessage(writer, message);
  return Buffer.concat(batchesV09.write({ count: stored.length, slices: [writer.bytes] }, partitionId));
}

function sentOf(stored: StoredMessages): SentMessage[] {
  const messages: SentMessage[] = [];
  forEachMessage(stored, ({ messageId, originTimestamp, payload, userHeaders: block }) => {
    messages.push({ messageId, originTimestamp, payload, userHeaders: block });
  });
  return messages;
}

/** The messages of all records. @throws when there are not as many as the answer says. */
function polledOf(region: Uint8Array): PolledMessage[] {
  const { messagesCount, records } = decodePolledBatch(new Reader(region));
  const messages = records.flatMap(({ baseOffset, baseTimestamp, originTimestamp, messages: own }) =>
    own.map(({ messageId, offsetDelta, timestampDelta, payload, userHeaders: block }) => ({
      ...{ messageId, offset: baseOffset + offsetDelta, timestamp: baseTimestamp },
      ...{ originTimestamp: originTimestamp + BigInt(timestampDelta), payload, userHeaders: block },
    })),
  );
  if (messages.length !== messagesCount) throw new Error(`${messages.length} messages, not ${messagesCount}`);
  return messages;
}
