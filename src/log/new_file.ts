// Makes files of frames.
import { type FileKey, sealedOverhead } from '../lib/cipher.ts';
import { writeFully } from './disk.ts';
import { encodeFileHeader, type NewFile, sealFileHeader } from './file_header.ts';
import type { BodyCipher } from './frame.ts';
import { type FileEnvironment, FrameFile, startOf } from './frame_file.ts';
import { LogError } from './log_error.ts';
import { fileKeyOf } from './sealing.ts';

/** Creates a file of frames: its header and its name are on the disk when this resolves, so that no frame is ever acknowledged before them. */
export async function createFrameFile(
  environment: FileEnvironment,
  folder: string,
  name: string,
  fields: NewFile,
): Promise<FrameFile> {
  const { disk } = environment;
  const created = createFrameFileNow(environment, folder, name, fields, fields.baseOffset);
  try {
    await created.settle();
    await disk.syncFolder(folder);
    return created;
  } catch (error) {
    await created.close();
    disk.remove(created.path);
    throw new LogError('write_failed', `${created.path} could not be created: ${(error as Error).message}`, error);
  }
}

/**
 * Creates a file of frames and waits for nothing: the caller acknowledges no frame of it before `settle` and a sync of the folder. Offsets below
 * `durableUpTo` are known to be on the disk, in the files that it continues.
 * @throws LogError `write_failed`.
 */
export function createFrameFileNow(
  environment: FileEnvironment,
  folder: string,
  name: string,
  fields: NewFile,
  durableUpTo: number,
): FrameFile {
  const { disk, random, masterKey } = environment;
  const path = `${folder}/${name}`;
  try {
    const file = disk.create(path);
    try {
      const header = sealFileHeader(fields, random, masterKey);
      writeFully(file, [encodeFileHeader(header)], 0);
      const cipher = cipherOf(fileKeyOf(header, masterKey, path));
      return new FrameFile(environment, file, header, startOf(header), durableUpTo, cipher);
    } catch (error) {
      file.close();
      disk.remove(path);
      throw error;
    }
  } catch (error) {
    throw new LogError('write_failed', `${path} could not be created: ${(error as Error).message}`, error);
  }
}

/** Counts every body that it seals, whether that was written or not. */
function cipherOf(key: FileKey | undefined): BodyCipher | undefined {
  if (key === undefined) return undefined;
  let counter = 0n;
  return { overhead: sealedOverhead, seal: (context, content) => key.seal(counter++, context, content) };
}
