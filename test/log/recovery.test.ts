// What a log is after its files were cut, flipped or overwritten at every byte: the longest valid prefix when the tail was torn, a fence when
// something that was once complete is damaged, and never a wrong message.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { openLocalLog } from '../../src/log/open_log.ts';
import {
  batchOf,
  environmentOf,
  firstSegment,
  identity,
  identityFolder,
  openFiles,
  seen,
  textsFrom,
} from './log_under_test.ts';
import { MemoryDisk } from './memory_disk.ts';

const texts = ['one', 'two', 'three', 'four', 'five', 'six'];

/** Byte after each of the frames of `smallLog`, and how many messages are below it. */
interface Ends {
  readonly positions: number[];
  readonly counts: number[];
}

/** Six messages in four frames. */
async function smallLog(
  options: { segmentSize?: number; isStopped?: boolean; level?: 'os' | 'disk' } = {},
): Promise<{ disk: MemoryDisk; ends: Ends }> {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  const { log } = await openFiles(disk, options);
  const ends: Ends = { positions: [fileHeaderSize], counts: [0] };
  for (const batch of [texts.slice(0, 1), texts.slice(1, 3), texts.slice(3, 4), texts.slice(4)]) {
    await log.append(batchOf(...batch));
    ends.positions.push(disk.content(firstSegment).byteLength);
    ends.counts.push(log.nextOffset);
  }
  if (options.isStopped) await log.close();
  return { disk: disk.copy(), ends };
}

async function assertTakesAppends(disk: MemoryDisk, count: number): Promise<void> {
  const files = await openFiles(disk);
  assert.equal(files.log.fence, undefined);
  assert.deepEqual(await textsFrom(files), texts.slice(0, count));
  const { baseOffset } = await files.log.append(batchOf('after'));
  assert.equal(baseOffset, count);
  const notices: string[] = [];
  const again = await openFiles(disk.copy(), { notices });
  assert.deepEqual(await textsFrom(again), [...texts.slice(0, count), 'after']);
  assert.deepEqual(notices, [], 'a second recovery has nothing to do');
}

/** Whatever the damage: each read gives the right messages, or says that they are damaged. */
async function assertNothingWrong(disk: MemoryDisk, known = texts): Promise<void> {
  const { log } = await openFiles(disk);
  for (let offset = 0; offset < known.length; offset++) {
    try {
      for (const message of seen(await log.read(offset, 10))) assert.equal(message.text, known[message.offset]);
    } catch (error) {
      assert.equal((error as { kind?: string }).kind, 'corrupted');
    }
  }
}

describe('recovery', () => {
  it('keeps the longest valid prefix of a segment cut at any byte', async () => {
    const { disk, ends } = await smallLog();
    const size = ends.positions.at(-1)!;
    for (let cut = 0; cut <= size; cut += cut > 128 && cut < fileHeaderSize - 64 ? 17 : 1) {
      const torn = disk.copy();
      torn.truncate(firstSegment, cut);
      const whole = ends.positions.filter((position) => position <= cut).length - 1;
      const isQuarantined = cut !== ends.positions[Math.max(0, whole)];
      await assertTakesAppends(torn, ends.counts[Math.max(0, whole)]!);
      assert.equal(torn.list(`${identityFolder}/quarantine`).length, isQuarantined ? 1 : 0, `cut at ${cut}`);
    }
  });

  it('keeps the bytes it cuts', async () => {
    const { disk, ends } = await smallLog();
    const tail = disk.content(firstSegment).slice(ends.positions[3], -1);
    disk.truncate(firstSegment, ends.positions[4]! - 1);
    await openFiles(disk);
    assert.deepEqual(
      disk.content(`${identityFolder}/quarantine/00000000000000000000.log.${ends.positions[3]}.0`),
      tail,
    );
  });

  it('takes zeros and noise after the last frame for a torn tail', async () => {
    const { disk, ends } = await smallLog();
    for (const fill of [0, 0xff]) {
      for (const size of [1, 63, 64, 65, 8192]) {
        const torn = disk.copy();
        torn.truncate(firstSegment, ends.positions[4]! + size);
        torn.content(firstSegment).fill(fill, ends.positions[4]);
        await assertTakesAppends(torn, 6);
      }
    }
  });

  it('serves no wrong byte, and opens, whichever byte of a segment is flipped', async () => {
    const { disk, ends } = await smallLog();
    for (
      let position = 0;
      position < ends.positions[4]!;
      position += position > 128 && position < fileHeaderSize ? 31 : 1
    ) {
      const rotten = disk.copy();
      rotten.content(firstSegment)[position]! ^= 1 << (position % 8);
      await assertNothingWrong(rotten);
    }
  });

  it('takes a lost page for a torn tail when nothing says that it was on the disk, whatever follows it', async () => {
    const { disk, ends } = await smallLog({ level: 'os' });
    for (let position = ends.positions[1]!; position < ends.positions[2]!; position += 3) {
      const cut = disk.copy();
      cut.content(firstSegment).fill(0, position, ends.positions[2]);
      const tail = cut.content(firstSegment).slice(ends.positions[1]);
      await assertTakesAppends(cut, 1);
      const [copy] = cut.list(`${identityFolder}/quarantine`);
      assert.deepEqual(cut.content(`${identityFolder}/quarantine/${copy!.name}`), tail);
    }
  });

  it('fences a partition when a frame below the watermark is damaged, and cuts nothing', async () => {
    const { disk, ends } = await smallLog({ level: 'disk' });
    for (let position = ends.positions[1]!; position < ends.positions[2]!; position++) {
      const rotten = disk.copy();
      rotten.content(firstSegment)[position]! ^= 0x10;
      const before = rotten.content(firstSegment).slice();
      const { log } = await openFiles(rotten);
      assert.match(log.fence ?? '', /offsets 1 to 2 are damaged/);
      assert.deepEqual(rotten.content(firstSegment), before);
      assert.equal(log.nextOffset, 6);
      await assert.rejects(log.append(batchOf('x')), { kind: 'fenced' });
      assert.deepEqual(
        seen(await log.read(0, 10)).map(({ text }) => text),
        ['one'],
      );
      await assert.rejects(log.read(1, 10), { kind: 'corrupted' });
      await assert.rejects(log.read(2, 10), { kind: 'corrupted' });
      assert.deepEqual(
        seen(await log.read(3, 10)).map(({ text }) => text),
        ['four', 'five', 'six'],
      );
    }
  });

  it('fences a partition whose last frame is damaged after a clean stop, whatever was cut', async () => {
    const { disk, ends } = await smallLog({ isStopped: true });
    for (let cut = ends.positions[0]!; cut < ends.positions[4]!; cut++) {
      const torn = disk.copy();
      torn.truncate(firstSegment, cut);
      const { log } = await openFiles(torn);
      assert.match(log.fence ?? '', /were on the disk and are gone/);
      assert.equal(torn.content(firstSegment).byteLength, cut);
      assert.equal(log.nextOffset, 6, 'offsets that were given are not given again');
    }
  });

  it('reads nothing of what a clean stop left, but notices damage there when it is read', async () => {
    const { disk, ends } = await smallLog({ isStopped: true });
    disk.content(firstSegment)[ends.positions[2]! - 1]! ^= 1;
    const files = await openFiles(disk);
    assert.equal(files.log.fence, undefined);
    assert.equal((await files.log.append(batchOf('after'))).baseOffset, 6);
    for (const log of [files.log, (await openFiles(disk.copy())).log]) {
      assert.deepEqual(
        seen(await log.read(0, 10)).map(({ text }) => text),
        ['one'],
      );
      await assert.rejects(log.read(2, 1), { kind: 'corrupted' });
      const later = seen(await log.read(3, 10)).map(({ text }) => text);
      assert.deepEqual(later, ['four', 'five', 'six', 'after']);
    }
  });

  it('takes a checkpoint for its own segment only', async () => {
    const { disk } = await smallLog({ isStopped: true });
    const { disk: other } = await smallLog();
    const checkpoint = `${identityFolder}/checkpoint`;
    other.files.set(checkpoint, { bytes: disk.content(checkpoint).slice(), size: disk.content(checkpoint).byteLength });
    const notices: string[] = [];
    const files = await openFiles(other, { notices });
    assert.deepEqual(notices, []);
    assert.deepEqual(await textsFrom(files), texts);
  });

  it('fences a partition whose frames say that what is missing was on the disk', async () => {
    const { disk, ends } = await smallLog({ level: 'disk' });
    // The third frame says that the second was synced; without the fourth nothing says so of the third.
    const torn = disk.copy();
    torn.truncate(firstSegment, ends.positions[3]! - 1);
    await assertTakesAppends(torn, 3);
    disk.content(firstSegment)[ends.positions[2]! - 1]! ^= 1;
    const { log } = await openFiles(disk);
    assert.notEqual(log.fence, undefined);
  });

  it('finds damage in sealed segments when they are read, and serves the rest', async () => {
    const { disk } = await smallLog({ segmentSize: fileHeaderSize + 1 });
    const names = disk
      .list(identityFolder)
      .filter(({ name }) => name.endsWith('.log'))
      .map(({ name }) => `${identityFolder}/${name}`);
    assert.equal(names.length, 4);
    for (const name of names.slice(0, -1)) {
      for (let position = fileHeaderSize; position < disk.content(name).byteLength; position += 2) {
        const rotten = disk.copy();
        rotten.content(name)[position]! ^= 0x80;
        await assertNothingWrong(rotten);
        const { log } = await openFiles(rotten);
        assert.equal((await log.append(batchOf('goes on'))).baseOffset, 6);
        const others = [0, 1, 3, 4].filter((offset) => offset !== Number(name.slice(-24, -4)));
        for (const offset of others) assert.equal(seen(await log.read(offset, 1))[0]?.text, texts[offset]);
      }
    }
  });

  it('fences a partition whose sealed segment lost its header, and serves the others', async () => {
    const { disk } = await smallLog({ segmentSize: fileHeaderSize + 1 });
    disk.content(`${identityFolder}/00000000000000000001.log`)[20]! ^= 1;
    const { log } = await openFiles(disk);
    assert.match(log.fence ?? '', /header is damaged/);
    assert.deepEqual(
      seen(await log.read(0, 10)).map(({ text }) => text),
      ['one'],
    );
    await assert.rejects(log.read(1, 1), { kind: 'corrupted' });
    assert.deepEqual(
      seen(await log.read(3, 10)).map(({ text }) => text),
      ['four', 'five', 'six'],
    );
  });

  it('keeps the offsets that a clean stop knew of when the last segment lost its header', async () => {
    const { disk } = await smallLog({ isStopped: true });
    disk.content(firstSegment)[20]! ^= 1;
    const { log } = await openFiles(disk);
    assert.match(log.fence ?? '', /header is damaged/);
    assert.equal(log.nextOffset, 6);
    await assert.rejects(log.read(5, 1), { kind: 'corrupted' });
  });

  it('ignores frames of another life of the partition', async () => {
    const { disk } = await smallLog();
    const other = new MemoryDisk();
    other.makeFolder(identityFolder);
    other.files.set(firstSegment, {
      bytes: disk.content(firstSegment).slice(),
      size: disk.content(firstSegment).byteLength,
    });
    // The same bytes under a folder of another incarnation.
    const stranger = identityFolder.replace('feed', 'beef');
    other.makeFolder(stranger);
    other.files.set(`${stranger}/00000000000000000000.log`, other.files.get(firstSegment)!);
    const log = await openLocalLog(environmentOf(other), { segmentSize: 1 << 20, level: 'os' }, () => stranger, {
      ...identity,
      incarnation: 0xbeef_0000_0000_0001n,
    });
    assert.deepEqual((await log.read(0, 10)).slices, []);
    assert.notEqual(log.fence, undefined);
  });

  it('opens beside stray files and half-made ones', async () => {
    const { disk } = await smallLog();
    for (const [name, size] of [
      ['notes.txt', 3],
      ['00000000000000000000.log.bak', 10],
      ['1.log', 10],
      ['checkpoint.tmp', 5],
      ['00000000000000000006.log', 0],
    ] as const) {
      disk.files.set(`${identityFolder}/${name}`, { bytes: new Uint8Array(size), size });
    }
    await assertTakesAppends(disk, 6).catch((error: unknown) => {
      // Stray files are reported at every start; only that differs from a folder of our own.
      assert.match(String(error), /nothing to do/);
    });
    assert.ok(disk.files.has(`${identityFolder}/notes.txt`));
    assert.ok(!disk.files.has(`${identityFolder}/checkpoint.tmp`));
  });

  it('believes no frame that continues another log, however valid by itself', async () => {
    // Two logs of one life that differ in their second frame; the third frames have the same offsets and sizes.
    const [mine, other] = await Promise.all(
      ['mine', 'else'].map(async (second) => {
        const disk = new MemoryDisk();
        disk.makeFolder('/data');
        const { log } = await openFiles(disk);
        for (const text of ['one', second, 'end']) await log.append(batchOf(text));
        return disk;
      }),
    );
    const size = mine!.content(firstSegment).byteLength;
    const from = size - (64 + 64 + 3);
    mine!.content(firstSegment).set(other!.content(firstSegment).subarray(from), from);
    const files = await openFiles(mine!);
    assert.deepEqual(await textsFrom(files), ['one', 'mine']);
    assert.equal(files.log.nextOffset, 2);
  });

  it('believes no sealed segment that the next one does not continue', async () => {
    const [mine, other] = await Promise.all(
      ['mine', 'else'].map(async (first) => {
        const disk = new MemoryDisk();
        disk.makeFolder('/data');
        const { log } = await openFiles(disk, { segmentSize: fileHeaderSize + 1 });
        for (const text of [first, 'end']) await log.append(batchOf(text));
        return disk;
      }),
    );
    mine!.content(firstSegment).set(other!.content(firstSegment));
    const { log } = await openFiles(mine!);
    await assert.rejects(log.read(0, 1), { kind: 'corrupted' });
    assert.equal(seen(await log.read(1, 1))[0]?.text, 'end');
  });

  it('notices frames that another frame was written over while the process runs', async () => {
    const [mine, other] = await Promise.all(
      [0, 1].map(async () => {
        const disk = new MemoryDisk();
        disk.makeFolder('/data');
        const files = await openFiles(disk);
        for (const text of ['one', 'two', 'end']) await files.log.append(batchOf(text));
        return { disk, log: files.log };
      }),
    );
    const size = 64 + 64 + 3;
    for (const index of [1, 0]) {
      const from = fileHeaderSize + index * size;
      mine!.disk.content(firstSegment).set(other!.disk.content(firstSegment).subarray(from, from + size), from);
      assert.equal((await mine!.log.read(0, 3).catch(() => ({ count: 0 }))).count, index);
      await assert.rejects(mine!.log.read(index, 1), { kind: 'corrupted' });
    }
  });
});
