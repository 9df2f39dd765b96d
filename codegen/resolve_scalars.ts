// Numbers: Kaitai's integer and float types, and what `-type` and `enum` make of them.
import type { Diagnostics } from './diagnostics.ts';
import type { Extent, IntegerWire, ScalarMeaning, ScalarType } from './model.ts';
import type { Scope } from './scope.ts';
import type { YamlNode } from './yaml.ts';

const wires: Readonly<Record<string, IntegerWire>> = {
  u1: 'u8',
  u2: 'u16',
  u4: 'u32',
  u8: 'u64',
  s1: 'i8',
  s2: 'i16',
  s4: 'i32',
  s8: 'i64',
  f4: 'f32',
  f8: 'f64',
};

/** Bytes of each wire type. */
export const wireSizes: Readonly<Record<IntegerWire, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  u128: 16,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  f32: 4,
  f64: 8,
};

/** `-type` values that go with a plain Kaitai type. */
const meanings: Readonly<Record<string, { readonly wire: IntegerWire; readonly meaning: ScalarMeaning }>> = {
  bool: { wire: 'u8', meaning: 'bool' },
  id: { wire: 'u32', meaning: 'id' },
  number: { wire: 'u64', meaning: 'number' },
  timestamp_micros: { wire: 'u64', meaning: 'number' },
};

/** The scalar type of a field, or undefined when it is not a number. */
export function resolveScalar(
  item: YamlNode,
  name: string | undefined,
  extent: Extent | undefined,
  scope: Scope,
  diagnostics: Diagnostics,
): ScalarType | undefined {
  const special = item.string('-type');
  if (special === 'u16') {
    if (name !== undefined || extent?.kind !== 'literal' || extent.size !== 16)
      diagnostics.report(item.get('-type')!, '-type: u16 goes with size: 16');
    return { kind: 'scalar', wire: 'u128', meaning: 'plain', enum: undefined };
  }
  const wire = name === undefined ? undefined : wires[name];
  if (wire === undefined) {
    if (special !== undefined)
      diagnostics.report(
        item.get('-type')!,
        `-type: ${special} does not go with ${name === undefined ? 'bytes' : `type ${name}`}`,
      );
    return undefined;
  }
  const enumName = item.string('enum');
  if (enumName !== undefined) return resolveEnum(item, enumName, wire, scope, diagnostics);
  if (special === undefined) return { kind: 'scalar', wire, meaning: 'plain', enum: undefined };
  const found = meanings[special];
  if (found === undefined)
    diagnostics.report(
      item.get('-type')!,
      `-type: ${special} is not known; known are bool, id, number, timestamp_micros, u16`,
    );
  else if (found.wire !== wire)
    diagnostics.report(item.get('-type')!, `-type: ${special} does not go with type ${name}`);
  return { kind: 'scalar', wire, meaning: found?.meaning ?? 'plain', enum: undefined };
}

function resolveEnum(
  item: YamlNode,
  name: string,
  wire: IntegerWire,
  scope: Scope,
  diagnostics: Diagnostics,
): ScalarType {
  const found = scope.enum(name);
  if (found === undefined) diagnostics.report(item.get('enum')!, `enum ${name} is not in this file and not imported`);
  else if (!item.get('valid')?.isTrue('in-enum'))
    diagnostics.report(item, `enum field ${item.string('id')} needs valid: in-enum: true`);
  if (wire !== 'u8' && wire !== 'u16' && wire !== 'u32') diagnostics.report(item, 'an enum field is u1, u2 or u4');
  return { kind: 'scalar', wire, meaning: 'plain', enum: found };
}
