// Random 128-bit ids: of messages that came without one, and of the lives of partitions.
import type { Random } from './random.ts';

/** Overwrites 16 bytes at `position` with a random (version 4) UUID, written as a little-endian 128-bit integer. */
export function writeMessageId(random: Random, bytes: Uint8Array, position: number): void {
  random.fill(bytes.subarray(position, position + 16));
  // Little-endian turns the UUID around: its bytes 6 (version) and 8 (variant) stand at 9 and 7.
  bytes[position + 9] = (bytes[position + 9]! & 0x0f) | 0x40;
  bytes[position + 7] = (bytes[position + 7]! & 0x3f) | 0x80;
}

/** A new incarnation: a random 128-bit number other than 0. */
export function randomIncarnation(random: Random): bigint {
  const bytes = new Uint8Array(16);
  random.fill(bytes);
  const view = new DataView(bytes.buffer);
  const value = (view.getBigUint64(8, true) << 64n) | view.getBigUint64(0, true);
  return value === 0n ? 1n : value;
}

/** An incarnation as 32 lower-case hexadecimal digits, as in names of folders. */
export function incarnationText(incarnation: bigint): string {
  return incarnation.toString(16).padStart(32, '0');
}
