// Decoders: one line per field, in wire order, straight through.
import { type CodeBlockWriter, type FunctionDeclarationStructure, StructureKind } from 'ts-morph';
import { type DomainType, unionEnum } from '../domain.ts';
import { type Field, fieldOf, type Struct, type Valid, visibleFields } from '../model.ts';
import { camel } from '../names.ts';
import { wireSizes } from '../resolve_scalars.ts';
import { elementSize, minStructSize } from '../sizes.ts';
import { guarded, type OutputFile } from './source_file.ts';
import type { TypeNames } from './types.ts';

/** What every body of one output file shares. */
export interface CodecContext {
  readonly file: OutputFile;
  readonly names: TypeNames;
}

export function decodeFunction(struct: Struct, context: CodecContext, doc: string): FunctionDeclarationStructure {
  const type = context.names.domain.typeOf(struct);
  const isEmpty = struct.fields.length === 0 && struct.union === undefined;
  const reader = context.file.use('src/bytes/reader', 'Reader', 'type');
  return {
    kind: StructureKind.Function,
    isExported: true,
    name: `decode${struct.name}`,
    docs: [doc],
    parameters: [{ name: isEmpty ? '_reader' : 'reader', type: reader }],
    returnType: context.names.struct(struct),
    statements: (writer) => {
      for (const field of struct.fields) writeField(writer, field, struct, context);
      if (struct.union === undefined)
        writer.write(`return ${objectOf(visibleFields(struct), defaultsOf(type, struct))};`);
      else writeUnion(writer, struct, context);
    },
  };
}

function objectOf(fields: readonly Field[], extra: readonly string[] = []): string {
  const members = [...fields.map((field) => field.name), ...extra];
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Members for fields that other generations have and this one lacks. */
function defaultsOf(type: DomainType, struct: Struct): string[] {
  return type.fields
    .filter(({ field }) => !struct.fields.some((own) => own.id === field.id))
    .map(
      ({ field, optional, defaultValue }) =>
        `${field.name}: ${optional ? 'undefined' : defaultLiteral(field, defaultValue)}`,
    );
}

/** `-default` as a TypeScript literal of the field's type. */
export function defaultLiteral(field: Field, text: string | undefined): string {
  if (field.repeat !== undefined) return '[]';
  if (field.type.kind === 'text') return `'${(text ?? '').replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (field.type.kind === 'bytes') return 'new Uint8Array(0)';
  if (field.type.kind === 'struct') {
    const members = visibleFields(field.type.struct).map((member) => `${member.name}: ${defaultLiteral(member, text)}`);
    return `{ ${members.join(', ')} }`;
  }
  return `${text ?? '0'}${isBigint(field) ? 'n' : ''}`;
}

function writeField(writer: CodeBlockWriter, field: Field, struct: Struct, context: CodecContext): void {
  const { role } = field;
  if (role.kind === 'length' && field.presence.kind !== 'always') return;
  if (role.kind === 'constant') {
    guarded(writer, presenceCondition(field), () =>
      writer.writeLine(`reader.constant('${field.name}', [${role.bytes.join(', ')}]);`),
    );
  } else if (role.kind === 'flag') writer.writeLine(`const ${field.name} = reader.flag();`);
  else if (role.kind === 'count') writeCount(writer, field, fieldOf(struct, role.of));
  else if (role.kind === 'size_of') {
    writer
      .writeLine(`const ${field.name} = ${readElement(field, context)};`)
      .writeLine(`const ${field.name}From = reader.at;`);
  } else if (field.repeat !== undefined) writeList(writer, field, context);
  else if (field.presence.kind !== 'always') writeOptional(writer, field, struct, context);
  else writeValue(writer, field, struct, context);
  for (const sizeOf of struct.fields) {
    if (sizeOf.role.kind !== 'size_of') continue;
    const own = sizeOf.role.parts.filter((part) => part.inner === undefined);
    if (own.at(-1)?.field === field.id)
      writer.writeLine(
        `reader.span('${sizeOf.name}', ${sizeOf.name}From, ${sizeOf.name}${innerSize(sizeOf, struct)});`,
      );
  }
}

/** ` - 4` for a size that also covers one number at the start of a region. */
function innerSize(sizeOf: Field, struct: Struct): string {
  if (sizeOf.role.kind !== 'size_of') return '';
  return sizeOf.role.parts
    .map((part) => (part.inner === undefined ? '' : ` - ${innerPartSize(struct, part.field, part.inner)}`))
    .join('');
}

/** Bytes of one fixed number inside a region. */
export function innerPartSize(struct: Struct, region: string, inner: string): number {
  const { type } = fieldOf(struct, region);
  if (type.kind !== 'region') throw new Error(`${region} is not a region`);
  return elementSize(fieldOf(type.struct, inner)) ?? 0;
}

function writeCount(writer: CodeBlockWriter, field: Field, list: Field): void {
  const min = list.type.kind === 'struct' ? minStructSize(list.type.struct) : (elementSize(list) ?? 1);
  writer.writeLine(`const ${field.name} = reader.count(${readScalar(field)}, ${min});`);
  writeChecks(writer, field, field.name);
}

function writeValue(writer: CodeBlockWriter, field: Field, struct: Struct, context: CodecContext): void {
  const { type, none, name } = field;
  if (none !== undefined && type.kind === 'scalar') {
    writer.writeLine(
      `const ${name}OrNone = reader.${none.kind === 'value' && type.meaning === 'id' ? type.wire : scalarMethod(field)}();`,
    );
    const value = none.kind === 'value' && type.meaning === 'id' ? `${name}OrNone - reader.idBase` : `${name}OrNone`;
    if (none.kind === 'flag')
      writer.writeLine(`const ${name} = ${fieldOf(struct, none.field).name} ? ${value} : undefined;`);
    else
      writer.writeLine(
        `const ${name} = ${name}OrNone === ${none.value}${isBigint(field) ? 'n' : ''} ? undefined : ${value};`,
      );
    return;
  }
  if (isSized(field)) writeSized(writer, field, `const ${name}`, context);
  else writer.writeLine(`const ${name} = ${readElement(field, context)};`);
  if (struct.union?.on !== field) writeChecks(writer, field, name, context);
}

function writeOptional(writer: CodeBlockWriter, field: Field, struct: Struct, context: CodecContext): void {
  const condition = presenceCondition(field)!;
  const length = struct.fields.find(
    (other) => other.role.kind === 'length' && other.role.of === field.id && other.presence.kind !== 'always',
  );
  if (length === undefined && !isSized(field) && field.valid === undefined) {
    writer.writeLine(`const ${field.name} = ${condition} ? ${readElement(field, context)} : undefined;`);
    return;
  }
  writer.writeLine(`let ${field.name}: ${context.names.field(field)};`);
  guarded(writer, condition, () => {
    if (length !== undefined) {
      writer.writeLine(`const ${length.name} = ${readScalar(length)};`);
      writeChecks(writer, length, length.name);
    }
    if (isSized(field)) writeSized(writer, field, field.name, context);
    else if (field.valid !== undefined) {
      writer.writeLine(`const present = ${readElement(field, context)};`);
      writeChecks(writer, field, 'present', context);
      writer.writeLine(`${field.name} = present;`);
    } else writer.writeLine(`${field.name} = ${readElement(field, context)};`);
  });
}

/** Whether a struct is told its size, and must keep to it. */
function isSized({ type }: Field): boolean {
  return type.kind === 'struct' && type.extent !== undefined;
}

function writeSized(writer: CodeBlockWriter, field: Field, target: string, context: CodecContext): void {
  writer.writeLine(`const ${field.name}End = reader.enter(${extentOf(field)});`);
  writer.writeLine(`${target} = ${readElement(field, context)};`);
  writer.writeLine(`reader.leave(${field.name}End);`);
}

function writeList(writer: CodeBlockWriter, field: Field, context: CodecContext): void {
  const { name, repeat } = field;
  writer.writeLine(`const ${name}: ${context.names.field(field)} = [];`);
  const push = (): void => {
    if (field.type.kind === 'scalar' && field.type.enum !== undefined) {
      writer.writeLine(`const item = ${readElement(field, context)};`);
      writeChecks(writer, field, 'item', context);
      writer.writeLine(`${name}.push(item);`);
    } else writer.writeLine(`${name}.push(${readElement(field, context)});`);
  };
  guarded(writer, presenceCondition(field), () => {
    if (repeat?.kind === 'rest') writer.write('while (reader.remaining > 0) ').inlineBlock(push).newLine();
    else if (repeat?.kind === 'count')
      writer
        .write(`for (let index = 0; index < ${camel(repeat.field)}; index++) `)
        .inlineBlock(push)
        .newLine();
    else writer.write('do ').inlineBlock(push).write(' while (reader.flag());').newLine();
  });
}

function writeUnion(writer: CodeBlockWriter, struct: Struct, context: CodecContext): void {
  const union = struct.union!;
  if (union.extent !== undefined)
    writer.writeLine(
      `const end = reader.enter(${union.extent.kind === 'length' ? fieldOf(struct, union.extent.field).name : 'reader.remaining'});`,
    );
  writer.write(`switch (${union.on.name}) `).inlineBlock(() => {
    for (const unionCase of union.cases) {
      writer
        .write(`case ${context.names.enumValue(unionEnum(struct), unionCase.value)}: `)
        .inlineBlock(() => {
          for (const field of unionCase.struct.fields) writeField(writer, field, unionCase.struct, context);
          if (union.extent !== undefined) writer.writeLine('reader.leave(end);');
          writer.writeLine(`return ${objectOf([...visibleFields(struct), ...visibleFields(unionCase.struct)])};`);
        })
        .newLine();
    }
    writer.writeLine('default:').indent(() => {
      writer.write(`throw reader.invalid('${union.on.name}', ${union.on.name}, 0);`);
    });
  });
}

/** The condition under which a field is there, in terms of what was read; undefined when always. */
function presenceCondition(field: Field): string | undefined {
  const { presence } = field;
  if (presence.kind === 'always') return undefined;
  if (presence.kind === 'more') return 'reader.remaining > 0';
  const flag = camel(presence.field);
  return presence.set ? flag : `!${flag}`;
}

function scalarMethod(field: Field): string {
  if (field.type.kind !== 'scalar') throw new Error(`${field.id} is not a number`);
  return field.type.meaning === 'plain' ? field.type.wire : field.type.meaning;
}

function readScalar(field: Field): string {
  return `reader.${scalarMethod(field)}()`;
}

function extentOf(field: Field): string {
  const extent = 'extent' in field.type ? field.type.extent : undefined;
  if (extent === undefined || extent.kind === 'rest') return 'reader.remaining';
  return extent.kind === 'literal' ? String(extent.size) : camel(extent.field);
}

function readElement(field: Field, context: CodecContext): string {
  const { type } = field;
  switch (type.kind) {
    case 'scalar':
      return readScalar(field);
    case 'bytes':
      return type.extent.kind === 'rest' ? 'reader.rest()' : `reader.take(${extentOf(field)})`;
    case 'text':
      return `reader.text(${extentOf(field)})`;
    case 'struct':
      return `${context.file.use(type.struct.file.path, `decode${type.struct.name}`)}(reader)`;
    case 'region':
      return 'reader.rest()';
  }
}

export function isBigint(field: Field): boolean {
  return (
    field.type.kind === 'scalar' && field.type.meaning === 'plain' && ['u64', 'i64', 'u128'].includes(field.type.wire)
  );
}

/** The `valid` of a field as one guard that throws. */
function writeChecks(writer: CodeBlockWriter, field: Field, value: string, context?: CodecContext): void {
  if (field.valid === undefined || field.type.kind !== 'scalar') return;
  const failed = failedConditions(field, field.valid, value);
  if (field.valid.inEnum && field.type.enum !== undefined && context !== undefined)
    failed.push(`!${context.names.enumGuard(field.type.enum)}(${value})`);
  if (failed.length === 0) return;
  const status = field.valid.error === undefined ? '' : `, '${field.valid.error}'`;
  writer.writeLine(
    `if (${failed.join(' || ')}) throw reader.invalid('${field.name}', ${value}, ${wireSizes[field.type.wire]}${status});`,
  );
}

function failedConditions(field: Field, valid: Valid, value: string): string[] {
  const literal = (number: bigint): string => `${number}${isBigint(field) ? 'n' : ''}`;
  const failed: string[] = [];
  if (valid.anyOf !== undefined)
    failed.push(`!(${valid.anyOf.map((allowed) => `${value} === ${literal(allowed)}`).join(' || ')})`);
  // Below 0 is no unsigned number; an id is read less its base, so it may be.
  const isUnsigned = field.type.kind === 'scalar' && field.type.meaning === 'plain' && field.type.wire.startsWith('u');
  if (valid.min !== undefined && !(isUnsigned && valid.min === 0n)) failed.push(`${value} < ${literal(valid.min)}`);
  if (valid.max !== undefined) failed.push(`${value} > ${literal(valid.max)}`);
  return failed;
}
