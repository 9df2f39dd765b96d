// Power cuts under load from real sockets: at level disk nothing that was acknowledged or seen is lost; at level os each partition is a prefix of what it was.
// In both the server starts, and what it serves is right.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ServerProcess } from '../server_process.ts';
import { type CrashTarget, crashRounds } from './crash_rounds.ts';
import { DiskImage } from './disk_image.ts';
import type { Survives } from './history_check.ts';
import { rigSettings, roundsOr, seedOfRun, skipUnless, skipUnlessPossible } from './rig.ts';

const skip =
  skipUnless({ isRoot: true, commands: ['gcc', 'mkfs.ext4', 'mount', 'umount', 'losetup', 'sync'] }) ||
  (await skipUnlessPossible(cutOnce));

async function cutOnce(): Promise<void> {
  const image = await DiskImage.create();
  try {
    await image.format('ordered');
    await image.cut();
    await image.recover();
  } finally {
    await image.remove();
  }
}

function powerCut(image: DiskImage, level: 'os' | 'disk', survives: Survives): CrashTarget {
  return {
    name: `power cut at level ${level}`,
    survives,
    async begin(folder) {
      await image.format(folder % 2 === 0 ? 'ordered' : 'writeback');
      const settings = { ...rigSettings, IGGY_SYSTEM_PARTITION_ENFORCE_FSYNC: String(level === 'disk') };
      return ServerProcess.start(settings, join(image.mount, 'data'));
    },
    async crash(server, random) {
      if (random(3) === 0) await image.syncSome();
      // The processor loses its power before the disk does. Without this a sync that is under way when ext4 is shut down may report success for what
      // the next mount does not have, to any program: see bench/results/2026-11-24-power-cut-sync.txt.
      server.freeze();
      await image.cut();
      await server.kill();
      await image.recover();
    },
    end: (server) => server.remove(),
  };
}

describe('power cut', { skip }, () => {
  let image: DiskImage;
  before(async () => {
    image = await DiskImage.create();
  });
  after(() => image.remove());

  test('loses nothing acknowledged at level disk', async () => {
    const rounds = roundsOr(100);
    const tally = await crashRounds(powerCut(image, 'disk', 'all'), rounds, seedOfRun());
    assert.equal(tally.rounds, rounds);
    assert.equal(tally.lost, 0);
    assert.ok(tally.acknowledged > rounds, 'the rounds were about something');
  });

  test('leaves a prefix of each partition at level os', async () => {
    const rounds = Math.ceil(roundsOr(100) / 4);
    const tally = await crashRounds(powerCut(image, 'os', 'prefix'), rounds, seedOfRun());
    assert.equal(tally.rounds, rounds);
    assert.ok(tally.lost > 0, 'the cuts took something');
  });
});
