// The frame reader against a model of it: streams of frames of both forms, some of them ill-framed, cut into chunks anywhere.
import { framingsOf } from '../../src/protocol/framing.ts';
import { classicNames, generationNames } from '../../src/protocol/index.ts';
import type { Frame, GenerationName } from '../../src/protocol/protocol.ts';
import { FrameReader, type FrameRefusal, isRefusal } from '../../src/server/frame_reader.ts';
import type { Seeded } from '../../test/simulation/seeded.ts';
import { CodecViolation } from './codec_checks.ts';
import { type Cut, cutFrame, type Form, forms, frameFor, headOf, headSizes } from './frames.ts';
import { noise } from './mutation.ts';

/** What a listener may allow, and the forms of frames that it then takes. */
const listeners: readonly { readonly generations: readonly GenerationName[]; readonly allowed: readonly Form[] }[] = [
  { generations: generationNames, allowed: forms },
  { generations: generationNames, allowed: forms },
  { generations: classicNames, allowed: ['classic'] },
  { generations: ['v0_9'], allowed: ['replicated'] },
];
/** One generation of each form. */
const speakers: readonly GenerationName[] = ['v0_8', 'v0_9'];
const largestFrame = 64 << 20;
const codes = [1, 100, 101, 38, 40, 4_000_000_000];
const claims = [0, 1, 3, 4, 5, 255, 256, 257, 1023, 1024, 50_000, 0x7fff_ffff, 0xffff_ffff]
  .concat([largestFrame, largestFrame + 1, largestFrame + 4])
  .concat(Array.from({ length: 8 }, (_, index) => index * 36));

/** Frames of one form, seldom one of the other, of which the last may be ill-framed; and what belongs to nothing. */
function drawnStream(random: Seeded): Uint8Array {
  const generation = random.pick(speakers);
  const pieces: Uint8Array[] = [];
  for (let count = random.below(12); count > 0; count--) {
    const size = random.chance(0.05) ? random.below(40_000) : random.below(60);
    const speaker = random.chance(0.02) ? random.pick(speakers) : generation;
    pieces.push(frameFor(speaker, random.pick(codes), noise(size, random)));
  }
  if (random.chance(0.5)) {
    const head = headOf(generation, random.pick(codes), random.pick(claims));
    if (random.chance(0.2)) new DataView(head.buffer).setUint32(0, random.below(6), true);
    const last = Buffer.concat([head, noise(random.below(20), random)]);
    pieces.push(random.chance(0.5) ? last : last.subarray(0, 1 + random.below(last.byteLength)));
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Frames of one code may be large, others not. */
const sizeMax = (code: number): number => (code === 101 ? largestFrame : 30_000);
/** What a reader may hold beyond what it was given. */
const heldMore = 100_000;

/** One drawn stream in drawn chunks. @throws CodecViolation */
export function checkFrameStream(random: Seeded): void {
  const stream = drawnStream(random);
  const { generations, allowed } = random.pick(listeners);
  const reader = new FrameReader(framingsOf(generations));
  let form: Form | undefined;
  let at = 0;
  let position = 0;
  while (position < stream.byteLength) {
    const size = random.chance(0.3) ? 1 + random.below(4) : 1 + random.below(stream.byteLength);
    const chunk = stream.slice(position, position + size);
    position += chunk.byteLength;
    reader.push(chunk);
    for (;;) {
      const expected = cutFrame(stream.subarray(0, position), at, sizeMax, form, allowed);
      const found = reader.next(sizeMax);
      checkCut(expected, found, stream, at);
      if (expected.kind !== 'frame') break;
      form = expected.form;
      at += expected.size;
    }
    if (reader.waitingSize > stream.byteLength + heldMore) throw new CodecViolation('the frame reader holds too much');
  }
}

function checkCut(expected: Cut, found: Frame | FrameRefusal | undefined, stream: Uint8Array, at: number): void {
  if (!isRight(expected, found, stream, at))
    throw new CodecViolation(`at byte ${at} of ${Buffer.from(stream).toString('hex')}: ${expected.kind} expected`);
}

function isRight(expected: Cut, found: Frame | FrameRefusal | undefined, stream: Uint8Array, at: number): boolean {
  if (expected.kind === 'unfinished' || found === undefined)
    return expected.kind === 'unfinished' && found === undefined;
  if (isRefusal(found)) return found.kind === (expected.kind === 'misbegun' ? 'too_short' : expected.kind);
  if (expected.kind !== 'frame') return false;
  const payloadAt = at + headSizes[expected.form];
  const head = expected.form === 'classic' ? noBytes : stream.subarray(at, payloadAt);
  return (
    found.code === expected.code &&
    Buffer.from(found.payload).equals(stream.subarray(payloadAt, at + expected.size)) &&
    Buffer.from(found.head).equals(head)
  );
}

const noBytes = new Uint8Array(0);
