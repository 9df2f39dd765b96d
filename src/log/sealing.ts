// Encrypted files: every frame's body is sealed with the key of its file and bound to its header, so that it cannot be read, changed or moved.
import type { SegmentHeader } from '../../generated/storage/segment_header.ts';
import { type FileKey, type MasterKey, sealedOverhead } from '../lib/cipher.ts';
import { type FrameCursor, isSealed, sealedContext } from './frame.ts';
import { LogError } from './log_error.ts';

/** `cipher` of a file whose frames are plain, and of one sealed with AES-256-GCM. */
export const plainCipher = 0;
export const aesGcmCipher = 1;

/** Bytes of a frame's body beyond those of its content. */
export function overheadOf({ cipher }: Pick<SegmentHeader, 'cipher'>): number {
  return cipher === plainCipher ? 0 : sealedOverhead;
}

/**
 * The key of a file; undefined when it is plain.
 * @throws LogError `wrong_key` when it was written with another key than `master` and those before it.
 */
export function fileKeyOf(header: SegmentHeader, master: MasterKey | undefined, path: string): FileKey | undefined {
  if (header.cipher === plainCipher) return undefined;
  const wanted = keyText(header.keyId);
  const advice = 'Set IGGY_SYSTEM_ENCRYPTION_KEY to the key it was written with';
  if (header.cipher !== aesGcmCipher)
    throw new LogError(
      'newer_format',
      `${path} is encrypted in a way (${header.cipher}) that this release does not know`,
    );
  if (master === undefined)
    throw new LogError(
      'wrong_key',
      `${path} is encrypted with key ${wanted}, but encryption is off. ${advice}, and IGGY_SYSTEM_ENCRYPTION_ENABLED to true`,
    );
  const key = master.withId(header.keyId);
  if (key === undefined)
    throw new LogError(
      'wrong_key',
      `${path} is encrypted with key ${wanted}, but the key that is set is ${keyText(master.id)}. ${advice}, or add that one to WHIPPET_PREVIOUS_ENCRYPTION_KEYS`,
    );
  const context = new Uint8Array(64);
  const view = new DataView(context.buffer);
  context.set(new TextEncoder().encode('whippet file key'));
  setU128(view, 16, header.incarnation);
  view.setBigUint64(32, BigInt(header.baseOffset), true);
  view.setUint32(40, header.kind, true);
  view.setUint32(44, header.streamId, true);
  view.setUint32(48, header.topicId, true);
  view.setUint32(52, header.partitionId, true);
  const salt = new Uint8Array(16);
  setU128(new DataView(salt.buffer), 0, header.salt);
  return key.fileKey(salt, context);
}

/** The content of a frame whose body was found sound; undefined when it is not what was sealed there. */
export function contentOf(cursor: FrameCursor, key: FileKey | undefined): Uint8Array | undefined {
  if (isSealed(cursor) !== (key !== undefined)) return undefined;
  return key === undefined ? cursor.body : key.open(sealedContext(cursor), cursor.body);
}

function setU128(view: DataView, position: number, value: bigint): void {
  view.setBigUint64(position, value & 0xffff_ffff_ffff_ffffn, true);
  view.setBigUint64(position + 8, value >> 64n, true);
}

/** Number of a key as people are told of it. */
export function keyText(id: number): string {
  return id.toString(16).padStart(8, '0');
}
