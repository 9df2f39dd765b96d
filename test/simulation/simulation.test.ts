// The simulation as a test: all short scenarios with all their crash states, the seeds that failed once, and long runs until the time is up.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawnCrash } from './crash.ts';
import { DiskImage, sectorSize } from './disk_image.ts';
import { simulate } from './main.ts';
import { Scheduler } from './scheduler.ts';
import { Seeded } from './seeded.ts';
import { SimulatedDisk } from './simulated_disk.ts';
import { floors, Tally } from './tally.ts';

const seconds = Number(process.env.WHIPPET_SIMULATION_SECONDS ?? 60);

describe('the simulated disk', () => {
  it('keeps what a sync covered, whatever else a power cut takes', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Seeded(seed);
      const scheduler = new Scheduler(seed, 10);
      const disk = new SimulatedDisk(new DiskImage(), scheduler, { boot: 1 });
      disk.makeFolder('/f');
      const file = disk.create('/f/a');
      const covered = new Uint8Array(random.below(2000)).fill(1);
      if (covered.byteLength > 0) file.writev([covered], 0);
      const syncing = Promise.all([file.sync(), disk.syncFolder('/f'), disk.syncFolder('/')]);
      // Written while the sync runs: not covered.
      file.writev([new Uint8Array(700).fill(2)], covered.byteLength);
      await scheduler.until(syncing);
      disk.create('/f/b');
      const after = drawnCrash(disk.image, random).image.files().get('/f/a');
      assert.ok(after !== undefined && after.size >= covered.byteLength, `seed ${seed}`);
      assert.deepEqual(after.content.slice(0, covered.byteLength), covered, `seed ${seed}`);
    }
  });

  it('loses, keeps and tears what no sync covered', async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 300; seed++) {
      const disk = new SimulatedDisk(new DiskImage(), new Scheduler(seed, 10), { boot: 1 });
      const file = disk.create('/a');
      file.writev([new Uint8Array(2 * sectorSize).fill(1)], 0);
      const after = drawnCrash(disk.image, new Seeded(seed)).image.files().get('/a');
      const ones = after?.content.filter((byte) => byte === 1).byteLength;
      if (after === undefined) seen.add('name lost');
      else if (ones === 2 * sectorSize) seen.add('kept');
      else if (after.size === 0) seen.add('size lost');
      else seen.add(ones! % sectorSize === 0 ? 'a sector lost' : 'torn');
    }
    assert.deepEqual([...seen].sort(), ['a sector lost', 'kept', 'name lost', 'size lost', 'torn']);
  });

  it('gives up what a failed sync had, and says so once to those who had the file open', async () => {
    const scheduler = new Scheduler(1, 10);
    let isBad = true;
    const fault = (operation: string) => (isBad && operation === 'sync' ? { code: 'EIO' } : undefined);
    const disk = new SimulatedDisk(new DiskImage(), scheduler, { boot: 1, fault });
    const [file, other] = [disk.create('/a'), disk.open('/a', 'write')];
    file.writev([new Uint8Array(10).fill(1)], 0);
    await assert.rejects(scheduler.until(file.sync()), { code: 'EIO' });
    isBad = false;
    await assert.rejects(scheduler.until(other.sync()), { code: 'EIO' });
    await scheduler.until(other.sync());
    await scheduler.until(disk.open('/a', 'write').sync());
    assert.equal(file.size(), 0);
  });
});

describe('the storage engine over a simulated disk', () => {
  it(`survives every crash and fault within ${seconds} s`, { timeout: (seconds + 300) * 1000 }, async (t) => {
    const seed = Date.now() % 4_294_967_296;
    const { text, exitCode } = await simulate({ seconds, seed, say: () => {} });
    t.diagnostic(`seed ${seed}\n${text}`);
    assert.equal(exitCode, 0, text);
  });

  it('says so when it looks at too little', () => {
    const tally = new Tally();
    for (const what of Object.keys(floors)) tally.add(what, floors[what]! - 1);
    assert.equal(tally.shortOf(floors).length, Object.keys(floors).length);
  });
});
