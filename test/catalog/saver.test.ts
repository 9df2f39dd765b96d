// The saver: writes what partitions hold in memory, all of them whatever one of them says.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Saver } from '../../src/catalog/saver.ts';
import { batchOf, textsFrom } from '../log/log_under_test.ts';
import { failure, MemoryDisk } from '../log/memory_disk.ts';
import { afterCrash, byName, open, settingsOf } from './catalog_under_test.ts';

describe('the saver', () => {
  it('brings every partition to the disk at each interval, and tells what it could not bring', async () => {
    const disk = new MemoryDisk();
    const saveAfter = { messages: 100, bytes: 1 << 20 };
    const catalog = await open(disk, [], { level: 'memory', saveAfter });
    const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 2);
    for (const { log } of topic.partitions) await log.append(batchOf('a'));
    const textsLeft = async (): Promise<string[][]> => {
      const again = (await open(afterCrash(disk))).stream(byName('s')).topic(byName('t'));
      return Promise.all(again.partitions.map((partition) => textsFrom(partition)));
    };
    assert.deepEqual(await textsLeft(), [[], []]);
    const notices: string[] = [];
    let tick = (): void => {};
    const timers = {
      every(intervalMs: number, run: () => void) {
        assert.equal(intervalMs, 30_000);
        tick = run;
        return () => {
          tick = () => {};
        };
      },
    };
    const saver = new Saver(catalog, timers, 'disk', (text) => notices.push(text));
    saver.start(30_000);
    disk.fault = (operation, path) => {
      if (operation === 'writev' && path.includes('/0-0-0-')) throw failure('ENOSPC', path);
    };
    tick();
    await saver.save();
    assert.deepEqual(await textsLeft(), [[], ['a']]);
    assert.match(notices.join(), /^partition 0 of topic t of stream s could not be saved: .*ENOSPC/);
    disk.fault = () => {};
    tick();
    await saver.stop();
    assert.deepEqual(await textsLeft(), [['a'], ['a']]);
  });
});
