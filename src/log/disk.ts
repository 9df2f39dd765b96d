// The only file that touches node:fs. `Disk` is what the engine may do to files, so that a simulated disk can stand in for the real one.
import * as fs from 'node:fs';
import { promisify } from 'node:util';

/** One open file. Calls may move fewer bytes than asked; use `writeFully`, `readFully` and `readFullyAsync`. */
export interface DiskFile {
  readonly path: string;
  size(): number;
  /** Hands the bytes to the operating system in one call; returns how many it took. At most 1,024 buffers. */
  writev(buffers: readonly Uint8Array[], position: number): number;
  read(target: Uint8Array, position: number): number;
  readAsync(target: Uint8Array, position: number): Promise<number>;
  truncate(size: number): void;
  /** Waits until everything written so far is on the disk (`fdatasync` on this very descriptor). A failure is final: never ask again. */
  sync(): Promise<void>;
  close(): void;
}

export interface DiskEntry {
  readonly name: string;
  /** Links and devices are `other` and are never followed. */
  readonly kind: 'file' | 'folder' | 'other';
}

/** Files and folders by path. Errors are those of node:fs (`code: 'ENOSPC'` …). */
export interface Disk {
  /** A new file, open for reading and writing. Fails when the path exists. */
  create(path: string): DiskFile;
  /** An existing file, never through a link. */
  open(path: string, access: 'read' | 'write'): DiskFile;
  /** All bytes of a small file, undefined when there is none. Fails above `sizeMax`. */
  readWhole(path: string, sizeMax: number): Uint8Array | undefined;
  /** Creates a file with this content at once or not at all; false when the path exists. */
  place(path: string, content: Uint8Array): boolean;
  /** Entries of a folder, none when it is missing. */
  list(path: string): DiskEntry[];
  /** Creates a folder and those above it. */
  makeFolder(path: string): void;
  rename(from: string, to: string): void;
  /** Unlinks a file; fine when it is missing. */
  remove(path: string): void;
  /** Unlinks a folder with all it holds; fine when it is missing. */
  removeFolder(path: string): Promise<void>;
  /** Waits until the names in a folder are on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Bytes that may still be written to the disk of a folder, and its size. A disk without it has no end. */
  space?(path: string): { readonly free: number; readonly total: number };
}

/** Buffers in one `writev`; Linux refuses more. */
const buffersMax = 1024;

/**
 * Writes all bytes at `position`, whatever the counts of single calls.
 * @throws the disk's error, or one that says so when a call takes nothing.
 */
export function writeFully(file: DiskFile, buffers: readonly Uint8Array[], position: number): void {
  let pending = buffers;
  let at = position;
  while (pending.length > 0) {
    const written = file.writev(pending.length > buffersMax ? pending.slice(0, buffersMax) : pending, at);
    if (written <= 0) throw new Error(`${file.path}: the disk took none of the bytes at ${at}`);
    at += written;
    pending = without(pending, written);
  }
}

/** The buffers that remain after their first `size` bytes. */
function without(buffers: readonly Uint8Array[], size: number): readonly Uint8Array[] {
  let left = size;
  let index = 0;
  while (index < buffers.length && left >= buffers[index]!.byteLength) left -= buffers[index++]!.byteLength;
  if (left === 0) return index === 0 ? buffers : buffers.slice(index);
  return [buffers[index]!.subarray(left), ...buffers.slice(index + 1)];
}

/** Fills `target` from `position`; returns fewer bytes only at the end of the file. */
export function readFully(file: DiskFile, target: Uint8Array, position: number): number {
  let filled = 0;
  while (filled < target.byteLength) {
    const count = file.read(filled === 0 ? target : target.subarray(filled), position + filled);
    if (count <= 0) break;
    filled += count;
  }
  return filled;
}

/** `readFully` that leaves the thread to others while the disk works. */
export async function readFullyAsync(file: DiskFile, target: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < target.byteLength) {
    const count = await file.readAsync(filled === 0 ? target : target.subarray(filled), position + filled);
    if (count <= 0) break;
    filled += count;
  }
  return filled;
}

/** Whether an error of a disk says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ENOENT';
}

/** The machine's file system. Files are readable by their owner only. */
export function systemDisk(): Disk {
  return {
    create: (path) => openFile(path, fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL),
    open: (path, access) => openFile(path, access === 'read' ? fs.constants.O_RDONLY : fs.constants.O_RDWR),
    readWhole,
    place,
    list,
    makeFolder: (path) => {
      fs.mkdirSync(path, { recursive: true, mode: 0o700 });
    },
    rename: (from, to) => fs.renameSync(from, to),
    remove: (path) => fs.rmSync(path, { force: true }),
    removeFolder: (path) => fs.promises.rm(path, { recursive: true, force: true }),
    syncFolder,
    space: (path) => {
      const { bavail, blocks, bsize } = fs.statfsSync(path);
      return { free: bavail * bsize, total: blocks * bsize };
    },
  };
}

const fdatasync = promisify(fs.fdatasync);
const fsync = promisify(fs.fsync);

function openFile(path: string, flags: number): DiskFile {
  const fd = fs.openSync(path, flags | fs.constants.O_NOFOLLOW, 0o600);
  return {
    path,
    size: () => fs.fstatSync(fd).size,
    writev: (buffers, position) =>
      buffers.length === 1
        ? fs.writeSync(fd, buffers[0]!, 0, buffers[0]!.byteLength, position)
        : fs.writevSync(fd, buffers, position),
    read: (target, position) => fs.readSync(fd, target, 0, target.byteLength, position),
    readAsync: (target, position) =>
      new Promise((resolve, reject) => {
        fs.read(fd, target, 0, target.byteLength, position, (error, count) => (error ? reject(error) : resolve(count)));
      }),
    truncate: (size) => fs.ftruncateSync(fd, size),
    sync: () => fdatasync(fd),
    close: () => fs.closeSync(fd),
  };
}

function readWhole(path: string, sizeMax: number): Uint8Array | undefined {
  let fd: number;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    // Files of /proc claim to be empty, so the size is what can be read, not what is claimed.
    const buffer = new Uint8Array(Math.max(4096, Math.min(fs.fstatSync(fd).size, sizeMax) + 1));
    let filled = 0;
    for (let count = -1; count !== 0 && filled < buffer.byteLength; filled += count)
      count = fs.readSync(fd, buffer, filled, buffer.byteLength - filled, filled);
    if (filled > sizeMax) throw new Error(`${path} is larger than ${sizeMax} bytes`);
    return buffer.slice(0, filled);
  } finally {
    fs.closeSync(fd);
  }
}

function place(path: string, content: Uint8Array): boolean {
  const temporary = `${path}.${process.pid}.tmp`;
  // A process of the same number that died at the end of this may have left it: as another name of the very file that `path` is now.
  fs.rmSync(temporary, { force: true });
  try {
    fs.writeFileSync(temporary, content, { mode: 0o600, flush: true });
    fs.linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

function list(path: string): DiskEntry[] {
  try {
    return fs
      .readdirSync(path, { withFileTypes: true })
      .map((entry) => ({
        name: entry.name,
        kind: entry.isFile() ? ('file' as const) : entry.isDirectory() ? ('folder' as const) : ('other' as const),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  try {
    await fsync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
