// Runs a command line program of the conformance tests to its end within a time limit, and reads the JSON lines of client programs.
import { type ChildProcess, spawn } from 'node:child_process';
import type { ClientCommand } from './client_install.ts';

/** One line that a client program printed. */
export interface Line {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** What a program left behind. `code` is null when it was killed. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A client's own limit must strike first: it can say what it was doing. Many clients share few cores here. */
const clientLimitSeconds = 60;
const programLimitMs = 75_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Sees to it that a program ends with this process, if not before. */
export function leaveNoneBehind(child: ChildProcess): void {
  running.add(child);
  child.once('close', () => running.delete(child));
}

/** Runs a program to its end; kills it when its time is up. What it prints may go into a file instead, and is not in the result then. */
export function runProgram(
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  stdout: 'pipe' | number = 'pipe',
): Promise<Finished> {
  const { promise, resolve, reject } = Promise.withResolvers<Finished>();
  const child = spawn(command, args, { stdio: ['ignore', stdout, 'pipe'], env: { ...process.env, ...environment } });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), programLimitMs);
  leaveNoneBehind(child);
  child.on('error', reject);
  child.on('close', (code) => {
    clearTimeout(timer);
    resolve({ code, ...output });
  });
  return promise;
}

/** Runs one verb of a client program; `expected` codes other than 0 are for verbs that end in a known refusal. */
export async function runVerb(
  client: ClientCommand,
  verb: string,
  keys: Record<string, string | number | boolean> = {},
  expected: readonly number[] = [0],
): Promise<Line[]> {
  const pairs = Object.entries({ timeout: clientLimitSeconds, ...keys }).map(([key, value]) => `${key}=${value}`);
  const args = [...client.args, verb, ...pairs];
  const { code, stdout, stderr } = await runProgram(client.command, args);
  if (code === null || !expected.includes(code)) {
    const end = code === null ? `was killed after ${programLimitMs} ms` : `ended with code ${code}`;
    throw new Error(`${[client.command, ...args].join(' ')}\n${end} and said:\n${stdout}${stderr}`);
  }
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Line);
}
