// Sends of 0.9 carry checksums, and what fails one is looked at no further: batches that were spoiled get new ones to come through.
import { BatchRecordView } from '../../generated/v0_9/messages/batch_record.ts';
import { MessageView } from '../../generated/v0_9/messages/message.ts';
import { writeXxh3, xxh3 } from '../../src/lib/checksum.ts';

const { headerSize: recordSize, batchChecksumAt, messagesCountAt, reservedAt, batchLengthAt } = BatchRecordView;
const { headerSize: messageSize, checksumAt, messageIdAt } = MessageView;
const checksumSize = 8;
/** Bytes of the number before a send's metadata, which ends with the number of messages. */
const prefixSize = 4;

/** Where the record of a send's payload begins; undefined when there is none. */
function recordAtOf(payload: Uint8Array): number | undefined {
  if (payload.byteLength < prefixSize) return undefined;
  const at = prefixSize + viewOf(payload).getUint32(0, true);
  return at >= 2 * prefixSize && at + recordSize <= payload.byteLength ? at : undefined;
}

/** A copy of a send's payload with right checksums wherever its lengths allow it; with `isCounted` also with right lengths and numbers. */
export function sealSend(payload: Uint8Array, isCounted: boolean): Uint8Array {
  const at = recordAtOf(payload);
  if (at === undefined) return payload;
  const sealed = payload.slice();
  const count = sealRecord(sealed.subarray(at), isCounted);
  if (isCounted) viewOf(sealed).setUint32(at - prefixSize, count, true);
  return sealed;
}

/** Seals a record in place; gives the number of messages found in it. */
export function sealRecord(record: Uint8Array, isCounted: boolean): number {
  const view = viewOf(record);
  const checksums: Uint8Array[] = [];
  const message = new MessageView();
  for (let at = recordSize; at + messageSize <= record.byteLength; ) {
    message.wrap(view, at);
    const end = at + message.size;
    if (end > record.byteLength) break;
    writeXxh3(record.subarray(at + messageIdAt, end), record, at + checksumAt);
    checksums.push(record.subarray(at, at + checksumSize));
    at = end;
  }
  if (isCounted) {
    view.setUint32(messagesCountAt, checksums.length, true);
    view.setBigUint64(batchLengthAt, BigInt(record.byteLength), true);
  }
  const covered = Buffer.concat([
    record.subarray(0, batchChecksumAt),
    record.subarray(messagesCountAt, reservedAt),
    ...checksums,
  ]);
  view.setBigUint64(batchChecksumAt, xxh3(covered), true);
  return checksums.length;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
