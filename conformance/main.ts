// `pnpm conformance`: without a word for a mode it installs what the suites need, then runs them with Node's test runner. Installing comes
// first and shows its progress, so that no test's time is spent on compiling. The modes are programs of their own, one folder each.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clientInstallers } from './client_install.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { installRust } from './rust_build.ts';

/** A mode by its word: where its program is, and what it does. */
const modes: Readonly<Record<string, { readonly folder: string; readonly does: string }>> = {
  compare: {
    folder: 'differential',
    does: 'drawn commands on an official server and on Whippet; --reference HOST:PORT | --reference-bin PATH',
  },
  record: {
    folder: 'tapes',
    does: 'makes a tape of a run against an official server, to be replayed where there is none',
  },
  clients: { folder: 'matrix', does: 'every official client through all that it offers, as a table' },
  fuzz: { folder: 'fuzz', does: 'spoiled frames on live connections; no crash, no growth, no hang' },
};

const help = `Usage: pnpm conformance [-- GENERATION [TYPE]]     or: npm run conformance -- GENERATION [TYPE]
       pnpm conformance MODE ...

Proves Whippet against the official crates, clients and command line tools: bytes both ways, clients of all generations on one
server, the tools' output. The first run compiles and installs them into ~/.cache/whippet, which takes some minutes.

  GENERATION   v0_4, v0_5, v0_6, v0_8 or v0_9: only what belongs to it
  TYPE         a command or shared type by its spec name, such as send_messages: only its bytes
  --help, -h   this text

Modes, each with its own --help. A --reference or --reference-bin without a word means compare:
${listOfModes()}

Suites whose compiler, interpreter or right is missing here are reported as skipped, with the reason. A narrowed run leaves out the
fault rigs (kill -9, power cuts, damage, full disk, failing syncs). They also run alone, and longer:
  WHIPPET_RIG_ROUNDS=20000 node .setup.mjs --test --test-timeout=999999999 conformance/rigs/kill.test.ts
WHIPPET_RIG_SEED=N repeats a load, WHIPPET_RIG_RESULTS=FILE keeps what the rigs tell.
`;

/** A client and its server may wait for each other for ever; no single test takes minutes. */
const testLimitMs = 20 * 60_000;

async function main(args: readonly string[]): Promise<number> {
  const [first = '', ...others] = args;
  if (first in modes) return runMode(first, others);
  if (args.some((word) => /^--reference(-bin)?(=|$)/.test(word))) return runMode('compare', args);
  return runNarrowed(args);
}

function programOf(word: string): string {
  return join(import.meta.dirname, modes[word]!.folder, 'main.ts');
}

function listOfModes(): string {
  return Object.entries(modes)
    .map(([word, { does }]) => `  ${word.padEnd(12)} ${does}`)
    .join('\n');
}

async function runMode(word: string, args: readonly string[]): Promise<number> {
  const program = (await import(programOf(word))) as { main(args: readonly string[]): Promise<number> };
  return program.main(args);
}

async function runNarrowed(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [generation, type] = positionals;
  const problem = positionals.length > 2 ? 'too many words' : await unknownWord(generation, type);
  if (problem !== undefined) {
    process.stderr.write(`whippet: ${problem}\n\n${help}`);
    return 2;
  }
  await install();
  return runSuites({
    ...(generation !== undefined && { WHIPPET_GENERATION: generation }),
    ...(type !== undefined && { WHIPPET_COMMAND: type }),
  });
}

/** A word that names nothing would select no test and pass. */
async function unknownWord(generation: string | undefined, type: string | undefined): Promise<string | undefined> {
  if (generation === undefined) return undefined;
  const { generations } = await import('./codecs.ts');
  const found = generations.find(({ name }) => name === generation);
  if (found === undefined)
    return `there is no generation ${generation}: ${generations.map(({ name }) => name).join(', ')}`;
  if (type === undefined || found.codecs.some(({ name }) => name === type || name === `${type}_response`))
    return undefined;
  return `generation ${generation} has no type ${type}`;
}

async function install(): Promise<void> {
  const started = performance.now();
  const missing = new Set<string>();
  const steps = [installRust, ...clientInstallers.map(({ install }) => install)];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof MissingToolchain)) throw error;
      missing.add(error.message);
    }
  }
  for (const reason of missing) process.stderr.write(`whippet: SKIP: ${reason}\n`);
  process.stderr.write(`whippet: installed after ${Math.round((performance.now() - started) / 1000)} s\n`);
}

function runSuites(narrowing: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const args = ['--test', `--test-timeout=${testLimitMs}`, 'conformance/**/*.test.ts'];
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...narrowing } });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', reject);
  child.on('close', (code) => resolve(code ?? 1));
  return promise;
}

process.exitCode = await main(process.argv.slice(2).filter((word) => word !== '--')).catch(
  (error: Error & { code?: string }) => {
    process.stderr.write(`whippet: ${error.message}\n`);
    return error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
  },
);
