// How far a partition was on the disk at a clean stop (spec/storage/checkpoint.ksy): what recovery may not take for a torn tail.
import { decodeCheckpoint, encodeCheckpoint, sizeOfCheckpoint } from '../../generated/storage/checkpoint.ts';
import { Reader } from '../bytes/reader.ts';
import { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import { xxh3 } from '../lib/checksum.ts';
import { type Disk, writeFully } from './disk.ts';

/** The file in a folder that holds its checkpoint. */
export const checkpointName = 'checkpoint';

/** Replaces the checkpoint of a folder, durably and at once. */
export async function writeCheckpoint(
  disk: Disk,
  folder: string,
  incarnation: bigint,
  durableUpTo: number,
): Promise<void> {
  const bytes = encode(incarnation, durableUpTo, 0n);
  const sealed = encode(incarnation, durableUpTo, xxh3(bytes.subarray(0, bytes.byteLength - 8)));
  await replaceFile(disk, folder, checkpointName, sealed);
}

/** Writes a small file so that after any crash it is either the old one or the new one. */
export async function replaceFile(disk: Disk, folder: string, name: string, content: Uint8Array): Promise<void> {
  const temporary = `${folder}/${name}.tmp`;
  disk.remove(temporary);
  const file = disk.create(temporary);
  try {
    writeFully(file, [content], 0);
    await file.sync();
  } finally {
    file.close();
  }
  disk.rename(temporary, `${folder}/${name}`);
  await disk.syncFolder(folder);
}

/** Offsets below this were on the disk at some clean stop of this life; 0 when nothing valid says so. */
export function readCheckpoint(disk: Disk, folder: string, incarnation: bigint): number {
  const bytes = disk.readWhole(`${folder}/${checkpointName}`, 4096);
  if (bytes === undefined) return 0;
  try {
    const checkpoint = decodeCheckpoint(new Reader(bytes));
    const isSound =
      bytes.byteLength === sizeOfCheckpoint(checkpoint) &&
      xxh3(bytes.subarray(0, bytes.byteLength - 8)) === checkpoint.checksum;
    return isSound && checkpoint.incarnation === incarnation ? checkpoint.durableUpTo : 0;
  } catch (error) {
    if (error instanceof WireError) return 0;
    throw error;
  }
}

function encode(incarnation: bigint, durableUpTo: number, checksum: bigint): Uint8Array {
  const checkpoint = { incarnation, durableUpTo, checksum };
  const writer = new Writer(sizeOfCheckpoint(checkpoint));
  encodeCheckpoint(writer, checkpoint);
  return writer.bytes;
}
