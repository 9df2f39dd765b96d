// `pnpm bench restart`: how long a server takes from its start as a process to its first answer: with nothing, after a clean stop with 1,000 partitions,
// and after a crash with data above the checkpoint.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure, Report } from './report.ts';
import { appendAndCrash, fillFolder, gibibyte } from './restart_folder.ts';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');
const cleanGoalMs = 500;
const uncleanGoalSeconds = 3;
/** Data above the checkpoint after a crash, as a share of all. */
const uncleanShare = 0.5;

const notes = [
  'time from the start of the process until its first answer (a ping over TCP); median of the rounds (fastest..slowest). Beside it the',
  '  processor time that the process took for it, which other load on the machine does not stretch. What is on the disk is in the',
  '  memory of the system, too. Node itself and reading the TypeScript of the server are part of every figure.',
];

/** Measures with `gib` of data. */
export async function run(rounds: number, gib: number): Promise<Report> {
  const startedAt = new Date().toISOString();
  const before = loadavg()[0]!;
  const root = mkdtempSync(join(tmpdir(), 'whippet-bench-restart-'));
  try {
    const figures = await measureAll(root, rounds, gib);
    const processors = cpus();
    return {
      ...{ bench: 'restart', startedAt, node: process.versions.node, rounds, notes, comparisons: [], figures },
      processor: `${processors.length} × ${processors[0]!.model.trim()}`,
      load: [before, loadavg()[0]!],
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function measureAll(root: string, rounds: number, gib: number): Promise<Figure[]> {
  const empty = await startTimes(join(root, 'empty'), rounds, async () => {});
  const folder = join(root, 'data');
  process.stderr.write(`writing ${gib} GiB into 1,000 partitions\n`);
  await fillFolder(folder, gib * gibibyte);
  const clean = await startTimes(folder, rounds, async () => {});
  const cleanMs = median(wall(clean));
  const above = Math.min(1, gib * uncleanShare);
  // Each round begins with data above the checkpoint that the clean stop of the round before has written.
  const unclean = await startTimes(folder, Math.min(rounds, 3), () => appendAndCrash(folder, above * gibibyte));
  const perGib = unclean.map(({ wallMs }) => Math.max(0, wallMs - cleanMs) / 1000 / above);
  return [
    figureOf('start with an empty data folder', 'ms', wall(empty)),
    figureOf('  processor time', 'ms', processor(empty)),
    figureOf(`restart after a clean stop, 1,000 partitions, ${gib} GiB`, 'ms', wall(clean), cleanGoalMs),
    figureOf('  processor time', 'ms', processor(clean)),
    figureOf(`restart after a crash with ${above} GiB above the checkpoint`, 'ms', wall(unclean)),
    figureOf('  processor time', 'ms', processor(unclean)),
    figureOf('  more than after a clean stop, per GiB above the checkpoint', 's/GiB', perGib, uncleanGoalSeconds),
  ];
}

/** One start. */
interface Start {
  readonly wallMs: number;
  readonly processorMs: number;
}

const wall = (starts: readonly Start[]): number[] => starts.map(({ wallMs }) => wallMs);
const processor = (starts: readonly Start[]): number[] => starts.map(({ processorMs }) => processorMs);

function figureOf(title: string, unit: string, values: readonly number[], goal?: number): Figure {
  const value = median(values);
  return {
    ...{ title, unit, median: value, min: Math.min(...values), max: Math.max(...values) },
    ...(goal !== undefined && { goal: { atMost: goal, isMet: value <= goal } }),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Each start. Between them the server is stopped cleanly; `prepare` runs before each. One more start before warms up. */
async function startTimes(folder: string, rounds: number, prepare: () => Promise<void>): Promise<Start[]> {
  const starts: Start[] = [];
  for (let round = 0; round <= rounds; round++) {
    await prepare();
    const start = await startOnce(folder);
    const told = `${start.wallMs.toFixed(0)} ms, ${start.processorMs.toFixed(0)} ms of them processor time`;
    process.stderr.write(`${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${told}\n`);
    if (round > 0) starts.push(start);
  }
  return starts;
}

/** Starts a server, waits for its first answer and stops it. */
async function startOnce(folder: string): Promise<Start> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [main], {
    env: { ...compileCache, IGGY_TCP_ADDRESS: `127.0.0.1:${port}`, IGGY_SYSTEM_PATH: folder, ...onlyTcp },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    while (!(await answersPing(port))) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
      await sleep(2);
    }
    return { wallMs: performance.now() - began, processorMs: processorMsOf(child.pid!) };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** Processor time of all threads of a process so far. The kernel counts in hundredths of a second. */
function processorMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** As `npm start` has it. */
const compileCache =
  process.env.NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };

const onlyTcp = { IGGY_HTTP_ENABLED: 'false', IGGY_QUIC_ENABLED: 'false', IGGY_SYSTEM_LOGGING_LEVEL: 'error' };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Command 1 without a payload: 4 bytes of length, 4 of code. */
const ping = Buffer.from('0400000001000000', 'hex');

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(ping));
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
