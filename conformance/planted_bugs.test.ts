// Proves the simulation itself: each bug of test/simulation/planted/bugs.json is put into a copy of the engine, and the scenario named beside it must find it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';

interface PlantedBug {
  readonly name: string;
  readonly file: string;
  /** Text that stands in the file once. */
  readonly search: string;
  readonly replace: string;
  /** The scenario that finds it. */
  readonly scenario: string;
}

const root = resolve(import.meta.dirname, '..');
const bugs: readonly PlantedBug[] = JSON.parse(await readFile(join(root, 'test/simulation/planted/bugs.json'), 'utf8'));

/** Runs one scenario on the engine in `folder`. */
async function simulate(folder: string, scenario: string): Promise<{ exitCode: number | null; output: string }> {
  const args = ['test/simulation/main.ts', '--quiet', '--seed', '1', '--scenario', scenario];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exitCode = await new Promise<number | null>((done) => child.on('close', done));
  return { exitCode, output };
}

async function withEngine(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-planted-'));
  try {
    for (const part of ['package.json', 'src', 'generated', 'test/simulation', 'test/log', 'test/catalog'])
      await cp(join(root, part), join(folder, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('bugs planted into the storage engine', () => {
  it('are at least thirty', () => assert.ok(bugs.length >= 30));

  it('are each found by the scenario named beside them', { timeout: 20 * 60_000 }, (t) =>
    withEngine(async (folder) => {
      const missed: string[] = [];
      for (const { name, file, search, replace, scenario } of bugs) {
        const path = join(folder, file);
        const text = await readFile(path, 'utf8');
        const parts = text.split(search);
        if (parts.length !== 2) {
          missed.push(`${name}: does not fit ${file} any more; bring it up to what stands there now`);
          continue;
        }
        await writeFile(path, parts.join(replace));
        const { exitCode, output } = await simulate(folder, scenario);
        await writeFile(path, text);
        const found = /VIOLATION (.*)/.exec(output)?.[1];
        if (exitCode !== 1 || found === undefined) missed.push(`${name}: exit code ${exitCode}\n${output}`);
        t.diagnostic(`${name}: ${found ?? 'not found'}`);
      }
      assert.deepEqual(missed, []);
    }),
  );
});
