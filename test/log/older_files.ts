// Files as earlier releases left them: the same frames under the header of an older format.
import { sizeOfSegmentHeader } from '../../generated/storage/segment_header.ts';
import { xxh3 } from '../../src/lib/checksum.ts';
import { encodeFileHeader, readFileHeader } from '../../src/log/file_header.ts';
import type { MemoryDisk } from './memory_disk.ts';

/** Makes the header of the file at `path` say that it is of an older format. */
export function stampOlder(disk: MemoryDisk, path: string, formatVersion: number): void {
  const header = { ...readFileHeader(disk.open(path))!, formatVersion };
  const covered = encodeFileHeader(header).subarray(0, sizeOfSegmentHeader(header) - 8);
  disk.content(path).set(encodeFileHeader({ ...header, checksum: xxh3(covered) }));
}
