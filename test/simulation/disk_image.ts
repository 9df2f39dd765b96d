// What a simulated disk holds: for every file what programs see and what would be there after a power cut, for every name the same. Knows sectors
// and fsync, and nothing of calls, faults or time.

export const sectorSize = 512;

/** Files are made of sectors: those written since the last sync are dirty, and a power cut decides about each of them. */
export class FileNode {
  bytes: Uint8Array;
  size: number;
  durable: Uint8Array;
  durableSize: number;
  dirty = new Set<number>();
  /** Failed syncs so far: a file that was open at the time hears of it once. */
  failures = 0;
  /** Whether `bytes` and `durable` may be written to, or belong to copies as well. */
  #ownsBytes = false;
  #ownsDurable = false;

  /** A file that is on the disk in whole. */
  constructor(content: Uint8Array = new Uint8Array(0), size = content.byteLength) {
    this.bytes = content;
    this.size = size;
    this.durable = content;
    this.durableSize = size;
  }

  clone(): FileNode {
    const copy = new FileNode();
    copy.bytes = this.bytes;
    copy.size = this.size;
    copy.durable = this.durable;
    copy.durableSize = this.durableSize;
    copy.dirty = new Set(this.dirty);
    copy.failures = this.failures;
    this.#ownsBytes = false;
    this.#ownsDurable = false;
    return copy;
  }

  /** What a reader sees. */
  get content(): Uint8Array {
    return this.bytes.subarray(0, this.size);
  }

  write(data: Uint8Array, position: number): void {
    const end = position + data.byteLength;
    this.#own(end);
    this.bytes.set(data, position);
    this.size = Math.max(this.size, end);
    this.#touch(position, end);
  }

  truncate(size: number): void {
    if (size < this.size) {
      this.#own(this.size);
      this.bytes.fill(0, size, this.size);
      this.#touch(size, this.size);
    }
    this.size = size;
  }

  #touch(from: number, to: number): void {
    for (let sector = Math.floor(from / sectorSize); sector * sectorSize < to; sector++) this.dirty.add(sector);
  }

  #own(size: number): void {
    if (this.#ownsBytes && size <= this.bytes.byteLength) return;
    this.bytes = copyOf(this.bytes, this.size, Math.max(size, this.size) + 2 * sectorSize);
    this.#ownsBytes = true;
  }

  /** What a sync that begins now will bring to the disk. */
  capture(): Capture {
    const sectors = new Map<number, Uint8Array>();
    for (const sector of this.dirty) sectors.set(sector, sectorOf(this.bytes, this.size, sector));
    return { sectors, size: this.size };
  }

  /** The sync that began with `capture` succeeded. What was written meanwhile stays dirty. */
  settle(capture: Capture): void {
    this.durable = copyOf(this.durable, this.durableSize, capture.size);
    this.#ownsDurable = true;
    this.durableSize = capture.size;
    for (const [sector, content] of capture.sectors) {
      put(this.durable, this.durableSize, sector, content);
      if (sameBytes(content, sectorOf(this.bytes, this.size, sector))) this.dirty.delete(sector);
    }
  }

  /** A sync failed: what was dirty is given up. Readers see it no more, or still do until the pages are needed for something else. */
  drop(staysVisible: boolean): void {
    this.failures++;
    this.dirty.clear();
    if (staysVisible) return;
    this.bytes = this.durable;
    this.size = this.durableSize;
    this.#ownsBytes = false;
    this.#ownsDurable = false;
  }

  /** Turns bits of what is on the disk, and of what is seen of it. */
  rot(position: number, mask: number): void {
    this.#own(this.size);
    if (!this.#ownsDurable) this.durable = copyOf(this.durable, this.durableSize, this.durableSize);
    this.#ownsDurable = true;
    if (position < this.size) this.bytes[position]! ^= mask;
    if (position < this.durableSize) this.durable[position]! ^= mask;
  }

  /** Dirty sectors that differ from what is on the disk, in order. */
  get undecided(): number[] {
    return [...this.dirty]
      .filter(
        (sector) =>
          !sameBytes(sectorOf(this.bytes, this.size, sector), sectorOf(this.durable, this.durableSize, sector)),
      )
      .sort((a, b) => a - b);
  }

  /** The file after a power cut that left `size` bytes, and of each dirty sector its first `kept` bytes as they were last written. */
  afterCut(size: number, kept: (sector: number) => number): FileNode {
    const content = copyOf(this.durable, Math.min(this.durableSize, size), size);
    for (const sector of this.dirty) {
      const count = kept(sector);
      if (count > 0) put(content, size, sector, sectorOf(this.bytes, this.size, sector).subarray(0, count));
    }
    return new FileNode(content);
  }
}

export interface Capture {
  readonly sectors: ReadonlyMap<number, Uint8Array>;
  readonly size: number;
}

function copyOf(bytes: Uint8Array, used: number, size: number): Uint8Array {
  const copy = new Uint8Array(size);
  copy.set(bytes.subarray(0, Math.min(used, size)));
  return copy;
}

/** One sector, zeros beyond the end of the file. */
function sectorOf(bytes: Uint8Array, size: number, sector: number): Uint8Array {
  const from = sector * sectorSize;
  const target = new Uint8Array(sectorSize);
  target.set(bytes.subarray(Math.min(from, size), Math.min(from + sectorSize, size)));
  return target;
}

function put(target: Uint8Array, size: number, sector: number, content: Uint8Array): void {
  const from = sector * sectorSize;
  if (from < size) target.set(content.subarray(0, size - from), from);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

export class FolderNode {
  entries = new Map<string, DiskNode>();
  durable = new Map<string, DiskNode>();
}

export type DiskNode = FileNode | FolderNode;

/** One name of a folder came to mean something else, or nothing. */
export interface NameChange {
  readonly folder: FolderNode;
  readonly name: string;
  readonly node: DiskNode | undefined;
}

/** Changes that programs see together. A power cut decides about each operation that no sync of its folder came after. */
export interface NameOperation {
  readonly label: string;
  changes: NameChange[];
}

/** Everything that is on one disk. */
export class DiskImage {
  root = new FolderNode();
  /** In the order they were made. */
  pending: NameOperation[] = [];

  /** The same disk, to be changed independently. Contents are shared until one of them is. */
  clone(): DiskImage {
    const copies = new Map<DiskNode, DiskNode>();
    const copyNode = (node: DiskNode): DiskNode => {
      const known = copies.get(node);
      if (known !== undefined) return known;
      if (node instanceof FileNode) {
        const copy = node.clone();
        copies.set(node, copy);
        return copy;
      }
      const copy = new FolderNode();
      copies.set(node, copy);
      for (const [name, child] of node.entries) copy.entries.set(name, copyNode(child));
      for (const [name, child] of node.durable) copy.durable.set(name, copyNode(child));
      return copy;
    };
    const image = new DiskImage();
    image.root = copyNode(this.root) as FolderNode;
    image.pending = this.pending.map(({ label, changes }) => ({
      label,
      changes: changes.map(({ folder, name, node }) => ({
        folder: copyNode(folder) as FolderNode,
        name,
        node: node === undefined ? undefined : copyNode(node),
      })),
    }));
    return image;
  }

  /** Changes names, visibly at once. */
  change(label: string, changes: NameChange[]): void {
    for (const { folder, name, node } of changes) setName(folder.entries, name, node);
    this.pending.push({ label, changes });
  }

  /** Makes durable what the first `count` pending operations did to the names of `folder`. */
  settleNames(folder: FolderNode, operations: readonly NameOperation[]): void {
    for (const operation of operations) {
      const rest: NameChange[] = [];
      for (const change of operation.changes) {
        if (change.folder === folder) setName(folder.durable, change.name, change.node);
        else rest.push(change);
      }
      operation.changes = rest;
    }
    this.pending = this.pending.filter(({ changes }) => changes.length > 0);
  }

  /** The disk after a power cut that let the operations pass for which `survives`, and made of each file what `content` says. */
  afterCut(survives: (operation: NameOperation) => boolean, content: (file: FileNode) => FileNode): DiskImage {
    const names = new Map<FolderNode, Map<string, DiskNode>>();
    const namesOf = (folder: FolderNode): Map<string, DiskNode> => {
      let map = names.get(folder);
      if (map === undefined) {
        map = new Map(folder.durable);
        names.set(folder, map);
      }
      return map;
    };
    for (const operation of this.pending) {
      if (!survives(operation)) continue;
      for (const { folder, name, node } of operation.changes) setName(namesOf(folder), name, node);
    }
    const copies = new Map<FileNode, FileNode>();
    const copyFolder = (folder: FolderNode): FolderNode => {
      const copy = new FolderNode();
      for (const [name, node] of namesOf(folder)) {
        let kept: DiskNode;
        if (node instanceof FolderNode) kept = copyFolder(node);
        else {
          kept = copies.get(node) ?? content(node);
          copies.set(node, kept as FileNode);
        }
        copy.entries.set(name, kept);
        copy.durable.set(name, kept);
      }
      return copy;
    };
    const image = new DiskImage();
    image.root = copyFolder(this.root);
    return image;
  }

  /** Files by path, as programs see them. */
  files(): Map<string, FileNode> {
    const found = new Map<string, FileNode>();
    const walk = (folder: FolderNode, path: string): void => {
      for (const [name, node] of [...folder.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (node instanceof FileNode) found.set(`${path}/${name}`, node);
        else walk(node, `${path}/${name}`);
      }
    };
    walk(this.root, '');
    return found;
  }
}

function setName(names: Map<string, DiskNode>, name: string, node: DiskNode | undefined): void {
  if (node === undefined) names.delete(name);
  else names.set(name, node);
}
