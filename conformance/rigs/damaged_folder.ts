// A small data folder with every kind of file, copies of it with damage, and what may come of them: the right messages, a clear refusal of those that
// are damaged, never a wrong one.
import assert from 'node:assert/strict';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { DataFolderError } from '../../src/catalog/data_folder.ts';
import type { Topic } from '../../src/catalog/topic.ts';
import type { MasterKey } from '../../src/lib/cipher.ts';
import { LogError } from '../../src/log/log_error.ts';
import type { PartitionLog } from '../../src/log/partition_log.ts';
import { byName, open, settingsOf } from '../../test/catalog/catalog_under_test.ts';
import { batchOf, seen } from '../../test/log/log_under_test.ts';
import { MemoryDisk } from '../../test/log/memory_disk.ts';

const segmentSize = 4096 + 500;
const partitionsCount = 2;
const messagesCount = 24;
/** Messages that were there at a clean stop, which the folder knows of. */
const vouchedCount = 12;
/** Stored for consumer 1 of each partition, one after the other. */
const storedOffsets = [3, 7, 5];

/** A disk of a machine on which only this process runs, so that locks of others are stale. */
class Machine extends MemoryDisk {
  static of(disk: MemoryDisk): Machine {
    const machine = new Machine();
    for (const [path, { bytes, size }] of disk.files) machine.files.set(path, { bytes: bytes.slice(0, size), size });
    for (const folder of disk.folders) machine.folders.add(folder);
    return machine;
  }

  override readWhole(path: string, sizeMax: number): Uint8Array | undefined {
    if (!path.startsWith('/proc/')) return super.readWhole(path, sizeMax);
    if (path === '/proc/sys/kernel/random/boot_id') return new TextEncoder().encode('this boot\n');
    if (path !== `/proc/${process.pid}/stat`) return undefined;
    return new TextEncoder().encode(`${process.pid} (test) ${Array(30).fill('7').join(' ')}`);
  }
}

export const textOf = (partition: number, offset: number): string => `message ${offset} of partition ${partition}`;

/** How a folder was made and left. */
export interface Making {
  readonly leaving: 'stopped' | 'killed';
  readonly level: 'os' | 'disk';
  readonly masterKey?: MasterKey;
}

function openOn(disk: MemoryDisk, { level, masterKey }: Making): Promise<Catalog> {
  return open(disk, [], { segmentSize, level, ...(masterKey !== undefined && { masterKey }) });
}

/**
 * The files of a folder with two partitions of a few segments each, stored offsets, a group and a user; made by two processes, the first of which
 * stopped cleanly. With a key everything is encrypted, and the second process has put a snapshot in place of the journal's first part.
 */
export async function smallFolder(making: Making): Promise<MemoryDisk> {
  const disk = new Machine();
  const first = await openOn(disk, making);
  const stream = await first.createStream('orders');
  const topic = await first.createTopic(stream, settingsOf('placed'), partitionsCount);
  await first.createConsumerGroup(topic, 'billing');
  await appendUpTo(topic, vouchedCount);
  await first.close();
  const second = await openOn(disk, making);
  await appendUpTo(second.stream(byName('orders')).topic(byName('placed')), messagesCount);
  if (making.leaving === 'stopped') await second.close();
  const left = Machine.of(disk);
  // A process that died leaves its lock; it is not this one.
  const lock = '/data/lock';
  if (left.files.has(lock)) {
    left.remove(lock);
    left.place(lock, new TextEncoder().encode('999999 7 this boot\n'));
  }
  return left;
}

async function appendUpTo(topic: Topic, end: number): Promise<void> {
  for (const { id, log, consumerOffsets } of topic.partitions) {
    while (log.nextOffset < end) {
      const offset = log.nextOffset;
      const count = Math.min(1 + (offset % 3), end - offset);
      await log.append(batchOf(...Array.from({ length: count }, (_, index) => textOf(id, offset + index))));
    }
    for (const offset of storedOffsets) await consumerOffsets.store(1, 1, offset);
  }
}

/** What one damaged copy came to. */
export interface Outcome {
  /** The server would not start, and says why to a person. */
  readonly refusal: string | undefined;
  /** Messages that were there and are not served now: cut off, or damaged. */
  readonly missing: number;
}

/** Files whose damage may refuse the start: without them what exists is not known, and a server that serves half of it would do harm. */
const mayRefuse = /^\/data\/(format|catalog\/.+\.(journal|snapshot))$/;

/** Opens a copy of `folder` after `damage`, and checks all that it does, on request also a second start. Throws when it does anything wrong. */
export async function tryDamage(
  folder: MemoryDisk,
  path: string,
  making: Making,
  damage: (disk: MemoryDisk) => void,
  isStartedTwice = true,
): Promise<Outcome> {
  const disk = Machine.of(folder);
  damage(disk);
  let catalog: Catalog;
  try {
    catalog = await openOn(disk, making);
  } catch (error) {
    if (!(error instanceof DataFolderError)) throw error;
    assert.match(path, mayRefuse, `the start was refused: ${error.message}`);
    return { refusal: error.message, missing: 0 };
  }
  const missing = await checkContents(catalog, path, making);
  if (!isStartedTwice) return { refusal: undefined, missing };
  const before = await readAll(catalog);
  await catalog.close();
  const again = await openOn(disk, making);
  assert.deepEqual(await readAll(again), before, 'a second start finds the same');
  return { refusal: undefined, missing };
}

async function checkContents(catalog: Catalog, path: string, { leaving }: Making): Promise<number> {
  const topic = catalog.findStream(byName('orders'))?.findTopic(byName('placed'));
  assert.equal(topic?.partitions.length, partitionsCount, 'the topic is gone');
  let missing = 0;
  for (const { id, log, consumerOffsets } of topic!.partitions) {
    const wasHit = path.includes(`/0-0-${id}-`);
    const served = await readLog(log);
    for (const [offset, text] of served) assert.equal(text, textOf(id, offset));
    const lost = messagesCount - served.size;
    if (!wasHit) assert.equal(lost, 0, `partition ${id} was not damaged`);
    missing += lost;
    const vouched = leaving === 'stopped' ? messagesCount : vouchedCount;
    assert.ok(log.nextOffset >= vouched, 'offsets that a clean stop vouches for are never given again');
    const stored = consumerOffsets.get(1, 1);
    const possible = wasHit ? [undefined, ...storedOffsets, log.nextOffset - 1] : [storedOffsets.at(-1)];
    assert.ok(possible.includes(stored), `stored offset ${stored}`);
    if (log.fence === undefined) await checkAppend(id, log);
  }
  return missing;
}

async function checkAppend(partition: number, log: PartitionLog): Promise<void> {
  const offset = log.nextOffset;
  const receipt = await log.append(batchOf(textOf(partition, offset)));
  assert.equal(receipt.baseOffset, offset);
  const messages = seen(await log.read(offset, 10));
  assert.deepEqual(
    messages.map((message) => [message.offset, message.text]),
    [[offset, textOf(partition, offset)]],
  );
}

/** All that a log serves, by offset. Damage may hide messages; those after it must be asked for one by one. */
async function readLog(log: PartitionLog): Promise<Map<number, string>> {
  const served = new Map<number, string>();
  for (let offset = log.earliestOffset; offset < log.nextOffset; ) {
    let next = offset + 1;
    try {
      for (const message of seen(await log.read(offset, 100))) {
        served.set(message.offset, message.text);
        next = message.offset + 1;
      }
    } catch (error) {
      if (!(error instanceof LogError && error.kind === 'corrupted')) throw error;
    }
    offset = next;
  }
  return served;
}

async function readAll(catalog: Catalog): Promise<unknown> {
  const partitions = catalog.findStream(byName('orders'))?.findTopic(byName('placed'))?.partitions ?? [];
  return Promise.all(
    partitions.map(async ({ log, consumerOffsets }) => [
      log.nextOffset,
      log.fence,
      consumerOffsets.get(1, 1),
      [...(await readLog(log))],
    ]),
  );
}
