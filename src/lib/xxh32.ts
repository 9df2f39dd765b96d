// xxHash32, seed 0: keys to partitions, consumer names to numbers, peer addresses to client ids.
import { createXXHash32 } from 'hash-wasm';

// One hasher serves all: it holds no state between calls.
const hasher = await createXXHash32(0);

/** xxHash32 of some bytes, as an unsigned 32-bit integer. */
export function xxh32(bytes: Uint8Array): number {
  const digest = hasher.init().update(bytes).digest('binary');
  return ((digest[0]! << 24) | (digest[1]! << 16) | (digest[2]! << 8) | digest[3]!) >>> 0;
}
