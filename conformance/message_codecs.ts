// The types that carry messages, with real messages in them: ids, headers of all kinds, payloads, and the index that clients put before.
import * as fc from 'fast-check';
import { encoded } from '../generated/arbitraries.ts';
import type * as neutral from '../generated/commands/messages.ts';
import * as drawV04 from '../generated/v0_4/messages/arbitraries.ts';
import * as messageV04 from '../generated/v0_4/messages/message.ts';
import * as batchV04 from '../generated/v0_4/messages/message_batch.ts';
import * as pollV04 from '../generated/v0_4/messages/poll_messages.ts';
import * as polledBatchV04 from '../generated/v0_4/messages/polled_batch.ts';
import * as polledV04 from '../generated/v0_4/messages/polled_message.ts';
import * as sendV04 from '../generated/v0_4/messages/send_messages.ts';
import * as headersV04 from '../generated/v0_4/messages/user_headers.ts';
import * as drawV05 from '../generated/v0_5/messages/arbitraries.ts';
import * as messageV05 from '../generated/v0_5/messages/message.ts';
import * as batchV05 from '../generated/v0_5/messages/message_batch.ts';
import * as pollV05 from '../generated/v0_5/messages/poll_messages.ts';
import * as polledBatchV05 from '../generated/v0_5/messages/polled_batch.ts';
import * as sendV05 from '../generated/v0_5/messages/send_messages.ts';
import * as drawV08 from '../generated/v0_8/messages/arbitraries.ts';
import * as messageV08 from '../generated/v0_8/messages/message.ts';
import * as batchV08 from '../generated/v0_8/messages/message_batch.ts';
import * as pollV08 from '../generated/v0_8/messages/poll_messages.ts';
import * as polledBatchV08 from '../generated/v0_8/messages/polled_batch.ts';
import * as sendV08 from '../generated/v0_8/messages/send_messages.ts';
import * as headersV08 from '../generated/v0_8/messages/user_headers.ts';
import { Reader } from '../src/bytes/reader.ts';
import { Writer } from '../src/bytes/writer.ts';
import type { GenerationName } from '../src/protocol/protocol.ts';
import { type Codec, codec } from './codec.ts';
import { headersOrOpaque, withUniqueKeys } from './header_blocks.ts';
import { messagesV09 } from './message_codecs_v0_9.ts';

interface WithHeaders {
  readonly payload: Uint8Array;
  readonly userHeaders: Uint8Array;
}

/** A send or a poll with its region decoded to messages. */
type WithMessages<Whole, Message> = Omit<Whole, 'messages'> & { readonly messages: readonly Message[] };

export function messageCodecs(generation: GenerationName): Codec[] {
  switch (generation) {
    case 'v0_4':
      return messagesV04();
    case 'v0_8':
      return messagesV08();
    case 'v0_9':
      return messagesV09();
    default:
      return messagesV05();
  }
}

function messagesV04(): Codec[] {
  const { sizeOfUserHeaders, encodeUserHeaders, decodeUserHeaders } = headersV04;
  const { sizeOfMessage, encodeMessage, decodeMessage } = messageV04;
  const { sizeOfPolledMessage, encodePolledMessage, decodePolledMessage } = polledV04;
  const headers = drawV04.userHeaders().map(withUniqueKeys);
  const block = encoded(headers, sizeOfUserHeaders, encodeUserHeaders);
  const message = withHeaders(drawV04.message(), block);
  const polled = withHeaders(drawV04.polledMessage(), block);
  return [
    codec('user_headers', headers, sizeOfUserHeaders, encodeUserHeaders, decodeUserHeaders),
    codec('message', message, sizeOfMessage, encodeMessage, decodeMessage),
    codec('polled_message', polled, sizeOfPolledMessage, encodePolledMessage, decodePolledMessage),
    withMessages({
      name: 'send_messages',
      values: several(drawV04.sendMessages(), message, 1),
      whole: [sendV04.sizeOfSendMessages, sendV04.encodeSendMessages, sendV04.decodeSendMessages],
      batch: [batchV04.sizeOfMessageBatch, batchV04.encodeMessageBatch, batchV04.decodeMessageBatch],
      batchOf: (messages) => ({ messages: [...messages] }),
    }),
    withMessages({
      name: 'poll_messages_response',
      values: several(drawV04.pollMessagesResponse(), polled, 0),
      whole: [
        pollV04.sizeOfPollMessagesResponse,
        pollV04.encodePollMessagesResponse,
        pollV04.decodePollMessagesResponse,
      ],
      batch: [polledBatchV04.sizeOfPolledBatch, polledBatchV04.encodePolledBatch, polledBatchV04.decodePolledBatch],
      batchOf: (messages) => ({ messages: [...messages] }),
    }),
  ];
}

function messagesV05(): Codec[] {
  const { sizeOfUserHeaders, encodeUserHeaders, decodeUserHeaders } = headersV04;
  const { sizeOfMessage, encodeMessage, decodeMessage } = messageV05;
  const headers = drawV04.userHeaders().map(withUniqueKeys);
  const message = withHeaders(
    drawV05.message(),
    headersOrOpaque(encoded(headers, sizeOfUserHeaders, encodeUserHeaders)),
  );
  return [
    codec('user_headers', headers, sizeOfUserHeaders, encodeUserHeaders, decodeUserHeaders),
    codec('message', message, sizeOfMessage, encodeMessage, decodeMessage),
    withMessages({
      name: 'send_messages',
      values: several(drawV05.sendMessages(), message, 1),
      whole: [sendV05.sizeOfSendMessages, sendV05.encodeSendMessages, sendV05.decodeSendMessages],
      batch: [batchV05.sizeOfMessageBatch, batchV05.encodeMessageBatch, batchV05.decodeMessageBatch],
      batchOf: (messages) => ({ indexes: indexesOf(messages, sizeOfMessage), messages: [...messages] }),
    }),
    withMessages({
      name: 'poll_messages_response',
      values: several(drawV05.pollMessagesResponse(), message, 0),
      whole: [
        pollV05.sizeOfPollMessagesResponse,
        pollV05.encodePollMessagesResponse,
        pollV05.decodePollMessagesResponse,
      ],
      batch: [polledBatchV05.sizeOfPolledBatch, polledBatchV05.encodePolledBatch, polledBatchV05.decodePolledBatch],
      batchOf: (messages) => ({ messages: [...messages] }),
    }),
  ];
}

function messagesV08(): Codec[] {
  const { sizeOfUserHeaders, encodeUserHeaders, decodeUserHeaders } = headersV08;
  const { sizeOfMessage, encodeMessage, decodeMessage } = messageV08;
  const headers = drawV08.userHeaders().map(withUniqueKeys);
  const message = withHeaders(
    drawV08.message(),
    headersOrOpaque(encoded(headers, sizeOfUserHeaders, encodeUserHeaders)),
  );
  return [
    codec('user_headers', headers, sizeOfUserHeaders, encodeUserHeaders, decodeUserHeaders),
    codec('message', message, sizeOfMessage, encodeMessage, decodeMessage),
    withMessages({
      name: 'send_messages',
      values: several(drawV08.sendMessages(), message, 1),
      whole: [sendV08.sizeOfSendMessages, sendV08.encodeSendMessages, sendV08.decodeSendMessages],
      batch: [batchV08.sizeOfMessageBatch, batchV08.encodeMessageBatch, batchV08.decodeMessageBatch],
      batchOf: (messages) => ({ indexes: indexesOf(messages, sizeOfMessage), messages: [...messages] }),
    }),
    withMessages({
      name: 'poll_messages_response',
      values: several(drawV08.pollMessagesResponse(), message, 0),
      whole: [
        pollV08.sizeOfPollMessagesResponse,
        pollV08.encodePollMessagesResponse,
        pollV08.decodePollMessagesResponse,
      ],
      batch: [polledBatchV08.sizeOfPolledBatch, polledBatchV08.encodePolledBatch, polledBatchV08.decodePolledBatch],
      batchOf: (messages) => ({ messages: [...messages] }),
    }),
  ];
}

type Functions<T> = readonly [
  sizeOf: (value: T) => number,
  encode: (writer: Writer, value: T) => void,
  decode: (reader: Reader) => T,
];

interface Parts<Whole, Batch, Message> {
  readonly name: string;
  readonly values: fc.Arbitrary<WithMessages<Whole, Message>>;
  readonly whole: Functions<Whole>;
  readonly batch: Functions<Batch>;
  /** The batch that a client or server makes of these messages. */
  batchOf(messages: readonly Message[]): Batch;
}

/** A codec that also goes through the region of messages, which the generated one leaves to the protocol. */
function withMessages<
  Message extends WithHeaders,
  Batch extends { messages: Message[] },
  Whole extends { messages: Uint8Array },
>(parts: Parts<Whole, Batch, Message>): Codec {
  const [sizeOfWhole, encodeWhole, decodeWhole] = parts.whole;
  const [sizeOfBatch, encodeBatch, decodeBatch] = parts.batch;
  const written = (value: WithMessages<Whole, Message>): Whole => {
    const batch = parts.batchOf(value.messages);
    const writer = new Writer(sizeOfBatch(batch));
    encodeBatch(writer, batch);
    return { ...value, messages: writer.bytes } as unknown as Whole;
  };
  const wholeCodec = codec<WithMessages<Whole, Message>>(
    parts.name,
    parts.values,
    (value) => sizeOfWhole(written(value)),
    (writer, value) => encodeWhole(writer, written(value)),
    (reader) => {
      const whole = decodeWhole(reader);
      const region = new Reader(whole.messages);
      const { messages } = decodeBatch(region);
      if (region.remaining > 0) throw new Error(`${region.remaining} bytes behind the messages`);
      return { ...whole, messages };
    },
  );
  return { ...wholeCodec, decodeRegion: decodeBatch };
}

/** Draws the rest of a whole, and its messages from `message`. */
function several<Whole extends neutral.SendMessages<Uint8Array> | neutral.PollMessagesResponse<Uint8Array>, Message>(
  whole: fc.Arbitrary<Whole>,
  message: fc.Arbitrary<Message>,
  minLength: number,
): fc.Arbitrary<WithMessages<Whole, Message>> {
  return fc
    .tuple(whole, fc.array(message, { minLength, maxLength: 5 }))
    .map(([value, messages]) => ({ ...value, messages }));
}

function withHeaders<Message extends WithHeaders>(
  messages: fc.Arbitrary<Message>,
  blocks: fc.Arbitrary<Uint8Array>,
): fc.Arbitrary<Message> {
  return fc.tuple(messages, blocks).map(([message, userHeaders]) => ({ ...message, userHeaders }));
}

/** The index of a send: where each message ends. The rest of an entry is the server's. */
function indexesOf<Message>(
  messages: readonly Message[],
  sizeOf: (message: Message) => number,
): batchV08.MessageIndex[] {
  let endPosition = 0;
  return messages.map((message) => {
    endPosition += sizeOf(message);
    return { offset: 0, endPosition, timestamp: 0n };
  });
}
