// One frame: a 64-byte header (spec/storage/batch_header.ksy) and its body. How it is sealed and what makes it valid. Files are left to frame_file.ts.
import { BatchHeaderView } from '../../generated/storage/batch_header.ts';
import { crc32Of, xxh3 } from '../lib/checksum.ts';

/** "WHFR". */
const frameMagic = 0x52464857;

export const frameHeaderSize = BatchHeaderView.headerSize;

/** Largest frame that is written or believed, in bytes. */
export const frameSizeMax = 1 << 30;

const checkedFrom = BatchHeaderView.lengthAt;

/** What a frame's header says beyond what is computed from its body. */
export interface FrameFields {
  readonly count: number;
  readonly baseOffset: number;
  readonly timestamp: number;
  readonly layout: number;
  readonly previousChecksum: number;
  /** Low 8 bytes of the file's incarnation. */
  readonly incarnation: bigint;
  readonly durableUpTo: number;
}

/** Bit of `flags`: the body is encrypted. */
const sealedFlag = 1;
/** The part of a header that an encrypted body is bound to: all but what is computed from the body. */
const contextFrom = BatchHeaderView.lengthAt;
const contextTo = BatchHeaderView.bodyChecksumAt;

// Made once: a header is written before the next one is sealed. `reserved` stays 0.
const sealed = new Uint8Array(frameHeaderSize);
const sealedView = new BatchHeaderView().wrap(new DataView(sealed.buffer), 0);

/** A header that is valid until the next one is sealed. */
export interface SealedHeader {
  readonly bytes: Uint8Array;
  /** What the next frame carries as `previousChecksum`. */
  readonly checksum: number;
  readonly body: Uint8Array;
}

/** Encrypts bodies. */
export interface BodyCipher {
  /** Bytes that encrypting adds. */
  readonly overhead: number;
  seal(context: Uint8Array, content: Uint8Array): Uint8Array;
}

/** Builds a frame around `content`, checksums included. */
export function sealFrame(fields: FrameFields, content: Uint8Array, cipher?: BodyCipher): SealedHeader {
  const view = sealedView;
  view.magic = frameMagic;
  view.length = frameHeaderSize + content.byteLength + (cipher?.overhead ?? 0);
  view.flags = cipher === undefined ? 0 : sealedFlag;
  view.count = fields.count;
  view.baseOffset = fields.baseOffset;
  view.timestamp = fields.timestamp;
  view.layout = fields.layout;
  view.previousChecksum = fields.previousChecksum;
  view.incarnation = fields.incarnation;
  view.durableUpTo = fields.durableUpTo;
  const body = cipher === undefined ? content : cipher.seal(sealed.subarray(contextFrom, contextTo), content);
  view.bodyChecksum = xxh3(body);
  const checksum = crc32Of(sealed.subarray(checkedFrom));
  view.headerChecksum = checksum;
  return { bytes: sealed, checksum, body };
}

/** A view over `bytes`, and the bytes themselves: what the checks below need. */
export class FrameCursor {
  readonly header: BatchHeaderView = new BatchHeaderView();
  bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** Takes other memory. */
  over(bytes: Uint8Array): this {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this;
  }

  /** Moves to the frame at byte `at` of the memory. */
  at(at: number): this {
    this.header.wrap(this.#view, at);
    return this;
  }

  get body(): Uint8Array {
    const { position, length } = this.header;
    return this.bytes.subarray(position + frameHeaderSize, position + length);
  }
}

/** Whether the header under the cursor is one of ours and undamaged: only then may its length be believed. */
export function isHeaderSound(cursor: FrameCursor, incarnation: bigint): boolean {
  const { header, bytes } = cursor;
  if (header.position + frameHeaderSize > bytes.byteLength || header.magic !== frameMagic) return false;
  if (
    crc32Of(bytes.subarray(header.position + checkedFrom, header.position + frameHeaderSize)) !== header.headerChecksum
  )
    return false;
  return (
    header.incarnation === incarnation &&
    header.count >= 1 &&
    header.length >= frameHeaderSize &&
    header.length <= frameSizeMax
  );
}

/** Whether the frame under the cursor says that its body is encrypted. */
export function isSealed({ header }: FrameCursor): boolean {
  return (header.flags & sealedFlag) !== 0;
}

/** What an encrypted body under the cursor is bound to. */
export function sealedContext({ header, bytes }: FrameCursor): Uint8Array {
  return bytes.subarray(header.position + contextFrom, header.position + contextTo);
}

/** Whether the body under the cursor, which must be in memory, is undamaged. */
export function isBodySound(cursor: FrameCursor): boolean {
  const { header, bytes } = cursor;
  return header.position + header.length <= bytes.byteLength && xxh3(cursor.body) === header.bodyChecksum;
}

/** Byte from which `bytes` may hold another frame: the next place where the magic stands; -1 when there is none. */
export function findMagic(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(frameMagic & 0xff, from);
  while (at >= 0 && at + 4 <= bytes.byteLength) {
    if (
      bytes[at + 1] === ((frameMagic >> 8) & 0xff) &&
      bytes[at + 2] === ((frameMagic >> 16) & 0xff) &&
      bytes[at + 3] === frameMagic >>> 24
    )
      return at;
    at = bytes.indexOf(frameMagic & 0xff, at + 1);
  }
  return -1;
}
