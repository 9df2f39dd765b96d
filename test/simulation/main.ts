// The command line of the simulation: all short scenarios with all their crash states, every seed that ever failed, then long runs until the time is up.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { enumerate, type Scenario } from './enumerate.ts';
import { sweepFaults } from './fault_sweep.ts';
import { goodScenarios, scenarios } from './scenarios/all.ts';
import { playSwarm } from './swarm.ts';
import { drawOptions } from './swarm_options.ts';
import { floors, floorsOfSlowRun, Tally } from './tally.ts';

const help = `Usage: node test/simulation/main.ts [--seconds N] [--seed S] [--scenario NAME [--step N]] [--run SEED]

Runs the storage engine over a simulated disk, clock and chance, crashes it everywhere, and judges what the next start finds.

  --seconds N      how long in all; long runs go on until then. 60 when not given
  --seed S         where drawn numbers begin; taken from the time of day when not given, and printed
  --scenario NAME  only scenarios whose names contain NAME, and no long runs
  --step N         only crashes at call number N of them
  --run SEED       only the long run of this seed, twice
  --all-faults     in every short scenario, each call to the disk fails once; else about one in ten of them
  --short          no short scenarios
  --quiet          print nothing but the summary
  --help, -h       this text

Exit codes: 0 nothing was found, 1 something was, 2 wrong usage, 3 too little was looked at.
`;

export interface SimulationResult {
  readonly text: string;
  readonly exitCode: 0 | 1 | 3;
}

export interface SimulationOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly scenario?: string;
  readonly step?: number;
  readonly run?: number;
  readonly isShort?: boolean;
  readonly hasAllFaults?: boolean;
  readonly say: (text: string) => void;
}

/** Seeds of long runs that failed once. */
export function knownSeeds(): number[] {
  return readFileSync(join(import.meta.dirname, 'seeds.txt'), 'utf8')
    .split('\n')
    .filter((line) => /^\d+/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const tally = new Tally();
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  const isOver = (share = 1): boolean => performance.now() - began > share * options.seconds * 1000;
  const isSlow = options.scenario === undefined && options.hasAllFaults !== true;
  const limits: Limits = {
    isOver: (): boolean => isOver(),
    isEnumeratingOver: () => isSlow && isOver(0.75),
    isSweepingOver: () => isSlow && isOver(0.9),
  };
  let isComplete = true;
  let failure: Error | undefined;
  try {
    if (options.run === undefined && options.isShort !== true) isComplete = await playScenarios(options, tally, limits);
    if (options.scenario === undefined) await playRuns(options, tally, limits);
  } catch (error) {
    failure = error as Error;
  }
  const cpu = process.cpuUsage(cpuBegan);
  const states = tally.get('crash states');
  const perHour = (milliseconds: number): string =>
    Math.round((states / milliseconds) * 3_600_000).toLocaleString('en');
  const wallMs = performance.now() - began;
  const lines = [
    tally.toString(),
    `${states} crash states in ${(wallMs / 1000).toFixed(1)} s: ${perHour(wallMs)} an hour, ${perHour((cpu.user + cpu.system) / 1000)} an hour and core`,
  ];
  if (!isComplete)
    lines.push('the machine is slow: not all short scenarios were played to their end; --seconds gives them more time');
  const isWhole = options.scenario === undefined && options.run === undefined && options.isShort !== true;
  const wanted = isComplete ? floors : floorsOfSlowRun;
  const short = isWhole && failure === undefined ? tally.shortOf(wanted) : [];
  lines.push(...short.map((text) => `too little: ${text}`));
  if (failure !== undefined) lines.push(`VIOLATION ${failure.message}`, causeOf(failure));
  return { text: lines.join('\n'), exitCode: failure !== undefined ? 1 : short.length > 0 ? 3 : 0 };
}

/** When to stop what, so that something of everything is seen on a slow machine. */
interface Limits {
  readonly isOver: () => boolean;
  readonly isEnumeratingOver: () => boolean;
  readonly isSweepingOver: () => boolean;
}

/** Whether there was time for everything. Begins at a drawn scenario, so that many short runs see all of them. */
async function playScenarios(options: SimulationOptions, tally: Tally, limits: Limits): Promise<boolean> {
  const { seed, scenario: wanted = '', step, say } = options;
  const from = (items: readonly Scenario[]): Scenario[] => {
    const first = seed % items.length;
    return [...items.slice(first), ...items.slice(0, first)].filter(({ name }) => name.includes(wanted));
  };
  for (const scenario of from(scenarios)) {
    const before = tally.get('crash states');
    await enumerate(scenario, { seed, tally, isOver: limits.isEnumeratingOver, ...(step !== undefined && { step }) });
    say(`${scenario.name}: ${tally.get('crash states') - before} crash states`);
    await breathe();
    if (limits.isEnumeratingOver()) break;
  }
  const isComplete = !limits.isEnumeratingOver();
  if (step !== undefined) return true;
  for (const scenario of from(goodScenarios)) {
    if (limits.isSweepingOver()) return false;
    const before = tally.get('crash states');
    const stride = options.hasAllFaults ? 1 : 10;
    await sweepFaults(scenario, { seed, tally, stride, isOver: limits.isSweepingOver });
    say(`${scenario.name}, with failing calls: ${tally.get('crash states') - before} crash states`);
    await breathe();
  }
  return isComplete && !limits.isSweepingOver();
}

async function playRuns(options: SimulationOptions, tally: Tally, { isOver }: Limits): Promise<void> {
  const { run, seed, say } = options;
  if (run !== undefined) {
    say(JSON.stringify(drawOptions(run), undefined, 2));
    await playTwice(run, tally);
    return;
  }
  for (const known of knownSeeds()) await playSwarm(known, tally);
  for (let number = 0; number === 0 || !isOver(); number++) {
    const next = (seed + number) >>> 0;
    // One run in twenty is played twice, to see that nothing but the seed decides.
    if (number % 20 === 0) await playTwice(next, tally);
    else await playSwarm(next, tally);
    await breathe();
  }
}

async function playTwice(seed: number, tally: Tally): Promise<void> {
  const trace = await playSwarm(seed, tally);
  const again = await playSwarm(seed, new Tally());
  if (trace !== again) throw new Error(`seed ${seed} gave ${trace} and then ${again}: the run is not deterministic`);
  tally.add('runs that were equal when played twice');
}

function causeOf(error: Error): string {
  let cause: Error = error;
  while (cause.cause instanceof Error) cause = cause.cause;
  return cause.stack ?? cause.message;
}

/** Lets timers and signals have their turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Date.now() % 4_294_967_296) },
      scenario: { type: 'string' },
      step: { type: 'string' },
      run: { type: 'string' },
      short: { type: 'boolean', default: false },
      'all-faults': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [seconds, seed, step, run] = [values.seconds, values.seed, values.step, values.run].map((text) =>
    text === undefined ? undefined : Number(text),
  );
  if ([seconds, seed, step, run].some((number) => number !== undefined && !(number >= 0)))
    throw Object.assign(new Error('a number is wanted'), { code: 'ERR_PARSE_ARGS_NUMBER' });
  process.stdout.write(`seed ${seed}\n`);
  const { text, exitCode } = await simulate({
    seconds: seconds!,
    seed: seed!,
    ...(values.scenario !== undefined && { scenario: values.scenario }),
    ...(step !== undefined && { step }),
    ...(run !== undefined && { run }),
    isShort: values.short,
    hasAllFaults: values['all-faults'],
    say: (line) => {
      if (!values.quiet) process.stdout.write(`${line}\n`);
    },
  });
  process.stdout.write(`${text}\n`);
  return exitCode;
}

if (import.meta.main) {
  process.exitCode = await main().catch((error: Error & { code?: string }) => {
    process.stderr.write(`simulation: ${error.message}\n\n${help}`);
    return error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
  });
}
