// A disk that exists in memory only: keeps apart what programs see and what a power cut would leave, counts every call, fails on request, and ends
// asynchronous calls when the seed says.
import type { Disk, DiskEntry, DiskFile } from '../../src/log/disk.ts';
import { type DiskImage, type DiskNode, FileNode, FolderNode, type NameChange } from './disk_image.ts';
import { ProcessIsDead, type Scheduler } from './scheduler.ts';

/** How a call goes wrong. */
export interface Fault {
  /** The error it ends with; none when only its count is short. */
  readonly code?: string;
  /** Bytes it moves before it fails or returns. */
  readonly bytes?: number;
  /** After a failed sync: whether readers still see what was given up. */
  readonly staysVisible?: boolean;
}

/** One call to the disk, told before it takes effect. */
export interface Step {
  readonly operation: string;
  readonly path: string;
  /** What a write is about to put where. */
  readonly write?: { readonly node: FileNode; readonly buffers: readonly Uint8Array[]; readonly position: number };
}

export interface DiskOptions {
  /** Tells one start of the machine, and of the process, from another. */
  readonly boot: number;
  /** Called before each call that changes something takes effect: the place where a simulation crashes. */
  readonly onStep?: (step: Step) => void;
  /** Asked for each call. */
  readonly fault?: (operation: string, path: string) => Fault | undefined;
}

export class SimulatedDisk implements Disk {
  readonly image: DiskImage;
  /** A number that is equal for two runs only when all their calls were equal. */
  trace = 0;
  /** Calls so far. */
  calls = 0;
  openFiles = 0;
  readonly #scheduler: Scheduler;
  readonly #options: DiskOptions;
  #isDead = false;

  constructor(image: DiskImage, scheduler: Scheduler, options: DiskOptions) {
    this.image = image;
    this.#scheduler = scheduler;
    this.#options = options;
  }

  /** The process ends here. */
  kill(): void {
    this.#isDead = true;
    this.#scheduler.stop();
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  create(path: string): DiskFile {
    this.#enter('create', path);
    const [folder, name] = this.#place(path);
    if (folder.entries.has(name)) throw failure('EEXIST', path);
    const node = new FileNode();
    this.image.change(`create ${path}`, [{ folder, name, node }]);
    return this.#handle(path, node, true);
  }

  open(path: string, access: 'read' | 'write'): DiskFile {
    this.#enter('open', path);
    const node = this.#find(path);
    if (!(node instanceof FileNode)) throw failure(node === undefined ? 'ENOENT' : 'EISDIR', path);
    return this.#handle(path, node, access === 'write');
  }

  readWhole(path: string, sizeMax: number): Uint8Array | undefined {
    if (path.startsWith('/proc/')) return this.#process(path);
    this.#enter('readWhole', path);
    const node = this.#find(path);
    if (!(node instanceof FileNode)) return undefined;
    if (node.size > sizeMax) throw new Error(`${path} is larger than ${sizeMax} bytes`);
    return node.content.slice();
  }

  /** This process is the only one that runs; it started with the machine. */
  #process(path: string): Uint8Array | undefined {
    const { boot } = this.#options;
    const isOurs = path === `/proc/${process.pid}/stat`;
    if (path.endsWith('/stat')) {
      return isOurs
        ? new TextEncoder().encode(`${process.pid} (whippet) ${Array(18).fill('0').join(' ')} S ${boot} 0`)
        : undefined;
    }
    return new TextEncoder().encode(`boot ${boot}\n`);
  }

  place(path: string, content: Uint8Array): boolean {
    this.#enter('place', path);
    const [folder, name] = this.#place(path);
    if (folder.entries.has(name)) return false;
    this.image.change(`place ${path}`, [{ folder, name, node: new FileNode(content.slice()) }]);
    return true;
  }

  list(path: string): DiskEntry[] {
    this.#enter('list', path);
    const folder = this.#find(path);
    if (!(folder instanceof FolderNode)) return [];
    return [...folder.entries]
      .map(([name, node]): DiskEntry => ({ name, kind: node instanceof FileNode ? 'file' : 'folder' }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  makeFolder(path: string): void {
    this.#enter('makeFolder', path);
    let folder = this.image.root;
    let at = '';
    for (const name of path.split('/').filter((name) => name !== '')) {
      at += `/${name}`;
      const node = folder.entries.get(name);
      if (node instanceof FileNode) throw failure('EEXIST', at);
      const next = node ?? new FolderNode();
      if (node === undefined) this.image.change(`makeFolder ${at}`, [{ folder, name, node: next }]);
      folder = next;
    }
  }

  rename(from: string, to: string): void {
    this.#enter('rename', from);
    const [folder, name] = this.#place(from);
    const [toFolder, toName] = this.#place(to);
    const node = folder.entries.get(name);
    if (node === undefined) throw failure('ENOENT', from);
    const changes: NameChange[] = [
      { folder, name, node: undefined },
      { folder: toFolder, name: toName, node },
    ];
    this.image.change(`rename ${from} to ${to}`, changes);
  }

  remove(path: string): void {
    this.#enter('remove', path);
    const node = this.#find(path);
    if (node === undefined) return;
    const [folder, name] = this.#place(path);
    this.image.change(`remove ${path}`, [{ folder, name, node: undefined }]);
  }

  /** One name after another, as the system call by call does. */
  async removeFolder(path: string): Promise<void> {
    await this.#scheduler.complete(() => {});
    const folder = this.#find(path);
    if (!(folder instanceof FolderNode)) return;
    for (const [name, node] of [...folder.entries]) {
      if (node instanceof FolderNode) await this.removeFolder(`${path}/${name}`);
      else await this.#scheduler.complete(() => this.remove(`${path}/${name}`));
    }
    await this.#scheduler.complete(() => {
      this.#enter('removeFolder', path);
      if (folder.entries.size > 0) throw failure('ENOTEMPTY', path);
      const [parent, name] = this.#place(path);
      this.image.change(`removeFolder ${path}`, [{ folder: parent, name, node: undefined }]);
    });
  }

  syncFolder(path: string): Promise<void> {
    this.#note('syncFolder', path);
    const folder = this.#find(path);
    if (!(folder instanceof FolderNode)) return Promise.reject(failure('ENOENT', path));
    const operations = [...this.image.pending];
    return this.#scheduler.complete(() => {
      this.#fail('syncFolder', path);
      this.image.settleNames(folder, operations);
    });
  }

  #handle(path: string, node: FileNode, isWritable: boolean): DiskFile {
    this.openFiles++;
    let isOpen = true;
    let failuresSeen = node.failures;
    const check = (forWriting: boolean): void => {
      if (this.#isDead) throw new ProcessIsDead();
      if (!isOpen || (forWriting && !isWritable)) throw failure('EBADF', path);
    };
    const read = (target: Uint8Array, position: number): number => {
      check(false);
      const fault = this.#fail('read', path);
      const part = node.content.subarray(position, position + Math.min(target.byteLength, fault?.bytes ?? 1 << 30));
      target.set(part);
      return part.byteLength;
    };
    return {
      path,
      size: () => node.size,
      writev: (buffers, position) => {
        check(true);
        return this.#write(path, node, buffers, position);
      },
      read,
      readAsync: (target, position) => this.#scheduler.complete(() => read(target, position)),
      truncate: (size) => {
        check(true);
        this.#enter('truncate', path);
        node.truncate(size);
      },
      sync: () => {
        check(true);
        this.#note('sync', path);
        const capture = node.capture();
        return this.#scheduler.complete(() => {
          check(true);
          const fault = this.#options.fault?.('sync', path);
          if (fault?.code !== undefined) node.drop(fault.staysVisible ?? false);
          if (node.failures > failuresSeen) {
            failuresSeen = node.failures;
            throw failure(fault?.code ?? 'EIO', `sync ${path}`);
          }
          node.settle(capture);
        });
      },
      close: () => {
        check(false);
        isOpen = false;
        this.openFiles--;
      },
    };
  }

  #write(path: string, node: FileNode, buffers: readonly Uint8Array[], position: number): number {
    this.#note('write', path, { node, buffers, position });
    const fault = this.#options.fault?.('write', path);
    const taken = writeSome(node, buffers, position, fault?.bytes ?? (fault?.code === undefined ? 1 << 30 : 0));
    // A call that took some bytes before the disk failed returns their count; the next one fails.
    if (fault?.code !== undefined && taken === 0) throw failure(fault.code, `write ${path}`);
    return taken;
  }

  /** Notes a call and makes it fail when it is to. */
  #enter(operation: string, path: string): void {
    this.#note(operation, path);
    this.#fail(operation, path);
  }

  #note(operation: string, path: string, write?: Step['write']): void {
    if (this.#isDead) throw new ProcessIsDead();
    this.calls++;
    // The name of a stale lock holds the number of this very process.
    this.trace = mix(this.trace, operation, path.endsWith('.stale') ? '' : path, this.#scheduler.monotonicMs());
    if (write !== undefined) for (const buffer of write.buffers) this.trace = mixBytes(this.trace, buffer);
    const isReading = operation === 'open' || operation === 'list' || operation === 'readWhole';
    if (!isReading) this.#options.onStep?.({ operation, path, ...(write !== undefined && { write }) });
    // The simulation may have ended the process at this very step.
    if (this.#isDead) throw new ProcessIsDead();
  }

  #fail(operation: string, path: string): Fault | undefined {
    const fault = this.#options.fault?.(operation, path);
    if (fault?.code !== undefined) throw failure(fault.code, `${operation} ${path}`);
    return fault;
  }

  #find(path: string): DiskNode | undefined {
    let node: DiskNode | undefined = this.image.root;
    for (const name of path.split('/').filter((name) => name !== '')) {
      if (!(node instanceof FolderNode)) return undefined;
      node = node.entries.get(name);
    }
    return node;
  }

  /** The folder that a path is in, and its name there. */
  #place(path: string): [folder: FolderNode, name: string] {
    const slash = path.lastIndexOf('/');
    const folder = slash === 0 ? this.image.root : this.#find(path.slice(0, slash));
    if (!(folder instanceof FolderNode)) throw failure('ENOENT', path);
    return [folder, path.slice(slash + 1)];
  }
}

/** Writes the first `limit` bytes of `buffers`; returns how many there were. */
export function writeSome(node: FileNode, buffers: readonly Uint8Array[], position: number, limit: number): number {
  let at = position;
  for (const buffer of buffers) {
    const part = buffer.subarray(0, Math.max(0, limit - (at - position)));
    if (part.byteLength > 0) node.write(part, at);
    at += part.byteLength;
  }
  return at - position;
}

/** An error as node:fs raises it. */
function failure(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}

function mix(hash: number, ...parts: readonly (string | number)[]): number {
  let mixed = hash;
  for (const character of parts.join(' ')) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return mixed;
}

function mixBytes(hash: number, bytes: Uint8Array): number {
  let mixed = hash ^ bytes.byteLength;
  // Headers and the first bytes of bodies tell enough, and the whole of every file would take most of the time.
  const count = Math.min(bytes.byteLength, 160);
  for (let index = 0; index < count; index++) mixed = Math.imul(mixed ^ bytes[index]!, 0x01000193) >>> 0;
  return mixed;
}
