// Cutting frames: any split of the stream gives the same frames, and a claimed length costs nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { framingsOf } from '../../src/protocol/framing.ts';
import { generationNames } from '../../src/protocol/index.ts';
import type { Frame } from '../../src/protocol/protocol.ts';
import { FrameReader, type FrameRefusal, isRefusal } from '../../src/server/frame_reader.ts';
import { frameBytes, headBytes } from './frames.ts';

const anySize = () => Number.POSITIVE_INFINITY;
const frames = fc.array(fc.record({ code: fc.nat(0xffff_ffff), payload: fc.uint8Array({ maxLength: 200 }) }), {
  maxLength: 12,
});

const newReader = () => new FrameReader(framingsOf(generationNames));

function readAll(reader: FrameReader): Frame[] {
  const read: Frame[] = [];
  for (let frame = reader.next(anySize); frame !== undefined; frame = reader.next(anySize)) {
    assert.ok(!isRefusal(frame));
    read.push(frame);
  }
  return read;
}

/** Splits bytes at the given places, wherever they fall. */
function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.byteLength + 1)))].sort((left, right) => left - right);
  // Copies: chunks of a socket do not share memory.
  return [0, ...places].map((start, at) => bytes.slice(start, places[at] ?? bytes.byteLength));
}

test('any split of a stream gives the same frames', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.nat(), { maxLength: 40 }), fc.boolean(), (sent, cuts, isReadBetween) => {
      const stream = Buffer.concat(sent.map(({ code, payload }) => frameBytes(code, payload)));
      const reader = newReader();
      const read: Frame[] = [];
      for (const chunk of split(stream, cuts)) {
        reader.push(chunk);
        if (isReadBetween) read.push(...readAll(reader));
      }
      read.push(...readAll(reader));
      assert.deepEqual(
        read.map(({ code, payload }) => ({ code, payload: [...payload] })),
        sent.map(({ code, payload }) => ({ code, payload: [...payload] })),
      );
      assert.ok(!reader.isMidFrame && reader.waitingSize === 0 && reader.waitingChunks === 0);
    }),
    { numRuns: 500 },
  );
});

test('large frames in chunks of every size are gathered exactly', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 3000, max: 70_000 })), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400_000 }), sizes, (size, chunkSizes) => {
      const payload = Buffer.alloc(size);
      for (let at = 0; at < size; at++) payload[at] = (at * 31) ^ (at >> 8);
      const stream = frameBytes(7, payload);
      const reader = newReader();
      let frame: ReturnType<FrameReader['next']>;
      for (let start = 0, turn = 0; start < stream.byteLength; turn++) {
        const end = start + chunkSizes[turn % chunkSizes.length]!;
        reader.push(stream.slice(start, end));
        start = end;
        frame = reader.next(anySize);
      }
      assert.ok(frame !== undefined && !isRefusal(frame) && payload.equals(frame.payload));
    }),
    { numRuns: 60 },
  );
});

test('every single byte split', () => {
  const stream = Buffer.concat([frameBytes(1, Buffer.alloc(0)), frameBytes(2, Buffer.from('abc'))]);
  const reader = newReader();
  const read: Frame[] = [];
  for (const byte of stream) {
    reader.push(Uint8Array.of(byte));
    read.push(...readAll(reader));
  }
  assert.deepEqual(
    read.map(({ code, payload }) => [code, Buffer.from(payload).toString()]),
    [
      [1, ''],
      [2, 'abc'],
    ],
  );
});

test('a frame inside one chunk is not copied, a split one has memory of its own', () => {
  const reader = newReader();
  const chunk = Buffer.concat([
    frameBytes(1, Buffer.from('first')),
    frameBytes(2, Buffer.from('second')).subarray(0, 11),
  ]);
  reader.push(chunk);
  const [first] = readAll(reader);
  assert.equal(first?.payload.buffer, chunk.buffer);
  assert.equal(first?.payload.byteOffset, chunk.byteOffset + 8);
  assert.ok(reader.isMidFrame);
  reader.push(Buffer.from('ond'));
  const [second] = readAll(reader);
  assert.equal(second?.payload.buffer.byteLength, 6, 'exactly its size');
});

test('a length that does not cover the code is told at once and for good', () => {
  for (const length of [1, 2, 3]) {
    const reader = newReader();
    reader.push(headBytes(length, 1).subarray(0, 4));
    const refusal: FrameRefusal = { kind: 'too_short', length, code: 0, head: new Uint8Array(0) };
    assert.deepEqual(reader.next(anySize), refusal);
    reader.push(frameBytes(1, Buffer.alloc(0)));
    assert.deepEqual(reader.next(anySize), refusal);
    assert.equal(reader.waitingSize, 0, 'nothing is kept after a refusal');
  }
});

test('a frame that claims less than its head is refused with that head, so that its sender can be answered', () => {
  const head = new Uint8Array(256);
  new DataView(head.buffer).setUint32(48, 255, true);
  head[176] = 160;
  for (const cuts of [[], [100]]) {
    const reader = newReader();
    for (const chunk of split(head, cuts)) reader.push(chunk);
    assert.deepEqual(reader.next(anySize), { kind: 'too_short', length: 255, code: 101, head });
  }
});

test('the limit is asked once for each frame, with its code, and counts the head', () => {
  const asked: number[] = [];
  const sizeMax = (code: number) => {
    asked.push(code);
    return code === 5 ? 12 : 11;
  };
  const reader = newReader();
  reader.push(frameBytes(5, Buffer.from('four')).subarray(0, 9));
  assert.equal(reader.next(sizeMax), undefined);
  reader.push(Buffer.from('our'));
  assert.deepEqual(reader.next(sizeMax), { code: 5, payload: Buffer.from('four'), head: new Uint8Array(0) });
  reader.push(frameBytes(6, Buffer.from('four')));
  assert.deepEqual(reader.next(sizeMax), {
    kind: 'too_long',
    length: 12,
    code: 6,
    head: new Uint8Array(0),
  });
  assert.deepEqual(asked, [5, 6]);
});

test('a thousand length bombs within the limit take no memory but what was received', () => {
  const before = process.memoryUsage().arrayBuffers;
  const readers = Array.from({ length: 1000 }, () => {
    const reader = newReader();
    reader.push(headBytes(64_000_000, 101));
    assert.equal(
      reader.next(() => 65_048_576),
      undefined,
    );
    reader.push(new Uint8Array(1024));
    assert.equal(
      reader.next(() => 65_048_576),
      undefined,
    );
    return reader;
  });
  const perReader = (process.memoryUsage().arrayBuffers - before) / readers.length;
  assert.ok(perReader < 4096, `${perReader} bytes for 1,032 received`);
  assert.ok(readers.every((reader) => reader.isMidFrame));
});

test('a bomb above the limit is refused though all its bytes could follow', () => {
  const reader = newReader();
  reader.push(headBytes(0xffff_ffff, 38));
  const refusal = reader.next(() => 1024);
  assert.ok(refusal !== undefined && isRefusal(refusal) && refusal.kind === 'too_long');
});

test('memory follows the bytes received while a large frame arrives in tiny chunks', () => {
  const size = 1_000_000;
  const reader = newReader();
  const before = process.memoryUsage().arrayBuffers;
  reader.push(headBytes(size + 4, 101));
  reader.next(anySize);
  let worst = 0;
  for (let received = 10; received < size / 2; received += 10) {
    // Pooled, as small buffers are: the chunk itself is not what is measured.
    reader.push(Buffer.from('0123456789'));
    reader.next(anySize);
    if (received % 10_000 === 0) {
      worst = Math.max(worst, (process.memoryUsage().arrayBuffers - before) / received);
    }
  }
  assert.ok(worst < 14, `${worst} bytes for each byte received`);
});
