// Blocks of user headers as clients send them: keys that differ, or bytes that nobody but the client can read.
import * as fc from 'fast-check';

/** What an encrypting client sends is opaque to everybody. */
export function headersOrOpaque(blocks: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.oneof({ weight: 4, arbitrary: blocks }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) });
}

/** Header keys are unique within a message. */
export function withUniqueKeys<Entry extends { key: unknown }>(headers: { entries: Entry[] }): { entries: Entry[] } {
  const byKey = new Map(headers.entries.map((entry) => [String(entry.key), entry]));
  return { entries: [...byKey.values()] };
}
