// One type of one generation as the tests see it: how its values are drawn, written and read.
import type * as fc from 'fast-check';
import { Reader } from '../src/bytes/reader.ts';
import { Writer } from '../src/bytes/writer.ts';

/** How one type is drawn, written and read. Ids are as this generation shows them. */
export interface Codec {
  /** The command's name for requests, with `_response` for responses, else the name of the type. */
  readonly name: string;
  readonly values: fc.Arbitrary<unknown>;
  sizeOf(value: unknown): number;
  encode(writer: Writer, value: unknown): void;
  decode(reader: Reader): unknown;
  /** Reads the region of messages that `decode` takes as the last field. */
  readonly decodeRegion?: (reader: Reader) => unknown;
}

export function encode(codec: Codec, value: unknown): Uint8Array {
  const writer = new Writer(codec.sizeOf(value));
  codec.encode(writer, value);
  if (writer.at !== writer.bytes.byteLength) throw new Error(`${codec.name}: sizeOf is not what encode wrote`);
  return writer.bytes;
}

export function decode(codec: Codec, bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = codec.decode(reader);
  if (reader.remaining > 0) throw new Error(`${codec.name}: ${reader.remaining} bytes left over`);
  return value;
}

/** Ties the three functions of one generated type to its arbitrary; they agree on the type, which the caller forgets. */
export function codec<T>(
  name: string,
  values: fc.Arbitrary<T>,
  sizeOf: (value: T) => number,
  encode: (writer: Writer, value: T) => void,
  decode: (reader: Reader) => T,
): Codec {
  return {
    name,
    values,
    decode,
    sizeOf: (value) => sizeOf(value as T),
    encode: (writer, value) => encode(writer, value as T),
  };
}
