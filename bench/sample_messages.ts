// The messages that benches send and poll: 1,000 payloads of 1 KB, user headers on every fourth, the same in every run.
import type { PollMessagesResponse, SendMessages } from '../generated/commands/messages.ts';
import { HeaderKind } from '../generated/common/header_kind.ts';
import { IdentifierKind } from '../generated/common/identifier.ts';
import { PartitioningKind } from '../generated/common/partitioning.ts';
import type { PlainMessage } from '../test/protocol/sent_batches.ts';

export const messageCount = 1_000;
export const payloadSize = 1_024;
/** Of the first message polled. */
export const baseOffset = 1_000_000;
/** Microseconds since 1970. */
export const timestamp = 1_760_000_000_000_000;

export const noBytes = new Uint8Array(0);

/** A request around the messages, which the caller writes behind it. */
export const sendEnvelope: SendMessages<Uint8Array> = {
  streamId: { kind: IdentifierKind.numeric, id: 1 },
  topicId: { kind: IdentifierKind.name, name: 'sample' },
  partitioning: { kind: PartitioningKind.partition_id, partitionId: 1 },
  messages: noBytes,
};

/** An answer around the messages, which the caller writes behind it. */
export const pollEnvelope: PollMessagesResponse<Uint8Array> = {
  partitionId: 1,
  currentOffset: baseOffset + messageCount - 1,
  messages: noBytes,
};

/** Makes one message for each index. */
export function sampleMessages<Message>(make: (index: number) => Message): Message[] {
  return Array.from({ length: messageCount }, (_, index) => make(index));
}

/** The payload of message `index`: text-like bytes that differ between messages. */
export function samplePayload(index: number): Uint8Array {
  const payload = new Uint8Array(payloadSize);
  for (let at = 0; at < payloadSize; at++) payload[at] = 32 + ((index * 31 + at * 7) % 95);
  return payload;
}

/** An id that uses all 128 bits. */
export function sampleId(index: number): bigint {
  return (0x0198_c0de_0000_7000n << 64n) | 0x8000_0000_0000_0000n | BigInt(index);
}

/** The messages as they mean the same in every generation, with one small header on each or none. */
export function plainMessages(hasHeader: boolean): PlainMessage[] {
  const header = { key: 'content', kind: HeaderKind.string, value: Buffer.from('text/plain') };
  return sampleMessages((index) => ({
    messageId: sampleId(index),
    payload: samplePayload(index),
    headers: hasHeader ? [header] : [],
  }));
}
