// The Kaitai expressions that the dialect allows, each shape with one meaning.

export type Expression =
  | { readonly kind: 'integer'; readonly value: bigint }
  /** The value of a field before this one. */
  | { readonly kind: 'field'; readonly id: string }
  /** `has_x != 0` or `has_x == 0`. */
  | { readonly kind: 'flag'; readonly id: string; readonly set: boolean }
  /** `not _io.eof`: something is left in the payload. */
  | { readonly kind: 'more' }
  /** `_.has_next == 0`: the element just read is the last. */
  | { readonly kind: 'last' };

const integer = /^(0x[0-9a-fA-F]+|-?\d+)$/;
const field = /^[a-z][a-z0-9_]*$/;
const flag = /^([a-z][a-z0-9_]*)\s*(!=|==)\s*0$/;
const last = /^_\.has_next\s*==\s*0$/;
const more = /^not\s+_io\.eof$/;

/** Parses one expression, or gives undefined for anything outside the dialect. */
export function parseExpression(text: string): Expression | undefined {
  const source = text.trim();
  if (integer.test(source)) return { kind: 'integer', value: BigInt(source) };
  if (more.test(source)) return { kind: 'more' };
  if (last.test(source)) return { kind: 'last' };
  const flagged = flag.exec(source);
  if (flagged) return { kind: 'flag', id: flagged[1]!, set: flagged[2] === '!=' };
  if (field.test(source)) return { kind: 'field', id: source };
  return undefined;
}
