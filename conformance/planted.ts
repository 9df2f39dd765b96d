// Puts bugs into a copy of the project, one after another, to prove that what should find them does.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** One bug. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  /** Text that stands in the file once. */
  readonly search: string;
  readonly replace: string;
}

const root = resolve(import.meta.dirname, '..');

/** What compilers and package managers leave in the tree is no part of it. */
const isSource = (path: string): boolean => !/\/(node_modules|target)$/.test(path);

/** The bugs of a list beside the tests. */
export async function plantedBugs<Bug extends PlantedBug>(path: string): Promise<readonly Bug[]> {
  return JSON.parse(await readFile(join(root, path), 'utf8')) as Bug[];
}

/**
 * Plants each bug in a copy of `parts` of the project and gives the copy to `find`, which tells what it found there, or why it takes the bug for
 * missed. Resolves to what was missed, one text each.
 */
export async function missedBugs<Bug extends PlantedBug>(
  bugs: readonly Bug[],
  parts: readonly string[],
  find: (bug: Bug, folder: string) => Promise<{ readonly missed: string | undefined }>,
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-planted-'));
  const missed: string[] = [];
  try {
    for (const part of parts) await cp(join(root, part), join(folder, part), { recursive: true, filter: isSource });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const bug of bugs) {
      const path = join(folder, bug.file);
      const text = await readFile(path, 'utf8');
      const pieces = text.split(bug.search);
      if (pieces.length !== 2) {
        missed.push(`${bug.name}: does not fit ${bug.file} any more; bring it up to what stands there now`);
        continue;
      }
      await writeFile(path, pieces.join(bug.replace));
      const found = await find(bug, folder);
      await writeFile(path, text);
      if (found.missed !== undefined) missed.push(`${bug.name}: ${found.missed}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return missed;
}
