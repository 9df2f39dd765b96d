// Encrypted partitions: nothing readable on the disk, nothing believed that was changed or moved, no nonce used twice, no start with another key.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32Of, xxh3 } from '../../src/lib/checksum.ts';
import { MasterKey, sealedOverhead } from '../../src/lib/cipher.ts';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { fileHeaderSize, readFileHeader } from '../../src/log/file_header.ts';
import { FrameCursor, frameHeaderSize } from '../../src/log/frame.ts';
import { batchOf, firstSegment, openFiles, seen, textsFrom, turns } from './log_under_test.ts';
import { failure, MemoryDisk } from './memory_disk.ts';

const masterKey = new MasterKey(new Uint8Array(32).fill(7));
const otherKey = new MasterKey(new Uint8Array(32).fill(8));

function emptyDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.makeFolder('/data');
  return disk;
}

/** Salt and counter of every frame on a disk, and where the bodies stand. */
function framesOf(disk: MemoryDisk): { readonly nonce: string; readonly path: string; readonly body: Uint8Array }[] {
  const frames: { nonce: string; path: string; body: Uint8Array }[] = [];
  for (const [path, { size }] of disk.files) {
    if (!/\.log$|offsets$/.test(path)) continue;
    const { salt } = readFileHeader(disk.open(path))!;
    const cursor = new FrameCursor().over(disk.content(path));
    for (let position = fileHeaderSize; position < size; position += cursor.header.length) {
      const { body } = cursor.at(position);
      frames.push({ nonce: `${salt} ${Buffer.from(body.subarray(0, 8)).toString('hex')}`, path, body: body.slice() });
    }
  }
  return frames;
}

describe('encryption at rest', () => {
  it('stores nothing readable, and reads it all back, also after a restart and with segments that fill up', async () => {
    const disk = emptyDisk();
    const options = { masterKey, segmentSize: fileHeaderSize + 400 };
    const files = await openFiles(disk, options);
    const texts = Array.from({ length: 9 }, (_, index) => `secret ${index}`);
    for (const text of texts) await files.log.append(batchOf(text));
    await files.consumerOffsets.store(OffsetOwner.consumer, 77, 5);
    for (const { bytes } of disk.files.values()) assert.equal(Buffer.from(bytes).indexOf('secret'), -1);
    const again = await openFiles(disk.copy(), options);
    for (const { log, consumerOffsets } of [files, again]) {
      assert.deepEqual(await textsFrom({ log }), texts);
      assert.deepEqual(await textsFrom({ log }, 4), texts.slice(4));
      assert.equal(log.sizeBytes, 9 * (64 + 8));
      assert.equal(seen(await log.readFromTimestamp(0, 1))[0]?.text, 'secret 0');
      assert.equal(consumerOffsets.get(OffsetOwner.consumer, 77), 5);
    }
    await again.log.append(batchOf('more'));
    await again.consumerOffsets.store(OffsetOwner.consumer, 77, 6);
    assert.deepEqual(await textsFrom(again), [...texts, 'more']);
  });

  it('goes on with another key when the one before is given too, and with that alone once all is written anew', async () => {
    const disk = emptyDisk();
    const first = await openFiles(disk, { masterKey });
    await first.log.append(batchOf('old'));
    await first.consumerOffsets.store(OffsetOwner.consumer, 1, 0);
    await Promise.all([first.log.close(), first.consumerOffsets.close()]);
    const rotated = new MasterKey(new Uint8Array(32).fill(8), [masterKey]);
    const second = await openFiles(disk, { masterKey: rotated });
    await second.log.append(batchOf('new'));
    assert.deepEqual(await textsFrom(second), ['old', 'new']);
    assert.equal(second.consumerOffsets.get(OffsetOwner.consumer, 1), 0);
    await second.consumerOffsets.store(OffsetOwner.consumer, 1, 1);
    await Promise.all([second.log.close(), second.consumerOffsets.close()]);
    await assert.rejects(openFiles(disk.copy(), { masterKey: otherKey }), { kind: 'wrong_key' });
    const third = await openFiles(disk, { masterKey: rotated });
    assert.deepEqual(await textsFrom(third), ['old', 'new']);
    assert.equal(await third.log.deleteOldestSegments(1), 1);
    await third.log.close();
    const last = await openFiles(disk, { masterKey: otherKey });
    assert.deepEqual(await textsFrom(last), ['new']);
    assert.equal(last.consumerOffsets.get(OffsetOwner.consumer, 1), 1);
  });

  it('is refused with another key or none, and says what to do', async () => {
    const disk = emptyDisk();
    await (await openFiles(disk, { masterKey })).log.append(batchOf('secret'));
    const before = disk.content(firstSegment).slice();
    await assert.rejects(openFiles(disk, { masterKey: otherKey }), {
      kind: 'wrong_key',
      message: /encrypted with key [0-9a-f]{8}, but the key that is set is [0-9a-f]{8}. Set IGGY_SYSTEM_ENCRYPTION_KEY/,
    });
    await assert.rejects(openFiles(disk), { kind: 'wrong_key', message: /encryption is off. Set .*ENABLED to true/ });
    assert.deepEqual(disk.content(firstSegment), before);
    assert.deepEqual(await textsFrom(await openFiles(disk, { masterKey })), ['secret']);
  });

  it('reads what was plain before it was switched on, and encrypts what comes', async () => {
    const disk = emptyDisk();
    const plain = await openFiles(disk);
    await plain.log.append(batchOf('old'));
    await plain.log.close();
    const files = await openFiles(disk, { masterKey });
    await files.log.append(batchOf('new'));
    assert.deepEqual(await textsFrom(files), ['old', 'new']);
    assert.deepEqual(await textsFrom(await openFiles(disk.copy(), { masterKey })), ['old', 'new']);
    const texts = [...disk.files.values()].map(({ bytes }) => Buffer.from(bytes));
    assert.ok(texts.some((text) => text.includes('old')));
    assert.ok(!texts.some((text) => text.includes('new')));
  });

  it('never uses a nonce twice: over restarts, crashes, torn tails, failed writes and failed syncs', async () => {
    let disk = emptyDisk();
    const used = new Map<string, Uint8Array>();
    const note = (): void => {
      for (const { nonce, body } of framesOf(disk)) {
        const known = used.get(nonce);
        if (known !== undefined) assert.deepEqual(body, known, 'a nonce has one text only');
        used.set(nonce, body);
      }
    };
    for (let round = 0; round < 30; round++) {
      const files = await openFiles(disk, { masterKey, level: round % 2 === 0 ? 'os' : 'disk', tail: 1 << 20 });
      assert.equal(files.log.fence, undefined);
      for (let index = 0; index < 3; index++) {
        await files.log.append(batchOf(`round ${round}`));
        await files.consumerOffsets.store(OffsetOwner.consumer, index, 0);
        note();
      }
      if (round % 5 === 1) {
        disk.writeMax = 90;
        let writes = 0;
        disk.fault = (operation, path) => {
          if (operation === 'writev' && ++writes === 2) throw failure('ENOSPC', path);
        };
        await assert.rejects(files.log.append(batchOf('half written')), { kind: 'write_failed' });
        disk.writeMax = Number.POSITIVE_INFINITY;
      }
      if (round % 5 === 2) {
        let syncs = 0;
        disk.fault = (operation, path) => {
          if (operation === 'sync' && ++syncs === 1) throw failure('EIO', path);
        };
        await files.log.append(batchOf('in doubt')).catch(() => {});
        await files.log.flush('disk').catch(() => {});
        await turns();
      }
      disk.fault = () => {};
      await files.log.append(batchOf('after'));
      note();
      if (round % 5 === 4) await files.log.close();
      disk = disk.copy();
      const last = [...disk.files.keys()]
        .filter((path) => path.endsWith('.log'))
        .sort()
        .at(-1)!;
      if (round % 5 === 3) disk.truncate(last, disk.content(last).byteLength - 10);
    }
    assert.ok(used.size > 150);
  });

  it('believes no frame that was changed or moved, even with its checksums put right', async () => {
    const disk = emptyDisk();
    const files = await openFiles(disk, { masterKey });
    for (const text of ['one', 'two']) await files.log.append(batchOf(text));
    const { length } = new FrameCursor().over(disk.content(firstSegment)).at(fileHeaderSize).header;
    assert.equal(length, frameHeaderSize + sealedOverhead + 64 + 3);
    // Only the bodies are exchanged; the headers and their checksums are made for them, as somebody could who knows the format but not the key.
    const content = disk.content(firstSegment);
    const bodies = [0, 1].map((index) => {
      const from = fileHeaderSize + index * length + frameHeaderSize;
      return content.slice(from, from + length - frameHeaderSize);
    });
    const view = new DataView(content.buffer, content.byteOffset);
    let chain = 0;
    for (const index of [0, 1]) {
      const at = fileHeaderSize + index * length;
      content.set(bodies[1 - index]!, at + frameHeaderSize);
      view.setUint32(at + 36, chain, true);
      view.setBigUint64(at + 56, xxh3(bodies[1 - index]!), true);
      chain = crc32Of(content.subarray(at + 8, at + frameHeaderSize));
      view.setUint32(at + 4, chain, true);
    }
    const again = await openFiles(disk, { masterKey });
    assert.equal(again.log.nextOffset, 2);
    for (const offset of [0, 1]) await assert.rejects(again.log.read(offset, 1), { kind: 'corrupted' });
  });

  it('serves no wrong byte whichever bit of a segment or of its place is changed', async () => {
    const disk = emptyDisk();
    const files = await openFiles(disk, { masterKey });
    for (const text of ['one', 'two', 'end']) await files.log.append(batchOf(text));
    const size = disk.content(firstSegment).byteLength;
    for (let position = 0; position < size; position += position > 128 && position < fileHeaderSize ? 61 : 1) {
      const rotten = disk.copy();
      rotten.content(firstSegment)[position]! ^= 1 << (position % 8);
      const again = await openFiles(rotten, { masterKey }).catch((error: { kind?: string }) => error.kind);
      // The number of the key is covered by the header's checksum, so it is never the key that is wrong.
      assert.ok(typeof again === 'object');
      for (let offset = 0; offset < 3; offset++) {
        const texts: string[] | string | undefined = await textsFrom(again, offset).catch(
          (error: { kind?: string }) => error.kind,
        );
        if (typeof texts === 'string') assert.equal(texts, 'corrupted');
        else assert.deepEqual(texts, ['one', 'two', 'end'].slice(offset, offset + (texts?.length ?? 0)));
      }
    }
  });

  it('keeps an empty log going on where it was', async () => {
    const disk = emptyDisk();
    const files = await openFiles(disk, { masterKey, segmentSize: fileHeaderSize + 1 });
    await files.log.append(batchOf('a'));
    disk.fault = (operation, path) => {
      if (operation === 'writev' && disk.content(path).byteLength >= fileHeaderSize) throw failure('ENOSPC', path);
    };
    await assert.rejects(files.log.append(batchOf('b')), { kind: 'write_failed' });
    disk.fault = () => {};
    assert.equal(await files.log.deleteOldestSegments(9), 1);
    // The last segment is empty now, and the only one that knows where offsets go on.
    for (let number = 1, isReached = true; isReached; number++) {
      const copy = disk.copy();
      const again = await openFiles(copy, { masterKey });
      let calls = 0;
      let image: MemoryDisk | undefined;
      copy.fault = () => {
        if (++calls === number) image = copy.copy();
      };
      assert.equal((await again.log.append(batchOf('b'))).baseOffset, 1);
      isReached = image !== undefined;
      const third = await openFiles(image ?? copy.copy(), { masterKey });
      assert.equal((await third.log.append(batchOf('c'))).baseOffset, third.log.nextOffset - 1);
      assert.ok(third.log.nextOffset >= 2);
    }
  });
});
