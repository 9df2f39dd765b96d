// Messages cross generations unchanged: sent in any, stored, polled in any other.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { HeaderKind } from '../../generated/common/header_kind.ts';
import { IggyError } from '../../generated/errors.ts';
import { encodeMessageBatch, sizeOfMessageBatch } from '../../generated/v0_5/messages/message_batch.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { xxh3 } from '../../src/lib/checksum.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { stampBatch } from '../../src/log/batch.ts';
import { batchesV04 } from '../../src/protocol/batches_v0_4.ts';
import { batchesV05, batchesV06 } from '../../src/protocol/batches_v0_5.ts';
import { batchesV08 } from '../../src/protocol/batches_v0_8.ts';
import { batchesV09 } from '../../src/protocol/batches_v0_9.ts';
import type { BatchLayout } from '../../src/protocol/classic.ts';
import { generationNames } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { type PlainMessage, polledRegion, sentRegion } from './sent_batches.ts';

const layouts: Readonly<Record<GenerationName, BatchLayout>> = {
  v0_4: batchesV04,
  v0_5: batchesV05,
  v0_6: batchesV06,
  v0_8: batchesV08,
  v0_9: batchesV09,
};

const header = fc.record(
  {
    key: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }),
    kind: fc.constantFrom(...Object.values(HeaderKind)),
    value: fc.uint8Array({ minLength: 1, maxLength: 20 }),
  },
  { noNullPrototype: true },
);
const message: fc.Arbitrary<PlainMessage> = fc.record({
  messageId: fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }),
  payload: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  headers: fc.uniqueArray(header, { selector: ({ key }) => key, maxLength: 4 }),
});
const messages = fc.array(message, { minLength: 1, maxLength: 8 });

/** Reads, stamps as the log does, and writes again. */
function carried(from: GenerationName, to: GenerationName, sent: readonly PlainMessage[]): Uint8Array {
  const batch = layouts[from].read(sentRegion(from, sent));
  assert.equal(batch.count, sent.length);
  stampBatch(batch, 70, 1234, systemRandom());
  return Buffer.concat(layouts[to].write({ count: batch.count, slices: [batch.bytes] }, 0));
}

describe('messages cross generations', () => {
  for (const from of generationNames) {
    for (const to of generationNames) {
      test(`sent in ${from}, polled in ${to}`, () => {
        fc.assert(
          fc.property(messages, (sent) => {
            const polled = polledRegion(to, carried(from, to, sent));
            const plain = polled.map(({ messageId, payload, headers }) => ({
              messageId,
              payload: new Uint8Array(payload),
              headers: headers.map((entry) => ({ ...entry, value: new Uint8Array(entry.value) })),
            }));
            assert.deepEqual(
              plain,
              sent.map(({ messageId, payload, headers }) => ({ messageId, payload, headers })),
            );
            assert.deepEqual(
              polled.map(({ offset, timestamp }) => [offset, timestamp]),
              sent.map((_, index) => [70 + index, 1234]),
            );
          }),
        );
      });
    }
  }
});

describe('checksums', () => {
  const sent: PlainMessage[] = [{ messageId: 9n, payload: new TextEncoder().encode('hello'), headers: [] }];

  test('0.4: CRC-32 of the payload', () => {
    assert.equal(polledRegion('v0_4', carried('v0_8', 'v0_4', sent))[0]!.checksum, 907060870n);
  });

  for (const [generation, sum] of [
    ['v0_5', (bytes: Uint8Array) => BigInt(crc32(bytes))],
    ['v0_6', xxh3],
    ['v0_8', xxh3],
  ] as const) {
    test(`${generation}: over everything behind the checksum`, () => {
      const region = carried('v0_4', generation, sent);
      assert.equal(polledRegion(generation, region)[0]!.checksum, sum(region.subarray(12)));
    });
  }
});

describe('refused batches', () => {
  const one = (size: number): PlainMessage[] => [{ messageId: 1n, payload: new Uint8Array(size).fill(7), headers: [] }];
  const statusOf = (generation: GenerationName, region: Uint8Array): string => {
    try {
      layouts[generation].read(region);
    } catch (error) {
      if (error instanceof IggyError) return error.status;
      assert.ok(error instanceof WireError, String(error));
      return error.kind;
    }
    return 'accepted';
  };

  for (const generation of generationNames) {
    test(`${generation}: no messages`, () =>
      assert.equal(statusOf(generation, sentRegion(generation, [])), 'invalid_messages_count'));

    test(`${generation}: every truncation is refused`, () => {
      const region = sentRegion(generation, [...one(30), ...one(4)]);
      for (let length = 0; length < region.byteLength; length++) {
        const isWhole = generation === 'v0_4' && length === sentRegion('v0_4', one(30)).byteLength;
        assert.equal(
          statusOf(generation, region.slice(0, length)) === 'accepted',
          isWhole,
          `${length} of ${region.byteLength}`,
        );
      }
    });

    test(`${generation}: any bytes are refused or taken, never a crash`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (region) => void statusOf(generation, region)),
        { numRuns: 500 },
      );
    });
  }

  for (const [generation, limit] of [
    ['v0_4', 10_000_000],
    ['v0_5', 10_000_000],
    ['v0_6', 64_000_000],
    ['v0_8', 64_000_000],
    ['v0_9', 64_000_000],
  ] as const) {
    test(`${generation}: a payload above ${limit} bytes`, () => {
      assert.equal(statusOf(generation, sentRegion(generation, one(limit + 1))), 'too_big_message_payload');
    });
  }

  for (const generation of generationNames) {
    test(`${generation}: a batch keeps nothing of what came with it, and a large one is not copied`, () => {
      const region = sentRegion(generation, one(100));
      const chunk = Buffer.concat([Buffer.alloc(10_000), region, Buffer.alloc(50_000)]);
      const small = layouts[generation].read(chunk.subarray(10_000, 10_000 + region.byteLength));
      assert.ok(small.bytes.buffer.byteLength <= 2 * region.byteLength, `${small.bytes.buffer.byteLength} bytes kept`);
      const whole = sentRegion(generation, one(100_000));
      const isShared = layouts[generation].read(whole).bytes.buffer === whole.buffer;
      assert.equal(isShared, generation === 'v0_8');
    });
  }

  test('an index with an offset or a timestamp', () => {
    const region = sentRegion('v0_8', one(3));
    region[4] = 1;
    assert.equal(statusOf('v0_8', region), 'non_zero_offset');
    region[4] = 0;
    region[12] = 1;
    assert.equal(statusOf('v0_8', region), 'non_zero_timestamp');
  });

  test('a header block that is none passes through the later generations untouched', () => {
    const block = new Uint8Array([9, 9, 9, 9, 9]);
    const sent = {
      checksum: 0n,
      messageId: 1n,
      offset: 0,
      timestamp: 0,
      originTimestamp: 0n,
      payload: new Uint8Array([7]),
      userHeaders: block,
    };
    const value = { indexes: [{ offset: 0, endPosition: 62, timestamp: 0n }], messages: [sent] };
    const writer = new Writer(sizeOfMessageBatch(value));
    encodeMessageBatch(writer, value);
    const batch = batchesV06.read(writer.bytes);
    for (const layout of [batchesV05, batchesV06, batchesV08, batchesV04]) {
      const polled = Buffer.concat(layout.write({ count: 1, slices: [batch.bytes] }, 0));
      assert.ok(polled.includes(Buffer.from(block)));
    }
  });
});
