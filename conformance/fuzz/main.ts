// `pnpm conformance fuzz`: spoiled payloads through the codecs in this process, then spoiled frames at a live server.
import { parseArgs } from 'node:util';
import { generationNames } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { type CodecFuzzReport, fuzzCodecs } from './codec_fuzz.ts';
import { fuzzLive, type LiveFuzzReport } from './live_session.ts';

const help = `Usage: pnpm conformance fuzz [options]

Spoils valid requests and responses, field by field and byte by byte, and feeds them to the codecs in this process and to a live server:
before a login, as root, as a user without rights, inside consumer groups; beside it clients that send bombs of lengths, single bytes,
nothing, or read nothing. No crash, no growth, no hang, one reply to each frame, and a healthy client's messages stay what they were.

  --target codec|live    one of the two (default both, the time shared: a quarter for the codecs)
  --seconds N            how long in all (default 60); what comes after the load, as restarting the server, comes on top
  --seed S               repeat a run; drawn and printed when not given. The codec target does exactly the same again; on live
                         connections every one sends the same, but the moments differ
  --generation NAME      v0_4, v0_5, v0_6, v0_8 or v0_9 (default all)
  --reproduce-seconds N  how long to look for few frames that are enough for a failure on live connections (default 120)
  --json                 one JSON object on standard output
  --help, -h             this text

Inputs that failed once are in conformance/fuzz/seeds.txt and come first. A failure is printed with what each connection sent last, and as few
frames as are needed to see it again on a new server.

Exit status: 0 nothing found, 1 something found, 2 wrong use.
`;

type Target = 'codec' | 'live';

interface Wanted {
  readonly targets: readonly Target[];
  readonly seconds: number;
  readonly seed: number;
  readonly reproduceSeconds: number;
  readonly generations: readonly GenerationName[];
}

/** Runs the fuzzer with the words behind `fuzz`; resolves to the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      target: { type: 'string' },
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string' },
      generation: { type: 'string' },
      'reproduce-seconds': { type: 'string', default: '120' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const wanted = wantedBy(values);
  if (typeof wanted === 'string') {
    process.stderr.write(`whippet: ${wanted}\n\n${help}`);
    return 2;
  }
  const { seed, targets, generations, reproduceSeconds } = wanted;
  if (!values.json) process.stdout.write(`seed ${seed}\n`);
  const share = targets.length === 1 ? 1 : 0.25;
  const reports: { codec?: CodecFuzzReport; live?: LiveFuzzReport } = {};
  if (targets.includes('codec'))
    reports.codec = await fuzzCodecs({ seed, generations, seconds: wanted.seconds * share });
  if (reports.codec !== undefined && !values.json) process.stdout.write(codecText(reports.codec));
  if (targets.includes('live')) {
    const seconds = targets.length === 1 ? wanted.seconds : wanted.seconds * (1 - share);
    reports.live = await fuzzLive({ seed, generations, seconds, reproduceSeconds });
    if (!values.json) process.stdout.write(liveText(reports.live));
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ seed, ...reports })}\n`);
  return reports.codec?.failure === undefined && reports.live?.failure === undefined ? 0 : 1;
}

/** What is asked for, or what is wrong with it. */
function wantedBy(values: Record<string, string | boolean | undefined>): Wanted | string {
  const { target, generation } = values;
  const [seconds, reproduceSeconds] = [Number(values.seconds), Number(values['reproduce-seconds'])];
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  if (target !== undefined && target !== 'codec' && target !== 'live') return `there is no target ${target}`;
  if (!(seconds > 0)) return `--seconds is ${values.seconds}; accepted: a number above 0`;
  if (!(reproduceSeconds >= 0))
    return `--reproduce-seconds is ${values['reproduce-seconds']}; accepted: a number from 0 on`;
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    return `--seed is ${values.seed}; accepted: a whole number below 2^32`;
  const generations = generationNames.filter((name) => generation === undefined || name === generation);
  if (generations.length === 0) return `there is no generation ${generation}: ${generationNames.join(', ')}`;
  const targets: readonly Target[] = target === undefined ? ['codec', 'live'] : [target];
  return { targets, seconds, seed, reproduceSeconds, generations };
}

/** A report of the codec target for people. */
export function codecText({ seed, inputs, perCoreHour, subjects, outcomes, failure }: CodecFuzzReport): string {
  const counted = Object.entries(outcomes).map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
  const lines = [
    `codec: ${inputs.toLocaleString('en')} inputs to ${subjects} decoders, ${millions(perCoreHour)} an hour and core: ${counted.join(', ')}`,
  ];
  if (failure !== undefined)
    lines.push(`FAILURE at seed ${seed}, input ${failure.input}: ${failure.message}`, `for seeds.txt: ${failure.line}`);
  return `${lines.join('\n')}\n`;
}

/** A report of the live target for people. */
export function liveText(report: LiveFuzzReport): string {
  const { seed, frames, perHour, connections, commandsByStatus, mischief, healthyClient, memory, failure } = report;
  const counted = Object.entries(mischief).map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
  const lines = [
    `live: ${frames.toLocaleString('en')} frames answered on ${connections.toLocaleString('en')} connections, ${millions(perHour)} an hour; ${commandsByStatus} pairs of a command and a status`,
    `  ${counted.join(', ')}`,
    `  the healthy client: ${healthyClient.messages.toLocaleString('en')} messages sent, polled and found again after kill -9; a ping, a send and a poll took ${healthyClient.medianMs} ms in the median, ${healthyClient.p99Ms} ms at 99 %`,
    `  memory of the server: ${memory.first}, ${memory.middle}, ${memory.last} (medians of the thirds), at most ${memory.peak}; ${memory.perStranger} bytes for each of 1,000 strangers`,
  ];
  if (report.knownFailures > 0) lines.push(`  known failures met: ${report.knownFailures}`);
  if (failure !== undefined) lines.push(`FAILURE at seed ${seed}: ${failure}`);
  return `${lines.join('\n')}\n`;
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(1)} million`;
}
