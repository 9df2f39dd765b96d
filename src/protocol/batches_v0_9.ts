// Messages of generation 0.9 ⇄ stored messages: a 256-byte header for each batch, 48-byte ones for its messages, XXH3-64 over everything.
import { IggyError } from '../../generated/errors.ts';
import { BatchRecordView } from '../../generated/v0_9/messages/batch_record.ts';
import { MessageView } from '../../generated/v0_9/messages/message.ts';
import { MessageBatchView } from '../../generated/v0_9/messages/message_batch.ts';
import { WireError } from '../bytes/wire_error.ts';
import { writeXxh3, xxh3 } from '../lib/checksum.ts';
import {
  forEachMessage,
  type MessageBatch,
  messageHeaderSize,
  type StoredMessages,
  StoredMessageView,
} from '../log/batch.ts';
import { checkSizes, payloadSizeMax } from './batches_v0_8.ts';
import { type BatchLayout, checkMessagesCount } from './classic.ts';
import { countPrefix, viewOf } from './regions.ts';

const sent = new MessageBatchView();
const record = new BatchRecordView();
const message = new MessageView();
const target = new StoredMessageView();
/** Fields before the checksum of a batch; it also covers the number of messages behind it. */
const checkedSize = BatchRecordView.batchChecksumAt;
const { reservedAt } = BatchRecordView;
const checksumSize = 8;
/** In words of 4 bytes, which are copied without making an array for each message. */
const checksumWords = 2;
const idWords = 4;
/** What the header of a stored message has more than one on the wire. */
const storedGrowth = messageHeaderSize - MessageView.headerSize;
/** What an origin timestamp may be above that of its batch. */
const deltaMax = 0xffff_ffff;

export const batchesV09: BatchLayout = {
  read: readBatch,
  write: (stored, partitionId) => [countPrefix(stored.count), writeRecords(stored, partitionId)],
};

/**
 * The batch of a send, everything about it checked: its numbers against each other, its reserved bytes, all checksums.
 * @throws WireError, IggyError `invalid_messages_count`, `invalid_message_checksum`, `invalid_batch_checksum`, and those of too large messages.
 */
function readBatch(region: Uint8Array): MessageBatch {
  if (region.byteLength < MessageBatchView.recordAt + BatchRecordView.headerSize)
    throw new WireError('truncated', 0, 'the batch is shorter than its header');
  const { messagesCount: count } = sent.wrap(viewOf(region), 0);
  const bytes = region.subarray(MessageBatchView.recordAt);
  record.wrap(viewOf(bytes), 0);
  checkMessagesCount(count);
  if (record.messagesCount !== count) throw new IggyError('invalid_format', 'the two numbers of messages differ');
  if (record.batchLength !== bytes.byteLength) throw new IggyError('invalid_format', 'the batch has another length');
  if (record.reserved.some((byte) => byte !== 0)) throw new IggyError('invalid_format', 'a reserved byte is not 0');
  const { batchChecksum, originTimestamp } = record;
  const { stored, checksums } = readMessages(bytes, count, originTimestamp);
  if (batchChecksumOf(bytes, checksums) !== batchChecksum) throw new IggyError('invalid_batch_checksum');
  return { count, bytes: stored };
}

interface ReadMessages {
  /** In stored layout; offset, timestamp and checksum are left for the log to stamp. */
  readonly stored: Uint8Array;
  /** Their checksums, one after the other. */
  readonly checksums: Uint8Array;
}

/** Converts while it checks: content and id stand alike in both layouts, so each message is looked at once and copied once. */
function readMessages(bytes: Uint8Array, count: number, originTimestamp: bigint): ReadMessages {
  const view = viewOf(bytes);
  const messagesSize = bytes.byteLength - BatchRecordView.headerSize;
  // A false count never costs more than the bytes that came with it.
  if (count * MessageView.headerSize > messagesSize) throw new WireError('truncated', 0, 'messages are missing');
  const stored = new Uint8Array(messagesSize + count * storedGrowth);
  const storedView = viewOf(stored);
  const checksums = new Uint8Array(count * checksumSize);
  const checksumsView = viewOf(checksums);
  let position = BatchRecordView.headerSize;
  let to = 0;
  for (let index = 0; index < count; index++) {
    message.wrap(view, position);
    if (!message.fits(bytes.byteLength))
      throw new WireError('truncated', position, `message ${index} reaches past the batch`);
    const { payloadLength, userHeadersLength, size } = message;
    checkSizes(payloadLength, userHeadersLength, payloadSizeMax);
    if (message.offsetDelta !== index || message.reserved !== 0n)
      throw new IggyError('invalid_format', `message ${index} has a wrong place or reserved bytes`);
    writeXxh3(checkedPartOf(bytes, position, size), checksums, index * checksumSize);
    if (!isEqualSum(view, position, checksumsView, index * checksumSize))
      throw new IggyError('invalid_message_checksum', `message ${index} has another checksum`);
    target.wrap(storedView, to);
    copyWords(view, position + MessageView.messageIdAt, storedView, to + StoredMessageView.messageIdAt, idWords);
    target.originTimestamp = originTimestamp + BigInt(message.timestampDelta);
    target.payloadLength = payloadLength;
    target.userHeadersLength = userHeadersLength;
    stored.set(bytes.subarray(position + MessageView.headerSize, position + size), to + messageHeaderSize);
    position += size;
    to += size + storedGrowth;
  }
  if (position !== bytes.byteLength) throw new IggyError('invalid_format', 'there are bytes behind the last message');
  return { stored, checksums };
}

/** Stored messages as records: a new one wherever the time of the append changes, or the clients' clocks are too far apart for one. */
function writeRecords(stored: StoredMessages, partitionId: number): Uint8Array {
  const runs = runsOf(stored);
  const storedSize = stored.slices.reduce((size, slice) => size + slice.byteLength, 0);
  const bytes = new Uint8Array(storedSize - stored.count * storedGrowth + runs.length * BatchRecordView.headerSize);
  const view = viewOf(bytes);
  let run: Run | undefined;
  let runIndex = 0;
  let left = 0;
  let recordAt = 0;
  let position = 0;
  let sumAt = 0;
  const checksums = new Uint8Array(stored.count * checksumSize);
  const checksumsView = viewOf(checksums);
  forEachMessage(stored, (from, slice) => {
    if (left === 0) {
      run = runs[runIndex++]!;
      left = run.count;
      recordAt = position;
      position += BatchRecordView.headerSize;
    }
    const { baseOffset, originTimestamp, count } = run!;
    const end = from.position + from.size;
    message.wrap(view, position);
    const idAt = from.position + StoredMessageView.messageIdAt;
    copyWords(from.bytes, idAt, view, position + MessageView.messageIdAt, idWords);
    message.offsetDelta = from.offset - baseOffset;
    message.timestampDelta = Number(from.originTimestamp - originTimestamp);
    message.userHeadersLength = from.userHeadersLength;
    message.payloadLength = from.payloadLength;
    bytes.set(slice.subarray(from.position + messageHeaderSize, end), position + MessageView.headerSize);
    const { size } = message;
    writeXxh3(checkedPartOf(bytes, position, size), checksums, sumAt);
    copyWords(checksumsView, sumAt, view, position, checksumWords);
    position += size;
    sumAt += checksumSize;
    left--;
    if (left > 0) return;
    const ownChecksums = checksums.subarray(sumAt - count * checksumSize, sumAt);
    sealRecord(bytes.subarray(recordAt, position), partitionId, run!, ownChecksums);
  });
  return bytes;
}

/** Messages that fit in one record. */
interface Run {
  count: number;
  readonly baseOffset: number;
  readonly timestamp: number;
  /** The earliest and the latest of their clients' clocks. */
  originTimestamp: bigint;
  latestOrigin: bigint;
}

function runsOf(stored: StoredMessages): Run[] {
  const runs: Run[] = [];
  forEachMessage(stored, ({ offset, timestamp, originTimestamp: origin }) => {
    const run = runs.at(-1);
    if (run !== undefined && run.timestamp === timestamp) {
      let { originTimestamp: earliest, latestOrigin: latest } = run;
      if (origin < earliest) earliest = origin;
      if (origin > latest) latest = origin;
      if (latest - earliest <= BigInt(deltaMax)) {
        run.count++;
        run.originTimestamp = earliest;
        run.latestOrigin = latest;
        return;
      }
    }
    runs.push({ count: 1, baseOffset: offset, timestamp, originTimestamp: origin, latestOrigin: origin });
  });
  return runs;
}

function sealRecord(bytes: Uint8Array, partitionId: number, run: Run, checksums: Uint8Array): void {
  record.wrap(viewOf(bytes), 0);
  record.partitionId = partitionId;
  record.baseOffset = run.baseOffset;
  record.baseTimestamp = run.timestamp;
  record.originTimestamp = run.originTimestamp;
  record.batchLength = bytes.byteLength;
  record.messagesCount = run.count;
  record.batchChecksum = batchChecksumOf(bytes, checksums);
}

function batchChecksumOf(bytes: Uint8Array, checksums: Uint8Array): bigint {
  const { messagesCountAt } = BatchRecordView;
  const checked = new Uint8Array(checkedSize + (reservedAt - messagesCountAt) + checksums.byteLength);
  checked.set(bytes.subarray(0, checkedSize));
  checked.set(bytes.subarray(messagesCountAt, reservedAt), checkedSize);
  checked.set(checksums, checkedSize + (reservedAt - messagesCountAt));
  return xxh3(checked);
}

/** What the checksum of a message covers. */
function checkedPartOf(bytes: Uint8Array, position: number, size: number): Uint8Array {
  return bytes.subarray(position + MessageView.messageIdAt, position + size);
}

function copyWords(from: DataView, fromAt: number, to: DataView, toAt: number, words: number): void {
  for (let at = 0; at < words * 4; at += 4) to.setUint32(toAt + at, from.getUint32(fromAt + at));
}

function isEqualSum(left: DataView, leftAt: number, right: DataView, rightAt: number): boolean {
  return (
    left.getUint32(leftAt) === right.getUint32(rightAt) && left.getUint32(leftAt + 4) === right.getUint32(rightAt + 4)
  );
}
