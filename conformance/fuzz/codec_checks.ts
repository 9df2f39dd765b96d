// What must hold for any bytes that a decoder is given: a value or a named error, memory and time in proportion, and a value that is written
// reads back. Sends that are accepted must come out of a poll of every generation.
import { isDeepStrictEqual } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import type { PollMessagesResponse, SendMessages } from '../../generated/commands.ts';
import { IggyError } from '../../generated/errors.ts';
import { decodePolledBatch } from '../../generated/v0_9/messages/polled_batch.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { forEachMessage, type MessageBatch, type StoredMessages, stampBatch } from '../../src/log/batch.ts';
import { evidenceOf } from '../../src/protocol/evidence.ts';
import { generationNames, protocols } from '../../src/protocol/index.ts';
import type { Protocol } from '../../src/protocol/protocol.ts';
import { decodePolled } from '../differential/messages.ts';
import { formOf, frameFor, headSizes } from './frames.ts';
import { replySizeOf, takeReply } from './replies.ts';
import { sealRecord } from './sealing.ts';
import { type Subject, written } from './subjects.ts';

/** Something that must not happen. */
export class CodecViolation extends Error {
  override readonly name = 'CodecViolation';
}

/** Memory that a decoder may take: objects of a few fields stand for a few bytes, and errors have a stack. */
const heapPerByte = 64;
const heapFree = 16_384;
/** A decoder of some hundred bytes takes microseconds; what the machine does meanwhile is told apart by trying again. */
const timeMaxMs = 20;
const tries = 4;

/** How an input ended. */
export type CodecOutcome = 'refused' | 'read' | 'accepted';

/** Checks one input. @throws CodecViolation */
export function checkInput(subject: Subject, bytes: Uint8Array): CodecOutcome {
  const { codec, idBase, request } = subject;
  let reader!: Reader;
  const value = measured(bytes.byteLength, () => {
    reader = new Reader(bytes, idBase);
    return codec.decode(reader);
  });
  if (value !== refused) checkRoundTrip(subject, value, bytes.subarray(0, reader.at));
  if (request === undefined) return value === refused ? 'refused' : 'read';
  const { protocol, command, code } = request;
  const evidence = evidenceOf(code, bytes);
  if (evidence?.possible.length === 0) throw new CodecViolation('a frame that no generation could have sent');
  const frame = { code, payload: bytes, head: headFor(protocol, code, bytes) };
  const read = measured(bytes.byteLength, () => protocol.readRequest(command, frame));
  if (read === refused) return value === refused ? 'refused' : 'read';
  if (value === refused) throw new CodecViolation('the protocol reads what the decoder refuses');
  if (command.command === 'send_messages') checkCarried((read as SendMessages<MessageBatch>).messages);
  return 'accepted';
}

const noBytes = new Uint8Array(0);
/** What a decoder gives that threw an error with a name. */
export const refused = Symbol('refused');

/** The part of a frame's head that protocols get to see. */
function headFor({ name }: Protocol, code: number, payload: Uint8Array): Uint8Array {
  return formOf(name) === 'classic' ? noBytes : frameFor(name, code, payload).subarray(0, headSizes.replicated);
}

/** Runs a decoder and looks at what it threw, allocated and took. @throws CodecViolation */
export function measured(size: number, decode: () => unknown): unknown {
  let allocated = 0;
  let tookMs = 0;
  for (let attempt = 0; attempt < tries; attempt++) {
    const heapBefore = heapUsed();
    // Asking for the processor's time is slow itself, so at first the clock has to do, which other processes make late.
    const processorBefore = attempt === 0 ? undefined : process.threadCpuUsage();
    const before = performance.now();
    const value = attempted(decode);
    tookMs = processorBefore === undefined ? performance.now() - before : processorMsSince(processorBefore);
    allocated = heapUsed() - heapBefore;
    // Collections make memory smaller, compilers make it larger and slower: only what happens every time counts.
    if (allocated <= heapFree + heapPerByte * size && tookMs <= timeMaxMs) return value;
  }
  throw new CodecViolation(`${size} bytes took ${allocated} bytes of memory and ${tookMs.toFixed(1)} ms`);
}

function processorMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function attempted(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError || error instanceof IggyError) return refused;
    throw new CodecViolation(`the decoder threw ${error}`, { cause: error });
  }
}

function heapUsed(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** What is written again is what was read, byte for byte: nothing is passed over, nothing is added. */
function checkRoundTrip({ codec, idBase }: Subject, value: unknown, read: Uint8Array): void {
  let again: unknown;
  let bytes: Uint8Array;
  try {
    bytes = written(codec, value, idBase);
    again = codec.decode(new Reader(bytes, idBase));
  } catch (error) {
    throw new CodecViolation(`a value that was read cannot be written and read again: ${error}`, { cause: error });
  }
  // A flag is true when it is 1 and false whatever else it may be; behind a flag that says so, a number means nothing. Both are written as 0.
  // A float that is no number is written as the quiet one of its kind, which sets one bit.
  const isSame =
    bytes.byteLength === read.byteLength &&
    bytes.every((byte, at) => byte === read[at] || byte === 0 || byte === (read[at]! | 0x40));
  if (!isSame) throw new CodecViolation(`read and written again they are ${Buffer.from(bytes).toString('hex')}`);
  if (!isDeepStrictEqual(again, value)) throw new CodecViolation('a value that was read is another one when written');
}

const pollCode = 100;
const baseOffset = 1_000;
const timestamp = 1_234_567;

/** An accepted batch, stamped as the log does it, comes out of every generation's poll: as many messages, with their payloads. */
function checkCarried(batch: MessageBatch): void {
  try {
    stampBatch(batch, baseOffset, timestamp, systemRandom());
    const stored: StoredMessages = { count: batch.count, slices: [batch.bytes] };
    const payloads: Uint8Array[] = [];
    forEachMessage(stored, ({ payload }) => void payloads.push(payload));
    for (const name of generationNames) checkPolled(protocols.byName[name], stored, payloads);
  } catch (error) {
    if (error instanceof CodecViolation) throw error;
    throw new CodecViolation(`an accepted batch cannot be polled: ${error}`, { cause: error });
  }
}

function checkPolled(protocol: Protocol, stored: StoredMessages, payloads: readonly Uint8Array[]): void {
  const { name, idBase } = protocol;
  const command = protocol.commands.get(pollCode)!;
  const reply = Buffer.concat(
    protocol.writeReply(
      command,
      { partitionId: 0, currentOffset: baseOffset, messages: stored },
      { code: pollCode, payload: noBytes, head: headFor(protocol, pollCode, noBytes) },
    ),
  );
  const form = formOf(name);
  if (replySizeOf(reply, form) !== reply.byteLength)
    throw new CodecViolation(`${name}: the length of a poll's reply is wrong`);
  const answer = command.decodeResponse(new Reader(takeReply(reply, form).payload, idBase));
  const { messages: region } = answer as PollMessagesResponse<Uint8Array>;
  const polled = name === 'v0_9' ? polledRecords(region) : polledMessages(region, protocol);
  const isSame =
    polled.length === payloads.length &&
    polled.every(
      ({ offset, payload }, index) =>
        offset === baseOffset + index && Buffer.from(payloads[index]!).equals(Buffer.from(payload)),
    );
  if (!isSame) throw new CodecViolation(`${name}: an accepted batch is polled as other messages`);
}

interface PolledMessage {
  readonly offset: number;
  readonly payload: Uint8Array;
}

function polledMessages(region: Uint8Array, { name }: Protocol): readonly PolledMessage[] {
  const { messages, rest } = decodePolled(region, name);
  if (rest > 0) throw new CodecViolation(`${name}: ${rest} bytes are behind the messages of a poll`);
  return messages as readonly PolledMessage[];
}

const countSize = 4;

/** Messages of a poll of 0.9, whose checksums must be those that any client would make. */
function polledRecords(region: Uint8Array): readonly PolledMessage[] {
  const { messagesCount, records } = decodePolledBatch(new Reader(region));
  const messages: PolledMessage[] = [];
  let at = countSize;
  for (const { batchLength, baseOffset: base, messages: own } of records) {
    const record = region.slice(at, at + batchLength);
    if (sealRecord(record, true) !== own.length || !Buffer.from(region.subarray(at, at + batchLength)).equals(record))
      throw new CodecViolation('v0_9: a polled batch has another length, number or checksum');
    messages.push(...own.map(({ offsetDelta, payload }) => ({ offset: base + offsetDelta, payload })));
    at += batchLength;
  }
  if (messagesCount !== messages.length || at !== region.byteLength)
    throw new CodecViolation('v0_9: the number of polled messages is wrong');
  return messages;
}
