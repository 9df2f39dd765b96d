// A disk over another one that only seems to change: writes, cuts, renames and removals stay in memory. With it the engine can be asked what it would
// do, without its doing it.
import { type Disk, type DiskEntry, type DiskFile, readFully } from '../log/disk.ts';

/** A file that was written to, in memory. */
interface Changed {
  bytes: Uint8Array;
}

/** For folders of small files: a file that is opened to be written is held in memory as a whole. */
export class DryDisk implements Disk {
  readonly #real: Disk;
  readonly #changed = new Map<string, Changed>();
  readonly #removed = new Set<string>();

  constructor(real: Disk) {
    this.#real = real;
  }

  create(path: string): DiskFile {
    return memoryFile(path, this.#put(path, new Uint8Array(0)));
  }

  open(path: string, access: 'read' | 'write'): DiskFile {
    const changed = this.#changed.get(path);
    if (changed !== undefined) return memoryFile(path, changed);
    if (this.#removed.has(path)) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    if (access === 'read') return this.#real.open(path, 'read');
    return memoryFile(path, this.#put(path, this.#contentOf(path)));
  }

  readWhole(path: string, sizeMax: number): Uint8Array | undefined {
    const changed = this.#changed.get(path);
    if (changed !== undefined) return changed.bytes.slice();
    return this.#removed.has(path) ? undefined : this.#real.readWhole(path, sizeMax);
  }

  place(path: string, content: Uint8Array): boolean {
    if (this.readWhole(path, Number.MAX_SAFE_INTEGER) !== undefined) return false;
    this.#put(path, content.slice());
    return true;
  }

  list(path: string): DiskEntry[] {
    const entries = this.#real.list(path).filter(({ name }) => !this.#removed.has(`${path}/${name}`));
    for (const changed of this.#changed.keys()) {
      const name = changed.slice(changed.lastIndexOf('/') + 1);
      const isHere = changed === `${path}/${name}` && !entries.some((entry) => entry.name === name);
      if (isHere) entries.push({ name, kind: 'file' });
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  makeFolder(): void {}

  rename(from: string, to: string): void {
    this.#put(to, this.#contentOf(from));
    this.remove(from);
  }

  remove(path: string): void {
    this.#changed.delete(path);
    this.#removed.add(path);
  }

  async removeFolder(path: string): Promise<void> {
    this.remove(path);
  }

  async syncFolder(): Promise<void> {}

  #put(path: string, bytes: Uint8Array): Changed {
    const changed = { bytes };
    this.#removed.delete(path);
    this.#changed.set(path, changed);
    return changed;
  }

  #contentOf(path: string): Uint8Array {
    const file = this.open(path, 'read');
    try {
      const bytes = new Uint8Array(file.size());
      return bytes.subarray(0, readFully(file, bytes, 0));
    } finally {
      file.close();
    }
  }
}

function memoryFile(path: string, file: Changed): DiskFile {
  const read = (target: Uint8Array, position: number): number => {
    const part = file.bytes.subarray(position, position + target.byteLength);
    target.set(part);
    return part.byteLength;
  };
  return {
    path,
    size: () => file.bytes.byteLength,
    writev(buffers, position) {
      const size = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const bytes = new Uint8Array(Math.max(file.bytes.byteLength, position + size));
      bytes.set(file.bytes);
      let at = position;
      for (const buffer of buffers) {
        bytes.set(buffer, at);
        at += buffer.byteLength;
      }
      file.bytes = bytes;
      return size;
    },
    read,
    readAsync: async (target, position) => read(target, position),
    truncate(size) {
      file.bytes = file.bytes.slice(0, size);
    },
    async sync() {},
    close() {},
  };
}
