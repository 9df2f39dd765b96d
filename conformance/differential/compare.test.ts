// Proves the comparer where there is no official server: Whippet does not differ from itself, an altered Whippet does, a named server is left as found.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { listedDifferences } from '../known_failures.ts';
import { ServerProcess } from '../server_process.ts';
import { type Alteration, alteredServer } from './altered_server.ts';
import { knownDifferences } from './known_differences.ts';
import { Pair } from './pair.ts';
import type { Report, Tally } from './report.ts';
import { compare, type RunOptions } from './run.ts';
import { ownServer, type ServerSource, serverAt, whippetCommand } from './server_process.ts';
import type { Found } from './shrink.ts';
import { Side } from './side.ts';
import { codeOf, connectionOf, type Generation, step, stepTitle } from './step.ts';

const { WHIPPET_GENERATION: onlyGeneration } = process.env;
const skip = onlyGeneration !== undefined ? 'SKIP: narrowed to one generation' : false;
const generations = (['v0_4', 'v0_5', 'v0_6', 'v0_8', 'v0_9'] as const).filter(
  (name) => onlyGeneration === undefined || name === onlyGeneration,
);

const options: RunOptions = {
  seed: 5,
  cases: 15,
  commands: Number.POSITIVE_INFINITY,
  steps: 20,
  connections: 3,
  only: new Set(),
  isSurvey: false,
};

/** Compares a server with Whippet. */
async function compared(
  generation: Generation,
  reference: ServerSource,
  changed: Partial<RunOptions> = {},
): Promise<{ found: Found[]; tally: Tally }> {
  const found: Found[] = [];
  const report: Report = { progress() {}, difference: (difference) => found.push(difference), summary() {} };
  const sides = [reference, ownServer(whippetCommand(generation))].map((source) => new Side(source, generation));
  const pair = new Pair(sides[0]!, sides[1]!, generation);
  try {
    return { found, tally: await compare(pair, generation, { ...options, ...changed }, report) };
  } finally {
    await pair.stop();
  }
}

/** Titles of the steps that a difference was shrunk to, with their connections. */
function titles({ scenario }: Found): string[] {
  return scenario.map((step) => `${connectionOf(step)} ${stepTitle(step)}`);
}

describe('the comparer', () => {
  for (const generation of generations)
    it(`finds no difference between Whippet and itself, ${generation}`, async () => {
      const { found, tally } = await compared(generation, ownServer(whippetCommand(generation)));
      assert.deepEqual(
        found.map((one) => [...titles(one), ...one.difference.lines]),
        [],
      );
      assert.deepEqual(tally.met, {});
      assert.equal(tally.cases, options.cases);
      assert.ok(tally.steps > 10 * options.cases, `${tally.steps} commands`);
    });

  it('finds a changed field and the three commands that show it', { skip }, async () => {
    const alter: Alteration = (code, payload) => {
      // The number of topics of the first stream.
      if (code === codeOf('get_streams') && payload.byteLength > 16) payload[12] = payload[12]! + 1;
    };
    const { found } = await compared('v0_8', alteredServer('v0_8', alter), { cases: 200 });
    assert.deepEqual(found.map(titles), [['0 login_with_personal_access_token', '0 create_stream', '0 get_streams']]);
    assert.match(found[0]!.difference.lines.join(), /^value\.streams\.0\.topicsCount: reference 1, whippet 0/);
  });

  it('finds what only two connections show, in the fewest commands', { skip }, async () => {
    const alter: Alteration = (code, payload) => {
      const isGroupOfTwo = code === codeOf('get_consumer_group') && payload.byteLength > 12 && payload[8] === 2;
      if (isGroupOfTwo) payload[4] = 77;
    };
    const { found } = await compared('v0_8', alteredServer('v0_8', alter), { cases: 200 });
    assert.equal(found.length, 1);
    const names = titles(found[0]!);
    assert.equal(new Set(names.map((name) => name[0])).size, 2, names.join());
    assert.equal(names.filter((name) => name.endsWith('join_consumer_group')).length, 2, names.join());
    assert.equal(names.length, 8, names.join());
  });
});

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

function commandLine(...args: string[]): Promise<Ended> {
  const program = join(import.meta.dirname, '../main.ts');
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const { promise, resolve } = Promise.withResolvers<Ended>();
  child.on('close', (code) => resolve({ code, lines: output.trim().split('\n'), errors }));
  return promise;
}

describe('a server that was named', { skip }, () => {
  it('is compared when it is empty, refused when it is not, and left without rubbish', async () => {
    const server = await ServerProcess.start({ ...whippetCommand('v0_8').environment });
    try {
      const words = ['--reference', server.address, '--generation', 'v0_8', '--cases', '10', '--seed', '1', '--json'];
      const first = await commandLine(...words);
      assert.equal(first.code, 0, first.errors + first.lines.join('\n'));
      const summary = JSON.parse(first.lines.at(-1)!);
      assert.deepEqual([summary.event, summary.cases, summary.differences], ['summary', 10, 0]);

      const [host, port] = server.address.split(':');
      const side = new Side(serverAt(host!, Number(port)), 'v0_8');
      const left = await side.contents();
      assert.deepEqual(left, { streams: [], users: [], tokens: [] });
      await side.reset();
      await side.exchange(step('login_with_personal_access_token', { token: '@comparer' }), 0);
      await side.exchange(step('create_stream', { streamId: undefined, name: 'dear to somebody' }), 0);

      const refused = await commandLine(...words);
      assert.equal(refused.code, 2);
      assert.match(refused.errors, /not empty: 1 streams, 0 users beside root, 1 tokens of root/);
      assert.equal((await side.contents()).streams.length, 1);

      const allowed = await commandLine(...words, '--empty-it');
      assert.equal(allowed.code, 0, allowed.errors + allowed.lines.join('\n'));
      assert.deepEqual(await side.contents(), left);
      side.leave();
    } finally {
      await server.remove();
    }
  });

  it('needs words that make sense', async () => {
    for (const words of [['compare'], ['--reference', 'nowhere'], ['--reference-bin', 'x', '--only', 'dance']])
      assert.equal((await commandLine(...words)).code, 2, words.join(' '));
  });
});

/** `0.4, 0.6`, `0.5 to 0.8` or `all`, as names of generations. */
function generationsIn(column: string): string[] {
  const all = ['v0_4', 'v0_5', 'v0_6', 'v0_8', 'v0_9'];
  const nameOf = (text: string) => `v${text.trim().replace('.', '_')}`;
  const [first, last] = column.split(' to ').map(nameOf);
  if (last !== undefined) return all.slice(all.indexOf(first!), all.indexOf(last) + 1);
  return column === 'all' ? all : column.split(',').map(nameOf);
}

describe('kept differences', () => {
  it('are each recognized, listed in known_failures.txt and explained in DIFFERENCES.md, for the same generations', () => {
    const text = readFileSync(join(import.meta.dirname, '../DIFFERENCES.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([a-z0-9-]+)` \| ([^|]+) \|/gm)];
    const explained = Object.groupBy(rows, ([, id]) => id!);
    const recognized = new Set(knownDifferences.map(({ id }) => id));
    assert.deepEqual([...recognized].sort(), Object.keys(explained).sort());
    assert.deepEqual(
      Object.fromEntries([...listedDifferences].map(([id, generations]) => [id, [...generations].sort()])),
      Object.fromEntries(
        Object.entries(explained).map(([id, rows]) => [
          id,
          [...new Set(rows!.flatMap(([, , column]) => generationsIn(column!)))].sort(),
        ]),
      ),
    );
  });
});
