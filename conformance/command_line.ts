// Runs the official command line tools and reads the tables that they print: all that their users ever see of a server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './client_process.ts';

/** Keeps the tools from the contexts and logins of this machine's user. */
const home = mkdtempSync(join(tmpdir(), 'whippet-cli-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
let runs = 0;

/** The words that log the first user in. */
export const rootLogin: readonly string[] = ['--username', 'iggy', '--password', 'iggy'];

/** Runs one command of a tool that must succeed, as the first user unless told otherwise; returns what it prints. */
export async function runTool(
  program: string,
  address: string,
  words: readonly string[],
  login: readonly string[] = rootLogin,
): Promise<string> {
  const environment = { HOME: home, IGGY_HOME: home };
  // A tool that ends gives up what a pipe has not taken from it within a second; a file takes everything.
  const path = join(home, `output-${++runs}`);
  const file = await open(path, 'w');
  try {
    const args = ['--tcp-server-address', address, ...login, ...words];
    const { code, stderr } = await runProgram(program, args, environment, file.fd);
    const stdout = await readFile(path, 'utf8');
    assert.equal(code, 0, `${words.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  } finally {
    await file.close();
    await rm(path);
  }
}

/** The cells of the one table in a tool's output, row by row, its header first. */
export function tableOf(output: string): string[][] {
  const rows = output.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|-'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The rows below the header, each by column name. */
export function listOf(output: string): Record<string, string>[] {
  const [header = [], ...rows] = tableOf(output);
  return rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index] ?? ''])));
}

/** A table of the two columns Property and Value. */
export function propertiesOf(output: string): Record<string, string> {
  const [header, ...rows] = tableOf(output);
  assert.deepEqual(header, ['Property', 'Value']);
  return Object.fromEntries(rows as [string, string][]);
}
