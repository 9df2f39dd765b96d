// Proves the simulation itself: each bug of test/simulation/planted/bugs.json is put into a copy of the engine, and the scenario named beside it must find it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { missedBugs, type PlantedBug, plantedBugs } from './planted.ts';

interface EngineBug extends PlantedBug {
  /** The scenario that finds it. */
  readonly scenario: string;
}

const parts = ['package.json', 'src', 'generated', 'test/simulation', 'test/log', 'test/catalog'];
const bugs = await plantedBugs<EngineBug>('test/simulation/planted/bugs.json');

/** Runs one scenario on the engine in `folder`. */
async function simulate(folder: string, scenario: string): Promise<{ exitCode: number | null; output: string }> {
  const args = ['test/simulation/main.ts', '--quiet', '--seed', '1', '--scenario', scenario];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exitCode = await new Promise<number | null>((done) => child.on('close', done));
  return { exitCode, output };
}

describe('bugs planted into the storage engine', () => {
  it('are at least thirty', () => assert.ok(bugs.length >= 30));

  it('are each found by the scenario named beside them', { timeout: 20 * 60_000 }, async (t) => {
    const missed = await missedBugs(bugs, parts, async ({ name, scenario }, folder) => {
      const { exitCode, output } = await simulate(folder, scenario);
      const found = /VIOLATION (.*)/.exec(output)?.[1];
      t.diagnostic(`${name}: ${found ?? 'not found'}`);
      return { missed: exitCode !== 1 || found === undefined ? `exit code ${exitCode}\n${output}` : undefined };
    });
    assert.deepEqual(missed, []);
  });
});
