// The one error that reading or writing bytes can raise. It knows positions, nothing of commands or status codes' numbers.

/** What is wrong with the bytes. */
export type WireErrorKind =
  /** A fixed field or a claimed length reaches past the end. */
  | 'truncated'
  /** A region was not used up exactly by what it holds. */
  | 'length'
  /** A value is outside what its field allows. */
  | 'invalid'
  /** A value cannot be represented in its field. */
  | 'range';

/** Malformed bytes, or a value that has no bytes. `status` is the status the spec names for a failed `valid`. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly kind: WireErrorKind;
  /** Byte in the payload at which the problem was seen. */
  readonly at: number;
  readonly status: string | undefined;

  constructor(kind: WireErrorKind, at: number, message: string, status?: string) {
    super(message);
    this.kind = kind;
    this.at = at;
    this.status = status;
  }
}
