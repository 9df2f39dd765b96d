// fast-check arbitraries for every type of every file: whatever they draw has bytes, and every shape the bytes can have is drawn.
import type { CodeBlockWriter } from 'ts-morph';
import { type Domain, unionEnum } from '../domain.ts';
import { type Field, fieldOf, isOptional, type Spec, type SpecFile, type Struct, visibleFields } from '../model.ts';
import { camel } from '../names.ts';
import { wireSizes } from '../resolve_scalars.ts';
import { defaultLiteral, isBigint } from './decode.ts';
import { OutputFile } from './source_file.ts';
import { TypeNames } from './types.ts';

const shared = 'arbitraries';

/** `arbitraries.ts` per folder of the spec, one per generation that names them by command, and the shared primitives. */
export function emitArbitraries(spec: Spec, domain: Domain): OutputFile[] {
  const folders = new Map<string, OutputFile>();
  for (const file of spec.files.values()) {
    if (file.path.endsWith('/protocol') || file.path === 'errors') continue;
    for (const struct of file.structs) {
      if (struct.isCase) continue;
      const path = arbitrariesPath(file);
      const output = folders.get(path) ?? new OutputFile(path, `spec/${folderOf(file)}/*.ksy`);
      folders.set(path, output);
      emitArbitrary(output, struct, domain);
    }
  }
  const tables = spec.generations.map((generation) => {
    const output = new OutputFile(`${generation.name}/arbitraries`, `spec/${generation.file.path}.ksy`);
    output.useAll('npm:fast-check', 'fc');
    output.add((writer) => {
      writer.writeLine('/** Requests and responses by command. Regions are encoded batches. */');
      writer
        .write(
          'export const arbitraries: Readonly<Record<string, { request: fc.Arbitrary<unknown>; response: fc.Arbitrary<unknown> | undefined }>> = ',
        )
        .inlineBlock(() => {
          for (const command of generation.commands) {
            const response = command.response === undefined ? 'undefined' : call(output, command.response);
            writer.writeLine(
              `${command.file.id}: { request: ${call(output, command.request)}, response: ${response} },`,
            );
          }
        })
        .write(';');
    });
    return output;
  });
  return [emitPrimitives(), ...folders.values(), ...tables];
}

function folderOf(file: SpecFile): string {
  return file.path.split('/').slice(0, -1).join('/');
}

function arbitrariesPath(file: SpecFile): string {
  return `${folderOf(file)}/arbitraries`;
}

/** A call of a struct's arbitrary, imported under a name of its own: two folders may hold a type of one name. */
function call(output: OutputFile, struct: Struct): string {
  return `${output.use(arbitrariesPath(struct.file), camel(struct.id))}()`;
}

function emitPrimitives(): OutputFile {
  const output = new OutputFile(shared, 'spec/');
  output.add("import * as fc from 'fast-check';\nimport { utf8Size, Writer } from '../src/bytes/writer.ts';");
  output.add(
    '/** Records are plain objects, as decoders make them. */\nexport const plain = { noNullPrototype: true } as const;',
  );
  output.add(`/** Text of \`min\` to \`max\` bytes in UTF-8, often plain ASCII. */
export function text(min: number, max: number): fc.Arbitrary<string> {
  const ascii = fc.string({ unit: 'grapheme-ascii', minLength: min, maxLength: Math.min(max, 300) });
  const any = fc.string({ unit: 'binary', minLength: min, maxLength: Math.min(max, 300) });
  return fc.oneof(ascii, any).filter((value) => utf8Size(value) >= min && utf8Size(value) <= max);
}`);
  output.add(`/** The encoded bytes of what another arbitrary draws. */
export function encoded<T>(values: fc.Arbitrary<T>, sizeOf: (value: T) => number, encode: (writer: Writer, value: T) => void): fc.Arbitrary<Uint8Array> {
  return values.map((value) => {
    const writer = new Writer(sizeOf(value));
    encode(writer, value);
    return writer.bytes;
  });
}`);
  return output;
}

function emitArbitrary(output: OutputFile, struct: Struct, domain: Domain): void {
  const names = new TypeNames(domain, output, 'Uint8Array');
  output.useAll('npm:fast-check', 'fc');
  output.useAll(shared, 'draw');
  const type = domain.typeOf(struct);
  const typeName = names.struct(struct);
  output.add((writer) => {
    writer.write(`export function ${camel(struct.id)}(): fc.Arbitrary<${typeName}> `).block(() => {
      if (struct.union !== undefined) {
        writer
          .write(`return ${output.useAll('npm:fast-check', 'fc')}.oneof(`)
          .newLine()
          .indent(() => {
            for (const unionCase of struct.union!.cases) {
              const on = struct.union!.on;
              const tag = `${on.name}: ${output.useAll('npm:fast-check', 'fc')}.constant(${names.enumValue(unionEnum(struct), unionCase.value)})`;
              const common = visibleFields(struct).filter((field) => field !== on);
              writer
                .write('fc.record(')
                .inlineBlock(() => {
                  writer.writeLine(`${tag},`);
                  for (const field of common) writeField(writer, field, struct, output, names);
                  for (const field of visibleFields(unionCase.struct))
                    writeField(writer, field, unionCase.struct, output, names, 255);
                })
                .write(', draw.plain),')
                .newLine();
            }
          })
          .write(');');
        return;
      }
      writer
        .write('return fc.record(')
        .inlineBlock(() => {
          for (const field of visibleFields(struct)) writeField(writer, field, struct, output, names);
          for (const { field, optional, defaultValue } of type.fields) {
            if (struct.fields.some((own) => own.id === field.id)) continue;
            writer.writeLine(
              `${field.name}: ${output.useAll('npm:fast-check', 'fc')}.constant(${optional ? 'undefined' : defaultLiteral(field, defaultValue)}),`,
            );
          }
        })
        .write(`, draw.plain)${prefixRule(struct)};`);
    });
  });
}

/** What follows an absent `if: not _io.eof` field is absent too. */
function prefixRule(struct: Struct): string {
  const visible = visibleFields(struct);
  const steps = visible.map((field, index) => {
    if (field.presence.kind !== 'more' || field.repeat !== undefined) return '';
    const later = visible
      .slice(index + 1)
      .filter((other) => other.presence.kind === 'more' || other.repeat?.kind === 'rest');
    if (later.length === 0) return '';
    const cleared = later
      .map((other) => `${other.name}: ${other.repeat === undefined ? 'undefined' : '[]'}`)
      .join(', ');
    return `.map((value) => (value.${field.name} === undefined ? { ...value, ${cleared} } : value))`;
  });
  return steps.join('');
}

function writeField(
  writer: CodeBlockWriter,
  field: Field,
  struct: Struct,
  output: OutputFile,
  names: TypeNames,
  lengthMax?: number,
): void {
  const fc = (name: string): string => `${output.useAll('npm:fast-check', 'fc')}.${name}`;
  let element = elementArbitrary(field, struct, output, names, lengthMax);
  if (field.repeat !== undefined) element = `${fc('array')}(${element}, { maxLength: 5 })`;
  else if (isOptional(field)) element = `${fc('option')}(${element}, { nil: undefined })`;
  writer.writeLine(`${field.name}: ${element},`);
}

function elementArbitrary(
  field: Field,
  struct: Struct,
  output: OutputFile,
  names: TypeNames,
  lengthMax?: number,
): string {
  const fc = (name: string): string => `${output.useAll('npm:fast-check', 'fc')}.${name}`;
  const { type } = field;
  switch (type.kind) {
    case 'scalar':
      return scalarArbitrary(field, output, names);
    case 'struct':
      return call(output, type.struct);
    case 'region': {
      const path = type.struct.file.path;
      return `draw.encoded(${call(output, type.struct)}, ${output.use(path, `sizeOf${type.struct.name}`)}, ${output.use(path, `encode${type.struct.name}`)})`;
    }
    default: {
      const [min, max] = lengthLimits(field, struct, lengthMax);
      return type.kind === 'text'
        ? `draw.text(${min}, ${max})`
        : `${fc('uint8Array')}({ minLength: ${min}, maxLength: ${max} })`;
    }
  }
}

/** Shortest and longest content of a byte run, from the field that holds its length. */
function lengthLimits(field: Field, struct: Struct, lengthMax = 300): [number, number] {
  const extent = 'extent' in field.type ? field.type.extent : undefined;
  if (extent?.kind === 'literal') return [extent.size, extent.size];
  if (extent?.kind !== 'length') return [lengthMax === 255 ? 1 : 0, lengthMax];
  const length = fieldOf(struct, extent.field);
  const most = length.type.kind === 'scalar' && wireSizes[length.type.wire] === 1 ? 255 : 300;
  return [Number(length.valid?.min ?? 0n), Math.min(most, Number(length.valid?.max ?? BigInt(most)))];
}

function scalarArbitrary(field: Field, output: OutputFile, names: TypeNames): string {
  const fc = (name: string): string => `${output.useAll('npm:fast-check', 'fc')}.${name}`;
  if (field.type.kind !== 'scalar') throw new Error(`${field.id} is not a number`);
  const { wire, meaning } = field.type;
  if (field.type.enum !== undefined) return `${fc('constantFrom')}(${enumValues(field, names)})`;
  if (meaning === 'bool') return `${fc('boolean')}()`;
  if (wire === 'f32') return `${fc('float')}({ noNaN: true })`;
  if (wire === 'f64') return `${fc('double')}({ noNaN: true })`;
  const isSigned = wire.startsWith('i');
  const bits = BigInt(wireSizes[wire] * 8 - (isSigned ? 1 : 0));
  let min = isSigned ? -(1n << bits) : 0n;
  let max = (1n << bits) - 1n;
  if (meaning === 'number') max = BigInt(Number.MAX_SAFE_INTEGER);
  if (meaning === 'id') max -= 1n;
  if (field.valid?.min !== undefined) min = field.valid.min;
  if (field.valid?.max !== undefined) max = field.valid.max;
  if (field.none?.kind === 'value') {
    if (field.none.value === min) min += 1n;
    else if (field.none.value >= max) max = field.none.value - 1n - (meaning === 'id' ? 1n : 0n);
  }
  if (field.valid?.anyOf !== undefined)
    return `${fc('constantFrom')}(${field.valid.anyOf.map((value) => `${value}${isBigint(field) ? 'n' : ''}`).join(', ')})`;
  if (isBigint(field)) return `${fc('bigInt')}({ min: ${min}n, max: ${max}n })`;
  return `${fc('integer')}({ min: ${min}, max: ${max} })`;
}

function enumValues(field: Field, names: TypeNames): string {
  if (field.type.kind !== 'scalar' || field.type.enum === undefined) throw new Error(`${field.id} is not an enum`);
  const source = field.type.enum;
  return source.values.map((value) => names.enumValue(source, value.id)).join(', ');
}
