// The model every emitter reads: files, structs, fields, enums, generations. Built by resolve.ts; knows nothing of YAML or TypeScript.
import type { Place } from './diagnostics.ts';

export type IntegerWire = 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'i8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64';

/** How a number appears in TypeScript: `plain` is number up to 32 bits and floats, bigint above. */
export type ScalarMeaning = 'plain' | 'bool' | 'id' | 'number';

export interface ScalarType {
  readonly kind: 'scalar';
  readonly wire: IntegerWire;
  readonly meaning: ScalarMeaning;
  readonly enum: Enum | undefined;
}

/** Where a region of bytes ends. */
export type Extent =
  | { readonly kind: 'literal'; readonly size: number }
  | { readonly kind: 'length'; readonly field: string }
  | { readonly kind: 'rest' };

export type FieldType =
  | ScalarType
  | { readonly kind: 'bytes'; readonly extent: Extent }
  | { readonly kind: 'text'; readonly extent: Extent }
  /** A struct in place; with an extent it must use up that many bytes. */
  | { readonly kind: 'struct'; readonly struct: Struct; readonly extent: Extent | undefined }
  /** A struct with a view, left as bytes to the end of the payload. */
  | { readonly kind: 'region'; readonly struct: Struct };

/** Whether a field is there. */
export type Presence =
  | { readonly kind: 'always' }
  /** `if: has_x != 0` (or `== 0`). */
  | { readonly kind: 'flag'; readonly field: string; readonly set: boolean }
  /** `if: not _io.eof`. */
  | { readonly kind: 'more' };

export type Repeat =
  | { readonly kind: 'count'; readonly field: string }
  | { readonly kind: 'rest' }
  | { readonly kind: 'next' };

/** How a value that is always on the wire spells absence. */
export type None =
  | { readonly kind: 'value'; readonly value: bigint }
  | { readonly kind: 'flag'; readonly field: string };

/** What a field is for. All but `value` are derived: written from other fields, checked when read, never seen. */
export type Role =
  | { readonly kind: 'value' }
  | { readonly kind: 'length'; readonly of: string }
  | { readonly kind: 'count'; readonly of: string }
  | { readonly kind: 'flag'; readonly of: string }
  /** Size of the run of fields that follows; a part may be one number at the start of a region (`inner`). */
  | { readonly kind: 'size_of'; readonly parts: readonly SizeOfPart[] }
  | { readonly kind: 'constant'; readonly bytes: readonly number[] };

export interface SizeOfPart {
  readonly field: string;
  readonly inner: string | undefined;
}

export interface Valid {
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
  readonly anyOf: readonly bigint[] | undefined;
  readonly inEnum: boolean;
  /** Status name when the check fails. */
  readonly error: string | undefined;
}

export interface Field {
  readonly id: string;
  /** camelCase. */
  readonly name: string;
  readonly doc: string | undefined;
  readonly place: Place;
  readonly type: FieldType;
  readonly presence: Presence;
  readonly repeat: Repeat | undefined;
  readonly none: None | undefined;
  readonly valid: Valid | undefined;
  /** Raw text of `-default`. */
  readonly defaultValue: string | undefined;
  role: Role;
}

export interface UnionCase {
  /** Enum value id. */
  readonly value: string;
  readonly struct: Struct;
}

/** The switch at the end of a struct: one case per value of `on`. */
export interface Union {
  readonly on: Field;
  readonly extent: Extent | undefined;
  readonly cases: readonly UnionCase[];
}

export interface Struct {
  readonly id: string;
  /** PascalCase. */
  readonly name: string;
  readonly file: SpecFile;
  readonly place: Place;
  readonly doc: string | undefined;
  readonly view: boolean;
  fields: Field[];
  union: Union | undefined;
  /** Elements of a `has_next` list: the flag at their end belongs to the list. */
  endsWithNext: boolean;
  /** Only the case of a union: its fields join the union's. */
  isCase: boolean;
}

export interface EnumValue {
  readonly value: number;
  readonly id: string;
  readonly doc: string | undefined;
  readonly http: number | undefined;
  readonly place: Place;
}

export interface Enum {
  readonly id: string;
  readonly name: string;
  readonly file: SpecFile;
  readonly place: Place;
  readonly values: readonly EnumValue[];
}

export interface CommandMeta {
  /** The reference's dotted name. */
  readonly name: string;
  readonly auth: 'none' | 'user';
  readonly rule: string | undefined;
  readonly resource: readonly string[];
  readonly place: Place;
}

export interface SpecFile {
  /** `v0_8/messages/poll_messages`: path under spec/ and generated/, without extension. */
  readonly path: string;
  readonly id: string;
  readonly title: string;
  readonly doc: string | undefined;
  readonly docRef: string | undefined;
  readonly place: Place;
  readonly imports: readonly string[];
  readonly command: CommandMeta | undefined;
  /** The file's own seq; undefined when it has none. */
  main: Struct | undefined;
  /** Main and nested structs in file order. */
  structs: Struct[];
  enums: Enum[];
}

export interface Command {
  readonly code: number;
  readonly file: SpecFile;
  readonly meta: CommandMeta;
  readonly request: Struct;
  readonly response: Struct | undefined;
}

export interface Generation {
  /** Folder name, `v0_8`. */
  readonly name: string;
  readonly file: SpecFile;
  readonly releases: Readonly<Record<string, string>>;
  readonly commands: readonly Command[];
  /** Commands by the operation that asks for them; empty where frames name nothing but codes. */
  readonly operations: ReadonlyMap<number, Command>;
}

export interface Spec {
  readonly files: ReadonlyMap<string, SpecFile>;
  readonly generations: readonly Generation[];
}

/** Fields that appear in the TypeScript type. */
export function visibleFields(struct: Struct): readonly Field[] {
  return struct.fields.filter((field) => field.role.kind === 'value');
}

/** A field whose TypeScript type includes undefined. A conditional list is empty instead. */
export function isOptional(field: Field): boolean {
  return field.none !== undefined || (field.presence.kind !== 'always' && field.repeat === undefined);
}

export function fieldOf(struct: Struct, id: string): Field {
  const field = struct.fields.find((candidate) => candidate.id === id);
  if (field === undefined) throw new Error(`${struct.id} has no field ${id}`);
  return field;
}
