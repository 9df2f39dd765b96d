// The log in memory answers as the one on a disk does.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { memoryStorage } from '../../src/log/memory_storage.ts';
import type { PartitionLog } from '../../src/log/partition_log.ts';
import { batchWithIds, environmentOf, identity, openFiles, seen, TestClock } from './log_under_test.ts';
import { MemoryDisk } from './memory_disk.ts';

type Step = (log: PartitionLog) => Promise<unknown>;

const nat = (max: number) => fc.nat({ max });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(nat(9), { minLength: 1, maxLength: 6 }).map(
      (ids): Step =>
        (log) =>
          log.append(batchWithIds(ids)),
    ),
  },
  fc.tuple(nat(60), nat(20)).map(
    ([offset, count]): Step =>
      async (log) =>
        seen(await log.read(offset, count)),
  ),
  fc.tuple(nat(40), nat(20)).map(
    ([at, count]): Step =>
      async (log) =>
        seen(await log.readFromTimestamp(1_000_000 + at * 10, count)),
  ),
  nat(3).map(
    (count): Step =>
      (log) =>
        log.deleteOldestSegments(count),
  ),
  fc.constant<Step>((log) => log.append({ count: 2, bytes: batchWithIds([0]).bytes }).catch((error) => error.kind)),
  fc.constant<Step>((log) => log.flush('disk')),
  { weight: 1, arbitrary: fc.constant<Step>((log) => log.purge(7n)) },
);

function countersOf(log: PartitionLog): unknown {
  const { earliestOffset, nextOffset, currentOffset, messagesCount, sizeBytes, segmentsCount, fence, sealedSegments } =
    log;
  return { earliestOffset, nextOffset, currentOffset, messagesCount, sizeBytes, segmentsCount, fence, sealedSegments };
}

describe('a partition in memory', () => {
  it('answers as one on a disk does', async () => {
    const deduplications = [undefined, { maxEntries: 5, expiryMs: 0 }];
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom(fileHeaderSize + 200, 1 << 20),
        fc.constantFrom(...deduplications),
        async (steps, segmentSize, deduplication) => {
          const clock = new TestClock();
          const disk = new MemoryDisk();
          disk.makeFolder('/data');
          const onDisk = (await openFiles(disk, { segmentSize, clock, deduplication })).log;
          const environment = environmentOf(disk, { clock });
          const { log } = memoryStorage(environment).create(identity, { segmentSize, level: 'disk', deduplication });
          for (const run of steps) {
            clock.micros += 10;
            assert.deepEqual(await run(log), await run(onDisk));
            assert.deepEqual(countersOf(log), countersOf(onDisk));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('takes nothing after it was closed', async () => {
    const environment = environmentOf(new MemoryDisk());
    const storage = memoryStorage(environment);
    const { log, consumerOffsets } = await storage.open(identity, { segmentSize: 1 << 20, level: 'os' });
    await consumerOffsets.store(OffsetOwner.consumer, 1, 5);
    await consumerOffsets.store(OffsetOwner.consumer_group, 1, 6);
    await consumerOffsets.store(OffsetOwner.consumer_group, 2, 7);
    await consumerOffsets.retainGroups([{ id: 0, createdIndex: 2 }]);
    const kept = [OffsetOwner.consumer, OffsetOwner.consumer_group].map((kind) => consumerOffsets.get(kind, 1));
    assert.deepEqual(kept, [5, undefined]);
    assert.equal(await consumerOffsets.delete(OffsetOwner.consumer, 1), true);
    assert.equal(await consumerOffsets.delete(OffsetOwner.consumer, 1), false);
    await Promise.all([log.close(), consumerOffsets.close()]);
    await assert.rejects(log.append(batchWithIds([1])), { kind: 'closed' });
    await assert.rejects(consumerOffsets.store(OffsetOwner.consumer, 1, 5), { kind: 'closed' });
    assert.deepEqual(storage.list(), []);
  });
});
