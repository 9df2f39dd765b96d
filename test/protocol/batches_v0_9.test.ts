// Records of generation 0.9: what is polled is cut into records that check as sent ones do, and no byte of a sent one may be another.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { IggyError } from '../../generated/errors.ts';
import { BatchRecordView } from '../../generated/v0_9/messages/batch_record.ts';
import { decodePolledBatch } from '../../generated/v0_9/messages/polled_batch.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { forEachMessage, type StoredMessages, StoredMessageView, stampBatch } from '../../src/log/batch.ts';
import { batchesV08 } from '../../src/protocol/batches_v0_8.ts';
import { batchesV09 } from '../../src/protocol/batches_v0_9.ts';
import { countPrefix, viewOf } from '../../src/protocol/regions.ts';
import { type PlainMessage, sentRegion } from './sent_batches.ts';

const recordAt = 4;
const apart = 2n ** 32n - 1n;

/** Appended at `timestamp`; the clocks of the clients are those given. */
interface Append {
  readonly timestamp: number;
  readonly origins: readonly bigint[];
}

function plain(index: number): PlainMessage {
  return { messageId: BigInt(index + 1), payload: Buffer.from(`message ${index}`), headers: [] };
}

/** The appends as a log gives them, one slice each. */
function storedOf(appends: readonly Append[]): StoredMessages {
  const view = new StoredMessageView();
  let count = 0;
  const slices = appends.map(({ timestamp, origins }) => {
    const sent = origins.map((_, index) => plain(count + index));
    const { bytes } = batchesV08.read(sentRegion('v0_8', sent));
    let position = 0;
    for (const origin of origins) {
      view.wrap(viewOf(bytes), position).originTimestamp = origin;
      position += view.size;
    }
    stampBatch({ count: origins.length, bytes }, count, timestamp, systemRandom());
    count += origins.length;
    return bytes;
  });
  return { count, slices };
}

/** What must come out as it went in. */
function factsOf(stored: StoredMessages): unknown[] {
  const facts: unknown[] = [];
  forEachMessage(stored, ({ messageId, originTimestamp, payload }) => {
    facts.push([messageId, originTimestamp, Buffer.from(payload).toString()]);
  });
  return facts;
}

/** The records of a poll answer, each with its bytes. */
function recordsOf(region: Uint8Array): { readonly view: BatchRecordView; readonly bytes: Uint8Array }[] {
  const records: { view: BatchRecordView; bytes: Uint8Array }[] = [];
  for (let position = recordAt; position < region.byteLength; ) {
    const view = new BatchRecordView().wrap(viewOf(region), position);
    const bytes = region.subarray(position, position + view.batchLength);
    records.push({ view, bytes });
    position += view.batchLength;
  }
  return records;
}

const appends = fc.array(
  fc.record({
    timestamp: fc.integer({ min: 1, max: 2 ** 50 }),
    origins: fc.array(fc.constantFrom(0n, 5n, apart, apart + 5n, 2n ** 63n), { minLength: 1, maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 5 },
);

describe('records of 0.9', () => {
  test('each of a poll is sound, belongs to one time and says whose clock it was; together they hold everything', () => {
    fc.assert(
      fc.property(appends, (drawn) => {
        const stored = storedOf(drawn);
        const region = Buffer.concat(batchesV09.write(stored, 7));
        const times = drawn.flatMap(({ timestamp, origins }) => origins.map(() => timestamp));
        let next = 0;
        const facts = recordsOf(region).flatMap(({ view, bytes }) => {
          assert.deepEqual([view.partitionId, view.baseOffset], [7, next]);
          for (const time of times.slice(next, next + view.messagesCount)) assert.equal(view.baseTimestamp, time);
          next += view.messagesCount;
          // Reading checks every checksum.
          const batch = batchesV09.read(Buffer.concat([countPrefix(view.messagesCount), bytes]));
          return factsOf({ count: batch.count, slices: [batch.bytes] });
        });
        assert.deepEqual(facts, factsOf(stored));
      }),
    );
  });

  test('appends of one time share a record while their clocks fit in one', () => {
    const near = [
      { timestamp: 9, origins: [apart, 0n] },
      { timestamp: 9, origins: [5n] },
    ];
    const far = [{ timestamp: 9, origins: [0n, apart + 1n] }];
    const counts = (all: readonly Append[]): number[] => {
      const { records } = decodePolledBatch(new Reader(Buffer.concat(batchesV09.write(storedOf(all), 0))));
      return records.map(({ messages }) => messages.length);
    };
    assert.deepEqual(counts(near), [3]);
    assert.deepEqual(counts(far), [1, 1]);
  });

  test('a sent one with any bit turned is refused', () => {
    const region = sentRegion('v0_9', [plain(0), plain(1)]);
    assert.equal(batchesV09.read(region).count, 2);
    for (let at = 0; at < region.byteLength; at++) {
      for (let bit = 1; bit < 256; bit *= 2) {
        const changed = Uint8Array.from(region);
        changed[at]! ^= bit;
        assert.throws(
          () => batchesV09.read(changed),
          (error) => error instanceof IggyError || error instanceof WireError,
          `bit ${bit} of byte ${at}`,
        );
      }
    }
  });
});
