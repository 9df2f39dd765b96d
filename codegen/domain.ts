// Version-neutral types: all structs and enums of one name, over all generations, as one type that handlers see.
import type { Diagnostics } from './diagnostics.ts';
import {
  type Enum,
  type EnumValue,
  type Field,
  type FieldType,
  fieldOf,
  isOptional,
  type Spec,
  type SpecFile,
  type Struct,
  visibleFields,
} from './model.ts';

export interface DomainField {
  /** The field as the newest generation that has it spells it. */
  readonly field: Field;
  readonly optional: boolean;
  /** Text of `-default`, for generations without the field. */
  readonly defaultValue: string | undefined;
}

export interface DomainType {
  readonly name: string;
  /** Where the type is declared, under generated/, without extension. */
  readonly path: string;
  readonly variants: readonly Struct[];
  readonly fields: readonly DomainField[];
  /** It holds a region, which handlers see as their own `Batch`. */
  readonly generic: boolean;
}

export interface DomainEnum {
  readonly name: string;
  readonly path: string;
  readonly values: readonly EnumValue[];
  readonly source: Enum;
}

export interface Domain {
  readonly types: ReadonlyMap<string, DomainType>;
  readonly enums: ReadonlyMap<string, DomainEnum>;
  typeOf(struct: Struct): DomainType;
  enumOf(source: Enum): DomainEnum;
}

/** Types of `common/` and `storage/`, and those behind a view, stay in their own file and are not merged. */
export function buildDomain(spec: Spec, diagnostics: Diagnostics): Domain {
  const reached = reachableFromCommands(spec);
  const types = new Map<string, DomainType>();
  const enums = new Map<string, DomainEnum>();
  const byName = new Map<string, Struct[]>();
  for (const struct of reached) {
    if (isShared(struct.file)) continue;
    byName.set(struct.name, [...(byName.get(struct.name) ?? []), struct]);
  }
  for (const [name, variants] of byName) types.set(name, mergeType(name, variants, spec, diagnostics));
  const mergedEnums = new Map<string, Enum[]>();
  for (const struct of reached) {
    for (const field of struct.fields) {
      const source = field.type.kind === 'scalar' ? field.type.enum : undefined;
      if (source === undefined || isShared(source.file)) continue;
      const known = mergedEnums.get(source.name) ?? [];
      if (!known.includes(source)) mergedEnums.set(source.name, [...known, source]);
    }
  }
  for (const [name, sources] of mergedEnums) enums.set(name, mergeEnum(name, sources, diagnostics));
  return {
    types,
    enums,
    typeOf: (struct) => (reached.has(struct) ? types.get(struct.name) : undefined) ?? localType(struct),
    enumOf: (source) => {
      const merged = enums.get(source.name);
      return merged !== undefined && mergedEnums.get(source.name)!.includes(source) ? merged : localEnum(source);
    },
  };
}

function isShared(file: SpecFile): boolean {
  return !/^v\d/.test(file.path);
}

/** `v0_4/streams/stream` → `commands/streams`. */
function domainPath(file: SpecFile): string {
  return `commands/${file.path.split('/').slice(1, -1).join('_') || 'protocol'}`;
}

function reachableFromCommands(spec: Spec): Set<Struct> {
  const reached = new Set<Struct>();
  const visit = (struct: Struct): void => {
    if (reached.has(struct)) return;
    reached.add(struct);
    for (const field of struct.fields) if (field.type.kind === 'struct') visit(field.type.struct);
    for (const unionCase of struct.union?.cases ?? []) visit(unionCase.struct);
  };
  for (const generation of spec.generations) {
    for (const command of generation.commands) {
      visit(command.request);
      if (command.response !== undefined) visit(command.response);
    }
  }
  return reached;
}

function mergeType(name: string, variants: readonly Struct[], spec: Spec, diagnostics: Diagnostics): DomainType {
  const fields = new Map<string, DomainField>();
  for (const struct of variants) {
    for (const field of visibleFields(struct)) {
      const known = fields.get(field.id);
      if (known !== undefined) {
        if (!sameType(known.field, field))
          diagnostics.report(field.place, `${field.id} has another type here than in ${known.field.place.file}`);
        if (known.optional !== isOptional(field))
          diagnostics.report(
            field.place,
            `${field.id} is optional here or in ${known.field.place.file}, but not in both`,
          );
      }
      fields.set(field.id, {
        field,
        optional: isOptional(field),
        defaultValue: field.defaultValue ?? known?.defaultValue,
      });
    }
  }
  for (const { field, optional, defaultValue } of fields.values()) {
    const { type } = field;
    if (
      defaultValue !== undefined &&
      type.kind === 'struct' &&
      field.repeat === undefined &&
      !hasOnlyLists(type.struct)
    )
      diagnostics.report(field.place, `${field.id}: only a structure of lists can have -default: []`);
    const lacking = variants.find((struct) => !struct.fields.some((candidate) => candidate.id === field.id));
    if (lacking !== undefined && !optional && defaultValue === undefined) {
      diagnostics.report(
        field.place,
        `${field.id} is missing in ${lacking.file.path}: make it optional or give it -default`,
      );
    }
  }
  checkCollision(name, variants, spec, diagnostics);
  return {
    name,
    path: domainPath(variants[0]!.file),
    variants,
    fields: [...fields.values()],
    generic: [...fields.values()].some(({ field }) => field.type.kind === 'region'),
  };
}

function hasOnlyLists(struct: Struct): boolean {
  return visibleFields(struct).every(({ repeat }) => repeat !== undefined);
}

function checkCollision(name: string, variants: readonly Struct[], spec: Spec, diagnostics: Diagnostics): void {
  const paths = new Set(variants.map((struct) => domainPath(struct.file)));
  if (paths.size > 1)
    diagnostics.report(variants.at(-1)!.place, `type ${name} stands in two groups: ${[...paths].join(', ')}`);
  for (const file of spec.files.values()) {
    if (!isShared(file)) continue;
    for (const struct of file.structs) {
      if (struct.name === name) diagnostics.report(variants[0]!.place, `type ${name} also stands in ${file.path}`);
    }
  }
}

function sameType(a: Field, b: Field): boolean {
  return shapeOf(a.type) === shapeOf(b.type) && (a.repeat === undefined) === (b.repeat === undefined);
}

function shapeOf(type: FieldType): string {
  if (type.kind === 'scalar') return `${type.wire} ${type.meaning} ${type.enum?.id ?? ''}`;
  if (type.kind === 'struct') return `struct ${type.struct.name}`;
  return type.kind;
}

function mergeEnum(name: string, sources: readonly Enum[], diagnostics: Diagnostics): DomainEnum {
  const values = new Map<number, EnumValue>();
  for (const source of sources) {
    for (const value of source.values) {
      const known = values.get(value.value);
      if (known !== undefined && known.id !== value.id)
        diagnostics.report(value.place, `enum value ${value.value} is ${known.id} in ${known.place.file}`);
      if (known === undefined) values.set(value.value, value);
    }
  }
  return {
    name,
    path: domainPath(sources[0]!.file),
    values: [...values.values()].sort((a, b) => a.value - b.value),
    source: sources[0]!,
  };
}

function localType(struct: Struct): DomainType {
  return {
    name: struct.name,
    path: struct.file.path,
    variants: [struct],
    fields: visibleFields(struct).map((field) => ({ field, optional: isOptional(field), defaultValue: undefined })),
    generic: visibleFields(struct).some((field) => field.type.kind === 'region'),
  };
}

function localEnum(source: Enum): DomainEnum {
  return { name: source.name, path: source.file.path, values: source.values, source };
}

/** The enum a union switches on. */
export function unionEnum(struct: Struct): Enum {
  const on = fieldOf(struct, struct.union!.on.id);
  if (on.type.kind !== 'scalar' || on.type.enum === undefined)
    throw new Error(`${struct.id} does not switch on an enum`);
  return on.type.enum;
}
