// `sizeOfX`: the exact encoded size of a value, as one sum where possible.
import { type CodeBlockWriter, type FunctionDeclarationStructure, StructureKind } from 'ts-morph';
import { unionEnum } from '../domain.ts';
import { type Field, isOptional, type Struct } from '../model.ts';
import { wireSizes } from '../resolve_scalars.ts';
import { elementSize, fixedStructSize } from '../sizes.ts';
import type { CodecContext } from './decode.ts';

/** A sum in the making: bytes that are always there, terms that depend on the value, lists that need a loop. */
export interface SizeSum {
  fixed: number;
  readonly terms: string[];
  readonly loops: Field[];
}

export function sizeFunction(struct: Struct, context: CodecContext): FunctionDeclarationStructure {
  const isFixed = fixedStructSize(struct) !== undefined;
  return {
    kind: StructureKind.Function,
    isExported: true,
    name: `sizeOf${struct.name}`,
    docs: ['Encoded size in bytes.'],
    parameters: [{ name: isFixed ? '_value' : 'value', type: context.names.struct(struct) }],
    returnType: 'number',
    statements: (writer) => {
      if (struct.union === undefined) writeSum(writer, sumOf(struct.fields, context), context);
      else writeUnionSize(writer, struct, context);
    },
  };
}

function writeUnionSize(writer: CodeBlockWriter, struct: Struct, context: CodecContext): void {
  const union = struct.union!;
  writer.write(`switch (value.${union.on.name}) `).inlineBlock(() => {
    for (const unionCase of union.cases) {
      const sum = sumOf([...struct.fields, ...unionCase.struct.fields], context);
      writer.writeLine(`case ${context.names.enumValue(unionEnum(struct), unionCase.value)}:`);
      writer.indent(() => writeSum(writer, sum, context)).newLine();
    }
  });
}

/** What the given fields take, `value` being the variable that holds them. */
export function sumOf(fields: readonly Field[], context: CodecContext): SizeSum {
  const sum: SizeSum = { fixed: 0, terms: [], loops: [] };
  for (const field of fields) addField(sum, field, fields, context);
  return sum;
}

/** The sum as an expression; undefined when it needs a loop. */
export function expressionOf(sum: SizeSum): string | undefined {
  if (sum.loops.length > 0) return undefined;
  const parts = sum.fixed > 0 || sum.terms.length === 0 ? [String(sum.fixed), ...sum.terms] : sum.terms;
  return parts.join(' + ');
}

function writeSum(writer: CodeBlockWriter, sum: SizeSum, context: CodecContext): void {
  const expression = expressionOf(sum);
  if (expression !== undefined) {
    writer.write(`return ${expression};`);
    return;
  }
  writer.writeLine(`let size = ${expressionOf({ ...sum, loops: [] })};`);
  for (const field of sum.loops) {
    if (field.type.kind !== 'struct') continue;
    const flag = field.repeat?.kind === 'next' ? ' + 1' : '';
    writer.writeLine(`for (const item of value.${field.name}) size += ${sizeCall(field, 'item', context)}${flag};`);
  }
  writer.write('return size;');
}

function addField(sum: SizeSum, field: Field, fields: readonly Field[], context: CodecContext): void {
  const isDeferred = field.role.kind === 'length' && field.presence.kind !== 'always';
  if (isDeferred) return;
  if (field.repeat !== undefined) {
    const size = elementSize(field);
    if (size === undefined) sum.loops.push(field);
    else sum.terms.push(timesLength(field, size + (field.repeat.kind === 'next' ? 1 : 0)));
    return;
  }
  if (field.presence.kind === 'always') {
    const size = elementSize(field);
    if (size !== undefined) sum.fixed += size;
    else sum.terms.push(variableSize(field, `value.${field.name}`, context));
    return;
  }
  if (field.role.kind === 'constant') {
    sum.terms.push(`(${writtenWhen(field, fields)} ? ${field.role.bytes.length} : 0)`);
    return;
  }
  const prefix = fields.find(
    (other) => other.role.kind === 'length' && other.role.of === field.id && other.presence.kind !== 'always',
  );
  const size = elementSize(field) ?? variableSize(field, `value.${field.name}`, context);
  const full =
    prefix === undefined || prefix.type.kind !== 'scalar' ? String(size) : `${wireSizes[prefix.type.wire]} + ${size}`;
  sum.terms.push(`(value.${field.name} === undefined ? 0 : ${full})`);
}

function timesLength(field: Field, size: number): string {
  return size === 1 ? `value.${field.name}.length` : `value.${field.name}.length * ${size}`;
}

/** The size of one present value of variable size. */
export function variableSize(field: Field, value: string, context: CodecContext): string {
  switch (field.type.kind) {
    case 'text':
      return `${context.file.use('src/bytes/writer', 'utf8Size')}(${value})`;
    case 'struct':
      return sizeCall(field, value, context);
    default:
      return `${value}.byteLength`;
  }
}

function sizeCall(field: Field, value: string, context: CodecContext): string {
  if (field.type.kind !== 'struct') throw new Error(`${field.id} has no size function`);
  return `${context.file.use(field.type.struct.file.path, `sizeOf${field.type.struct.name}`)}(${value})`;
}

/** Whether a conditional field is written, in terms of the value: follows the field its flag stands for. */
export function writtenWhen(field: Field, fields: readonly Field[]): string {
  if (field.presence.kind !== 'flag') return `value.${field.name} !== undefined`;
  const { presence } = field;
  const flag = fields.find((other) => other.id === presence.field);
  const owner =
    flag?.role.kind === 'flag'
      ? fields.find((other) => flag.role.kind === 'flag' && other.id === flag.role.of)
      : undefined;
  if (owner === undefined) throw new Error(`${field.id}: nothing decides ${presence.field}`);
  return flagValue(owner, presence.set);
}

/** The presence flag of a field as an expression. */
export function flagValue(owner: Field, set = true): string {
  if (owner.repeat !== undefined) return `value.${owner.name}.length ${set ? '> 0' : '=== 0'}`;
  return isOptional(owner) ? `value.${owner.name} ${set ? '!==' : '==='} undefined` : String(set);
}
