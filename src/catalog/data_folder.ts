// The data folder as a whole: owned by one process at a time, stamped with the format of what is in it.
import { dirname } from 'node:path';
import { type Disk, isMissing } from '../log/disk.ts';
import { formatVersion } from '../log/file_header.ts';

/** The data folder cannot be used. The message says why, to a person. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

const lockName = 'lock';
const stampName = 'format';
const stampPattern = /^whippet data, format (\d{1,9})\n$/;
const currentStamp = new TextEncoder().encode(`whippet data, format ${formatVersion}\n`);

/** A data folder that this process owns. */
export interface DataFolder {
  readonly path: string;
  /** Lets another process have it. */
  release(): void;
}

/**
 * Takes a data folder for this process, making it when it is missing.
 * @throws DataFolderError when another process has it, a newer release wrote it, or it holds something else.
 */
export async function takeDataFolder(disk: Disk, path: string, notice: (text: string) => void): Promise<DataFolder> {
  disk.makeFolder(path);
  const owner = takeLock(disk, path, notice);
  const release = (): void => {
    if (readText(disk, `${path}/${lockName}`) === owner) disk.remove(`${path}/${lockName}`);
  };
  try {
    await checkStamp(disk, path, notice);
    await disk.syncFolder(path);
  } catch (error) {
    release();
    throw error;
  }
  return { path, release };
}

/** The process that has a data folder; undefined when none has. Changes nothing. */
export function ownerOf(disk: Disk, path: string): number | undefined {
  const holder = readText(disk, `${path}/${lockName}`);
  if (holder === undefined) return undefined;
  const pid = Number(holder.split(' ')[0]);
  return processText(disk, pid) === holder ? pid : undefined;
}

/** The format that the stamp of a data folder says; undefined when it is none. */
export function formatOf(disk: Disk, path: string): number | undefined {
  const match = stampPattern.exec(readText(disk, `${path}/${stampName}`) ?? '');
  return match === null ? undefined : Number(match[1]);
}

async function checkStamp(disk: Disk, path: string, notice: (text: string) => void): Promise<void> {
  const text = readText(disk, `${path}/${stampName}`);
  if (text === undefined) {
    const foreign = disk.list(path).find(({ name }) => ['state', 'streams', 'catalog', 'logs'].includes(name));
    if (foreign !== undefined)
      throw new DataFolderError(
        `${path} holds "${foreign.name}" but no stamp of Whippet's: it is the folder of another server. Choose another one`,
      );
    await syncAbove(disk, path);
    disk.place(`${path}/${stampName}`, currentStamp);
    return;
  }
  const match = stampPattern.exec(text);
  if (match === null) throw new DataFolderError(`${path}/${stampName} does not say which format the data has`);
  const found = Number(match[1]);
  if (found > formatVersion) {
    throw new DataFolderError(
      `${path} was written by a newer release of Whippet (format ${found}, this one reads up to ${formatVersion}). Nothing was changed`,
    );
  }
  if (found < formatVersion) {
    await upgradeStamp(disk, path);
    notice(`${path} has format ${found}; from now on it has format ${formatVersion}, which older releases refuse`);
  }
}

/** Before anything of the new format is written. Files of older formats are read as they are, and replaced when they change. */
async function upgradeStamp(disk: Disk, path: string): Promise<void> {
  const upgraded = `${path}/${stampName}.tmp`;
  disk.remove(upgraded);
  disk.place(upgraded, currentStamp);
  disk.rename(upgraded, `${path}/${stampName}`);
  await disk.syncFolder(path);
}

/** Brings the name of a new folder, and those of the folders above it, to the disk: a power cut would take all that is in it along. */
async function syncAbove(disk: Disk, path: string): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      await disk.syncFolder(folder);
    } catch (error) {
      // Folders that may not be opened or synced were there before; a disk that fails is another matter.
      if (['EIO', 'ENOSPC', 'EDQUOT'].includes(String((error as { code?: unknown }).code))) throw error;
    }
    if (folder === dirname(folder)) return;
  }
}

/** Writes who owns the folder, unless its owner still runs. A process that died leaves its name behind; that does not count. */
function takeLock(disk: Disk, path: string, notice: (text: string) => void): string {
  const lock = `${path}/${lockName}`;
  const owner = processText(disk, process.pid);
  if (owner === undefined) throw new DataFolderError('the start time of this process cannot be read from /proc');
  for (let attempt = 0; attempt < 3; attempt++) {
    if (disk.place(lock, new TextEncoder().encode(owner))) return owner;
    const holder = readText(disk, lock);
    if (holder === undefined) continue;
    const pid = Number(holder.split(' ')[0]);
    if (processText(disk, pid) === holder)
      throw new DataFolderError(`${path} is in use by process ${pid}. Stop it first, or choose another folder`);
    if (removeStale(disk, lock, holder))
      notice(`process ${pid} did not stop cleanly; its data folder ${path} is taken over`);
  }
  throw new DataFolderError(`${path} is being taken by another process`);
}

/** Removes a lock that says `holder`, and no other: two processes may find the same stale one. */
function removeStale(disk: Disk, lock: string, holder: string): boolean {
  const aside = `${lock}.${process.pid}.stale`;
  try {
    disk.rename(lock, aside);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  const moved = readText(disk, aside);
  if (moved !== holder && moved !== undefined) disk.place(lock, new TextEncoder().encode(moved));
  disk.remove(aside);
  return moved === holder;
}

/** A process by number, start time and boot, so that a number used again is not taken for it; undefined when it does not run. */
function processText(disk: Disk, pid: number): string | undefined {
  const stat = readText(disk, `/proc/${pid}/stat`);
  const boot = readText(disk, '/proc/sys/kernel/random/boot_id');
  // The name in parentheses may hold spaces; the start time is the 20th field after it.
  const startedAt = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return startedAt === undefined ? undefined : `${pid} ${startedAt} ${boot?.trim() ?? ''}\n`;
}

function readText(disk: Disk, path: string): string | undefined {
  const bytes = disk.readWhole(path, 64 << 10);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
