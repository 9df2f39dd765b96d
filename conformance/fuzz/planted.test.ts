// Proves the fuzzer itself: each bug of planted.json is put into a copy of the project, and the target named beside it must find it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { missedBugs, type PlantedBug, plantedBugs } from '../planted.ts';

interface FuzzedBug extends PlantedBug {
  readonly target: 'codec' | 'live';
}

const parts = ['package.json', 'src', 'generated', 'conformance', 'test'];
/** Most bugs are found within seconds; busy machines need more. */
const secondsMax = { codec: 150, live: 60 };

/** Runs one target of the fuzzer of `folder` until it finds something; what it found, or undefined. */
async function found(target: FuzzedBug['target'], folder: string): Promise<string | undefined> {
  const words = ['fuzz', '--target', target, '--seconds', String(secondsMax[target]), '--reproduce-seconds', '0'];
  const child = spawn(process.execPath, ['conformance/main.ts', ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const exitCode = await new Promise<number | null>((done) => child.on('close', done));
  return exitCode === 1 ? /FAILURE at .*/.exec(output)?.[0].slice(0, 300) : undefined;
}

const skip = process.env.WHIPPET_GENERATION !== undefined ? 'SKIP: narrowed to one generation' : false;

test('bugs planted into codecs and server are found', { skip, timeout: 15 * 60_000 }, async (t) => {
  const bugs = await plantedBugs<FuzzedBug>('conformance/fuzz/planted.json');
  assert.ok(bugs.length >= 16);
  const missed = await missedBugs(bugs, parts, async ({ name, target }, folder) => {
    const began = performance.now();
    const failure = await found(target, folder);
    t.diagnostic(`${name}: ${failure ?? 'not found'} (${Math.round((performance.now() - began) / 1000)} s)`);
    return { missed: failure === undefined ? 'not found' : undefined };
  });
  assert.deepEqual(missed, []);
});
