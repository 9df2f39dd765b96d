// Encoders: one line per field, in wire order, into a writer of exactly the right size.
import { type CodeBlockWriter, type FunctionDeclarationStructure, StructureKind } from 'ts-morph';
import { unionEnum } from '../domain.ts';
import { type Field, fieldOf, type Struct } from '../model.ts';
import { elementSize } from '../sizes.ts';
import { type CodecContext, innerPartSize, isBigint } from './decode.ts';
import { expressionOf, flagValue, type SizeSum, sumOf, variableSize, writtenWhen } from './sizes.ts';
import { guarded } from './source_file.ts';

export function encodeFunction(struct: Struct, context: CodecContext, doc: string): FunctionDeclarationStructure {
  const isEmpty = struct.fields.length === 0 && struct.union === undefined;
  return {
    kind: StructureKind.Function,
    isExported: true,
    name: `encode${struct.name}`,
    docs: [doc],
    parameters: [
      { name: isEmpty ? '_writer' : 'writer', type: context.file.use('src/bytes/writer', 'Writer', 'type') },
      { name: readsValue(struct) ? 'value' : '_value', type: context.names.struct(struct) },
    ],
    returnType: 'void',
    statements: (writer) => {
      for (const field of struct.fields) writeField(writer, field, struct, context);
      if (struct.union !== undefined) writeUnion(writer, struct, context);
    },
  };
}

function readsValue(struct: Struct): boolean {
  return struct.union !== undefined || struct.fields.some((field) => field.role.kind !== 'constant');
}

function writeField(writer: CodeBlockWriter, field: Field, struct: Struct, context: CodecContext): void {
  const { role } = field;
  const isDeferred = role.kind === 'length' && (field.presence.kind !== 'always' || role.of === '');
  if (isDeferred) return;
  if (role.kind === 'constant') {
    const condition = field.presence.kind === 'always' ? undefined : writtenWhen(field, struct.fields);
    guarded(writer, condition, () => writer.writeLine(`writer.put(Uint8Array.of(${role.bytes.join(', ')}));`));
  } else if (role.kind === 'flag') writer.writeLine(`writer.bool(${flagValue(fieldOf(struct, role.of))});`);
  else if (role.kind === 'count')
    writer.writeLine(`${writeMethod(field)}(value.${fieldOf(struct, role.of).name}.length);`);
  else if (role.kind === 'length')
    writer.writeLine(`${writeMethod(field)}(${lengthOf(fieldOf(struct, role.of), context)});`);
  else if (role.kind === 'size_of') writer.writeLine(`${writeMethod(field)}(${sizeOfParts(field, struct, context)});`);
  else if (field.repeat !== undefined) writeList(writer, field, context);
  else if (field.presence.kind !== 'always') writeOptional(writer, field, struct, context);
  else writer.writeLine(writeElement(field, `value.${field.name}`, context));
}

function writeOptional(writer: CodeBlockWriter, field: Field, struct: Struct, context: CodecContext): void {
  const length = struct.fields.find(
    (other) => other.role.kind === 'length' && other.role.of === field.id && other.presence.kind !== 'always',
  );
  guarded(writer, `value.${field.name} !== undefined`, () => {
    if (length !== undefined) writer.writeLine(`${writeMethod(length)}(${lengthOf(field, context)});`);
    writer.writeLine(writeElement(field, `value.${field.name}`, context));
  });
}

function writeList(writer: CodeBlockWriter, field: Field, context: CodecContext): void {
  if (field.repeat?.kind !== 'next') {
    writer.writeLine(`for (const item of value.${field.name}) ${writeElement(field, 'item', context)}`);
    return;
  }
  writer
    .write(`for (const [index, item] of value.${field.name}.entries()) `)
    .inlineBlock(() => {
      writer.writeLine(writeElement(field, 'item', context));
      writer.writeLine(`writer.bool(index < value.${field.name}.length - 1);`);
    })
    .newLine();
}

function writeUnion(writer: CodeBlockWriter, struct: Struct, context: CodecContext): void {
  const union = struct.union!;
  const length = struct.fields.find((field) => field.role.kind === 'length' && field.role.of === '');
  writer.write(`switch (value.${union.on.name}) `).inlineBlock(() => {
    for (const unionCase of union.cases) {
      writer.writeLine(`case ${context.names.enumValue(unionEnum(struct), unionCase.value)}:`).indent(() => {
        if (length !== undefined)
          writer.writeLine(
            `${writeMethod(length)}(${single(sumOf(unionCase.struct.fields, context), unionCase.struct)});`,
          );
        for (const field of unionCase.struct.fields) writeField(writer, field, unionCase.struct, context);
        writer.writeLine('break;');
      });
    }
  });
}

function single(sum: SizeSum, struct: Struct): string {
  const expression = expressionOf(sum);
  if (expression === undefined) throw new Error(`${struct.id}: a union case of a known length cannot hold a list`);
  return expression;
}

/** The byte length of a field's present value. */
function lengthOf(field: Field, context: CodecContext): string {
  const fixed = elementSize(field);
  return fixed === undefined ? variableSize(field, `value.${field.name}`, context) : String(fixed);
}

function sizeOfParts(field: Field, struct: Struct, context: CodecContext): string {
  if (field.role.kind !== 'size_of') throw new Error(`${field.id} is not a size`);
  let inner = 0;
  const fields: Field[] = [];
  for (const part of field.role.parts) {
    if (part.inner === undefined) fields.push(fieldOf(struct, part.field));
    else inner += innerPartSize(struct, part.field, part.inner);
  }
  const sum = sumOf(fields, context);
  sum.fixed += inner;
  return single(sum, struct);
}

function writeMethod(field: Field): string {
  if (field.type.kind !== 'scalar') throw new Error(`${field.id} is not a number`);
  return `writer.${field.type.meaning === 'plain' ? field.type.wire : field.type.meaning}`;
}

function writeElement(field: Field, value: string, context: CodecContext): string {
  const { type, none } = field;
  if (type.kind === 'scalar' && none !== undefined) {
    const absent = none.kind === 'value' ? `${none.value}` : '0';
    const literal = isBigint(field) ? `${absent}n` : absent;
    if (type.meaning === 'bool') return `writer.bool(${value} ?? false);`;
    if (type.meaning === 'id') return `writer.u32(${value} === undefined ? ${literal} : ${value} + writer.idBase);`;
    return `${writeMethod(field)}(${value} ?? ${literal});`;
  }
  switch (type.kind) {
    case 'scalar':
      return `${writeMethod(field)}(${value});`;
    case 'text':
      return `writer.text(${value});`;
    case 'struct':
      return `${context.file.use(type.struct.file.path, `encode${type.struct.name}`)}(writer, ${value});`;
    default:
      return `writer.put(${value});`;
  }
}
