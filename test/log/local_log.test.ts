// The log against an array: random appends, reads, rolls, clock steps, restarts, torn tails and purges give what the array says.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { xxh3 } from '../../src/lib/checksum.ts';
import { formatVersion } from '../../src/log/file_header.ts';
import type { PartitionFiles } from '../../src/log/local_storage.ts';
import { segmentNameOffset } from '../../src/log/segment.ts';
import {
  batchOf,
  firstSegment,
  identity,
  identityFolder,
  openFiles,
  type SeenMessage,
  seen,
  TestClock,
} from './log_under_test.ts';
import { MemoryDisk } from './memory_disk.ts';

interface Model {
  messages: SeenMessage[];
  life: bigint;
}

interface Real {
  disk: MemoryDisk;
  readonly clock: TestClock;
  readonly segmentSize: number;
  readonly tail: number;
  files: PartitionFiles;
}

type Command = fc.AsyncCommand<Model, Real>;

function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}

async function reopen(model: Model, real: Real): Promise<void> {
  const { segmentSize, tail, clock } = real;
  real.files = await openFiles(real.disk, { segmentSize, tail, clock });
  // What opens the storage in a server is the catalog's knowledge of the current life.
  if (model.life !== identity.incarnation) await real.files.log.purge(model.life);
  checkCounters(model, real);
}

function checkCounters(model: Model, { files: { log } }: Real): void {
  assert.equal(log.nextOffset, model.messages.length);
  assert.equal(log.earliestOffset, 0);
  assert.equal(log.currentOffset, Math.max(0, model.messages.length - 1));
  assert.equal(log.messagesCount, model.messages.length);
  assert.equal(
    log.sizeBytes,
    model.messages.reduce((sum, { text }) => sum + 64 + Buffer.byteLength(text), 0),
  );
  assert.equal(log.fence, undefined);
}

const append = fc
  .tuple(fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 3 }))
  .map(([texts, times]) =>
    command(`append ${times} x ${JSON.stringify(texts)}`, async (model, real) => {
      // Not awaited one by one: order must hold for calls in flight, also across a roll.
      const receipts = await Promise.all(Array.from({ length: times }, () => real.files.log.append(batchOf(...texts))));
      for (const { baseOffset, count, timestamp } of receipts) {
        assert.equal(baseOffset, model.messages.length);
        assert.equal(count, texts.length);
        assert.ok(timestamp >= (model.messages.at(-1)?.timestamp ?? 0));
        for (const text of texts) model.messages.push({ offset: model.messages.length, timestamp, text });
      }
      checkCounters(model, real);
    }),
  );

const read = fc.tuple(fc.nat({ max: 120 }), fc.nat({ max: 60 })).map(([offset, count]) =>
  command(`read ${offset} ${count}`, async (model, real) => {
    assert.deepEqual(seen(await real.files.log.read(offset, count)), model.messages.slice(offset, offset + count));
  }),
);

const readFromTimestamp = fc
  .tuple(fc.nat({ max: 120 }), fc.integer({ min: -1, max: 1 }), fc.nat({ max: 60 }))
  .map(([near, delta, count]) =>
    command(`readFromTimestamp of ${near} ${delta}`, async (model, real) => {
      const timestamp = (model.messages[near]?.timestamp ?? 2_000_000) + delta;
      const first = model.messages.findIndex((message) => message.timestamp >= timestamp);
      const expected = first < 0 ? [] : model.messages.slice(first, first + count);
      assert.deepEqual(seen(await real.files.log.readFromTimestamp(timestamp, count)), expected);
    }),
  );

const step = fc.integer({ min: -50, max: 200 }).map((micros) =>
  command(`clock ${micros}`, async (_model, real) => {
    real.clock.micros += micros;
  }),
);

const flush = fc.constant(command('flush', (_model, real) => real.files.log.flush('disk')));

const restart = fc.constant(
  command('restart', async (model, real) => {
    if (model.life !== identity.incarnation) return;
    await real.files.log.close();
    await reopen(model, real);
  }),
);

const tear = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.boolean()).map(([size, isZero]) =>
  command(`torn tail of ${size} ${isZero ? 'zeros' : 'bytes'}`, async (model, real) => {
    if (model.life !== identity.incarnation) return;
    real.disk = real.disk.copy();
    const last = [...real.disk.files.keys()]
      .filter((path) => segmentNameOffset(path.slice(path.lastIndexOf('/') + 1)) !== undefined)
      .sort()
      .at(-1);
    if (last !== undefined) {
      const before = real.disk.content(last).byteLength;
      real.disk.truncate(last, before + size);
      real.disk.content(last).fill(isZero ? 0 : 0x57, before);
    }
    await reopen(model, real);
  }),
);

const purge = fc.constant(
  command('purge', async (model, real) => {
    model.life += 1n;
    model.messages = [];
    await real.files.log.purge(model.life);
    checkCounters(model, real);
  }),
);

describe('a partition log', () => {
  it('agrees with an array through appends, reads, rolls, restarts, torn tails and purges', async () => {
    const many = [append, append, append, read, read, readFromTimestamp, step, flush, restart, tear];
    await fc.assert(
      fc.asyncProperty(
        fc.commands([...many, purge], { maxCommands: 60, size: '+1' }),
        fc.constantFrom(4_300, 5_000, 1 << 20),
        fc.constantFrom(0, 600, 1 << 20),
        async (commands, segmentSize, tail) => {
          await fc.asyncModelRun(async () => {
            const disk = new MemoryDisk();
            disk.makeFolder('/data');
            const clock = new TestClock();
            return {
              model: { messages: [], life: identity.incarnation },
              real: { disk, clock, segmentSize, tail, files: await openFiles(disk, { segmentSize, tail, clock }) },
            };
          }, commands);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('stores messages in the layout they are polled in, with the id they came with', async () => {
    const disk = new MemoryDisk();
    disk.makeFolder('/data');
    const { log } = await openFiles(disk);
    const batch = batchOf('own id', 'no id');
    batch.bytes.set([1, 2, 3], 8);
    await log.append(batch);
    const { slices } = await log.read(0, 2);
    const stored = Buffer.concat(slices);
    assert.deepEqual([...stored.subarray(8, 24)], [1, 2, 3, ...Array(13).fill(0)]);
    const id = stored.subarray(64 + 6 + 8, 64 + 6 + 24);
    // A version 4 UUID turned around by little-endian.
    assert.equal(id[9]! >> 4, 4);
    assert.equal(id[7]! >> 6, 2);
  });

  it('refuses a batch that is not what it claims to be, and goes on', async () => {
    const disk = new MemoryDisk();
    disk.makeFolder('/data');
    const { log } = await openFiles(disk);
    const good = batchOf('a', 'b');
    await assert.rejects(log.append({ count: 3, bytes: good.bytes }), { kind: 'invalid_batch' });
    await assert.rejects(log.append({ count: 1, bytes: good.bytes }), { kind: 'invalid_batch' });
    await assert.rejects(log.append({ count: 0, bytes: new Uint8Array(0) }), { kind: 'invalid_batch' });
    await assert.rejects(log.append({ count: 2, bytes: good.bytes.subarray(0, 100) }), { kind: 'invalid_batch' });
    assert.equal((await log.append(batchOf('c'))).baseOffset, 0);
  });

  it('finds nothing of the old life when it is purged during a read', async () => {
    const disk = new MemoryDisk();
    disk.makeFolder('/data');
    const { log } = await openFiles(disk);
    await log.append(batchOf('old'));
    for (const [index, isUnlinked] of [false, true].entries()) {
      const pending = [log.read(0, 1), log.readFromTimestamp(0, 1)];
      const purged = log.purge(identity.incarnation + BigInt(index + 1));
      if (isUnlinked) await disk.removeFolder(identityFolder.replace(/1$/, '2'));
      for (const read of pending) assert.deepEqual(await read, { count: 0, slices: [] });
      await purged;
      assert.equal((await log.append(batchOf('new'))).baseOffset, 0);
    }
  });

  it('refuses a file of a newer format', async () => {
    const disk = new MemoryDisk();
    disk.makeFolder('/data');
    await (await openFiles(disk)).log.append(batchOf('a'));
    const header = disk.content(firstSegment);
    const view = new DataView(header.buffer);
    view.setUint16(8, formatVersion + 1, true);
    view.setBigUint64(96, xxh3(header.subarray(0, 96)), true);
    await assert.rejects(openFiles(disk), { kind: 'newer_format' });
  });
});
