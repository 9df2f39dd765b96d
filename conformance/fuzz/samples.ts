// Valid payloads to spoil, and where the fields of each are: a generated decoder reads the payload and every read is noted.
import { Reader } from '../../src/bytes/reader.ts';

/** Bytes of one field of a payload. */
export interface Field {
  readonly at: number;
  readonly size: number;
  /** Whether it is a number: a value, a length, a count, a kind or a flag. */
  readonly isNumber: boolean;
}

/** A payload as a client or a server would send it. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
}

type Decode = (reader: Reader) => unknown;

/** Reads as the decoder wants it and keeps where. */
class NotingReader extends Reader {
  readonly fields: Field[] = [];
  /** The last region that ran to the end: what a decoder leaves to the protocol. */
  lastRest: Uint8Array | undefined;

  override u8(): number {
    return this.#number(1, () => super.u8());
  }
  override u16(): number {
    return this.#number(2, () => super.u16());
  }
  override u32(): number {
    return this.#number(4, () => super.u32());
  }
  override u64(): bigint {
    return this.#number(8, () => super.u64());
  }
  override number(): number {
    return this.#number(8, () => super.number());
  }
  override u128(): bigint {
    return this.#number(16, () => super.u128());
  }
  override f32(): number {
    return this.#number(4, () => super.f32());
  }
  override f64(): number {
    return this.#number(8, () => super.f64());
  }
  override take(length: number): Uint8Array {
    const at = this.at;
    const bytes = super.take(length);
    if (length > 0) this.fields.push({ at, size: length, isNumber: false });
    return bytes;
  }
  override rest(): Uint8Array {
    this.lastRest = super.rest();
    return this.lastRest;
  }

  #number<Value>(size: number, read: () => Value): Value {
    const at = this.at;
    const value = read();
    this.fields.push({ at, size, isNumber: true });
    return value;
  }
}

/** Notes the fields of a payload, and with `decodeRegion` those of the messages it ends with. What cannot be read has no fields. */
export function sampleOf(bytes: Uint8Array, decode: Decode, decodeRegion?: Decode): Sample {
  const reader = new NotingReader(bytes);
  attempt(decode, reader);
  if (decodeRegion === undefined || reader.lastRest === undefined) return { bytes, fields: reader.fields };
  const region = new NotingReader(reader.lastRest);
  attempt(decodeRegion, region);
  const from = bytes.byteLength - reader.lastRest.byteLength;
  const inside = region.fields.map((field) => ({ ...field, at: from + field.at }));
  return { bytes, fields: [...reader.fields, ...inside] };
}

/** Samples are often spoiled already, so a decoder may give up early. */
function attempt(decode: Decode, reader: NotingReader): void {
  try {
    decode(reader);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'WireError') throw error;
  }
}
