// Builds the Rust programs of the conformance tests: oracles, clients and the official command line tools. What is compiled
// stays in the user's cache, keyed by lock file, sources and tool versions, and is reused when it is there.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { MissingToolchain } from './missing_toolchain.ts';

/**
 * Binaries of each Cargo workspace, and the official command line tools, with the lock files that they were published with, of which
 * its own has the most in common: that is compiled once. The later tools need all their features.
 */
const workspaces = [
  {
    folder: '.',
    programs: [
      'oracle_v0_4',
      'oracle_v0_5',
      'oracle_v0_6',
      'oracle_v0_8',
      'client_v0_6_40',
      'client_v0_7_0',
      'client_v0_8_0',
      'client_v0_9_0',
      'client_v0_10_0',
    ],
    tools: {
      iggy_cli_0_8_3: ['--version', '0.8.3', '--no-default-features'],
      iggy_cli_0_13_0: ['--version', '0.13.0'],
    },
  },
  {
    folder: 'sdk_0_11',
    programs: ['oracle_v0_9', 'client_v0_11_0'],
    tools: { iggy_cli_0_14_0: ['--version', '0.14.0'] },
  },
] as const;

type Workspace = (typeof workspaces)[number];
type NamesOf<One> = One extends Workspace ? One['programs'][number] | keyof One['tools'] : never;
export type RustProgram = NamesOf<Workspace>;

const home = import.meta.dirname;
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
  const all = await version();
  const installed = join(cache, all);
  const bin = join(installed, 'bin');
  if (await exists(bin)) return bin;

  const started = performance.now();
  say('building Rust oracles, clients and command line tools (once per version; some minutes on a small machine)');
  const partial = `${installed}.${process.pid}.partial`;
  await mkdir(join(partial, 'bin'), { recursive: true });
  try {
    for (const workspace of workspaces) await build(workspace, partial);
    if ((await version()) !== all) throw new Error('sources changed while building; run it again');
    await publish(partial, installed);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  say(`Rust programs are ready in ${bin} after ${Math.round((performance.now() - started) / 1000)} s`);
  return bin;
}

/** Compiles a workspace where its later versions find what has not changed, and copies the programs to `partial`. */
async function build({ folder, programs, tools }: Workspace, partial: string): Promise<void> {
  const bin = join(partial, 'bin');
  const target = join(cache, `target-${(await crates(folder)).slice(0, 16)}`);
  const compile = (what: string, parameters: readonly string[]) => cargo(what, join(home, folder), target, parameters);
  await compile(`${programs[0]} and ${programs.length - 1} more`, ['build', '--locked', '--workspace', '--bins']);
  for (const name of programs) await copyFile(join(target, 'debug', name), join(bin, name));
  for (const [name, release] of Object.entries<readonly string[]>(tools)) {
    const root = join(partial, name);
    await compile(name, ['install', 'iggy-cli', ...release, '--locked', '--debug', '--root', root]);
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

/** Hash of the crates that a workspace compiles. */
async function crates(folder: string): Promise<string> {
  const lock = await readFile(join(home, folder, 'Cargo.lock'), 'utf8');
  // Only crates of the registry have a checksum: another program of this workspace is no reason to compile them all again.
  return digest(lock.match(/^checksum = .*$/gm) ?? []);
}

/** Hash of everything that the programs are made from. */
async function version(): Promise<string> {
  return digest([JSON.stringify(workspaces), ...(await sources())]);
}

/** Content of everything that is compiled here, by path. */
async function sources(): Promise<(string | Uint8Array)[]> {
  const found = workspaces.flatMap(({ folder }) => [join(folder, 'Cargo.toml'), join(folder, 'Cargo.lock')]);
  for (const folder of ['oracle', join('clients', 'rust')]) {
    for (const entry of await readdir(join(home, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && /\.(rs|toml)$/.test(entry.name))
        found.push(relative(home, join(entry.parentPath, entry.name)));
    }
  }
  const parts: (string | Uint8Array)[] = [];
  for (const path of found.sort()) parts.push(path.split(sep).join('/'), await readFile(join(home, path)));
  return parts;
}

function cargo(what: string, folder: string, target: string, parameters: readonly string[]): Promise<void> {
  const environment = {
    ...process.env,
    PATH: `${process.env.PATH ?? ''}:${join(homedir(), '.cargo', 'bin')}`,
    CARGO_TARGET_DIR: target,
    CARGO_TERM_COLOR: 'never',
    // The tools are built outside their workspace; the same profile lets them share compiled crates with it.
    CARGO_PROFILE_DEV_OPT_LEVEL: '0',
    CARGO_PROFILE_DEV_DEBUG: 'false',
    CARGO_PROFILE_DEV_INCREMENTAL: 'false',
  };
  return new Promise((resolve, reject) => {
    const child = spawn('cargo', parameters, { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
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
