// The kinds of settings: what each accepts from a variable or a file, what it becomes in `Config`, how the runtime file shows it.
import { formatDurationMicros, formatSize, parseDurationMicros, parseSize } from '../lib/quantities.ts';
import { Secret } from './secret.ts';

/** The answer of `parse` for a value that is not accepted. */
export const refused: unique symbol = Symbol('refused');
export type Refused = typeof refused;

/** What can stand in a TOML file; `undefined` leaves the key out. */
export type FileValue = string | number | boolean | readonly string[] | undefined;

/** What makes up one setting. `Unit` is appended to the key in `Config`: `interval` of kind duration becomes `intervalMs`. */
export interface SettingParts<Value, Unit extends string> {
  readonly unit: Unit;
  /** Completes the sentence "accepted: …". */
  readonly accepts: string;
  readonly initial: Value;
  /** Reads text (of a variable or a file) or a boolean, number or list (of a file). */
  parse(raw: unknown): Value | Refused;
  format(value: Value): FileValue;
  readonly isSecret?: boolean;
}

/** A leaf of the settings tree. A class, so that the tree's walkers can tell it from a section. */
export class Setting<Value, Unit extends string> {
  readonly parts: SettingParts<Value, Unit>;

  constructor(parts: SettingParts<Value, Unit>) {
    this.parts = parts;
  }
}

/** The host and port to listen on. Port 0 asks for any free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const asText = (raw: unknown) =>
  typeof raw === 'string' ? raw.trim() : typeof raw === 'number' ? String(raw) : undefined;
const plain = <Value extends FileValue>(value: Value): FileValue => value;

/** true or false. */
export function flag(initial: boolean): Setting<boolean, ''> {
  const words = new Map([
    ['true', true],
    ['false', false],
  ]);
  return new Setting({
    unit: '',
    accepts: 'true or false',
    initial,
    parse: (raw) => (typeof raw === 'boolean' ? raw : (words.get(asText(raw)?.toLowerCase() ?? '') ?? refused)),
    format: plain,
  });
}

/** A whole number from `min` to `max`. */
export function count(initial: number, min = 0, max = 0xffff_ffff): Setting<number, ''> {
  return new Setting({
    unit: '',
    accepts: `a whole number from ${min} to ${max}`,
    initial,
    parse(raw) {
      const text = asText(raw);
      const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : refused;
    },
    format: plain,
  });
}

/** Any text. */
export function text(initial: string): Setting<string, ''> {
  return new Setting({ unit: '', accepts: 'a text', initial, parse: (raw) => asText(raw) ?? refused, format: plain });
}

/** A text that must not be shown. */
export function secret(): Setting<Secret, ''> {
  return new Setting({
    unit: '',
    accepts: 'a text',
    initial: new Secret(''),
    parse: (raw) =>
      typeof raw === 'string' ? new Secret(raw) : typeof raw === 'number' ? new Secret(String(raw)) : refused,
    format: (value) => value.toString(),
    isSecret: true,
  });
}

/** One of a few words, in any case. */
export function oneOf<Word extends string>(words: readonly Word[], initial: NoInfer<Word>): Setting<Word, ''> {
  return new Setting({
    unit: '',
    accepts: words.join(', '),
    initial,
    parse: (raw) => words.find((word) => word.toLowerCase() === asText(raw)?.toLowerCase()) ?? refused,
    format: plain,
  });
}

/** A number of bytes. */
export function size(initial: string): Setting<number, 'Bytes'> {
  return new Setting({
    unit: 'Bytes',
    accepts: 'bytes, or a number with a unit such as "100 KB" or "1 GiB"',
    initial: must(parseSize(initial) ?? refused),
    parse: (raw) => parseSize(asText(raw) ?? '') ?? refused,
    format: formatSize,
  });
}

/** A number of bytes, or none for "unlimited". */
export function sizeLimit(): Setting<number | undefined, 'Bytes'> {
  return new Setting<number | undefined, 'Bytes'>({
    unit: 'Bytes',
    accepts: '"unlimited", or a number above 0 with a unit such as "10 GB"',
    initial: undefined,
    parse(raw) {
      const written = asText(raw) ?? '';
      return written.toLowerCase() === 'unlimited' ? undefined : parseSize(written) || refused;
    },
    format: (bytes) => (bytes === undefined ? 'unlimited' : formatSize(bytes)),
  });
}

const offWords = ['unlimited', 'disabled', 'none'];

/** A duration in milliseconds; "none", "disabled" and "unlimited" are 0. */
export function duration(initial: string): Setting<number, 'Ms'> {
  const parse = (raw: unknown) => {
    const written = (asText(raw) ?? '').toLowerCase();
    const micros = offWords.includes(written) ? 0 : parseDurationMicros(written);
    return micros === undefined ? refused : micros / 1000;
  };
  return new Setting({
    unit: 'Ms',
    accepts: 'a duration such as "30 s" or "1h 30m", or "none"',
    initial: must(parse(initial)),
    parse,
    format: (ms) => formatDurationMicros(Math.round(ms * 1000)),
  });
}

/** How long something lives, in microseconds; none when it never expires. */
export function expiry(initial: string): Setting<number | undefined, 'Micros'> {
  const never = ['none', 'unlimited', 'never_expire'];
  const parse = (raw: unknown) => {
    const written = asText(raw) ?? '';
    return never.includes(written.toLowerCase()) ? undefined : parseDurationMicros(written) || refused;
  };
  return new Setting<number | undefined, 'Micros'>({
    unit: 'Micros',
    accepts: '"none", or a duration above 0 such as "7 days"',
    initial: must(parse(initial)),
    parse,
    format: (micros) => (micros === undefined ? 'none' : formatDurationMicros(micros)),
  });
}

/** An amount of memory: bytes, or a share such as "50%". Kept as it was written. */
export function quota(initial: string): Setting<string, ''> {
  return new Setting({
    unit: '',
    accepts: 'a size such as "4 GB", or a percentage such as "50%"',
    initial,
    parse(raw) {
      const written = asText(raw) ?? '';
      return /^(?:100|\d{1,2})%$/.test(written) || parseSize(written) !== undefined ? written : refused;
    },
    format: plain,
  });
}

/** Which segments keep their index in memory. */
export type CachedIndexes = 'all' | 'open_segment' | 'none';

/** Which indexes to cache; older files say true for all, false for none. */
export function cachedIndexes(initial: CachedIndexes): Setting<CachedIndexes, ''> {
  const words = new Map<string, CachedIndexes>([
    ['all', 'all'],
    ['true', 'all'],
    ['open_segment', 'open_segment'],
    ['none', 'none'],
    ['false', 'none'],
  ]);
  return new Setting({
    unit: '',
    accepts: 'all, open_segment, none, true or false',
    initial,
    parse: (raw) => words.get(String(raw).trim().toLowerCase()) ?? refused,
    // A boolean, because readers of 0.4.72's file know nothing else and those of 0.8.0's take it too.
    format: (value) => value !== 'none',
  });
}

/** Where to listen. */
export function address(initial: string): Setting<Address, ''> {
  return new Setting({
    unit: '',
    accepts: 'host:port such as "127.0.0.1:8090" or "[::1]:0"',
    initial: must(parseAddress(initial)),
    parse: (raw) => parseAddress(asText(raw) ?? ''),
    format: formatAddress,
  });
}

/** A list of texts; a variable spells it `[a, "b"]`. */
export function texts(initial: readonly string[]): Setting<readonly string[], ''> {
  return new Setting<readonly string[], ''>({
    unit: '',
    accepts: 'a list such as ["a", "b"]',
    initial,
    parse: (raw) => parseTexts(raw),
    format: plain,
  });
}

/** A list of some of a few words, at least one. */
export function someOf<Word extends string>(words: readonly Word[]): Setting<readonly Word[], ''> {
  return new Setting<readonly Word[], ''>({
    unit: '',
    accepts: `at least one of ${words.join(', ')}; several with commas between them`,
    initial: words,
    parse(raw) {
      const isPlain = typeof raw === 'string' && !raw.trim().startsWith('[');
      const given = isPlain ? raw.split(',').map((word) => word.trim()) : parseTexts(raw);
      if (given === refused || given.length === 0) return refused;
      const chosen = words.filter((word) => given.includes(word));
      return given.every((word) => (words as readonly string[]).includes(word)) ? chosen : refused;
    },
    format: plain,
  });
}

/** The same setting, absent unless given. */
export function optional<Value, Unit extends string>(inner: Setting<Value, Unit>): Setting<Value | undefined, Unit> {
  const { parts } = inner;
  return new Setting<Value | undefined, Unit>({
    unit: parts.unit,
    accepts: parts.accepts,
    initial: undefined,
    parse: (raw) => parts.parse(raw),
    format: (value) => (value === undefined ? undefined : parts.format(value)),
  });
}

/** Writes an address as it is configured, IPv6 in brackets. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function parseAddress(written: string): Address | Refused {
  const match = /^(?:\[([0-9a-f:.]+(?:%\w+)?)\]|([\w.-]+)):(\d{1,5})$/i.exec(written);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port <= 0xffff ? { host, port } : refused;
}

function parseTexts(raw: unknown): readonly string[] | Refused {
  if (Array.isArray(raw)) return raw.every((item) => typeof item === 'string') ? raw : refused;
  const written = asText(raw) ?? '';
  if (!written.startsWith('[') || !written.endsWith(']')) return refused;
  const inner = written.slice(1, -1).trim();
  if (inner === '') return [];
  // A comma splits only outside quotes.
  const items = inner.match(/(?:"[^"]*"|[^",])+|(?<=,)(?=,|$)/g) ?? [];
  return items.map((item) => item.trim().replace(/^"(.*)"$/, '$1'));
}

/** Defaults in the tables are texts for the reader's sake; one that does not parse is a mistake in the table. */
function must<Value>(value: Value | Refused): Value {
  if (value === refused) throw new Error('a default in the settings table does not parse');
  return value;
}
