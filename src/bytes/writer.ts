// Writes one payload of a size known before: the exact-size counterpart of Reader.
import { WireError } from './wire_error.ts';

const utf8 = new TextEncoder();

/** Bytes of `text` in UTF-8. */
export function utf8Size(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** A cursor over a buffer of exactly the encoded size. Methods throw `WireError` for a value its field cannot hold. */
export class Writer {
  readonly bytes: Uint8Array;
  /** What this generation adds to catalog ids on the wire: 1 in v0_4 and v0_5, else 0. */
  readonly idBase: number;
  readonly #view: DataView;
  #at = 0;

  constructor(size: number, idBase = 0) {
    this.bytes = new Uint8Array(size);
    this.idBase = idBase;
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Bytes written so far. */
  get at(): number {
    return this.#at;
  }

  u8(value: number): void {
    this.#check(value, 0, 0xff);
    this.#view.setUint8(this.#take(1), value);
  }

  u16(value: number): void {
    this.#check(value, 0, 0xffff);
    this.#view.setUint16(this.#take(2), value, true);
  }

  u32(value: number): void {
    this.#check(value, 0, 0xffff_ffff);
    this.#view.setUint32(this.#take(4), value, true);
  }

  u64(value: bigint): void {
    this.#checkBig(value, 0n, 0xffff_ffff_ffff_ffffn);
    this.#view.setBigUint64(this.#take(8), value, true);
  }

  number(value: number): void {
    this.#check(value, 0, Number.MAX_SAFE_INTEGER);
    const at = this.#take(8);
    this.#view.setUint32(at, value % 0x1_0000_0000, true);
    this.#view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  u128(value: bigint): void {
    this.#checkBig(value, 0n, (1n << 128n) - 1n);
    const at = this.#take(16);
    this.#view.setBigUint64(at, value & 0xffff_ffff_ffff_ffffn, true);
    this.#view.setBigUint64(at + 8, value >> 64n, true);
  }

  i8(value: number): void {
    this.#check(value, -0x80, 0x7f);
    this.#view.setInt8(this.#take(1), value);
  }

  i16(value: number): void {
    this.#check(value, -0x8000, 0x7fff);
    this.#view.setInt16(this.#take(2), value, true);
  }

  i32(value: number): void {
    this.#check(value, -0x8000_0000, 0x7fff_ffff);
    this.#view.setInt32(this.#take(4), value, true);
  }

  i64(value: bigint): void {
    this.#checkBig(value, -(1n << 63n), (1n << 63n) - 1n);
    this.#view.setBigInt64(this.#take(8), value, true);
  }

  f32(value: number): void {
    this.#view.setFloat32(this.#take(4), value, true);
  }

  f64(value: number): void {
    this.#view.setFloat64(this.#take(8), value, true);
  }

  bool(value: boolean): void {
    this.#view.setUint8(this.#take(1), value ? 1 : 0);
  }

  /** A catalog id, written as `id + idBase`. */
  id(value: number): void {
    this.u32(value + this.idBase);
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#take(bytes.byteLength));
  }

  text(value: string): void {
    const at = this.#at;
    const { read, written } = utf8.encodeInto(value, this.bytes.subarray(at));
    if (read !== value.length)
      throw new WireError('range', at, `text of ${value.length} characters does not fit at byte ${at}`);
    this.#at = at + written;
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.bytes.byteLength)
      throw new WireError('truncated', at, `no room for ${length} bytes at byte ${at}`);
    this.#at = at + length;
    return at;
  }

  #check(value: number, min: number, max: number): void {
    if (!(value >= min && value <= max) || !Number.isInteger(value)) {
      throw new WireError('range', this.#at, `${value} is not an integer from ${min} to ${max}`);
    }
  }

  #checkBig(value: bigint, min: bigint, max: bigint): void {
    if (value < min || value > max)
      throw new WireError('range', this.#at, `${value} is not an integer from ${min} to ${max}`);
  }
}
