// A disk in memory for tests: fast, copyable as after a crash, and able to fail on request.
import type { Disk, DiskEntry, DiskFile } from '../../src/log/disk.ts';

interface MemoryFile {
  bytes: Uint8Array;
  size: number;
}

/** What a fault sees before a call happens: throw from it to make the call fail. */
export type Fault = (operation: string, path: string) => void;

export class MemoryDisk implements Disk {
  readonly files = new Map<string, MemoryFile>();
  readonly folders = new Set<string>();
  fault: Fault = () => {};
  /** Largest number of bytes that one write takes. */
  writeMax = Number.POSITIVE_INFINITY;
  /** Files open now. */
  openCount = 0;
  /** Bytes that are free, of a gigabyte; undefined for a disk without end. */
  free: number | undefined;

  /** The same files as they are now. */
  copy(): MemoryDisk {
    const disk = new MemoryDisk();
    for (const [path, { bytes, size }] of this.files) disk.files.set(path, { bytes: bytes.slice(0, size), size });
    for (const folder of this.folders) disk.folders.add(folder);
    return disk;
  }

  /** Bytes of a file, to look at or to damage. */
  content(path: string): Uint8Array {
    const { bytes, size } = this.#file(path);
    return bytes.subarray(0, size);
  }

  truncate(path: string, size: number): void {
    const file = this.#file(path);
    grow(file, size);
    if (size > file.size) file.bytes.fill(0, file.size, size);
    file.size = size;
  }

  create(path: string): DiskFile {
    this.fault('create', path);
    if (this.files.has(path)) throw failure('EEXIST', path);
    if (!this.folders.has(parentOf(path))) throw failure('ENOENT', path);
    this.files.set(path, { bytes: new Uint8Array(0), size: 0 });
    return this.#opened(path);
  }

  open(path: string): DiskFile {
    this.fault('open', path);
    this.#file(path);
    return this.#opened(path);
  }

  readWhole(path: string, sizeMax: number): Uint8Array | undefined {
    if (path.startsWith('/proc/')) return new TextEncoder().encode(`1 (test) ${Array(30).fill('7').join(' ')}`);
    const file = this.files.get(path);
    if (file !== undefined && file.size > sizeMax) throw new Error(`${path} is too large`);
    return file?.bytes.slice(0, file.size);
  }

  place(path: string, content: Uint8Array): boolean {
    this.fault('place', path);
    if (this.files.has(path)) return false;
    this.files.set(path, { bytes: content.slice(), size: content.byteLength });
    return true;
  }

  list(path: string): DiskEntry[] {
    const entries: DiskEntry[] = [];
    for (const file of this.files.keys())
      if (parentOf(file) === path) entries.push({ name: file.slice(path.length + 1), kind: 'file' });
    for (const folder of this.folders)
      if (parentOf(folder) === path) entries.push({ name: folder.slice(path.length + 1), kind: 'folder' });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  makeFolder(path: string): void {
    this.fault('makeFolder', path);
    for (let folder = path; folder !== ''; folder = parentOf(folder)) this.folders.add(folder);
  }

  rename(from: string, to: string): void {
    this.fault('rename', from);
    if (this.folders.has(from)) this.#renameFolder(from, to);
    else {
      this.files.set(to, this.#file(from));
      this.files.delete(from);
    }
  }

  #renameFolder(from: string, to: string): void {
    this.folders.delete(from);
    this.folders.add(to);
    for (const [path, file] of [...this.files]) {
      if (!path.startsWith(`${from}/`)) continue;
      this.files.delete(path);
      this.files.set(to + path.slice(from.length), file);
    }
  }

  remove(path: string): void {
    this.fault('remove', path);
    this.files.delete(path);
  }

  async removeFolder(path: string): Promise<void> {
    this.fault('removeFolder', path);
    for (const file of this.files.keys()) if (file.startsWith(`${path}/`)) this.files.delete(file);
    for (const folder of this.folders)
      if (folder === path || folder.startsWith(`${path}/`)) this.folders.delete(folder);
  }

  space(): { free: number; total: number } {
    return { free: this.free ?? Number.POSITIVE_INFINITY, total: 1 << 30 };
  }

  async syncFolder(path: string): Promise<void> {
    this.fault('syncFolder', path);
  }

  #file(path: string): MemoryFile {
    const file = this.files.get(path);
    if (file === undefined) throw failure('ENOENT', path);
    return file;
  }

  #opened(path: string): DiskFile {
    // An open file outlives its name.
    const file = this.#file(path);
    this.openCount++;
    return {
      path,
      size: () => file.size,
      writev: (buffers, position) => {
        this.fault('writev', path);
        let at = position;
        for (const buffer of buffers) {
          const part = buffer.subarray(0, this.writeMax - (at - position));
          grow(file, at + part.byteLength);
          file.bytes.set(part, at);
          at += part.byteLength;
          file.size = Math.max(file.size, at);
        }
        return at - position;
      },
      read: (target, position) => read(file, target, position),
      readAsync: async (target, position) => {
        this.fault('read', path);
        return read(file, target, position);
      },
      truncate: (size) => {
        this.fault('truncate', path);
        file.size = Math.min(file.size, size);
      },
      sync: async () => {
        await undefined;
        this.fault('sync', path);
      },
      close: () => {
        this.openCount--;
      },
    };
  }
}

function read(file: MemoryFile, target: Uint8Array, position: number): number {
  const part = file.bytes.subarray(position, Math.min(file.size, position + target.byteLength));
  target.set(part);
  return part.byteLength;
}

function grow(file: MemoryFile, size: number): void {
  if (size <= file.bytes.byteLength) return;
  const bytes = new Uint8Array(Math.max(size, file.bytes.byteLength * 2));
  bytes.set(file.bytes.subarray(0, file.size));
  file.bytes = bytes;
}

/** An error as node:fs raises it. */
export function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
