// Builds the Rust programs of the conformance tests: oracles, clients and the official command line tools. What is compiled
// stays in the user's cache, keyed by lock file, sources and tool versions, and is reused when it is there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { MissingToolchain } from './missing_toolchain.ts';

/** Binaries of the workspace in this folder. */
const programs = [
  'oracle_v0_4',
  'oracle_v0_5',
  'oracle_v0_6',
  'oracle_v0_8',
  'client_v0_6_40',
  'client_v0_7_0',
  'client_v0_8_0',
  'client_v0_9_0',
  'client_v0_10_0',
] as const;

/** Official command line tools, with the lock files that they were published with. The second needs all its features. */
const tools = {
  iggy_cli_0_8_3: ['--version', '0.8.3', '--no-default-features'],
  iggy_cli_0_13_0: ['--version', '0.13.0'],
} as const;

export type RustProgram = (typeof programs)[number] | keyof typeof tools;

const workspace = import.meta.dirname;
const cache = join(homedir(), '.cache', 'whippet', 'rust');
const progressEveryMs = 20_000;

/** Path of a built program; builds everything when it is not in the cache. */
export async function rustBinary(name: RustProgram): Promise<string> {
  return join(await installRust(), name);
}

let installing: Promise<string> | undefined;

/** Builds all programs unless they are in the cache. Returns the folder that holds them. */
export function installRust(): Promise<string> {
  installing ??= install();
  return installing;
}

async function install(): Promise<string> {
  const { crates, all } = await version();
  const home = join(cache, all);
  const bin = join(home, 'bin');
  if (await exists(bin)) return bin;

  const started = performance.now();
  say('building Rust oracles, clients and command line tools (once per version; some minutes on a small machine)');
  const partial = `${home}.${process.pid}.partial`;
  await mkdir(join(partial, 'bin'), { recursive: true });
  try {
    await build(partial, join(cache, `target-${crates.slice(0, 16)}`));
    if ((await version()).all !== all) throw new Error('sources changed while building; run it again');
    await publish(partial, home);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  say(`Rust programs are ready in ${bin} after ${Math.round((performance.now() - started) / 1000)} s`);
  return bin;
}

/** Compiles into `target`, which later versions share, and copies the programs to `partial`. */
async function build(partial: string, target: string): Promise<void> {
  const bin = join(partial, 'bin');
  await cargo('oracles and clients', target, ['build', '--locked', '--workspace', '--bins']);
  for (const name of programs) await copyFile(join(target, 'debug', name), join(bin, name));
  for (const [name, release] of Object.entries(tools)) {
    const root = join(partial, name);
    await cargo(name, target, ['install', 'iggy-cli', ...release, '--locked', '--debug', '--root', root]);
    await rename(join(root, 'bin', 'iggy'), join(bin, name));
    await rm(root, { recursive: true });
  }
}

/** Another process may have been faster: its result is as good. */
async function publish(partial: string, home: string): Promise<void> {
  try {
    await rename(partial, home);
  } catch (error) {
    if (!(await exists(join(home, 'bin')))) throw error;
  }
}

/** Hash of the compiled crates, and of everything that the programs are made from. */
async function version(): Promise<{ crates: string; all: string }> {
  const lock = await readFile(join(workspace, 'Cargo.lock'), 'utf8');
  // Only crates of the registry have a checksum: another program of this workspace is no reason to compile them all again.
  const crates = digest(lock.match(/^checksum = .*$/gm) ?? []);
  return { crates, all: digest([lock, JSON.stringify(tools), ...(await sources())]) };
}

/** Content of everything that is compiled here, by path. */
async function sources(): Promise<(string | Uint8Array)[]> {
  const found = ['Cargo.toml'];
  for (const folder of ['oracle', join('clients', 'rust')]) {
    for (const entry of await readdir(join(workspace, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && /\.(rs|toml)$/.test(entry.name))
        found.push(relative(workspace, join(entry.parentPath, entry.name)));
    }
  }
  const parts: (string | Uint8Array)[] = [];
  for (const path of found.sort()) parts.push(path.split(sep).join('/'), await readFile(join(workspace, path)));
  return parts;
}

function cargo(what: string, target: string, parameters: string[]): Promise<void> {
  const environment = {
    ...process.env,
    PATH: `${process.env.PATH ?? ''}:${join(homedir(), '.cargo', 'bin')}`,
    CARGO_TARGET_DIR: target,
    CARGO_TERM_COLOR: 'never',
    // The tools are built outside the workspace; the same profile lets them share compiled crates with it.
    CARGO_PROFILE_DEV_OPT_LEVEL: '0',
    CARGO_PROFILE_DEV_DEBUG: 'false',
    CARGO_PROFILE_DEV_INCREMENTAL: 'false',
  };
  return new Promise((resolve, reject) => {
    const child = spawn('cargo', parameters, { cwd: workspace, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
    const log = followed(what, child.stderr);
    child.on('error', (error: NodeJS.ErrnoException) => {
      log.stop();
      const missing = 'cargo is missing: install Rust 1.95 or newer, then run the same command again';
      reject(error.code === 'ENOENT' ? new MissingToolchain(missing) : error);
    });
    child.on('close', (code) => {
      log.stop();
      if (code === 0) return resolve();
      if (child.pid === undefined) return;
      process.stderr.write(`${log.tail()}\n`);
      reject(new Error(`cargo ${parameters.join(' ')} failed with code ${code}; its last lines are above`));
    });
  });
}

/** Says now and then how far a build has come, and keeps its last lines for the case that it fails. */
function followed(what: string, output: NodeJS.ReadableStream): { stop(): void; tail(): string } {
  let rest = '';
  let compiled = 0;
  let lines: string[] = [];
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    compiled += parts.filter((line) => /^\s+Compiling /.test(line)).length;
    lines = [...lines, ...parts].slice(-60);
  });
  say(`${what}: starting`);
  const timer = setInterval(() => say(`${what}: ${compiled} crates compiled so far`), progressEveryMs);
  return { stop: () => clearInterval(timer), tail: () => [...lines, rest].join('\n') };
}

function digest(parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function say(text: string): void {
  process.stderr.write(`whippet: ${text}\n`);
}

if (import.meta.main) await installRust();
