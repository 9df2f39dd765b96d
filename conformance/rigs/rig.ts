// What all rigs share: how many rounds to run, what this machine must have for it, commands, and the line that says what was tried and what was lost.
import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Settings of every server in a rig: segments so small that rounds roll them, and no time spent on compiling at each start. */
export const rigSettings = {
  IGGY_SYSTEM_SEGMENT_SIZE: '128 KiB',
  NODE_COMPILE_CACHE: join(tmpdir(), `whippet-compile-cache-${process.getuid?.() ?? 0}`),
};

/** Rounds to run: `WHIPPET_RIG_ROUNDS` for all rigs, else what CI has time for. */
export function roundsOr(usual: number): number {
  const given = process.env.WHIPPET_RIG_ROUNDS;
  if (given === undefined || given === '') return usual;
  const rounds = Number(given);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`WHIPPET_RIG_ROUNDS is ${JSON.stringify(given)}; accepted: a whole number above 0`);
  return rounds;
}

/** Seed of a run: `WHIPPET_RIG_SEED`, else a new one. It decides loads and moments; what the machine makes of them differs. */
export function seedOfRun(): number {
  return Number(process.env.WHIPPET_RIG_SEED ?? Math.floor(Math.random() * 2 ** 32));
}

/**
 * Why a rig cannot run here; false when it can. Node's runner prints it. A conformance run that is narrowed to a generation leaves rigs out.
 */
export function skipUnless(needs: {
  readonly isRoot?: boolean;
  readonly commands?: readonly string[];
}): string | false {
  if (process.env.WHIPPET_GENERATION !== undefined) return 'SKIP: narrowed to one generation';
  if (process.platform !== 'linux') return 'SKIP: needs Linux';
  if (needs.isRoot === true && process.getuid?.() !== 0) return 'SKIP: needs root, to mount file systems';
  const missing = (needs.commands ?? []).filter((command) => !isOnPath(command));
  return missing.length === 0 ? false : `SKIP: needs ${missing.join(', ')}`;
}

/** Why `attempt`, what a rig lives from, is not possible here; false when it is. Root in a container may be less than root. */
export async function skipUnlessPossible(attempt: () => Promise<void>): Promise<string | false> {
  try {
    await attempt();
    return false;
  } catch (error) {
    return `SKIP: not possible here: ${(error as Error).message.split('\n').join(' ').trim()}`;
  }
}

function isOnPath(command: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, command)));
}

/** Runs a command; rejects with what it said when it fails. */
export async function run(command: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const { stdout } = await execute(command, args, { env });
  return stdout;
}

/** A folder for a rig; remove it with `removeWorkFolder`. */
export function makeWorkFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `whippet-rig-${name}-`));
}

/** Removes a rig's folder, unless something is still mounted below it. */
export function removeWorkFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Compiles one of the C files of this folder; returns the path of what was made. */
export async function compile(source: string, target: string, ...options: string[]): Promise<string> {
  await run('gcc', '-O1', '-Wall', '-Werror', ...options, join(import.meta.dirname, source), '-o', target);
  return target;
}

/** Unmounts whatever is mounted there when this process ends early. */
export function unmountAtExit(mount: string): () => void {
  const unmount = (): void => {
    try {
      execFileSync('umount', ['-l', mount], { stdio: 'ignore' });
    } catch {
      // It was not mounted, which is as good.
    }
  };
  process.once('exit', unmount);
  return () => process.off('exit', unmount);
}

/** Says what a rig did, where a person and `WHIPPET_RIG_RESULTS`, a file, can see it. */
export function tell(line: string): void {
  process.stdout.write(`# ${line}\n`);
  const results = process.env.WHIPPET_RIG_RESULTS;
  if (results !== undefined) appendFileSync(results, `${line}\n`);
}
