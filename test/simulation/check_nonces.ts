// No two texts on a disk are sealed with the same key and counter. A key is of one file, so that counters must rise within each file.
import { decodeSegmentHeader } from '../../generated/storage/segment_header.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { xxh3 } from '../../src/lib/checksum.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import { frameHeaderSize } from '../../src/log/frame.ts';
import type { DiskImage } from './disk_image.ts';
import { must } from './violation.ts';

/** Where a frame's header has the checksum of its body: it ends with it. */
const bodyChecksumAt = frameHeaderSize - 8;

/** Looks at all files of frames. Returns how many counters it saw. @throws Violation. */
export function checkNonces(image: DiskImage): number {
  const salts = new Map<bigint, string>();
  let seen = 0;
  for (const [path, { content }] of image.files()) {
    const salt = saltOf(content);
    // What was moved aside is a copy of what it was moved from.
    if (salt === undefined || path.includes('/quarantine/')) continue;
    must(!salts.has(salt), () => `${path} and ${salts.get(salt)} have the same key`);
    salts.set(salt, path);
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    let last = -1n;
    for (let at = fileHeaderSize; at + frameHeaderSize + 8 <= content.byteLength; ) {
      const length = view.getUint32(at + 8, true);
      const body = content.subarray(at + frameHeaderSize, at + length);
      // What a crash tore says nothing.
      if (length <= frameHeaderSize || xxh3(body) !== view.getBigUint64(at + bodyChecksumAt, true)) break;
      const counter = view.getBigUint64(at + frameHeaderSize, true);
      must(counter > last, () => `${path}: counter ${counter} follows ${last}`);
      last = counter;
      seen++;
      at += length;
    }
  }
  return seen;
}

/** The salt of an encrypted file; undefined when it is none. */
function saltOf(content: Uint8Array): bigint | undefined {
  if (content.byteLength < fileHeaderSize) return undefined;
  try {
    const header = decodeSegmentHeader(new Reader(content.subarray(0, fileHeaderSize)));
    return header.cipher === 0 ? undefined : header.salt;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
