// The codec target: spoiled payloads through decoders, protocols and the frame reader, in this process, as fast as they go.
import { setImmediate as breathe } from 'node:timers/promises';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { Seeded } from '../../test/simulation/seeded.ts';
import { CodecViolation, checkInput } from './codec_checks.ts';
import { checkFrameStream } from './frame_stream.ts';
import { knownInputs } from './known_inputs.ts';
import { mutate } from './mutation.ts';
import { checkReplicatedFrame, drawnFrame } from './replicated_frames.ts';
import { sealSend } from './sealing.ts';
import { type Subject, subjectsOf } from './subjects.ts';

export interface CodecFuzzOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly generations: readonly GenerationName[];
  /** What to feed instead of all that the generations have. */
  readonly subjects?: readonly Subject[];
}

/** What a run looked at, and what it found. */
export interface CodecFuzzReport {
  readonly seed: number;
  readonly inputs: number;
  /** Inputs an hour and core, in processor time. */
  readonly perCoreHour: number;
  readonly subjects: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Undefined when nothing was found. */
  readonly failure: CodecFailure | undefined;
}

export interface CodecFailure {
  /** Number of the input in this run; -1 for one of `seeds.txt`. */
  readonly input: number;
  readonly message: string;
  /** The line that `seeds.txt` should get. */
  readonly line: string;
}

/** Inputs between looks at the clock. */
const inputsPerTurn = 2_000;
/** One input in so many is a stream for the frame reader. */
const streamEvery = 20;
/** And one in so many of the others, where generation 0.9 is fuzzed, a whole frame of it with its head. */
const frameEvery = 7;

/** Feeds inputs until the time is up or something is found. Known inputs come first. */
export async function fuzzCodecs(options: CodecFuzzOptions): Promise<CodecFuzzReport> {
  const { seed, seconds, generations } = options;
  const subjects = options.subjects ?? subjectsOf(generations, seed);
  const frames = framesOf(subjects);
  const outcomes: Record<string, number> = {};
  const cpuBefore = process.cpuUsage();
  const until = performance.now() + seconds * 1000;
  let failure = options.subjects === undefined ? replayKnown(subjects) : undefined;
  let inputs = 0;
  while (failure === undefined && (inputs === 0 || performance.now() < until)) {
    for (let turn = 0; turn < inputsPerTurn && failure === undefined; turn++) {
      failure = tryInput(subjects, frames, seed, inputs++, outcomes);
    }
    await breathe();
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const perCoreHour = Math.round((inputs / ((user + system) / 1e6)) * 3600);
  return { seed, inputs, perCoreHour, subjects: subjects.length, outcomes, failure };
}

/** Input `number` of a run depends on nothing but the seed and that number. */
function tryInput(
  subjects: readonly Subject[],
  frames: ReplicatedFrames,
  seed: number,
  number: number,
  outcomes: Record<string, number>,
): CodecFailure | undefined {
  const random = new Seeded(Math.imul(seed, 0x9e37_79b1) + number);
  if (number % streamEvery === 0) return tryStream(random, number, outcomes);
  if (number % frameEvery === 0 && frames.requests.length > 0) return tryFrame(frames, random, number, outcomes);
  const subject = random.pick(subjects);
  const other = random.chance(0.5) ? subject : random.pick(subjects);
  const spoiled = mutate(random.pick(subject.samples), random.pick(other.samples), random);
  const bytes = subject.isSealed && random.chance(0.7) ? sealSend(spoiled, random.chance(0.5)) : spoiled;
  try {
    const outcome = checkInput(subject, bytes);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return undefined;
  } catch (error) {
    return failureOf(error, number, lineOf(subject, bytes));
  }
}

/** What whole frames of 0.9 are made of. */
interface ReplicatedFrames {
  readonly requests: readonly Subject[];
  /** Encoded answers by command. */
  readonly answers: ReadonlyMap<string, readonly Uint8Array[]>;
}

function framesOf(subjects: readonly Subject[]): ReplicatedFrames {
  const own = subjects.filter(({ generation }) => generation === 'v0_9');
  const requests = own.filter(({ request }) => request !== undefined);
  const answers = own
    .filter(({ name }) => name.endsWith('_response'))
    .map(({ name, samples }) => [name.slice(0, -'_response'.length), samples.map(({ bytes }) => bytes)] as const);
  return { requests, answers: new Map(answers) };
}

function tryFrame(
  { requests, answers }: ReplicatedFrames,
  random: Seeded,
  number: number,
  outcomes: Record<string, number>,
): CodecFailure | undefined {
  const bytes = drawnFrame(requests, random);
  try {
    const outcome = `frames ${checkReplicatedFrame(bytes, answers, random)}`;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return undefined;
  } catch (error) {
    return failureOf(error, number, `(a frame: run the same seed again) ${Buffer.from(bytes).toString('hex')}`);
  }
}

function tryStream(random: Seeded, number: number, outcomes: Record<string, number>): CodecFailure | undefined {
  try {
    checkFrameStream(random);
    outcomes.streams = (outcomes.streams ?? 0) + 1;
    return undefined;
  } catch (error) {
    return failureOf(error, number, '(a stream of frames: run the same seed again)');
  }
}

function replayKnown(subjects: readonly Subject[]): CodecFailure | undefined {
  for (const { target, generation, name, bytes } of knownInputs()) {
    const subject = subjects.find((candidate) => candidate.generation === generation && candidate.name === name);
    if (target !== 'codec' || subject === undefined) continue;
    try {
      checkInput(subject, bytes);
    } catch (error) {
      return failureOf(error, -1, lineOf(subject, bytes));
    }
  }
  return undefined;
}

function failureOf(error: unknown, input: number, line: string): CodecFailure {
  if (!(error instanceof CodecViolation)) throw error;
  const cause = error.cause instanceof Error ? `\n${error.cause.stack}` : '';
  return { input, message: `${error.message}${cause}`, line };
}

function lineOf({ generation, name }: Subject, bytes: Uint8Array): string {
  return `codec ${generation} ${name} ${Buffer.from(bytes).toString('hex')}`;
}
