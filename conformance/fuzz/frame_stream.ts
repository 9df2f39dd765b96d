// The frame reader against a model of it: streams of frames, some of them ill-framed, cut into chunks anywhere.
import { framingsOf } from '../../src/protocol/framing.ts';
import { classicNames } from '../../src/protocol/index.ts';
import type { Frame } from '../../src/protocol/protocol.ts';
import { FrameReader, type FrameRefusal, isRefusal } from '../../src/server/frame_reader.ts';
import type { Seeded } from '../../test/simulation/seeded.ts';
import { CodecViolation } from './codec_checks.ts';
import { noise } from './mutation.ts';

const headSize = 8;

/** The next frame of a stream as the wire sheet says: whole, refused, or not there yet. */
export type Cut =
  | { readonly kind: 'frame'; readonly code: number; readonly size: number }
  | { readonly kind: 'too_short' | 'too_long' }
  | { readonly kind: 'unfinished' };

/** Looks at the stream from byte `at`; `sizeMax` is the largest frame allowed for a code, head included. */
export function cutFrame(stream: Uint8Array, at: number, sizeMax: (code: number) => number): Cut {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const left = stream.byteLength - at;
  if (left < 4) return { kind: 'unfinished' };
  const length = view.getUint32(at, true);
  if (length < 4) return { kind: 'too_short' };
  if (left < headSize) return { kind: 'unfinished' };
  const code = view.getUint32(at + 4, true);
  const size = 4 + length;
  if (size > sizeMax(code)) return { kind: 'too_long' };
  return left < size ? { kind: 'unfinished' } : { kind: 'frame', code, size };
}

/** A request frame. */
export function frameOf(code: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headSize + payload.byteLength);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 4 + payload.byteLength, true);
  view.setUint32(4, code, true);
  frame.set(payload, headSize);
  return frame;
}

/** Frames of which the last may be ill-framed, and what belongs to nothing. */
function drawnStream(random: Seeded): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let count = random.below(12); count > 0; count--) {
    const size = random.chance(0.05) ? random.below(40_000) : random.below(60);
    pieces.push(frameOf(random.pick([1, 100, 101, 38, 4_000_000_000]), noise(size, random)));
  }
  if (random.chance(0.5)) {
    const last = frameOf(1, noise(random.below(20), random));
    const claim = random.pick([0, 1, 3, 4, 5, 1023, 1024, 50_000, 0x7fff_ffff, 0xffff_ffff]);
    new DataView(last.buffer).setUint32(0, claim, true);
    pieces.push(last.subarray(0, 1 + random.below(last.byteLength)));
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Frames of one code may be large, others not. */
const sizeMax = (code: number): number => (code === 101 ? 100_000 : 30_000);
/** What a reader may hold beyond what it was given. */
const heldMore = 100_000;

/** One drawn stream in drawn chunks. @throws CodecViolation */
export function checkFrameStream(random: Seeded): void {
  const stream = drawnStream(random);
  const reader = new FrameReader(framingsOf(classicNames));
  let at = 0;
  let position = 0;
  while (position < stream.byteLength) {
    const size = random.chance(0.3) ? 1 + random.below(4) : 1 + random.below(stream.byteLength);
    const chunk = stream.slice(position, position + size);
    position += chunk.byteLength;
    reader.push(chunk);
    for (;;) {
      const expected = cutFrame(stream.subarray(0, position), at, sizeMax);
      const found = reader.next(sizeMax);
      checkCut(expected, found, stream, at);
      if (expected.kind !== 'frame') break;
      at += expected.size;
    }
    if (reader.waitingSize > stream.byteLength + heldMore) throw new CodecViolation('the frame reader holds too much');
  }
}

function checkCut(expected: Cut, found: Frame | FrameRefusal | undefined, stream: Uint8Array, at: number): void {
  const isRight =
    expected.kind === 'unfinished'
      ? found === undefined
      : expected.kind !== 'frame'
        ? found !== undefined && isRefusal(found) && found.kind === expected.kind
        : found !== undefined &&
          !isRefusal(found) &&
          found.code === expected.code &&
          Buffer.from(found.payload).equals(stream.subarray(at + headSize, at + expected.size));
  if (!isRight)
    throw new CodecViolation(`at byte ${at} of ${Buffer.from(stream).toString('hex')}: ${expected.kind} expected`);
}
