// Shows bytes with the names of their fields: the generated decoder reads them, and each read is named by the line of code that made it.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Reader } from '../src/bytes/reader.ts';
import { toHex } from './values.ts';

/** A read in generated code: what the file and the line say, e.g. `identifier lenValue`. */
function nameOfRead(): string {
  const frame = /\(?((?:file:\/\/)?\/[^():]*\/generated\/[^():]+):(\d+):\d+\)?/.exec(new Error().stack ?? '');
  if (frame === null) return '?';
  const path = frame[1]!.startsWith('file:') ? fileURLToPath(frame[1]!) : frame[1]!;
  const line = readFileSync(path, 'utf8').split('\n')[Number(frame[2]) - 1] ?? '';
  const name = /(?:const|let)\s+(\w+)/.exec(line) ?? /(\w+)(?:\.push\(|:|\s*=)/.exec(line);
  return `${basename(path, '.ts')} ${name?.[1] ?? line.trim()}`;
}

/** Reads that consume bytes; those made inside another are part of it. */
const consuming = new Set(
  ['u8', 'u16', 'u32', 'u64', 'number', 'u128', 'i8', 'i16', 'i32', 'i64', 'f32', 'f64', 'bool', 'flag', 'id'].concat([
    'take',
    'rest',
    'text',
    'constant',
  ]),
);

/** One line per field that `decode` reads from `bytes`; the error, where it fails; what it left. `region` reads on in the last field. */
export function fieldDump(
  bytes: Uint8Array,
  decode: (reader: Reader) => unknown,
  region?: (reader: Reader) => unknown,
): string {
  return fieldLines(bytes, 0, decode, region).join('\n');
}

function fieldLines(
  bytes: Uint8Array,
  base: number,
  decode: (reader: Reader) => unknown,
  region: ((reader: Reader) => unknown) | undefined,
): string[] {
  const lines: string[] = [];
  const reader = new Reader(bytes);
  const add = (from: number, to: number, text: string) => lines.push(line(bytes.subarray(from, to), base + from, text));
  const watched = new Proxy(reader, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        const from = target.at;
        const result: unknown = member.apply(target, parameters);
        if (key === 'rest' && region !== undefined)
          lines.push(...fieldLines(result as Uint8Array, base + from, region, undefined));
        else if (consuming.has(String(key))) add(from, target.at, `${nameOfRead()} = ${shown(result)}`);
        return result;
      };
    },
  });
  try {
    decode(watched);
  } catch (error) {
    lines.push(`  ${error instanceof Error ? error.message : error}`);
  }
  if (reader.at < bytes.byteLength) add(reader.at, bytes.byteLength, 'not read');
  return lines;
}

function line(bytes: Uint8Array, at: number, text: string): string {
  return `  ${String(at).padStart(5)}  ${toHex(bytes).padEnd(16)}  ${text}`;
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
