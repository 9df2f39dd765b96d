// Encoded sizes that are known without a value: fixed sizes and lower bounds.
import { type Field, isOptional, type Struct } from './model.ts';
import { wireSizes } from './resolve_scalars.ts';

/** The one size every value of this field has, or undefined when values differ. */
export function fixedFieldSize(field: Field): number | undefined {
  if (field.presence.kind !== 'always' || field.repeat !== undefined) return undefined;
  return elementSize(field);
}

/** The fixed size of one element of a field, its repetition and presence left aside. */
export function elementSize(field: Field): number | undefined {
  const { type, role } = field;
  if (role.kind === 'constant') return role.bytes.length;
  if (type.kind === 'scalar') return wireSizes[type.wire];
  if (type.kind === 'bytes' && type.extent.kind === 'literal') return type.extent.size;
  if (type.kind === 'struct') return fixedStructSize(type.struct);
  return undefined;
}

/** The one size every value of this struct has, or undefined. */
export function fixedStructSize(struct: Struct): number | undefined {
  if (struct.union !== undefined) return undefined;
  let total = 0;
  for (const field of struct.fields) {
    const size = fixedFieldSize(field);
    if (size === undefined) return undefined;
    total += size;
  }
  return total;
}

/** The least number of bytes a value of this struct takes; bounds what a claimed count may allocate. */
export function minStructSize(struct: Struct): number {
  let total = struct.endsWithNext ? 1 : 0;
  for (const field of struct.fields) {
    if (
      field.presence.kind !== 'always' ||
      field.repeat !== undefined ||
      (isOptional(field) && field.none === undefined)
    )
      continue;
    total += elementSize(field) ?? (field.type.kind === 'struct' ? minStructSize(field.type.struct) : 0);
  }
  const cases = struct.union?.cases.map((unionCase) => minStructSize(unionCase.struct)) ?? [];
  return total + (cases.length > 0 ? Math.min(...cases) : 0);
}
