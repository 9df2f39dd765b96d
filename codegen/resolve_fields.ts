// The fields of one struct: types, extents, presence, and which of them are derived from others.
import type { Diagnostics } from './diagnostics.ts';
import { parseExpression } from './expression.ts';
import type {
  Extent,
  Field,
  FieldType,
  None,
  Presence,
  Repeat,
  Role,
  SizeOfPart,
  Struct,
  UnionCase,
  Valid,
} from './model.ts';
import { camel } from './names.ts';
import { resolveScalar, wireSizes } from './resolve_scalars.ts';
import type { Scope } from './scope.ts';
import type { YamlNode } from './yaml.ts';

/** Fills `struct.fields` (and `struct.union`) from its `seq`. */
export function resolveFields(struct: Struct, node: YamlNode, scope: Scope, diagnostics: Diagnostics): void {
  const items = node.get('seq')?.items ?? [];
  for (const [index, item] of items.entries()) {
    const id = item.string('id');
    if (id === undefined) continue;
    if (struct.fields.some((known) => known.id === id)) diagnostics.report(item, `field ${id} stands twice`);
    if (item.get('type')?.entries !== undefined) {
      if (index !== items.length - 1) diagnostics.report(item, `switch field ${id} must be the last of its type`);
      resolveUnion(struct, item, scope, diagnostics);
      continue;
    }
    const field = resolveField(id, item, scope, diagnostics);
    if (field !== undefined) struct.fields.push(field);
  }
  for (const [index, item] of items.entries()) assignRoles(struct, item, index === items.length - 1, diagnostics);
}

function resolveField(id: string, item: YamlNode, scope: Scope, diagnostics: Diagnostics): Field | undefined {
  const contents = item.get('contents');
  const role: Role =
    contents === undefined ? { kind: 'value' } : { kind: 'constant', bytes: constantBytes(contents, diagnostics) };
  const type: FieldType | undefined =
    role.kind === 'constant'
      ? { kind: 'bytes', extent: { kind: 'literal', size: role.bytes.length } }
      : resolveType(id, item, scope, diagnostics);
  if (type === undefined) return undefined;
  const literal = item.get('valid')?.text;
  return {
    id,
    name: camel(id),
    doc: item.string('doc')?.trim(),
    place: { file: item.file, line: item.line },
    type,
    presence: resolvePresence(item, diagnostics),
    repeat: resolveRepeat(item, diagnostics),
    none: resolveNone(item),
    valid: resolveValid(item, literal, diagnostics),
    defaultValue: item.string('-default') ?? (item.get('-default')?.items !== undefined ? '[]' : undefined),
    role,
  };
}

function resolveType(id: string, item: YamlNode, scope: Scope, diagnostics: Diagnostics): FieldType | undefined {
  const name = item.string('type');
  const extent = resolveExtent(item, diagnostics);
  const scalar = resolveScalar(item, name, extent, scope, diagnostics);
  if (scalar !== undefined) return scalar;
  if (name === undefined || name === 'str') {
    if (extent === undefined) {
      diagnostics.report(item, `${id} needs size or size-eos`);
      return undefined;
    }
    if (name === 'str' && extent.kind === 'literal')
      diagnostics.report(item, `${id}: text of a fixed size is not part of the dialect`);
    return { kind: name === 'str' ? 'text' : 'bytes', extent };
  }
  const struct = scope.struct(name);
  if (struct === undefined) {
    diagnostics.report(item.get('type')!, `type ${name} is not in this file and not imported`);
    return undefined;
  }
  if (struct.view && item.get('repeat') === undefined) {
    if (extent?.kind !== 'rest')
      diagnostics.report(item, `${id}: a field of view type ${name} runs to the end: size-eos: true`);
    return { kind: 'region', struct };
  }
  return { kind: 'struct', struct, extent };
}

function resolveExtent(item: YamlNode, diagnostics: Diagnostics): Extent | undefined {
  if (item.isTrue('size-eos')) return { kind: 'rest' };
  const text = item.string('size');
  if (text === undefined) return undefined;
  const size = parseExpression(text);
  if (size?.kind === 'integer') return { kind: 'literal', size: Number(size.value) };
  if (size?.kind === 'field') return { kind: 'length', field: size.id };
  diagnostics.report(item.get('size')!, `size ${text} must be a number or a field`);
  return undefined;
}

function resolvePresence(item: YamlNode, diagnostics: Diagnostics): Presence {
  const text = item.string('if');
  if (text === undefined) return { kind: 'always' };
  const condition = parseExpression(text);
  if (condition?.kind === 'more') return { kind: 'more' };
  if (condition?.kind === 'flag') return { kind: 'flag', field: condition.id, set: condition.set };
  diagnostics.report(item.get('if')!, `if: ${text} must be has_x != 0, has_x == 0 or not _io.eof`);
  return { kind: 'always' };
}

function resolveRepeat(item: YamlNode, diagnostics: Diagnostics): Repeat | undefined {
  const kind = item.string('repeat');
  if (kind === undefined) return undefined;
  if (kind === 'eos') return { kind: 'rest' };
  const count = parseExpression(item.string('repeat-expr') ?? '');
  if (kind === 'expr' && count?.kind === 'field') return { kind: 'count', field: count.id };
  const until = parseExpression(item.string('repeat-until') ?? '');
  if (kind === 'until' && until?.kind === 'last') return { kind: 'next' };
  diagnostics.report(
    item.get('repeat')!,
    'repeat must be eos, expr with the field that counts, or until with _.has_next == 0',
  );
  return undefined;
}

function resolveNone(item: YamlNode): None | undefined {
  const text = item.string('-none');
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? { kind: 'value', value: BigInt(text) } : { kind: 'flag', field: text };
}

function resolveValid(item: YamlNode, literal: string | undefined, diagnostics: Diagnostics): Valid | undefined {
  const node = item.get('valid');
  if (node === undefined) return undefined;
  const number = (key: string): bigint | undefined => {
    const text = node.string(key);
    if (text === undefined) return undefined;
    const value = parseExpression(text);
    if (value?.kind === 'integer') return value.value;
    diagnostics.report(node.get(key)!, `valid ${key} must be a number`);
    return undefined;
  };
  if (literal !== undefined) {
    const value = parseExpression(literal);
    if (value?.kind !== 'integer') diagnostics.report(node, `valid: ${literal} must be a number`);
    else return { min: value.value, max: value.value, anyOf: undefined, inEnum: false, error: undefined };
  }
  const anyOf = node.get('any-of')?.items?.map((value) => BigInt(value.text ?? '0'));
  return {
    min: number('min'),
    max: number('max'),
    anyOf,
    inEnum: node.isTrue('in-enum'),
    error: node.string('-error'),
  };
}

function constantBytes(node: YamlNode, diagnostics: Diagnostics): number[] {
  if (node.text !== undefined && node.items === undefined) return [...new TextEncoder().encode(node.text)];
  const bytes = (node.items ?? []).map((item) => Number(item.text));
  if (bytes.some((byte) => !Number.isInteger(byte) || byte < 0 || byte > 255))
    diagnostics.report(node, 'contents must be bytes or text');
  return bytes;
}

function resolveUnion(struct: Struct, item: YamlNode, scope: Scope, diagnostics: Diagnostics): void {
  const type = item.get('type')!;
  const onId = type.string('switch-on');
  const on = struct.fields.find((field) => field.id === onId);
  if (on === undefined || on.type.kind !== 'scalar' || on.type.enum === undefined) {
    diagnostics.report(type, `switch-on ${onId} must be an enum field before it`);
    return;
  }
  const known = on.type.enum;
  const cases: UnionCase[] = [];
  for (const [key, value] of type.get('cases')?.entries ?? []) {
    const id = key.split('::').at(-1)!;
    const target = scope.struct(value.text ?? '');
    if (!known.values.some((candidate) => candidate.id === id))
      diagnostics.report(value, `${key} is not a value of enum ${known.id}`);
    else if (target === undefined) diagnostics.report(value, `type ${value.text} is not in this file and not imported`);
    else {
      target.isCase = true;
      cases.push({ value: id, struct: target });
    }
  }
  for (const value of known.values) {
    if (!cases.some((known) => known.value === value.id))
      diagnostics.report(type, `no case for ${known.id}::${value.id}`);
  }
  struct.union = { on, extent: resolveExtent(item, diagnostics), cases };
}

/** Marks derived fields by what refers to them: `size:`, `repeat-expr:`, `if:`, `-none:`, `-size-of:`. */
function assignRoles(struct: Struct, item: YamlNode, isLast: boolean, diagnostics: Diagnostics): void {
  const id = item.string('id');
  const field = struct.fields.find((candidate) => candidate.id === id);
  if (field === undefined) {
    if (struct.union?.extent?.kind === 'length' && isLast)
      derive(struct, struct.union.extent.field, { kind: 'length', of: '' }, item, diagnostics);
    return;
  }
  if (field.id === 'has_next') {
    if (!isLast) diagnostics.report(item, 'has_next must be the last field of its type');
    struct.endsWithNext = true;
    struct.fields = struct.fields.filter((candidate) => candidate !== field);
    return;
  }
  const { type, repeat, presence, none, valid } = field;
  const extent = 'extent' in type ? type.extent : undefined;
  if (extent?.kind === 'length') derive(struct, extent.field, { kind: 'length', of: field.id }, item, diagnostics);
  if (repeat?.kind === 'count') derive(struct, repeat.field, { kind: 'count', of: field.id }, item, diagnostics);
  if (none?.kind === 'flag') derive(struct, none.field, { kind: 'flag', of: field.id }, item, diagnostics);
  if (presence.kind === 'flag' && presence.set && field.role.kind === 'value' && !field.id.startsWith('len_'))
    derive(struct, presence.field, { kind: 'flag', of: field.id }, item, diagnostics);
  if (
    valid !== undefined &&
    valid.min !== undefined &&
    valid.min === valid.max &&
    type.kind === 'scalar' &&
    field.role.kind === 'value'
  ) {
    field.role = { kind: 'constant', bytes: littleEndian(valid.min, wireSizes[type.wire]) };
  }
  const parts = item.get('-size-of')?.items;
  if (parts !== undefined) field.role = sizeOfRole(struct, parts, diagnostics);
  if (repeat?.kind === 'next' && !(type.kind === 'struct' && presence.kind === 'flag'))
    diagnostics.report(item, `${field.id}: a has_next list needs an element type and if: has_x != 0`);
  if (field.type.kind === 'region' && !isLast)
    diagnostics.report(item, `${field.id}: a field of a view type must be the last`);
}

function derive(struct: Struct, id: string, role: Role, item: YamlNode, diagnostics: Diagnostics): void {
  const source = struct.fields.find((field) => field.id === id);
  const prefix = role.kind === 'length' ? 'len_' : role.kind === 'count' ? 'num_' : 'has_';
  if (source === undefined) diagnostics.report(item, `${id} is not a field before this one`);
  else if (!id.startsWith(prefix))
    diagnostics.report(item, `${id} is derived here, so its name must start with ${prefix}`);
  else if (source.role.kind === 'flag' && role.kind === 'flag') return;
  else if (source.role.kind !== 'value') diagnostics.report(item, `${id} is derived from two fields`);
  else source.role = role;
}

function sizeOfRole(struct: Struct, nodes: readonly YamlNode[], diagnostics: Diagnostics): Role {
  const parts: SizeOfPart[] = [];
  for (const node of nodes) {
    const [id, inner] = (node.text ?? '').split('.') as [string, string | undefined];
    const field = struct.fields.find((candidate) => candidate.id === id);
    if (field === undefined) diagnostics.report(node, `-size-of: ${id} is not a field of this type`);
    else if (inner !== undefined && field.type.kind !== 'region')
      diagnostics.report(node, `-size-of: ${node.text} must name a field of a region`);
    else parts.push({ field: id, inner });
  }
  return { kind: 'size_of', parts };
}

function littleEndian(value: bigint, size: number): number[] {
  return Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}
