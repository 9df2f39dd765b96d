// `pnpm check`: everything that can be said of the sources without running the server. Each step is named; the first that fails ends it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import KaitaiStructCompiler from 'kaitai-struct-compiler';
import { parse } from 'yaml';
import { main as codegen, readTree } from './main.ts';

const help = `Usage: pnpm check

Checks the sources, in this order:
  codegen   generated/ is what spec/ makes (pnpm codegen --check)
  kaitai    every spec file compiles with the reference compiler of Kaitai Struct
  types     tsc --noEmit
  lint      biome: lint and format
  tidy      the house rules (test/tidy.test.ts)

Exit code 0 when all pass, 1 otherwise.
`;

const bin = join(import.meta.dirname, '../node_modules/.bin');

interface Step {
  readonly name: string;
  run(): Promise<boolean> | boolean;
}

const steps: readonly Step[] = [
  { name: 'codegen', run: () => codegen(['--check'], console.log) === 0 },
  { name: 'kaitai', run: compileWithKaitai },
  { name: 'types', run: () => succeeds(join(bin, 'tsc'), ['-p', '.']) },
  { name: 'lint', run: () => succeeds(join(bin, 'biome'), ['check', '--error-on-warnings']) },
  { name: 'tidy', run: () => succeeds(process.execPath, ['--test', 'test/tidy.test.ts']) },
];

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

/** Compiles each file by itself, as a person with Kaitai's own tools would. Prints every file that does not compile. */
export async function compileWithKaitai(): Promise<boolean> {
  const importer = {
    importYaml: (name: string) => Promise.resolve(parse(readFileSync(`spec/${name.replace(/^\//, '')}.ksy`, 'utf8'))),
  };
  let isSound = true;
  for (const [path, text] of readTree('spec', '.ksy')) {
    try {
      await KaitaiStructCompiler.compile('javascript', parse(text), importer, false);
    } catch (error) {
      isSound = false;
      console.log(`spec/${path}: ${String(error)}`);
    }
  }
  return isSound;
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(help);
    return;
  }
  for (const { name, run } of steps) {
    const startedAt = performance.now();
    const isPassed = await run();
    console.log(`${isPassed ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    if (!isPassed) {
      process.exitCode = 1;
      return;
    }
  }
}

if (import.meta.main) await main();
