// What `pnpm bench conversion` measures inside one process: from a sent batch to stored messages and from there to a poll answer, per generation.
import assert from 'node:assert/strict';
import { systemRandom } from '../src/lib/random.ts';
import { stampBatch } from '../src/log/batch.ts';
import { batchesV04 } from '../src/protocol/batches_v0_4.ts';
import { batchesV05, batchesV06 } from '../src/protocol/batches_v0_5.ts';
import { batchesV08 } from '../src/protocol/batches_v0_8.ts';
import { batchesV09 } from '../src/protocol/batches_v0_9.ts';
import type { BatchLayout } from '../src/protocol/classic.ts';
import { generationNames } from '../src/protocol/index.ts';
import type { GenerationName } from '../src/protocol/protocol.ts';
import { polledRegion, sentRegion } from '../test/protocol/sent_batches.ts';
import type { Comparison, Contestant } from './measure.ts';
import { baseOffset, messageCount, payloadSize, plainMessages, timestamp } from './sample_messages.ts';

const layouts: Readonly<Record<GenerationName, BatchLayout>> = {
  v0_4: batchesV04,
  v0_5: batchesV05,
  v0_6: batchesV06,
  v0_8: batchesV08,
  v0_9: batchesV09,
};

/** Both directions, with and without user headers. */
export function layoutComparisons(): Comparison[] {
  return [false, true].flatMap((hasHeader) => {
    const shape = `${messageCount} messages of ${payloadSize} bytes, ${hasHeader ? 'a small header each' : 'no headers'}`;
    return [
      {
        title: `sent → stored, ${shape}`,
        messageCount,
        contestants: generationNames.map((name) => reader(name, hasHeader)),
      },
      {
        title: `stored → polled, ${shape}`,
        messageCount,
        contestants: generationNames.map((name) => writer(name, hasHeader)),
      },
    ];
  });
}

function reader(name: GenerationName, hasHeader: boolean): Contestant {
  const region = sentRegion(name, plainMessages(hasHeader));
  const run = (): number => layouts[name].read(region).bytes.byteLength;
  return { name, expected: run(), run };
}

function writer(name: GenerationName, hasHeader: boolean): Contestant {
  const messages = plainMessages(hasHeader);
  const { count, bytes } = batchesV08.read(sentRegion('v0_8', messages));
  stampBatch({ count, bytes }, baseOffset, timestamp, systemRandom());
  const write = (): Uint8Array[] => layouts[name].write({ count, slices: [bytes] }, 0);
  const polled = polledRegion(name, Buffer.concat(write()));
  assert.deepEqual(
    polled.map(({ messageId, offset }) => [messageId, offset]),
    messages.map(({ messageId }, index) => [messageId, baseOffset + index]),
  );
  const run = (): number => write().reduce((size, piece) => size + piece.byteLength, 0);
  return { name, expected: run(), run };
}
