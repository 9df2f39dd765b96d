// Measures contestants against each other with the package `benchmark`: short interleaved rounds in one process, so that what
// disturbs the machine disturbs all of them, and ratios only within a round. Knows nothing of what is measured.
// Time is processor time of this process: on a shared machine the wall clock mostly tells how much others were running.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Benchmark from 'benchmark';

/** One way of doing the work. `run` returns a number that depends on all of it, so that no compiler can leave any out. */
export interface Contestant {
  readonly name: string;
  /** What `run` must return, every time. */
  readonly expected: number;
  run(): number;
}

/** Contestants for the same work. The first is the one that the others are compared with. */
export interface Comparison {
  readonly title: string;
  readonly messageCount: number;
  readonly contestants: readonly Contestant[];
  /** A ratio to the first that one contestant is meant to reach. */
  readonly target?: { readonly contestant: string; readonly ratio: number };
}

/** A figure of all rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Score {
  readonly contestant: string;
  readonly opsPerSecond: Spread;
  readonly nanosecondsPerMessage: Spread;
  /** Speed over the speed of the comparison's first contestant in the same round. */
  readonly ratio: Spread;
}

export interface ComparisonResult {
  readonly title: string;
  readonly messageCount: number;
  readonly scores: readonly Score[];
  readonly target?: { readonly contestant: string; readonly ratio: number; readonly isMet: boolean };
}

/** Seconds of one contestant in one round. */
const turnSeconds = 0.2;
/** 5,000 times what the clock can tell apart. */
const sampleSeconds = 0.005;
const samplesMin = 7;

/** Takes the place of `process.hrtime` in the package. Counts threads that collect garbage too: whoever makes it, pays. */
function processorTime(since: readonly [number, number] = [0, 0]): [seconds: number, nanoseconds: number] {
  const { user, system } = process.cpuUsage();
  const micros = user + system - since[0] * 1e6 - since[1] / 1e3;
  const seconds = Math.floor(micros / 1e6);
  return [seconds, Math.round((micros - seconds * 1e6) * 1e3)];
}

const ProcessorBenchmark = Benchmark.runInContext({ process: { hrtime: processorTime } });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Runs all comparisons `rounds` times, after one round that only warms up. Throws when a contestant returns something unexpected. */
export function measure(
  comparisons: readonly Comparison[],
  rounds: number,
  onRound: (round: number) => void,
): ComparisonResult[] {
  const lanes = comparisons.map(({ contestants }) =>
    contestants.map((contestant) => ({ benchmark: benchmarkOf(contestant), seconds: [] as number[] })),
  );
  for (let round = 0; round <= rounds; round++) {
    onRound(round);
    for (const lane of lanes) {
      for (let turn = 0; turn < lane.length; turn++) {
        const { benchmark, seconds } = lane[(turn + round) % lane.length]!;
        const measured = secondsPerCall(benchmark);
        if (round > 0) seconds.push(measured);
      }
    }
  }
  return comparisons.map((comparison, index) => {
    const seconds = lanes[index]!.map((lane) => lane.seconds);
    return resultOf(comparison, seconds);
  });
}

function benchmarkOf({ name, expected, run }: Contestant): Benchmark {
  return new ProcessorBenchmark({
    name,
    fn() {
      const returned = run();
      if (returned !== expected) throw new Error(`${name} returned ${returned}, expected ${expected}`);
    },
    maxTime: turnSeconds,
    minTime: sampleSeconds,
    minSamples: samplesMin,
    async: false,
  });
}

function secondsPerCall(benchmark: Benchmark): number {
  // Nobody pays for the garbage of the one before.
  collectGarbage();
  benchmark.run();
  if (benchmark.error !== undefined) throw benchmark.error;
  return spread(benchmark.stats.sample).median;
}

function resultOf(comparison: Comparison, seconds: readonly (readonly number[])[]): ComparisonResult {
  const { title, messageCount, contestants, target } = comparison;
  const baseline = seconds[0]!;
  const scores = contestants.map(({ name }, index): Score => {
    const own = seconds[index]!;
    return {
      contestant: name,
      opsPerSecond: spread(own.map((value) => 1 / value)),
      nanosecondsPerMessage: spread(own.map((value) => (value * 1e9) / messageCount)),
      ratio: spread(own.map((value, round) => baseline[round]! / value)),
    };
  });
  if (target === undefined) return { title, messageCount, scores };
  const reached = scores.find(({ contestant }) => contestant === target.contestant)!.ratio.median;
  return { title, messageCount, scores, target: { ...target, isMet: reached >= target.ratio } };
}

/** The figure of one value for each round. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}
