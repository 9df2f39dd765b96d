// Defects of the reference's storage, each by its number there: here they do not happen. What has a test of its own is named where it is; see also
// index.test.ts (#2686), kill.test.ts (acknowledged from memory), recovery.test.ts (#3946, #3970: torn tails) and test/catalog/reference_bugs.test.ts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MasterKey } from '../../src/lib/cipher.ts';
import { acknowledge } from '../../src/log/acknowledge.ts';
import { StoredMessageView } from '../../src/log/batch.ts';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { writeFully } from '../../src/log/disk.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { DurabilityProof } from '../../src/log/frame_file.ts';
import { localStorage } from '../../src/log/local_storage.ts';
import {
  batchOf,
  environmentOf,
  firstSegment,
  identity,
  identityFolder,
  openFiles,
  seen,
  type TestOptions,
  textsFrom,
} from './log_under_test.ts';
import { failure, MemoryDisk } from './memory_disk.ts';

function emptyDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  return disk;
}

async function withMessages(texts: readonly string[], options: TestOptions = {}): Promise<MemoryDisk> {
  const disk = emptyDisk();
  const { log } = await openFiles(disk, options);
  for (const text of texts) await log.append(batchOf(text));
  return disk;
}

const letters = [...'abcdefgh'];
const small = { segmentSize: fileHeaderSize + 300 };

describe('defects of the reference that a partition does not have', () => {
  it('#753, #1887: messages are neither missing nor doubled after any number of restarts', async () => {
    const disk = await withMessages(letters, small);
    for (let restart = 0; restart < 4; restart++) {
      const files = await openFiles(disk, small);
      assert.deepEqual(await textsFrom(files), [...letters, ...Array(restart).fill('more')]);
      await files.log.append(batchOf('more'));
      if (restart % 2 === 0) await files.log.close();
    }
  });

  it('#2051: encryption moves no position: every offset is found, over segments and restarts', async () => {
    const masterKey = new MasterKey(new Uint8Array(32).fill(3));
    const disk = await withMessages(letters, { ...small, masterKey });
    for (const { log } of [await openFiles(disk, { ...small, masterKey })]) {
      for (const [offset, text] of letters.entries()) {
        assert.equal(seen(await log.read(offset, 1))[0]?.text, text);
        assert.equal(seen(await log.readFromTimestamp(0, offset + 1)).at(-1)?.text, text);
      }
      assert.equal(log.sizeBytes, 8 * 65);
    }
  });

  it('#2581: a batch of any number of buffers is written, 1,024 at a time', async () => {
    const disk = emptyDisk();
    const file = disk.create('/data/file');
    let most = 0;
    const counting = {
      ...file,
      writev: (buffers: readonly Uint8Array[], at: number) => {
        most = Math.max(most, buffers.length);
        return file.writev(buffers, at);
      },
    };
    writeFully(
      counting,
      Array.from({ length: 5000 }, (_, index) => new Uint8Array([index & 255, index >> 8])),
      0,
    );
    assert.equal(most, 1024);
    assert.equal(disk.content('/data/file').byteLength, 10_000);
    assert.equal(new DataView(disk.content('/data/file').buffer).getUint16(9998, true), 4999);
  });

  it('#2588: a segment that fills up while a flush is under way disturbs neither', async () => {
    const disk = emptyDisk();
    const files = await openFiles(disk, { ...small, level: 'disk' });
    const work: Promise<unknown>[] = [];
    for (let index = 0; index < 60; index++) {
      work.push(files.log.append(batchOf(`m${index}`)));
      if (index % 3 === 0) work.push(files.log.flush('disk'), files.log.flush('os'));
    }
    await Promise.all(work);
    assert.ok(files.log.segmentsCount > 5);
    assert.deepEqual(
      await textsFrom(await openFiles(disk.copy(), small)),
      Array.from({ length: 60 }, (_, index) => `m${index}`),
    );
  });

  it('#3135: files with strange names stop nothing and are left alone', async () => {
    const disk = await withMessages(letters);
    for (const name of ['x', '.log', '-1.log', '99999999999999999999.log', '00000000000000000000.log~', 'a b\n'])
      disk.files.set(`${identityFolder}/${name}`, { bytes: new Uint8Array(5), size: 5 });
    const files = await openFiles(disk);
    assert.deepEqual(await textsFrom(files), letters);
    assert.equal(files.log.fence, undefined);
    assert.ok(disk.files.has(`${identityFolder}/99999999999999999999.log`));
  });

  it('#3585, #3970: no answer depends on an index that was stored: there is none', async () => {
    const disk = await withMessages(letters, small);
    assert.ok([...disk.files.keys()].every((path) => path.endsWith('.log')));
    for (const [offset, text] of letters.entries())
      assert.equal(seen(await (await openFiles(disk.copy(), small)).log.read(offset, 1))[0]?.text, text);
  });

  it('#3761: a poll of messages that are damaged fails, it does not find nothing', async () => {
    const disk = await withMessages(letters);
    const { log } = await openFiles(disk);
    disk.content(firstSegment)[fileHeaderSize + 100]! ^= 1;
    await assert.rejects(log.read(0, 10), { kind: 'corrupted' });
  });

  it('#3793, #4128, #4130: neither messages nor stored offsets of before a purge come back, even if their files do', async () => {
    const disk = await withMessages(letters);
    const files = await openFiles(disk);
    await files.consumerOffsets.store(OffsetOwner.consumer, 1, 7);
    const old = new Map(disk.copy().files);
    await files.log.purge(identity.incarnation + 1n);
    await files.consumerOffsets.purge(identity.incarnation + 1n);
    await files.log.append(batchOf('new'));
    const next = identityFolder.replace(/1$/, '2');
    // A power cut may bring back what was unlinked, and here even under the new life's name.
    for (const [path, file] of old)
      if (!disk.files.has(path.replace(identityFolder, next))) disk.files.set(path.replace(identityFolder, next), file);
    const again = await localStorage(environmentOf(disk), '/data').open(
      { ...identity, incarnation: identity.incarnation + 1n },
      { segmentSize: 1 << 20, level: 'os' },
    );
    assert.deepEqual(await textsFrom(again), ['new']);
    assert.equal(again.consumerOffsets.get(OffsetOwner.consumer, 1), undefined);
  });

  it('#3040: user headers are encrypted like everything else', async () => {
    const disk = emptyDisk();
    const masterKey = new MasterKey(new Uint8Array(32).fill(3));
    const { log } = await openFiles(disk, { masterKey });
    const batch = batchOf('secret headers');
    // The text stands for the headers of a message without payload.
    new DataView(batch.bytes.buffer).setUint32(StoredMessageView.userHeadersLengthAt, 14, true);
    new DataView(batch.bytes.buffer).setUint32(StoredMessageView.payloadLengthAt, 0, true);
    await log.append(batch);
    await log.close();
    for (const path of disk.files.keys())
      assert.equal(Buffer.from(disk.content(path)).indexOf('secret headers'), -1, path);
    const { slices } = await (await openFiles(disk, { masterKey })).log.read(0, 1);
    assert.ok(Buffer.concat(slices).includes('secret headers'));
  });

  it('#3946: what a crash tore off does not come back, whatever is appended after it', async () => {
    const disk = await withMessages(letters);
    disk.truncate(firstSegment, disk.content(firstSegment).byteLength - 1);
    const kept = letters.slice(0, -1);
    for (let restart = 0; restart < 3; restart++) {
      const files = await openFiles(disk);
      assert.deepEqual(await textsFrom(files), [...kept, ...Array(restart).fill('new')]);
      assert.equal((await files.log.append(batchOf('new'))).baseOffset, kept.length + restart);
    }
  });

  it('#4092: there is one place that acknowledges, and it asks for a proof', async () => {
    assert.throws(() => new DurabilityProof(Symbol('forged'), 'disk', 9), /only a frame file/);
    const disk = emptyDisk();
    const { log } = await openFiles(disk);
    const receipt = await log.append(batchOf('a'));
    assert.throws(() => acknowledge(receipt, 'disk', { level: 'os', upTo: 1 } as never), /before its level/);
    assert.throws(() => acknowledge(receipt, 'os', { level: 'os', upTo: 0 } as never), /before its level/);
  });

  it('#4135: what is synced is the very descriptor that was written to', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { level: 'disk' });
    await log.append(batchOf('a'));
    const calls: string[] = [];
    disk.fault = (operation) => calls.push(operation);
    await log.append(batchOf('b'));
    await log.flush('disk');
    assert.deepEqual(calls, ['writev', 'sync', 'sync']);
  });

  it('#4266: a partition whose volatile history is gone begins with what was promised, and with nothing that was not', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { level: 'disk' });
    await log.append(batchOf('promised'));
    disk.fault = (operation, path) => {
      if (operation === 'sync') throw failure('EIO', path);
    };
    await assert.rejects(log.append(batchOf('not promised')), { kind: 'fenced' });
    const promised = fileHeaderSize + 64 + 64 + 8;
    const cut = disk.copy();
    cut.truncate(firstSegment, promised);
    const files = await openFiles(cut);
    assert.deepEqual(await textsFrom(files), ['promised']);
    assert.equal((await files.log.append(batchOf('next'))).baseOffset, 1);
  });

  it('acknowledged 20 of 20 messages whose fsync failed: none is', async () => {
    const disk = emptyDisk();
    const { log } = await openFiles(disk, { level: 'disk' });
    await log.append(batchOf('first'));
    disk.fault = (operation, path) => {
      if (operation === 'sync') throw failure('EIO', path);
    };
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => log.append(batchOf('x'))));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 0);
  });

  it('hid 300 acknowledged messages behind a tail that was torn by 5 bytes: only the last batch goes', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `message ${index}`);
    const disk = await withMessages(texts);
    disk.truncate(firstSegment, disk.content(firstSegment).byteLength - 5);
    const files = await openFiles(disk);
    assert.deepEqual(await textsFrom(files), texts.slice(0, 299));
    assert.equal((await files.log.append(batchOf('again'))).baseOffset, 299);
    assert.equal((await textsFrom(await openFiles(disk.copy()))).length, 300);
  });
});
