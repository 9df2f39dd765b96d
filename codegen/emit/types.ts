// TypeScript types: what a field is called, interfaces and unions of structs, const objects of enums.
import { type InterfaceDeclarationStructure, StructureKind } from 'ts-morph';
import { type Domain, type DomainEnum, type DomainType, unionEnum } from '../domain.ts';
import { type Enum, type Field, isOptional, type Struct, visibleFields } from '../model.ts';
import { pascal } from '../names.ts';
import { commentOf, docs, type OutputFile } from './source_file.ts';

/** Names types inside one output file and imports what it names. `batch` is what a region is called there. */
export class TypeNames {
  readonly domain: Domain;
  readonly #file: OutputFile;
  readonly #batch: string;

  constructor(domain: Domain, file: OutputFile, batch: string) {
    this.domain = domain;
    this.#file = file;
    this.#batch = batch;
  }

  /** The type of one struct, with its type argument where it holds a region. */
  struct(struct: Struct): string {
    const type = this.domain.typeOf(struct);
    const name = this.#file.use(type.path, type.name, 'type');
    return type.generic ? `${name}<${this.#batch}>` : name;
  }

  enum(source: Enum): string {
    const found = this.domain.enumOf(source);
    return this.#file.use(found.path, found.name, 'type');
  }

  /** An enum's const object, to name its values: `IdentifierKind.numeric`. */
  enumValue(source: Enum, id: string): string {
    const found = this.domain.enumOf(source);
    return `${this.#file.use(found.path, found.name)}.${id}`;
  }

  enumGuard(source: Enum): string {
    const found = this.domain.enumOf(source);
    return this.#file.use(found.path, `is${found.name}`);
  }

  /** One element: no repetition, no undefined. */
  element(field: Field): string {
    const { type } = field;
    switch (type.kind) {
      case 'scalar':
        if (type.enum !== undefined) return this.enum(type.enum);
        if (type.meaning === 'bool') return 'boolean';
        if (type.meaning !== 'plain') return 'number';
        return type.wire === 'u64' || type.wire === 'i64' || type.wire === 'u128' ? 'bigint' : 'number';
      case 'bytes':
        return 'Uint8Array';
      case 'text':
        return 'string';
      case 'struct':
        return this.struct(type.struct);
      case 'region':
        return this.#batch;
    }
  }

  /** The whole field as it stands in an interface. */
  field(field: Field, optional = isOptional(field)): string {
    const element = this.element(field);
    if (field.repeat !== undefined) return `${element}[]`;
    return optional ? `${element} | undefined` : element;
  }
}

/** Declares the type of a domain type, or of one struct that is not merged. */
export function emitType(file: OutputFile, names: TypeNames, type: DomainType): void {
  const struct = type.variants[0]!;
  if (struct.union !== undefined) {
    emitUnion(file, names, type, struct);
    return;
  }
  if (type.fields.length === 0) {
    const doc = typeDoc(type);
    file.add(
      `${doc === undefined ? '' : `${commentOf(doc)}\n`}export type ${type.name} = Readonly<Record<never, never>>;`,
    );
    return;
  }
  const declaration: InterfaceDeclarationStructure = {
    kind: StructureKind.Interface,
    isExported: true,
    name: type.name,
    ...(type.generic ? { typeParameters: ['Batch'] } : {}),
    ...docs(typeDoc(type)),
    properties: type.fields.map(({ field, optional }) => ({
      name: field.name,
      type: names.field(field, optional),
      ...docs(field.doc),
    })),
  };
  file.add(declaration);
}

function typeDoc(type: DomainType): string | undefined {
  const struct = type.variants.at(-1)!;
  if (struct.doc !== undefined) return struct.doc;
  const { file } = struct;
  if (struct === file.main) return file.doc;
  return struct.id === `${file.id}_response` ? `Answer to \`${file.id}\`.` : undefined;
}

function emitUnion(file: OutputFile, names: TypeNames, type: DomainType, struct: Struct): void {
  const union = struct.union!;
  const common = visibleFields(struct).filter((field) => field.id !== union.on.id);
  file.add((writer) => {
    const doc = typeDoc(type);
    if (doc !== undefined) writer.writeLine(commentOf(doc));
    writer.write(`export type ${type.name} =`).indent(() => {
      union.cases.forEach((unionCase, index) => {
        const members = [
          `${union.on.name}: typeof ${names.enumValue(unionEnum(struct), unionCase.value)}`,
          ...[...common, ...visibleFields(unionCase.struct)].map((field) => `${field.name}: ${names.field(field)}`),
        ];
        if (index > 0) writer.newLine();
        writer.write(`| { ${members.join('; ')} }${index === union.cases.length - 1 ? ';' : ''}`);
      });
    });
  });
}

/** Declares an enum: const object, union type of its values, guard. Erasable, unlike TypeScript's own. */
export function emitEnum(file: OutputFile, found: DomainEnum): void {
  const { name, values } = found;
  file.add((writer) => {
    writer.write(`export const ${name} = `).inlineBlock(() => {
      for (const value of values) {
        if (value.doc !== undefined) writer.writeLine(commentOf(value.doc));
        writer.writeLine(`${value.id}: ${value.value},`);
      }
    });
    writer.write(' as const;').newLine();
    writer.writeLine(`export type ${name} = (typeof ${name})[keyof typeof ${name}];`).blankLine();
    writer.writeLine(`const ${constantName(name)}: ReadonlySet<number> = new Set(Object.values(${name}));`).blankLine();
    writer.writeLine(`/** Whether a number is a value of \`${name}\`. */`);
    writer.write(`export function is${pascal(name)}(value: number): value is ${name} `).block(() => {
      writer.writeLine(`return ${constantName(name)}.has(value);`);
    });
  });
}

function constantName(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}Values`;
}
