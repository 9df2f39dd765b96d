// Zero-copy views: a class that reads fields in place at a position of a DataView.
import { type MethodDeclarationStructure, type PropertyDeclarationStructure, StructureKind } from 'ts-morph';
import type { Field, Struct } from '../model.ts';
import { camel, pascal } from '../names.ts';
import { wireSizes } from '../resolve_scalars.ts';
import { elementSize, fixedStructSize } from '../sizes.ts';
import { isBigint } from './decode.ts';
import { docs, type OutputFile } from './source_file.ts';

/** Where a field starts: a constant, plus the lengths of variable fields before it. */
interface Place {
  readonly fixed: number;
  readonly lengths: readonly string[];
}

/** Emits `XView` for a struct of numbers, byte runs and lists of fixed-size elements. */
export function emitView(file: OutputFile, struct: Struct): void {
  const places = placesOf(struct);
  const header = headerSize(struct);
  const name = `${struct.name}View`;
  const statics: PropertyDeclarationStructure[] = [
    {
      kind: StructureKind.Property,
      name: 'headerSize',
      isStatic: true,
      isReadonly: true,
      initializer: String(header),
      docs: ['Bytes up to the first field of variable size.'],
    },
  ];
  for (const [field, place] of places) {
    if (place.lengths.length > 0) continue;
    statics.push({
      kind: StructureKind.Property,
      name: `${accessor(field)}At`,
      isStatic: true,
      isReadonly: true,
      initializer: String(place.fixed),
    });
  }
  file.add({
    kind: StructureKind.Class,
    isExported: true,
    name,
    ...docs(`Reads a ${struct.file.title.toLowerCase()} in place. Make it once and \`wrap\` it again for each.`),
    properties: [
      ...statics,
      {
        kind: StructureKind.Property,
        name: 'bytes',
        type: 'DataView',
        initializer: 'new DataView(new ArrayBuffer(0))',
      },
      { kind: StructureKind.Property, name: 'position', type: 'number', initializer: '0' },
    ],
    methods: [
      {
        kind: StructureKind.Method,
        name: 'wrap',
        docs: ['Moves the view to `position`, a byte of `bytes`.'],
        parameters: [
          { name: 'bytes', type: 'DataView' },
          { name: 'position', type: 'number' },
        ],
        returnType: 'this',
        statements: ['this.bytes = bytes;', 'this.position = position;', 'return this;'],
      },
      ...fitsMethod(struct, header),
    ],
    getAccessors: [...places].flatMap(([field, place]) => getters(field, place)).concat(sizeGetter(struct)),
    setAccessors: [...places]
      .filter(([field, place]) => place.lengths.length === 0 && isSettable(field))
      .map(([field, place]) => setter(field, place)),
  });
}

function isSettable(field: Field): boolean {
  return (
    field.type.kind === 'scalar' &&
    field.type.meaning !== 'bool' &&
    field.repeat === undefined &&
    field.role.kind !== 'constant'
  );
}

/** `len_payload` is seen as `payloadLength`, `num_indexes` as `indexesCount`. */
function accessor(field: Field): string {
  if (field.role.kind === 'length') return `${camel(field.id.slice(4))}Length`;
  if (field.role.kind === 'count') return `${camel(field.id.slice(4))}Count`;
  return field.name;
}

function placesOf(struct: Struct): Map<Field, Place> {
  const places = new Map<Field, Place>();
  let fixed = 0;
  let lengths: string[] = [];
  for (const field of struct.fields) {
    places.set(field, { fixed, lengths });
    const length = variableLength(field);
    if (length === undefined) fixed += elementSize(field) ?? 0;
    else lengths = [...lengths, length];
  }
  return places;
}

/** The length of a variable field in terms of the view; undefined when it is fixed. */
function variableLength(field: Field): string | undefined {
  if (field.repeat?.kind === 'count' && field.type.kind === 'struct') {
    const size = fixedStructSize(field.type.struct);
    return size === undefined ? '0' : `this.${camel(field.repeat.field.slice(4))}Count * ${size}`;
  }
  if (field.repeat !== undefined) return '0';
  const extent = 'extent' in field.type ? field.type.extent : undefined;
  return extent?.kind === 'length' ? `this.${camel(extent.field.slice(4))}Length` : undefined;
}

function headerSize(struct: Struct): number {
  let size = 0;
  for (const field of struct.fields) {
    if (variableLength(field) !== undefined) break;
    size += elementSize(field) ?? 0;
  }
  return size;
}

function positionOf(place: Place): string {
  const terms = [
    'this.position',
    ...(place.fixed > 0 ? [String(place.fixed)] : []),
    ...place.lengths.filter((length) => length !== '0'),
  ];
  return terms.join(' + ');
}

function getters(
  field: Field,
  place: Place,
): { name: string; returnType: string; statements: string[]; docs?: string[] }[] {
  const position = positionOf(place);
  const { type } = field;
  const doc = docs(field.doc);
  if (field.repeat !== undefined) {
    return [
      {
        name: `${field.name}Position`,
        returnType: 'number',
        statements: [`return ${position};`],
        docs: ['Byte at which the list starts.'],
      },
    ];
  }
  if (type.kind === 'scalar') {
    return [
      {
        name: accessor(field),
        returnType: isBigint(field) ? 'bigint' : 'number',
        statements: readStatements(field, position),
        ...doc,
      },
    ];
  }
  if (type.kind === 'bytes' || type.kind === 'text') {
    const extent = type.extent;
    const length =
      extent.kind === 'literal' ? String(extent.size) : extent.kind === 'length' ? variableLength(field)! : undefined;
    if (length === undefined) return [];
    return [
      {
        name: `${field.name}Position`,
        returnType: 'number',
        statements: [`return ${position};`],
        docs: [`Byte at which \`${field.name}\` starts.`],
      },
      {
        name: field.name,
        returnType: 'Uint8Array',
        statements: [
          `return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.${field.name}Position, ${length});`,
        ],
        ...doc,
      },
    ];
  }
  return [];
}

function readStatements(field: Field, position: string): string[] {
  if (field.type.kind !== 'scalar') return [];
  const { wire, meaning } = field.type;
  if (meaning === 'number') {
    return [
      `const at = ${position};`,
      'return this.bytes.getUint32(at + 4, true) * 0x1_0000_0000 + this.bytes.getUint32(at, true);',
    ];
  }
  if (wire === 'u128') {
    return [
      `const at = ${position};`,
      'return (this.bytes.getBigUint64(at + 8, true) << 64n) | this.bytes.getBigUint64(at, true);',
    ];
  }
  return [`return this.bytes.get${dataViewName(wire)}(${position}${wireSizes[wire] > 1 ? ', true' : ''});`];
}

function setter(
  field: Field,
  place: Place,
): { name: string; parameters: { name: string; type: string }[]; statements: string[] } {
  if (field.type.kind !== 'scalar') throw new Error(`${field.id} is not a number`);
  const { wire, meaning } = field.type;
  const position = positionOf(place);
  const statements =
    meaning === 'number'
      ? [
          `const at = ${position};`,
          'this.bytes.setUint32(at, value % 0x1_0000_0000, true);',
          'this.bytes.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);',
        ]
      : wire === 'u128'
        ? [
            `const at = ${position};`,
            'this.bytes.setBigUint64(at, value & 0xffff_ffff_ffff_ffffn, true);',
            'this.bytes.setBigUint64(at + 8, value >> 64n, true);',
          ]
        : [`this.bytes.set${dataViewName(wire)}(${position}, value${wireSizes[wire] > 1 ? ', true' : ''});`];
  return {
    name: accessor(field),
    parameters: [{ name: 'value', type: isBigint(field) ? 'bigint' : 'number' }],
    statements,
  };
}

function dataViewName(wire: string): string {
  const names: Record<string, string> = {
    u8: 'Uint8',
    u16: 'Uint16',
    u32: 'Uint32',
    u64: 'BigUint64',
    i8: 'Int8',
    i16: 'Int16',
    i32: 'Int32',
    i64: 'BigInt64',
    f32: 'Float32',
    f64: 'Float64',
  };
  return names[wire] ?? pascal(wire);
}

function endsKnown(struct: Struct): boolean {
  return struct.fields.every(
    (field) => variableLength(field) !== '0' && !('extent' in field.type && field.type.extent?.kind === 'rest'),
  );
}

function sizeGetter(struct: Struct): { name: string; returnType: string; statements: string[]; docs: string[] }[] {
  if (!endsKnown(struct)) return [];
  const end = [...placesOf(struct)].at(-1);
  if (end === undefined) return [];
  const [last, place] = end;
  const own = variableLength(last) ?? String(elementSize(last) ?? 0);
  const terms = [String(place.fixed), ...place.lengths, own].filter((term) => term !== '0');
  return [
    {
      name: 'size',
      returnType: 'number',
      statements: [`return ${terms.join(' + ')};`],
      docs: ['Bytes of the whole structure.'],
    },
  ];
}

/** `fits(end)`: one check after which every getter stays below `end`. No length is read before its own bytes are known to be there. */
function fitsMethod(struct: Struct, header: number): MethodDeclarationStructure[] {
  const ends: string[] = header > 0 ? [`this.position + ${header}`] : [];
  const places = placesOf(struct);
  for (const [field, place] of places) {
    const isLength = field.role.kind === 'length' || field.role.kind === 'count';
    if (isLength && place.lengths.length > 0)
      ends.push(positionOf({ fixed: place.fixed + (elementSize(field) ?? 0), lengths: place.lengths }));
  }
  const last = [...places].at(-1);
  if (endsKnown(struct)) ends.push('this.position + this.size');
  else if (last !== undefined) ends.push(positionOf(last[1]));
  return [
    {
      kind: StructureKind.Method,
      name: 'fits',
      docs: ['Whether the whole structure lies below byte `end`. After that no getter reads past it.'],
      parameters: [{ name: 'end', type: 'number' }],
      returnType: 'boolean',
      statements: [
        `return ${[...new Set(ends)].map((end) => `${end} <= end`).join(' && ') || 'this.position <= end'};`,
      ],
    },
  ];
}
