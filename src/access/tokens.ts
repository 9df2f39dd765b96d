// Personal access tokens: made once, shown once, kept only as a digest.
import { randomBytes } from 'node:crypto';
import { createBLAKE3 } from 'hash-wasm';

const tokenSize = 50;
// One hasher serves all: it holds no state between calls.
const hasher = await createBLAKE3();

/** A new token: 50 random bytes as 68 characters of base64. */
export function newToken(): string {
  return randomBytes(tokenSize).toString('base64');
}

/** BLAKE3 of a token's text, 32 bytes. */
export function tokenDigest(token: string): Uint8Array {
  return hasher.init().update(token).digest('binary');
}
