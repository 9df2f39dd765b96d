// The cleaner: deletes what is expired or too much, and nothing else, whatever the clock does.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Catalog, TopicSettings } from '../../src/catalog/catalog.ts';
import { Cleaner } from '../../src/catalog/cleaner.ts';
import type { Topic } from '../../src/catalog/topic.ts';
import type { Timers } from '../../src/lib/timers.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { batchOf, TestClock, textsFrom } from '../log/log_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';
import { byName, open, settingsOf } from './catalog_under_test.ts';

const minute = 60_000;
const never = 2n ** 64n - 1n;

class World {
  readonly clock = new TestClock();
  readonly notices: string[] = [];
  readonly disk = new MemoryDisk();
  catalog!: Catalog;
  topic!: Topic;
  cleaner!: Cleaner;

  /** Lets time pass as it does when nobody sets the clock. */
  pass(ms: number): void {
    this.clock.monotonic += ms;
    this.clock.micros += ms * 1000;
  }

  async begin(settings: Partial<TopicSettings>, timers: Timers = { every: () => () => {} }): Promise<void> {
    this.clock.micros = 1_700_000_000_000_000;
    this.catalog = await open(this.disk, [], { clock: this.clock, segmentSize: fileHeaderSize + 1 });
    const stream = await this.catalog.createStream('s');
    this.topic = await this.catalog.createTopic(
      stream,
      { ...settingsOf('t'), messageExpiry: never, maxTopicSize: never, ...settings },
      2,
    );
    this.cleaner = new Cleaner(this.catalog, this.clock, timers, minute, (text) => this.notices.push(text));
  }

  /** One message, in a segment of its own, to each partition. */
  async append(text: string): Promise<void> {
    for (const { log } of this.topic.partitions) await log.append(batchOf(text));
  }

  /** Messages that are left in each partition. */
  async texts(): Promise<string[]> {
    return Promise.all(this.topic.partitions.map(async (files) => (await textsFrom(files)).join('')));
  }
}

describe('the cleaner', () => {
  it('deletes full segments whose last message is expired, and keeps the one that is appended to', async () => {
    const world = new World();
    await world.begin({ messageExpiry: 10n * 60_000_000n });
    for (const text of 'abcd') {
      await world.append(text);
      world.pass(4 * minute);
    }
    await world.cleaner.clean();
    assert.deepEqual(await world.texts(), ['cd', 'cd']);
    world.pass(60 * minute);
    await world.cleaner.clean();
    assert.deepEqual(await world.texts(), ['d', 'd']);
    assert.match(world.notices.join(), /topic t of stream s: 4 expired segments/);
  });

  it('deletes nothing of topics that keep everything', async () => {
    const world = new World();
    await world.begin({});
    for (const text of 'abc') await world.append(text);
    world.pass(1e9 * minute);
    await world.cleaner.clean();
    assert.deepEqual(await world.texts(), ['abc', 'abc']);
  });

  it('deletes the oldest segments of a topic that is nearly full, until it is not', async () => {
    const world = new World();
    await world.begin({ maxTopicSize: 650n });
    for (const text of 'abcde') {
      await world.append(text);
      world.pass(minute);
    }
    await world.cleaner.clean();
    // 10 messages of 65 bytes; 585 bytes are 90 %, so 8 messages may stay.
    assert.ok(world.topic.sizeBytes < 585);
    assert.deepEqual(await world.texts(), ['bcde', 'bcde']);
    await world.cleaner.clean();
    assert.deepEqual(await world.texts(), ['bcde', 'bcde']);
  });

  it('deletes nothing because the clock jumped ahead, and everything due once it is back', async () => {
    for (const jump of [10 * minute, 60 * minute, 10 * 365 * 24 * 60 * minute]) {
      const world = new World();
      await world.begin({ messageExpiry: 10n * 60_000_000n });
      for (const text of 'abc') await world.append(text);
      await world.cleaner.clean();
      world.clock.micros += jump * 1000;
      for (let round = 0; round < 5; round++) {
        world.pass(minute);
        await world.cleaner.clean();
      }
      assert.deepEqual(await world.texts(), ['abc', 'abc']);
      assert.match(world.notices.join(), /the clock jumped by/);
      world.clock.micros -= jump * 1000;
      world.pass(6 * minute);
      await world.cleaner.clean();
      assert.deepEqual(await world.texts(), ['c', 'c']);
    }
  });

  it('believes a new time after an hour, and then goes slowly', async () => {
    const world = new World();
    await world.begin({ messageExpiry: 10n * 24n * 3600n * 1_000_000n });
    for (const text of 'abcdefghi') await world.append(text);
    world.clock.micros += 365 * 24 * 3600 * 1_000_000;
    for (let round = 0; round < 60; round++) {
      world.pass(minute);
      await world.cleaner.clean();
      assert.deepEqual(await world.texts(), ['abcdefghi', 'abcdefghi']);
    }
    world.pass(minute);
    await world.cleaner.clean();
    assert.deepEqual(await world.texts(), ['efghi', 'efghi']);
  });

  it('is not confused by a clock that is set back, or that steps to and fro', async () => {
    const world = new World();
    await world.begin({ messageExpiry: 10n * 60_000_000n });
    await world.append('a');
    await world.append('b');
    world.clock.micros -= 3600 * 1_000_000;
    await world.cleaner.clean();
    for (let round = 0; round < 18; round++) {
      world.pass(minute / 2);
      world.clock.micros += round % 2 === 0 ? 500_000 : -500_000;
      await world.cleaner.clean();
    }
    assert.deepEqual(await world.texts(), ['ab', 'ab']);
    world.clock.micros += 3600 * 1_000_000;
    world.pass(2 * minute);
    await world.cleaner.clean();
    assert.deepEqual(await world.texts(), ['b', 'b']);
  });

  it('works by a timer until it is stopped', async () => {
    const world = new World();
    const tasks: (() => void)[] = [];
    let isEnded = false;
    const timers: Timers = {
      every(intervalMs, task) {
        assert.equal(intervalMs, minute);
        tasks.push(task);
        return () => {
          isEnded = true;
        };
      },
    };
    await world.begin({ messageExpiry: 60_000_000n }, timers);
    for (const text of 'abc') await world.append(text);
    world.cleaner.start();
    world.pass(2 * minute);
    tasks[0]!();
    await world.cleaner.stop();
    assert.ok(isEnded);
    assert.deepEqual(await world.texts(), ['c', 'c']);
  });
});

describe('delete segments', () => {
  it('deletes the oldest full ones of one partition, and refuses what does not exist', async () => {
    const world = new World();
    await world.begin({});
    for (const text of 'abcd') await world.append(text);
    await world.catalog.deleteSegments(world.topic, 1, 2);
    assert.deepEqual(await world.texts(), ['abcd', 'cd']);
    await world.catalog.deleteSegments(world.topic, 0, 99);
    assert.deepEqual(await world.texts(), ['d', 'cd']);
    await assert.rejects(world.catalog.deleteSegments(world.topic, 2, 1), { status: 'partition_not_found' });
    await world.catalog.deleteTopic(world.topic);
    await assert.rejects(world.catalog.deleteSegments(world.topic, 0, 1), { status: 'topic_id_not_found' });
    assert.equal(world.catalog.stream(byName('s')).findTopic(byName('t')), undefined);
  });
});
