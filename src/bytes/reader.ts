// Reads one payload from front to back: little-endian integers, strings, regions. Every read is bounded by the innermost region.
import { WireError } from './wire_error.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** A cursor over one payload. All methods throw `WireError` and never read past the payload or an entered region. */
export class Reader {
  readonly bytes: Uint8Array;
  /** What this generation adds to catalog ids on the wire: 1 in v0_4 and v0_5, else 0. */
  readonly idBase: number;
  readonly #view: DataView;
  #at = 0;
  #end: number;

  constructor(bytes: Uint8Array, idBase = 0) {
    this.bytes = bytes;
    this.idBase = idBase;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  /** Bytes consumed so far. */
  get at(): number {
    return this.#at;
  }

  /** Bytes left in the innermost region. */
  get remaining(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** A 64-bit integer that must be a safe JavaScript number, at most 2^53 - 1. */
  number(): number {
    const at = this.#take(8);
    const high = this.#view.getUint32(at + 4, true);
    if (high > 0x1f_ffff) throw new WireError('range', at, `integer at byte ${at} is above 2^53 - 1`);
    return high * 0x1_0000_0000 + this.#view.getUint32(at, true);
  }

  u128(): bigint {
    const at = this.#take(16);
    return (this.#view.getBigUint64(at + 8, true) << 64n) | this.#view.getBigUint64(at, true);
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  i16(): number {
    return this.#view.getInt16(this.#take(2), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  f32(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A flag: exactly 1 is true, anything else false. */
  bool(): boolean {
    return this.u8() === 1;
  }

  /** A presence flag: 0 or 1, anything else is invalid. */
  flag(): boolean {
    const at = this.#at;
    const value = this.u8();
    if (value > 1) throw new WireError('invalid', at, `presence flag at byte ${at} is ${value}, expected 0 or 1`);
    return value === 1;
  }

  /** A catalog id: what is on the wire less `idBase`. Wire 0 in a generation that counts from 1 gives -1, which names nothing. */
  id(): number {
    return this.u32() - this.idBase;
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** All bytes left in the innermost region, not copied. */
  rest(): Uint8Array {
    return this.take(this.#end - this.#at);
  }

  /** The next `length` bytes as UTF-8. */
  text(length: number): string {
    const at = this.#at;
    const bytes = this.take(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new WireError('invalid', at, `the ${length} bytes of text at byte ${at} are not UTF-8`);
    }
  }

  /** Passes `count` through if that many elements of at least `minSize` bytes can still follow: no claimed count allocates more. */
  count(count: number, minSize: number): number {
    if (count * minSize > this.remaining) {
      throw new WireError(
        'truncated',
        this.#at,
        `${count} elements of at least ${minSize} bytes claimed, ${this.remaining} bytes left`,
      );
    }
    return count;
  }

  /** Narrows reading to the next `length` bytes and returns the outer end for `leave`. */
  enter(length: number): number {
    if (length > this.#end - this.#at) this.#truncated(length);
    const outer = this.#end;
    this.#end = this.#at + length;
    return outer;
  }

  /** Ends the region that `enter` began; it must have been used up. */
  leave(outer: number): void {
    if (this.#at !== this.#end) {
      throw new WireError(
        'length',
        this.#at,
        `${this.#end - this.#at} bytes left over in a region ending at byte ${this.#end}`,
      );
    }
    this.#end = outer;
  }

  /** Reads bytes that must be exactly these. */
  constant(field: string, expected: readonly number[]): void {
    const at = this.#take(expected.length);
    for (let index = 0; index < expected.length; index++) {
      if (this.bytes[at + index] !== expected[index])
        throw new WireError('invalid', at, `${field} at byte ${at} is not its constant`);
    }
  }

  /** Checks that the bytes read since `from` are `length`, as field `field` claimed. */
  span(field: string, from: number, length: number): void {
    if (this.#at - from !== length)
      throw new WireError('length', from, `${field} claims ${length} bytes, its fields take ${this.#at - from}`);
  }

  /** Makes the error for the field just read, `size` bytes back, whose value the spec does not allow. */
  invalid(field: string, value: unknown, size: number, status?: string): WireError {
    return new WireError('invalid', this.#at - size, `${field} at byte ${this.#at - size} is ${value}`, status);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#end - at) this.#truncated(length);
    this.#at = at + length;
    return at;
  }

  #truncated(length: number): never {
    throw new WireError('truncated', this.#at, `${length} bytes needed at byte ${this.#at}, ${this.remaining} left`);
  }
}

/** A little-endian number of four bytes. */
export function u32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
