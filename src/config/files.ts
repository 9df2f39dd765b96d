// The files that configuration itself reads and writes. Beside log/disk.ts the one place that touches node:fs: a configuration
// file and the runtime file are not data, are handled before or beside the engine, and need none of its crash discipline.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Reads a text file. A relative path is looked for in the working folder and then in its parents, as the reference does. */
export function readTextFile(path: string): { readonly path: string; readonly text: string } {
  if (isAbsolute(path)) return { path, text: readFileSync(path, 'utf8') };
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const candidate = join(folder, path);
    try {
      return { path: candidate, text: readFileSync(candidate, 'utf8') };
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (folder === dirname(folder)) throw new Error(`no such file in ${resolve('.')} or the folders above it`);
    }
  }
}

/** Writes a file so that a reader sees the old one or the whole new one; makes its folder when needed. */
export function writeTextFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Deletes a file if it is there. */
export function deleteFile(path: string): void {
  rmSync(path, { force: true });
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** How many files and sockets the process may have open; undefined where the system does not tell. */
export function openFilesMax(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** How many of them are for the data folder: half, within reason. Connections get the rest. */
export function dataFilesMax(): number {
  return Math.max(64, Math.min(16_384, Math.floor((openFilesMax() ?? 1024) / 2)));
}

/** Bytes of memory the process may use: what its cgroup allows, at most what the machine has. */
export function memoryMax(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
