// Judges how a server's memory went over a run: what it settles at may not rise with the number of frames.

import { LiveViolation } from './answers.ts';
import type { VitalSigns } from './target_server.ts';

/** No server with these settings and this little data needs more. */
const residentMaxBytes = 512 << 20;
/** What memory may rise from the first third of a run to the last; collectors and compilers do not work evenly. */
const growthMaxBytes = 32 << 20;
const growthMaxShare = 0.15;
/** Looks, two a second, that show how a process warms up, and how many there must be behind them to say anything. */
const warmUpSamples = 60;
const samplesMin = 45;

/** Median of what three parts of a run have. */
export interface Trend {
  readonly first: number;
  readonly middle: number;
  readonly last: number;
}

export function trendOf(samples: readonly VitalSigns[]): Trend {
  const third = Math.ceil(samples.length / 3);
  const median = (part: readonly VitalSigns[]): number => {
    const sorted = part.map(({ residentBytes }) => residentBytes).toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  };
  return {
    first: median(samples.slice(0, third)),
    middle: median(samples.slice(third, 2 * third)),
    last: median(samples.slice(2 * third)),
  };
}

/** @throws LiveViolation when memory is too large. */
export function checkSize({ residentBytes }: VitalSigns): void {
  if (residentBytes > residentMaxBytes) throw new LiveViolation(`the server takes ${mebibytes(residentBytes)}`);
}

/** @throws LiveViolation when memory has grown too much. */
export function checkGrowth(samples: readonly VitalSigns[]): void {
  const settled = samples.slice(warmUpSamples);
  if (settled.length < samplesMin) return;
  const { first, last } = trendOf(settled);
  if (last - first > growthMaxBytes && last > first * (1 + growthMaxShare))
    throw new LiveViolation(`the server's memory grew from ${mebibytes(first)} to ${mebibytes(last)}`);
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / (1 << 20))} MiB`;
}
