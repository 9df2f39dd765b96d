// The checksums of stored bytes: XXH3-64 (seed 0) for bodies and messages, CRC-32 for frame headers.
import { crc32 } from 'node:zlib';
import { createXXHash3 } from 'hash-wasm';

// One hasher serves all: it holds no state between calls. Instantiating it is asynchronous, so modules that import this one wait for it.
const xxh3Hasher = await createXXHash3();

/** XXH3-64, seed 0. About 0.25 µs a call and 4 GB/s. */
export function xxh3(bytes: Uint8Array): bigint {
  const digest = xxh3Digest(bytes);
  const high = ((digest[0]! << 24) | (digest[1]! << 16) | (digest[2]! << 8) | digest[3]!) >>> 0;
  const low = ((digest[4]! << 24) | (digest[5]! << 16) | (digest[6]! << 8) | digest[7]!) >>> 0;
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Writes XXH3-64 of `source` into `target` at `position`, little-endian. Cheaper than a bigint when there is one per message. */
export function writeXxh3(source: Uint8Array, target: Uint8Array, position: number): void {
  const digest = xxh3Digest(source);
  for (let index = 0; index < 8; index++) target[position + index] = digest[7 - index]!;
}

/** The digest most significant byte first. */
function xxh3Digest(bytes: Uint8Array): Uint8Array {
  return xxh3Hasher.init().update(bytes).digest('binary');
}

/** CRC-32 (IEEE). */
export function crc32Of(bytes: Uint8Array): number {
  return crc32(bytes);
}
