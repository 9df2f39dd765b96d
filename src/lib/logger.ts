// Structured log lines on standard error: for people on a terminal, as JSON for machines. Passed in, never global.
import type { Clock } from './clock.ts';

/** From silent to everything; each level includes those before it. */
export const logLevels = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFormat = 'human' | 'json';

/** What a line says beside its message. An `Error` is shown with its stack at level error, else by its message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a part of the server says what happens to it. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  trace(message: string, fields?: LogFields): void;
  /** A logger whose lines all carry `fields`. */
  child(fields: LogFields): Logger;
  /** Whether lines of this level are written, for fields that are costly to make. */
  isOn(level: LogLevel): boolean;
}

/** Where lines go. A line ends without a line feed. */
export type LogSink = (line: string) => void;

/** The longest text of one field in characters: what clients send must not fill the disk. */
const fieldLengthMax = 1024;
const stackLengthMax = 8192;

const standardError: LogSink = (line) => void process.stderr.write(`${line}\n`);

/** A logger for lines up to `level`. */
export function createLogger(clock: Clock, level: LogLevel, format: LogFormat, sink: LogSink = standardError): Logger {
  const show = format === 'json' ? jsonLine : humanLine;
  const threshold = logLevels.indexOf(level);
  const isOn = (asked: LogLevel) => asked !== 'off' && logLevels.indexOf(asked) <= threshold;

  const withFields = (common: LogFields): Logger => {
    const at = (lineLevel: LogLevel) => {
      if (!isOn(lineLevel)) return () => {};
      return (message: string, fields?: LogFields) => {
        const time = new Date(clock.nowMicros() / 1000).toISOString();
        sink(show(time, lineLevel, escapeControls(message), { ...common, ...fields }));
      };
    };
    return {
      error: at('error'),
      warn: at('warn'),
      info: at('info'),
      debug: at('debug'),
      trace: at('trace'),
      child: (fields) => withFields({ ...common, ...fields }),
      isOn,
    };
  };
  return withFields({});
}

/** A logger that says nothing. */
export const silentLogger: Logger = createLogger(
  { nowMicros: () => 0, monotonicMs: () => 0 },
  'off',
  'human',
  () => {},
);

function humanLine(time: string, level: LogLevel, message: string, fields: LogFields): string {
  const shown = Object.entries(fields).flatMap(([name, value]) => {
    const text = fieldText(value, level);
    if (text === undefined) return [];
    return ` ${name}=${/^[\w.:[\]/+@*-]+$/.test(text) ? text : JSON.stringify(text)}`;
  });
  return `${time.slice(11, -1)} ${level.toUpperCase().padEnd(5)} ${message}${shown.join('')}`;
}

function jsonLine(time: string, level: LogLevel, message: string, fields: LogFields): string {
  const line: Record<string, unknown> = { time, level, message };
  for (const [name, value] of Object.entries(fields)) {
    const isPlain = typeof value === 'number' || typeof value === 'boolean';
    // A field never replaces what every line has.
    line[name in line ? `${name}_` : name] = isPlain ? value : fieldText(value, level);
  }
  return JSON.stringify(line);
}

/** A field as text without control characters, not longer than a field may be; nothing for an absent one. */
function fieldText(value: unknown, level: LogLevel): string | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Error) {
    const stack = level === 'error' ? value.stack : undefined;
    return cut(escapeControls(stack ?? `${value.name}: ${value.message}`), stackLengthMax);
  }
  if (typeof value === 'string') return cut(escapeControls(value), fieldLengthMax);
  if (typeof value === 'object' && value !== null) return cut(objectText(value), fieldLengthMax);
  return String(value);
}

function objectText(value: object): string {
  try {
    return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item)) ?? '';
  } catch {
    return '(not serializable)';
  }
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** Control characters and line separators as escapes, so that what a client sends cannot forge a line or steer a terminal. */
function escapeControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    if (character === '\n') return '\\n';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
