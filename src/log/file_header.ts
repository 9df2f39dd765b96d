// The first 4 KiB of every file of frames (spec/storage/segment_header.ksy).
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  type SegmentHeader,
  sizeOfSegmentHeader,
} from '../../generated/storage/segment_header.ts';
import { Reader } from '../bytes/reader.ts';
import { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import { xxh3 } from '../lib/checksum.ts';
import type { MasterKey } from '../lib/cipher.ts';
import { randomIncarnation } from '../lib/ids.ts';
import type { Random } from '../lib/random.ts';
import { type DiskFile, readFully } from './disk.ts';
import { LogError } from './log_error.ts';
import { aesGcmCipher, plainCipher } from './sealing.ts';

/** Bytes before the first frame of a file. */
export const fileHeaderSize = 4096;

/**
 * The format this build writes. It reads this one and older ones. Format 2 keeps a group's offsets by the entry that created it; format 3 has options of
 * topics in the catalog.
 */
export const formatVersion = 3;

/** The header of a new file, without what `createFrameFile` fills in. */
export type NewFile = Omit<SegmentHeader, 'formatVersion' | 'checksum' | 'cipher' | 'keyId' | 'salt'>;

/** Completes the header of a new file. */
export function sealFileHeader(fields: NewFile, random: Random, masterKey: MasterKey | undefined): SegmentHeader {
  const header: SegmentHeader = {
    ...fields,
    formatVersion,
    cipher: masterKey === undefined ? plainCipher : aesGcmCipher,
    keyId: masterKey?.id ?? 0,
    salt: randomIncarnation(random),
    checksum: 0n,
  };
  const bytes = encodeFileHeader(header);
  return { ...header, checksum: xxh3(bytes.subarray(0, sizeOfSegmentHeader(header) - 8)) };
}

/** The first bytes of a file with this header. */
export function encodeFileHeader(header: SegmentHeader): Uint8Array {
  const writer = new Writer(fileHeaderSize);
  encodeSegmentHeader(writer, header);
  return writer.bytes;
}

/**
 * Reads and checks the header of a file; undefined when it is damaged or not one of ours.
 * @throws LogError `newer_format` when a newer build wrote it.
 */
export function readFileHeader(file: DiskFile): SegmentHeader | undefined {
  const bytes = new Uint8Array(fileHeaderSize);
  if (readFully(file, bytes, 0) < fileHeaderSize) return undefined;
  let header: SegmentHeader;
  try {
    header = decodeSegmentHeader(new Reader(bytes));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
  if (xxh3(bytes.subarray(0, sizeOfSegmentHeader(header) - 8)) !== header.checksum) return undefined;
  if (header.formatVersion > formatVersion)
    throw new LogError('newer_format', `${file.path} was written by a newer release (format ${header.formatVersion})`);
  return header;
}
