// Every byte of every kind of file: the file cut there, and a bit of that byte turned. Then damage at random places. The start is refused only where
// that is the designed answer, and no wrong byte is ever served.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MasterKey } from '../../src/lib/cipher.ts';
import { fileHeaderSize } from '../../src/log/file_header.ts';
import type { MemoryDisk } from '../../test/log/memory_disk.ts';
import { type Making, type Outcome, smallFolder, tryDamage } from './damaged_folder.ts';
import { randomOf } from './load.ts';
import { roundsOr, seedOfRun, skipUnless, tell } from './rig.ts';

const skip = skipUnless({});

interface Counts {
  cases: number;
  refused: number;
  missing: number;
}

/** How folders are made. In the first every byte is hit; in the others only some of the zeros that fill up a file's header. */
const makings: readonly Making[] = [
  { leaving: 'killed', level: 'os' },
  { leaving: 'stopped', level: 'os' },
  { leaving: 'killed', level: 'disk' },
  { leaving: 'killed', level: 'os', masterKey: new MasterKey(new Uint8Array(32).fill(7)) },
];

/** The files that are hit byte by byte: one of each kind; of segments the first, which is full, and the last. */
function targetsOf(folder: MemoryDisk): string[] {
  const paths = [...folder.files.keys()].filter((path) => !path.includes('/0-0-1-')).sort();
  const segments = paths.filter((path) => path.endsWith('.log'));
  const chosen = [segments[0], segments.at(-1)];
  return paths.filter((path) => !path.endsWith('.log') || chosen.includes(path));
}

type Damage = 'cut' | 'turn';

/** All bytes of a file; of the zeros that fill up its header only some are cut, since no cut within them differs, or even turned. */
function* casesOf(folder: MemoryDisk, path: string, isEvery: boolean): Generator<readonly [Damage, number]> {
  const size = sizeOf(folder, path);
  for (let position = 0; position < size; position++) {
    const isFiller = size >= fileHeaderSize && position >= 128 && position < fileHeaderSize - 1;
    const isSampled = !isFiller || position % 31 === 0;
    if (isSampled) yield ['cut', position];
    if (isEvery || isSampled) yield ['turn', position];
  }
}

function damageOf(kind: Damage, path: string, position: number): (disk: MemoryDisk) => void {
  return (disk) => {
    if (kind === 'cut') disk.truncate(path, position);
    else disk.content(path)[position]! ^= 1 << (position % 8);
  };
}

function kindOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.endsWith('.log')) return 'segment';
  if (name.endsWith('.journal')) return 'journal';
  if (name.endsWith('.snapshot')) return 'snapshot';
  if (name.startsWith('superblock')) return 'superblock';
  return path.includes('/catalog/') ? `${name} of the catalog` : name;
}

/** Counts by kind of file. */
class Tally {
  readonly kinds = new Map<string, Counts>();

  add(path: string, { refusal, missing }: Outcome): void {
    const counts = this.kinds.get(kindOf(path)) ?? { cases: 0, refused: 0, missing: 0 };
    this.kinds.set(kindOf(path), counts);
    counts.cases++;
    if (refusal !== undefined) counts.refused++;
    else if (missing > 0) counts.missing++;
  }

  get cases(): number {
    return [...this.kinds.values()].reduce((sum, { cases }) => sum + cases, 0);
  }

  tell(title: string): void {
    const parts = [...this.kinds].map(
      ([kind, { cases, refused, missing }]) =>
        `${kind} ${cases.toLocaleString('en-US')} (start refused ${refused}, messages missing ${missing})`,
    );
    tell(`${title}: ${this.cases.toLocaleString('en-US')} cases, wrong bytes served 0; ${parts.join(', ')}`);
  }
}

function sizeOf(folder: MemoryDisk, path: string): number {
  return folder.content(path).byteLength;
}

describe('damage', { skip }, () => {
  test('at every byte of every file costs at most what it hit', async () => {
    const tally = new Tally();
    for (const [index, making] of makings.entries()) {
      const folder = await smallFolder(making);
      for (const path of targetsOf(folder)) {
        for (const [kind, position] of casesOf(folder, path, index === 0)) {
          const isStartedTwice = position % 4 === 0;
          const damage = damageOf(kind, path, position);
          const outcome = await tryDamage(folder, path, making, damage, isStartedTwice).catch((cause: Error) => {
            throw new Error(`${path} of folder ${index}, ${kind} at byte ${position}: ${cause.message}`, { cause });
          });
          tally.add(path, outcome);
        }
      }
    }
    tally.tell('every byte cut and turned');
    assert.ok(tally.cases >= 20_000, `${tally.cases} cases`);
    const kinds = ['segment', 'offsets', 'checkpoint', 'format', 'lock'];
    for (const kind of [...kinds, 'journal', 'snapshot', 'superblock', 'checkpoint of the catalog'])
      assert.ok(tally.kinds.has(kind), `no file of the kind ${kind}`);
  });

  test('of larger runs at random places costs at most what it hit', async () => {
    const seed = seedOfRun();
    const random = randomOf(seed);
    const tally = new Tally();
    const folders = await Promise.all(makings.map(smallFolder));
    for (let round = 0; round < roundsOr(200) * 10; round++) {
      const pick = random(makings.length);
      const folder = folders[pick]!;
      const path = [...folder.files.keys()][random(folder.files.size)]!;
      const size = sizeOf(folder, path);
      const from = random(size);
      const to = Math.min(size, from + 1 + random(1024));
      const other = random(size);
      const kind = random(4);
      const outcome = await tryDamage(folder, path, makings[pick]!, (disk) => {
        const bytes = disk.content(path);
        if (kind === 0) bytes.fill(0, from, to);
        else if (kind === 1) bytes.fill(0xff, from, to);
        else if (kind === 2) bytes.copyWithin(from, other, Math.min(size, other + to - from));
        else for (let at = from; at < to; at++) bytes[at] = random(256);
      }).catch((error: Error) => {
        const where = `seed ${seed}, round ${round}, ${path} from ${from} to ${to} in way ${kind}`;
        throw new Error(`${where}: ${error.message}`, { cause: error });
      });
      tally.add(path, outcome);
    }
    tally.tell(`runs of bytes overwritten, seed ${seed}`);
  });
});
