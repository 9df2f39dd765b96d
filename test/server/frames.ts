// Frames and limits for the tests of the server: bytes of requests, and limits so wide that a test narrows only what it is about.
import type { ConnectionLimits, ListenerLimits } from '../../src/server/limits.ts';

/** The bytes of one request. */
export function frameBytes(code: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(8 + payload.byteLength);
  bytes.writeUInt32LE(4 + payload.byteLength, 0);
  bytes.writeUInt32LE(code, 4);
  bytes.set(payload, 8);
  return bytes;
}

/** The 8 bytes before a payload, whatever they claim. */
export function headBytes(length: number, code: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(length, 0);
  bytes.writeUInt32LE(code, 4);
  return bytes;
}

export const wideLimits: ConnectionLimits & ListenerLimits = {
  frameSizeMaxBytes: 65_048_576,
  frameSizeMaxBeforeLoginBytes: 1024,
  waitingSizeMaxBytes: 1_048_576,
  outputSizeMaxBytes: 8_388_608,
  outputSizeMaxBeforeLoginBytes: 16_384,
  loginDeadlineMs: 10_000,
  frameDeadlineMs: 30_000,
  writeDeadlineMs: 30_000,
  closeDeadlineMs: 2_000,
  connectionsMax: 100,
  connectionsBeforeLoginMax: 100,
  connectionsBeforeLoginPerAddressMax: 100,
  handshakeDeadlineMs: 10_000,
  stopDeadlineMs: 1_000,
};
