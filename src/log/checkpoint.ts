// How far a partition was on the disk at a clean stop (spec/storage/checkpoint.ksy): what recovery may not take for a torn tail.
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  sizeOfCheckpoint,
} from '../../generated/storage/checkpoint.ts';
import { Reader } from '../bytes/reader.ts';
import { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import { xxh3 } from '../lib/checksum.ts';
import { type Disk, writeFully } from './disk.ts';
import type { FrameEnd } from './frame_file.ts';

/** The file in a folder that holds its checkpoint. */
export const checkpointName = 'checkpoint';

/** The end of the segment that was last when a checkpoint was written. */
export interface CheckpointEnd extends FrameEnd {
  /** Checksum in that segment's header. */
  readonly fileChecksum: bigint;
}

/** Replaces the checkpoint of a folder, durably and at once. With `end`, the next start need not read what lies before it. */
export async function writeCheckpoint(
  disk: Disk,
  folder: string,
  incarnation: bigint,
  durableUpTo: number,
  end?: CheckpointEnd,
): Promise<void> {
  const { fileChecksum, position, size, timestamp, chain } = end ?? nowhere;
  const checkpoint = { incarnation, durableUpTo, fileChecksum, position, size, timestamp, chain, checksum: 0n };
  const bytes = encode(checkpoint);
  const sealed = encode({ ...checkpoint, checksum: xxh3(bytes.subarray(0, bytes.byteLength - 8)) });
  await replaceFile(disk, folder, checkpointName, sealed);
}

const nowhere: CheckpointEnd = { fileChecksum: 0n, position: 0, offset: 0, size: 0, timestamp: 0, chain: 0 };

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
  return readCheckpointEnd(disk, folder, incarnation).offset;
}

/** Where the log ended at its last clean stop, `offset` 0 when nothing valid says so. The place in a file is not for every file: see `fileChecksum`. */
export function readCheckpointEnd(disk: Disk, folder: string, incarnation: bigint): CheckpointEnd {
  const bytes = disk.readWhole(`${folder}/${checkpointName}`, 4096);
  if (bytes === undefined) return nowhere;
  try {
    const checkpoint = decodeCheckpoint(new Reader(bytes));
    const isSound =
      bytes.byteLength === sizeOfCheckpoint(checkpoint) &&
      xxh3(bytes.subarray(0, bytes.byteLength - 8)) === checkpoint.checksum;
    return isSound && checkpoint.incarnation === incarnation
      ? { ...checkpoint, offset: checkpoint.durableUpTo }
      : nowhere;
  } catch (error) {
    if (error instanceof WireError) return nowhere;
    throw error;
  }
}

function encode(checkpoint: Checkpoint): Uint8Array {
  const writer = new Writer(sizeOfCheckpoint(checkpoint));
  encodeCheckpoint(writer, checkpoint);
  return writer.bytes;
}
