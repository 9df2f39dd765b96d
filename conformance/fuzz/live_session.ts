// A run of the live target from its first server to its report: known inputs, the load, and what a failure needs.
import { knownInputs } from './known_inputs.ts';
import { LiveFuzz, type LiveFuzzOptions } from './live_fuzz.ts';
import { lastFrames, reproduce, violationOfKnown } from './reproduction.ts';
import { TargetServer } from './target_server.ts';
import { mebibytes, trendOf } from './vital_signs.ts';

/** What a run did, and what it found. */
export interface LiveFuzzReport {
  readonly seed: number;
  /** Frames that were answered. */
  readonly frames: number;
  readonly perHour: number;
  readonly connections: number;
  /** Different pairs of a command and a status among the replies. */
  readonly commandsByStatus: number;
  readonly mischief: Readonly<Record<string, number>>;
  readonly healthyClient: { readonly messages: number; readonly medianMs: number; readonly p99Ms: number };
  /** Resident memory of the server: medians of the thirds of the run, and its peak. */
  readonly memory: {
    readonly first: string;
    readonly middle: string;
    readonly last: string;
    readonly peak: string;
    /** Bytes for each of a thousand connections without a login that have begun a frame. */
    readonly perStranger: number;
  };
  /** Known failures that were met. */
  readonly knownFailures: number;
  /** What was found, with all that helps; undefined when nothing was. */
  readonly failure: string | undefined;
}

export interface LiveSessionOptions extends LiveFuzzOptions {
  /** How long to look for a short reproduction. */
  readonly reproduceSeconds: number;
}

/** Runs the live target. Its server and all it stores are gone afterwards. */
export async function fuzzLive(options: LiveSessionOptions): Promise<LiveFuzzReport> {
  const known = await failureOfKnown();
  const target = await TargetServer.start();
  let fuzz: LiveFuzz;
  try {
    fuzz = await LiveFuzz.begin(options, target);
    if (known === undefined) await fuzz.run();
  } finally {
    await target.remove();
  }
  const { failure } = fuzz;
  if (failure === undefined) return reportOf(fuzz, options, known);
  const found = [failure.message, lastFrames(failure), await reproduce(failure, options.reproduceSeconds)];
  return reportOf(fuzz, options, found.join('\n'));
}

async function failureOfKnown(): Promise<string | undefined> {
  for (const input of knownInputs()) {
    if (input.target !== 'live') continue;
    const violation = await violationOfKnown(input);
    if (violation !== undefined)
      return `a known input fails again: ${input.name} ${Buffer.from(input.bytes).toString('hex')}\n${violation.message}`;
  }
  return undefined;
}

function reportOf(fuzz: LiveFuzz, { seed }: LiveFuzzOptions, failure: string | undefined): LiveFuzzReport {
  const { frames, connections, mischief, canary, samples } = fuzz;
  const { first, middle, last } = trendOf(samples);
  const peak = samples.reduce((most, { residentBytes }) => Math.max(most, residentBytes), 0);
  return {
    ...{ seed, frames, connections, mischief, failure },
    perHour: fuzz.loadMs === 0 ? 0 : Math.round((frames / fuzz.loadMs) * 3_600_000),
    commandsByStatus: fuzz.replies.size,
    knownFailures: fuzz.knownFailures,
    healthyClient: {
      messages: canary.messagesCount,
      medianMs: Math.round(canary.roundMs(0.5)),
      p99Ms: Math.round(canary.roundMs(0.99)),
    },
    memory: {
      ...{ first: mebibytes(first), middle: mebibytes(middle), last: mebibytes(last), peak: mebibytes(peak) },
      perStranger: fuzz.bytesPerStranger,
    },
  };
}
