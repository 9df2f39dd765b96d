// Snapshots of the catalog as files, and the two superblocks that say which one counts.
import { FrameLayout } from '../../generated/storage/batch_header.ts';
import { FileKind } from '../../generated/storage/segment_header.ts';
import {
  decodeSuperblock,
  encodeSuperblock,
  type Superblock,
  sizeOfSuperblock,
} from '../../generated/storage/superblock.ts';
import { Reader } from '../bytes/reader.ts';
import { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import { xxh3 } from '../lib/checksum.ts';
import { replaceFile } from '../log/checkpoint.ts';
import type { Disk } from '../log/disk.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { readFileHeader } from '../log/file_header.ts';
import { createFrameFile } from '../log/new_file.ts';
import { scanFrames } from '../log/recovery.ts';
import { contentOf, fileKeyOf } from '../log/sealing.ts';
import { DataFolderError } from './data_folder.ts';

/** Which snapshot counts. */
export interface SnapshotPlace {
  /** Of the journal. */
  readonly incarnation: bigint;
  /** Of the superblock that says so; 0 when none does. */
  readonly sequence: number;
  /** Index of the last entry in it; 0 when there is none. */
  readonly index: number;
}

export const noSnapshot: SnapshotPlace = { incarnation: 0n, sequence: 0, index: 0 };

const namePattern = /^(\d{20})\.snapshot$/;

function nameOf(index: number): string {
  return `${String(index).padStart(20, '0')}.snapshot`;
}

/** Writes a snapshot, makes it the one that counts, and removes the others. It may stop anywhere: until the superblock is there the old one counts. */
export async function writeSnapshot(
  environment: LogEnvironment,
  folder: string,
  { incarnation, index, sequence }: SnapshotPlace,
  bytes: Uint8Array,
): Promise<SnapshotPlace> {
  const { disk, clock } = environment;
  const name = nameOf(index);
  disk.remove(`${folder}/${name}.tmp`);
  const now = clock.nowMicros();
  const file = await createFrameFile(environment, folder, `${name}.tmp`, {
    ...{ kind: FileKind.catalog_snapshot, incarnation, streamId: 0, topicId: 0, partitionId: 0, chainStart: 0 },
    ...{ baseOffset: index, baseSize: 0, baseTimestamp: 0, createdAt: now },
  });
  try {
    file.append({ count: 1, timestamp: now, layout: FrameLayout.catalog_snapshot, body: bytes });
    await file.sync();
    disk.rename(`${folder}/${name}.tmp`, `${folder}/${name}`);
    await disk.syncFolder(folder);
  } finally {
    await file.close();
  }
  const place = { incarnation, index, sequence: sequence + 1 };
  await writeSuperblock(disk, folder, place);
  for (const entry of disk.list(folder))
    if (namePattern.test(entry.name) && entry.name !== name) disk.remove(`${folder}/${entry.name}`);
  return place;
}

async function writeSuperblock(
  disk: Disk,
  folder: string,
  { incarnation, index, sequence }: SnapshotPlace,
): Promise<void> {
  const superblock = { incarnation, sequence, snapshotIndex: index, checksum: 0n };
  const bytes = encode(superblock);
  const sealed = encode({ ...superblock, checksum: xxh3(bytes.subarray(0, bytes.byteLength - 8)) });
  await replaceFile(disk, folder, `superblock.${sequence % 2}`, sealed);
}

function encode(superblock: Superblock): Uint8Array {
  const writer = new Writer(sizeOfSuperblock(superblock));
  encodeSuperblock(writer, superblock);
  return writer.bytes;
}

/** The superblock of one place: undefined when there is none, 'damaged' when it does not hold. */
function readSuperblock(disk: Disk, path: string): SnapshotPlace | 'damaged' | undefined {
  const bytes = disk.readWhole(path, 4096);
  if (bytes === undefined) return undefined;
  try {
    const superblock = decodeSuperblock(new Reader(bytes));
    const isSound =
      bytes.byteLength === sizeOfSuperblock(superblock) &&
      xxh3(bytes.subarray(0, bytes.byteLength - 8)) === superblock.checksum;
    return isSound ? { ...superblock, index: superblock.snapshotIndex } : 'damaged';
  } catch (error) {
    if (error instanceof WireError) return 'damaged';
    throw error;
  }
}

/**
 * The snapshot that counts, undefined when there is none.
 * @throws DataFolderError when the one that counts is damaged or gone.
 * @throws LogError `wrong_key`, `newer_format`.
 */
export function readSnapshot(
  environment: LogEnvironment,
  folder: string,
): { readonly place: SnapshotPlace; readonly bytes: Uint8Array } | undefined {
  const { disk, notice } = environment;
  let best: SnapshotPlace | undefined;
  for (const slot of [0, 1]) {
    const path = `${folder}/superblock.${slot}`;
    const found = readSuperblock(disk, path);
    if (found === 'damaged') notice(`${path} is damaged; the next snapshot replaces it`);
    else if (found !== undefined && (best === undefined || found.sequence > best.sequence)) best = found;
  }
  const indices = disk
    .list(folder)
    .map(({ name }) => Number(namePattern.exec(name)?.[1] ?? -1))
    .filter((index) => index >= 0);
  // A snapshot later than what a superblock knows was complete, too; where both superblocks are damaged it is all there is.
  for (const index of indices.sort((a, b) => b - a)) {
    if (best !== undefined && index < best.index) break;
    const content = readContent(environment, `${folder}/${nameOf(index)}`);
    if (content !== undefined)
      return {
        place: { incarnation: content.incarnation, index, sequence: best?.sequence ?? 0 },
        bytes: content.bytes,
      };
  }
  if (best === undefined && indices.length === 0) return undefined;
  const path = `${folder}/${nameOf(best?.index ?? indices[0]!)}`;
  throw new DataFolderError(`${path} is damaged or missing; restore the file from a backup`);
}

/** Undefined when the file is damaged. */
function readContent(
  { disk, masterKey }: LogEnvironment,
  path: string,
): { readonly incarnation: bigint; readonly bytes: Uint8Array } | undefined {
  const file = disk.open(path, 'read');
  try {
    const header = readFileHeader(file);
    if (header?.kind !== FileKind.catalog_snapshot) return undefined;
    const key = fileKeyOf(header, masterKey, path);
    let bytes: Uint8Array | undefined;
    scanFrames(file, header, 0, (cursor) => {
      bytes = contentOf(cursor, key)?.slice();
    });
    return bytes === undefined ? undefined : { incarnation: header.incarnation, bytes };
  } finally {
    file.close();
  }
}
