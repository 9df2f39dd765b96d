// The disks that a crash may leave: all of what was written since the last sync lost or kept, each sector and each name alone, torn sectors, every
// size; and for long runs a drawn mixture of these.
import { type DiskImage, FileNode, type NameOperation, sectorSize } from './disk_image.ts';
import type { Seeded } from './seeded.ts';
import { type Step, writeSome } from './simulated_disk.ts';

/** What ended: the process alone, whose writes the machine still has, or the machine. */
export type CrashKind = 'process' | 'power';

/** One disk that a crash may leave. */
export interface CrashedDisk {
  readonly label: string;
  readonly kind: CrashKind;
  readonly image: DiskImage;
  readonly hasTornSector: boolean;
  readonly hasLostName: boolean;
}

interface Cut {
  readonly label: string;
  readonly names: (operation: NameOperation) => boolean;
  /** Bytes kept of a dirty sector. */
  readonly sector: (file: FileNode, sector: number) => number;
  readonly size: (file: FileNode) => number;
}

const all = (): boolean => true;
const none = (): boolean => false;
const everything = (): number => sectorSize;
const nothing = (): number => 0;
const newSize = ({ size }: FileNode): number => size;
const oldSize = ({ durableSize }: FileNode): number => durableSize;

const bases: readonly Cut[] = [
  { label: 'all lost', names: none, sector: nothing, size: oldSize },
  { label: 'all kept', names: all, sector: everything, size: newSize },
  { label: 'only names', names: all, sector: nothing, size: oldSize },
  { label: 'only names and sizes', names: all, sector: nothing, size: newSize },
  { label: 'only contents', names: none, sector: everything, size: newSize },
  { label: 'all but sizes', names: all, sector: everything, size: oldSize },
];

/** Every disk that a crash at `step` may leave, singly. Bytes where sectors tear are drawn. */
export function* crashedDisks(image: DiskImage, step: Step | undefined, random: Seeded): Generator<CrashedDisk> {
  yield crashed('killed', 'process', image.clone());
  if (step?.write !== undefined) yield* killedWhileWriting(image, step.write, random);
  for (const cut of bases) yield cutDisk(image, cut);
  const [, kept, , sized] = bases as [Cut, Cut, Cut, Cut];
  for (const operation of image.pending) {
    yield cutDisk(image, { ...kept, label: `all but: ${operation.label}`, names: (other) => other !== operation });
    yield cutDisk(image, { ...kept, label: `no names but: ${operation.label}`, names: (other) => other === operation });
  }
  for (const [path, file] of image.files()) {
    if (file.size !== file.durableSize) {
      const low = Math.min(file.size, file.durableSize);
      const between = low + random.below(Math.abs(file.size - file.durableSize));
      yield cutDisk(image, {
        ...kept,
        label: `all but the size of ${path}, which is ${between}`,
        size: (other) => (other === file ? between : other.size),
      });
    }
    for (const sector of file.undecided) yield* aroundSector(image, path, file, sector, kept, sized, random);
  }
}

/** One sector differs from all others. */
function* aroundSector(
  image: DiskImage,
  path: string,
  file: FileNode,
  sector: number,
  kept: Cut,
  lost: Cut,
  random: Seeded,
): Generator<CrashedDisk> {
  const torn = 1 + random.below(sectorSize - 1);
  const one =
    (count: number, others: (file: FileNode, sector: number) => number) =>
    (other: FileNode, at: number): number =>
      other === file && at === sector ? count : others(other, at);
  const name = `sector ${sector} of ${path}`;
  yield cutDisk(image, { ...kept, label: `all but ${name}`, sector: one(0, kept.sector) });
  yield cutDisk(image, { ...kept, label: `${name} torn at ${torn}`, sector: one(torn, kept.sector) }, true);
  yield cutDisk(image, { ...lost, label: `only ${name}`, sector: one(sectorSize, lost.sector) });
  yield cutDisk(image, { ...lost, label: `only ${name}, torn at ${torn}`, sector: one(torn, lost.sector) }, true);
}

/** A write goes page by page: when its process is killed, some first bytes of it may be there. */
function* killedWhileWriting(
  image: DiskImage,
  write: NonNullable<Step['write']>,
  random: Seeded,
): Generator<CrashedDisk> {
  const size = write.buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const path = [...image.files()].find(([, file]) => file.bytes === write.node.bytes && file.size === write.node.size);
  if (path === undefined) return;
  for (const limit of new Set([1, 1 + random.below(size), size - 1, size])) {
    const copy = image.clone();
    const node = copy.files().get(path[0])!;
    writeSome(node, write.buffers, write.position, limit);
    yield crashed(`killed after ${limit} bytes of a write`, 'process', copy);
  }
}

/** A power cut that decides about everything by chance, or a killed process. */
export function drawnCrash(image: DiskImage, random: Seeded): CrashedDisk {
  if (random.chance(0.3)) return crashed('killed', 'process', image.clone());
  const keeps = random.pick([0, 0.2, 0.5, 0.8, 1]);
  const tears = random.pick([0, 0, 0.2, 0.5]);
  let hasTornSector = false;
  const cut: Cut = {
    label: `drawn, keeps ${keeps}, tears ${tears}`,
    names: () => random.chance(keeps),
    sector: () => {
      if (!random.chance(tears)) return random.chance(keeps) ? sectorSize : 0;
      hasTornSector = true;
      return random.below(sectorSize);
    },
    size: ({ size, durableSize }) => {
      const low = Math.min(size, durableSize);
      return random.pick([size, size, durableSize, low + random.below(Math.abs(size - durableSize) + 1)]);
    },
  };
  const disk = cutDisk(image, cut);
  return { ...disk, hasTornSector };
}

function cutDisk(image: DiskImage, cut: Cut, hasTornSector = false): CrashedDisk {
  const after = image.afterCut(cut.names, (file) =>
    file.dirty.size === 0 && file.size === file.durableSize
      ? new FileNode(file.durable, file.durableSize)
      : file.afterCut(cut.size(file), (sector) => cut.sector(file, sector)),
  );
  const hasLostName = image.pending.some((operation) => !cut.names(operation));
  return { label: cut.label, kind: 'power', image: after, hasTornSector, hasLostName };
}

function crashed(label: string, kind: CrashKind, image: DiskImage): CrashedDisk {
  return { label, kind, image, hasTornSector: false, hasLostName: false };
}
