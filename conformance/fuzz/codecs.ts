// What is fuzzed, by generation: the types that the official crates are compared with, and those of 0.9 with batches as its clients seal them.
import * as fc from 'fast-check';
import { encoded } from '../../generated/arbitraries.ts';
import { arbitraries } from '../../generated/v0_9/arbitraries.ts';
import { batchRecord, message } from '../../generated/v0_9/messages/arbitraries.ts';
import * as records from '../../generated/v0_9/messages/batch_record.ts';
import * as batches from '../../generated/v0_9/messages/message_batch.ts';
import * as polled from '../../generated/v0_9/messages/polled_batch.ts';
import { options } from '../../generated/v0_9/options/arbitraries.ts';
import * as blocks from '../../generated/v0_9/options/options.ts';
import { commands } from '../../generated/v0_9/protocol.ts';
import * as sections from '../../generated/v0_9/result_section.ts';
import type { Reader } from '../../src/bytes/reader.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { classicNames } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { type Codec, codec } from '../codec.ts';
import { commandCodecs, generations, sharedCodecs } from '../codecs.ts';
import { sealRecord } from './sealing.ts';

/** A batch as a client makes it: numbered, counted, sealed. */
const sentRegion: fc.Arbitrary<Uint8Array> = encoded(
  fc.tuple(batchRecord(), fc.array(message(), { minLength: 1, maxLength: 5 })).map(([record, list]) => ({
    ...{ ...record, partitionId: 0, baseOffset: 0, baseTimestamp: 0, reserved: new Uint8Array(204) },
    messages: list.map((one, offsetDelta) => ({ ...one, offsetDelta, reserved: 0n })),
  })),
  records.sizeOfBatchRecord,
  records.encodeBatchRecord,
).map((record) => {
  const messagesCount = sealRecord(record, true);
  const writer = new Writer(batches.sizeOfMessageBatch({ messagesCount, record }));
  batches.encodeMessageBatch(writer, { messagesCount, record });
  return writer.bytes;
});

/** Where the fields of a sent batch are, for those who spoil them. */
function decodeSent(reader: Reader): unknown {
  reader.u32();
  return records.decodeBatchRecord(reader);
}

function withBatches(drawn: Codec): Codec {
  if (drawn.name === 'send_messages') {
    const values = fc.tuple(drawn.values, sentRegion);
    return {
      ...drawn,
      values: values.map(([send, messages]) => ({ ...(send as object), messages })),
      decodeRegion: decodeSent,
    };
  }
  return /^poll_messages.*_response$/.test(drawn.name) ? { ...drawn, decodeRegion: polled.decodePolledBatch } : drawn;
}

const resultSection: fc.Arbitrary<sections.ResultSection> = fc.record({
  results: fc.array(fc.record({ index: fc.nat(), code: fc.nat() }), { maxLength: 5 }),
});

const codecsV09: readonly Codec[] = [
  ...sharedCodecs(),
  ...commandCodecs(commands, arbitraries).map(withBatches),
  codec('options', options(), blocks.sizeOfOptions, blocks.encodeOptions, blocks.decodeOptions),
  codec('batch_record', batchRecord(), records.sizeOfBatchRecord, records.encodeBatchRecord, records.decodeBatchRecord),
  codec(
    'result_section',
    resultSection,
    sections.sizeOfResultSection,
    sections.encodeResultSection,
    sections.decodeResultSection,
  ),
];

/** Types by generation, oldest first. */
export const fuzzed: readonly { readonly name: GenerationName; readonly codecs: readonly Codec[] }[] = [
  ...generations.filter(({ name }) => classicNames.some((classic) => classic === name)),
  { name: 'v0_9', codecs: codecsV09 },
];
