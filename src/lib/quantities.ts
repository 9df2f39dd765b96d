// Amounts as people write them: "1 GiB", "100 KB", "1 h 30 m". Reads and writes the forms that the reference's configuration and options use.

const sizeUnits = new Map<string, bigint>([['', 1n]]);
for (const [index, prefix] of ['k', 'm', 'g', 't', 'p', 'e'].entries()) {
  sizeUnits.set(prefix, 1000n ** BigInt(index + 1));
  sizeUnits.set(`${prefix}i`, 1024n ** BigInt(index + 1));
}

/** Units by falling size, for writing. */
const writtenSizes: readonly (readonly [unit: string, bytes: number])[] = [
  ['TiB', 1024 ** 4],
  ['TB', 1000 ** 4],
  ['GiB', 1024 ** 3],
  ['GB', 1000 ** 3],
  ['MiB', 1024 ** 2],
  ['MB', 1000 ** 2],
  ['KiB', 1024],
  ['KB', 1000],
];

const microsPerUnit: readonly (readonly [micros: number, names: readonly string[]])[] = [
  [0.001, ['nsec', 'ns', 'nanos']],
  [1, ['usec', 'us', 'micros']],
  [1_000, ['msec', 'ms', 'millis']],
  [1_000_000, ['seconds', 'second', 'secs', 'sec', 's']],
  [60_000_000, ['minutes', 'minute', 'mins', 'min', 'm']],
  [3_600_000_000, ['hours', 'hour', 'hrs', 'hr', 'h']],
  [86_400_000_000, ['days', 'day', 'd']],
  [604_800_000_000, ['weeks', 'week', 'wks', 'wk', 'w']],
  [2_630_016_000_000, ['months', 'month', 'M']],
  [31_557_600_000_000, ['years', 'year', 'yrs', 'yr', 'y']],
];
const durationUnits = new Map(microsPerUnit.flatMap(([micros, names]) => names.map((name) => [name, micros] as const)));

/** Longer text is no amount; the cap keeps the patterns below cheap. */
const textLengthMax = 64;

/** Reads a number of bytes: digits alone, or with a decimal ("KB") or binary ("KiB") unit in any case. Fractions round up. */
export function parseSize(text: string): number | undefined {
  const bytes = parseLargeSize(text);
  return bytes !== undefined && bytes <= Number.MAX_SAFE_INTEGER ? Number(bytes) : undefined;
}

/** As `parseSize`, of any size. */
export function parseLargeSize(text: string): bigint | undefined {
  if (text.length > textLengthMax) return undefined;
  const match = /^\s*(\d+)(?:\.(\d+))?\s*([a-z]*)\s*$/i.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', unit = ''] = match;
  const scale = sizeUnits.get(unit.toLowerCase().replace(/b$/, ''));
  if (scale === undefined) return undefined;
  const divisor = 10n ** BigInt(fraction.length);
  return (BigInt(whole + fraction) * scale + divisor - 1n) / divisor;
}

/** Writes a number of bytes exactly, in the largest unit that divides it. */
export function formatSize(bytes: number): string {
  const fit = bytes === 0 ? undefined : writtenSizes.find(([, unitBytes]) => bytes % unitBytes === 0);
  return fit === undefined ? `${bytes} B` : `${bytes / fit[1]} ${fit[0]}`;
}

/** Reads a duration such as "1 m", "30s" or "1h 30m" as whole microseconds; "0" needs no unit. "M" is a month, "m" a minute. */
export function parseDurationMicros(text: string): number | undefined {
  if (text.length > textLengthMax) return undefined;
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  const part = /(\d+)\s*([a-zA-Z]+)\s*/y;
  let micros = 0;
  while (part.lastIndex < trimmed.length) {
    const [, digits, unit] = part.exec(trimmed) ?? [];
    const scale = durationUnits.get(unit ?? '');
    if (scale === undefined) return undefined;
    micros += Number(digits) * scale;
  }
  const whole = Math.floor(micros);
  return trimmed !== '' && Number.isSafeInteger(whole) ? whole : undefined;
}

/** Writes whole microseconds as `parseDurationMicros` reads them, largest unit first. */
export function formatDurationMicros(micros: number): string {
  const parts: string[] = [];
  let rest = micros;
  for (const [unit, scale] of [
    ['d', 86_400_000_000],
    ['h', 3_600_000_000],
    ['m', 60_000_000],
    ['s', 1_000_000],
    ['ms', 1_000],
    ['us', 1],
  ] as const) {
    const count = Math.floor(rest / scale);
    rest -= count * scale;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? '0s' : parts.join(' ');
}
