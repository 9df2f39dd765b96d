// User headers between their two forms: text keys (generations 0.4 to 0.6) and typed keys (0.8, and stored).
// A block that is not of the form it should be in is opaque, for example encrypted by the client, and passes through untouched.
import { HeaderKind } from '../../generated/common/header_kind.ts';
import * as text from '../../generated/v0_4/messages/user_headers.ts';
import * as typed from '../../generated/v0_8/messages/user_headers.ts';
import { Reader } from '../bytes/reader.ts';
import { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import { forEachMessage, type StoredMessages } from '../log/batch.ts';

const noBytes = new Uint8Array(0);
/** Most bytes of a key. */
const keySizeMax = 255;

/** A block with text keys as one with typed keys. */
export function toTypedHeaders(block: Uint8Array): Uint8Array {
  if (block.byteLength === 0) return block;
  const headers = parsed(block, text.decodeUserHeaders);
  if (headers === undefined) return block;
  const entries = headers.entries.map(({ key, kind, value }) => ({
    keyKind: HeaderKind.string,
    key: Buffer.from(key, 'utf8'),
    valueKind: kind,
    value,
  }));
  return written({ entries }, typed.sizeOfUserHeaders, typed.encodeUserHeaders);
}

/** A block with typed keys as one with text keys. Keys that are not text are spelled out: numbers in decimal, bytes in hexadecimal. */
export function toTextHeaders(block: Uint8Array): Uint8Array {
  if (block.byteLength === 0) return block;
  const headers = parsed(block, typed.decodeUserHeaders);
  if (headers === undefined) return block;
  const entries = headers.entries.map(({ keyKind, key, valueKind, value }) => ({
    key: keyText(keyKind, key),
    kind: valueKind,
    value,
  }));
  return written({ entries }, text.sizeOfUserHeaders, text.encodeUserHeaders);
}

/** The header blocks of stored messages in text form, and the bytes of all payloads and blocks together. */
export function textBlocksOf(stored: StoredMessages): {
  readonly blocks: readonly Uint8Array[];
  readonly contentSize: number;
} {
  const blocks: Uint8Array[] = [];
  let contentSize = 0;
  forEachMessage(stored, (message) => {
    const block = message.userHeadersLength === 0 ? noBytes : toTextHeaders(message.userHeaders);
    blocks.push(block);
    contentSize += message.payloadLength + block.byteLength;
  });
  return { blocks, contentSize };
}

function parsed<T>(block: Uint8Array, decode: (reader: Reader) => T): T | undefined {
  try {
    return decode(new Reader(block));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function written<T>(value: T, sizeOf: (value: T) => number, encode: (writer: Writer, value: T) => void): Uint8Array {
  const writer = new Writer(sizeOf(value));
  encode(writer, value);
  return writer.bytes;
}

function keyText(kind: HeaderKind, key: Uint8Array): string {
  return spelled(kind, key).slice(0, keySizeMax);
}

function spelled(kind: HeaderKind, key: Uint8Array): string {
  const bytes = Buffer.from(key);
  const isExact = bytes.byteLength === sizes[kind];
  if (kind === HeaderKind.string) return bytes.toString('utf8');
  if (!isExact) return bytes.toString('hex');
  const reader = new Reader(bytes);
  switch (kind) {
    case HeaderKind.bool:
      return String(reader.bool());
    case HeaderKind.float32:
      return String(reader.f32());
    case HeaderKind.float64:
      return String(reader.f64());
    case HeaderKind.int8:
    case HeaderKind.int16:
    case HeaderKind.int32:
    case HeaderKind.int64:
    case HeaderKind.int128:
      return BigInt.asIntN(bytes.byteLength * 8, unsigned(bytes)).toString();
    default:
      return unsigned(bytes).toString();
  }
}

function unsigned(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

/** Bytes of each kind that has one size. */
const sizes: Partial<Record<HeaderKind, number>> = {
  [HeaderKind.bool]: 1,
  [HeaderKind.int8]: 1,
  [HeaderKind.int16]: 2,
  [HeaderKind.int32]: 4,
  [HeaderKind.int64]: 8,
  [HeaderKind.int128]: 16,
  [HeaderKind.uint8]: 1,
  [HeaderKind.uint16]: 2,
  [HeaderKind.uint32]: 4,
  [HeaderKind.uint64]: 8,
  [HeaderKind.uint128]: 16,
  [HeaderKind.float32]: 4,
  [HeaderKind.float64]: 8,
};
