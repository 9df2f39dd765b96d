// Heads of 0.9 say more than a length and a command: they are spoiled as well, as far as the stream can still be cut into frames.
import { decodeRequestHeader, RequestHeaderView } from '../../generated/v0_9/request_header.ts';
import { xxh3 } from '../../src/lib/checksum.ts';
import type { Seeded } from '../../test/simulation/seeded.ts';
import { frameFor, type HeadFields, headSizes } from './frames.ts';
import { mutate, noise } from './mutation.ts';
import { sampleOf } from './samples.ts';

const headSize = headSizes.replicated;
/** Bytes by which the stream is known to be one of 0.9. */
const beginSize = 4;
/** Few, so that connections meet the ids of others. */
const clientIds = [7n, 8n, 1n << 100n];

/** What a sound client puts into a head. */
export function soundHead(request: bigint, payload: Uint8Array, random: Seeded): HeadFields {
  return { clientId: random.pick(clientIds), request, requestChecksum: random.chance(0.3) ? xxh3(payload) : 0n };
}

/** A frame of 0.9 whose head is spoiled but for its beginning and its size. */
export function withSpoiledHead(frame: Uint8Array, random: Seeded): Uint8Array {
  const sound = sampleOf(frame.slice(0, headSize), decodeRequestHeader);
  const other = sampleOf(frameFor('v0_9', random.below(700), noise(0, random)), decodeRequestHeader);
  const spoiled = frame.slice();
  const head = mutate(sound, other, random).subarray(0, headSize);
  spoiled.set(head);
  spoiled.fill(0, 0, beginSize);
  new DataView(spoiled.buffer).setUint32(RequestHeaderView.frameSizeAt, frame.byteLength, true);
  return spoiled;
}
