// Level memory: batches are acknowledged before they are written, and written together, on request, or before anyone reads them from the disk.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchOf, firstSegment, openFiles, textsFrom } from './log_under_test.ts';
import { failure, MemoryDisk } from './memory_disk.ts';

const headerSize = 4096;

async function holding(messages: number, tail = 1 << 20) {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  const files = await openFiles(disk, { level: 'memory', saveAfter: { messages, bytes: 1 << 20 }, tail });
  return { disk, files, log: files.log };
}

/** What another process would find now. */
async function onDisk(disk: MemoryDisk): Promise<string[]> {
  return textsFrom(await openFiles(disk.copy()));
}

describe('a log at level memory', () => {
  it('acknowledges and shows what is not written, and writes when there is enough', async () => {
    const { disk, files, log } = await holding(3);
    for (const [index, text] of ['a', 'b'].entries()) {
      assert.equal((await log.append(batchOf(text))).baseOffset, index);
      assert.equal(disk.content(firstSegment).byteLength, headerSize);
    }
    assert.deepEqual(await textsFrom(files), ['a', 'b']);
    await log.append(batchOf('c'));
    assert.deepEqual(await onDisk(disk), ['a', 'b', 'c']);
    await log.append(batchOf('d'));
    assert.deepEqual(await onDisk(disk), ['a', 'b', 'c']);
  });

  it('writes on a flush, and at a clean stop', async () => {
    const { disk, log } = await holding(100);
    await log.append(batchOf('a'));
    await log.flush('os');
    assert.deepEqual(await onDisk(disk), ['a']);
    await log.append(batchOf('b'));
    await log.flush('disk');
    assert.deepEqual(await onDisk(disk), ['a', 'b']);
    await log.append(batchOf('c'));
    await log.close();
    assert.deepEqual(await onDisk(disk), ['a', 'b', 'c']);
  });

  it('writes what is no longer in memory before it is read', async () => {
    const { files, log } = await holding(100, 0);
    for (const text of ['a', 'b', 'c']) await log.append(batchOf(text));
    assert.deepEqual(await textsFrom(files), ['a', 'b', 'c']);
  });

  it('keeps what a full disk does not take, refuses more than it may hold, and writes it when there is space', async () => {
    const { disk, files, log } = await holding(3);
    await log.append(batchOf('a'));
    disk.fault = (operation, path) => {
      if (operation === 'writev') throw failure('ENOSPC', path);
    };
    await log.append(batchOf('b'));
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(log.append(batchOf('c')), { kind: 'write_failed' });
      await assert.rejects(log.flush('os'), { kind: 'write_failed' });
    }
    assert.deepEqual(await textsFrom(files), ['a', 'b']);
    disk.fault = () => {};
    assert.equal((await log.append(batchOf('c'))).baseOffset, 2);
    assert.deepEqual(await onDisk(disk), ['a', 'b', 'c']);
  });
});
