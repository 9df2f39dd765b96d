// Draws specs: one command with whatever fields the dialect allows, in any order and number.
import * as fc from 'fast-check';

/** YAML lines of one field or of a field with what it is derived from, `id` being unique in its type. */
type FieldLines = (id: string) => string[];

const scalars: FieldLines[] = [
  ...['u1', 'u2', 'u4', 'u8', 's1', 's2', 's4', 's8', 'f4', 'f8'].map(
    (type): FieldLines =>
      (id) => [`- id: ${id}`, `  type: ${type}`],
  ),
  (id) => [`- id: ${id}`, '  type: u1', '  -type: bool'],
  (id) => [`- id: ${id}`, '  type: u4', '  -type: id'],
  (id) => [`- id: ${id}`, '  type: u8', '  -type: number'],
  (id) => [`- id: ${id}`, '  type: u8', '  -type: timestamp_micros'],
  (id) => [`- id: ${id}`, '  size: 16', '  -type: u16'],
  (id) => [`- id: ${id}`, '  type: u4', '  valid:', '    min: 2', '    max: 90'],
  (id) => [`- id: ${id}`, '  type: u1', '  valid:', '    any-of: [3, 200]'],
  (id) => [`- id: ${id}`, '  type: u1', '  enum: color', '  valid:', '    in-enum: true'],
  (id) => [`- id: ${id}`, '  type: u2', '  valid: 77'],
  (id) => [`- id: ${id}`, '  contents: [1, 2, 3]'],
];

const optionals: FieldLines[] = [
  (id) => [`- id: ${id}`, '  type: u4', '  -none: 0'],
  (id) => [`- id: ${id}`, '  type: u4', '  -type: id', '  -none: 0'],
  (id) => [`- id: ${id}`, '  type: u8', '  -none: 18446744073709551615'],
  (id) => [`- id: has_${id}`, '  type: u1', '  -type: bool', `- id: ${id}`, '  type: u4', `  -none: has_${id}`],
  (id) => [`- id: has_${id}`, '  type: u1', '  -type: bool', `- id: ${id}`, '  type: u8', `  if: has_${id} != 0`],
  (id) => [
    `- id: has_${id}`,
    '  type: u1',
    '  -type: bool',
    `- id: len_${id}`,
    '  type: u4',
    `  if: has_${id} != 0`,
    `- id: ${id}`,
    '  type: str',
    `  size: len_${id}`,
    `  if: has_${id} != 0`,
  ],
  (id) => [`- id: has_${id}`, '  type: u1', '  -type: bool', `- id: ${id}`, '  type: pair', `  if: has_${id} != 0`],
];

const regions: FieldLines[] = [
  (id) => [`- id: len_${id}`, '  type: u1', `- id: ${id}`, '  type: str', `  size: len_${id}`],
  (id) => [`- id: len_${id}`, '  type: u2', `- id: ${id}`, `  size: len_${id}`],
  (id) => [
    `- id: len_${id}`,
    '  type: u4',
    '  valid:',
    '    min: 1',
    '    max: 20',
    `- id: ${id}`,
    '  type: str',
    `  size: len_${id}`,
  ],
  (id) => [`- id: len_${id}`, '  type: u4', `- id: ${id}`, '  type: pair', `  size: len_${id}`],
  (id) => [`- id: ${id}`, '  size: 5'],
  (id) => [`- id: ${id}`, '  type: pair'],
  (id) => [`- id: ${id}`, '  type: choice'],
];

const lists: FieldLines[] = [
  (id) => [
    `- id: num_${id}`,
    '  type: u4',
    `- id: ${id}`,
    '  type: pair',
    '  repeat: expr',
    `  repeat-expr: num_${id}`,
  ],
  (id) => [`- id: num_${id}`, '  type: u1', `- id: ${id}`, '  type: u4', '  repeat: expr', `  repeat-expr: num_${id}`],
  (id) => [
    `- id: num_${id}`,
    '  type: u1',
    `- id: ${id}`,
    '  type: u1',
    '  enum: color',
    '  valid:',
    '    in-enum: true',
    '  repeat: expr',
    `  repeat-expr: num_${id}`,
  ],
  (id) => [
    `- id: has_${id}`,
    '  type: u1',
    '  -type: bool',
    `- id: ${id}`,
    '  type: chained',
    '  repeat: until',
    '  repeat-until: _.has_next == 0',
    `  if: has_${id} != 0`,
  ],
];

/** Fields that run to the end of the payload, so only the last may be one. */
const tails: FieldLines[] = [
  (id) => [`- id: ${id}`, '  size-eos: true'],
  (id) => [`- id: ${id}`, '  type: str', '  size-eos: true'],
  (id) => [`- id: ${id}`, '  type: pair', '  repeat: eos'],
  (id) => [`- id: ${id}`, '  type: pair', '  if: not _io.eof'],
  () => [],
];

const field = fc.oneof(
  fc.constantFrom(...scalars),
  fc.constantFrom(...optionals),
  fc.constantFrom(...regions),
  fc.constantFrom(...lists),
);

function seq(indent: string, isEmpty: string): fc.Arbitrary<string> {
  return fc.tuple(fc.array(field, { maxLength: 9 }), fc.constantFrom(...tails)).map(([fields, tail]) => {
    const lines = [...fields.flatMap((lines, index) => lines(`field_${index}`)), ...tail('last')];
    return lines.length === 0
      ? `${indent}${isEmpty}`
      : `${indent}seq:\n${lines.map((line) => `${indent}  ${line}`).join('\n')}`;
  });
}

const fixedTypes = `  pair:
    seq:
      - id: number
        type: u4
      - id: len_name
        type: u1
      - id: name
        type: str
        size: len_name
  chained:
    seq:
      - id: number
        type: u4
      - id: has_next
        type: u1
        -type: bool
  choice:
    seq:
      - id: kind
        type: u1
        enum: color
        valid:
          in-enum: true
      - id: len_rest
        type: u1
      - id: rest
        size: len_rest
        type:
          switch-on: kind
          cases:
            color::red: nothing
            color::green: number
            color::blue: label
  nothing:
    seq: []
  number:
    seq:
      - id: number
        type: u4
  label:
    seq:
      - id: text
        type: str
        size-eos: true
enums:
  color:
    1: red
    4: green
    200: blue
`;

/** A whole spec: status codes, one command, one generation. Keys are paths under spec/. */
export const randomSpec: fc.Arbitrary<Map<string, string>> = fc.tuple(seq('', 'seq: []'), seq('    ', 'seq: []')).map(
  ([request, response]) =>
    new Map([
      ['errors.ksy', 'meta:\n  id: errors\nenums:\n  status_code:\n    5: feature_unavailable\n'],
      [
        'v1/group/random.ksy',
        `meta:\n  id: random\n  title: Random\n  encoding: UTF-8\n  endian: le\ndoc: Random.\n-command:\n  name: random\n  auth: none\n${request}\ntypes:\n  response:\n${response}\n${fixedTypes}`,
      ],
      [
        'v1/protocol.ksy',
        'meta:\n  id: protocol\n  imports:\n    - /v1/group/random\n  endian: le\n-generation:\n  server: 1.0.0\ntypes:\n  request:\n    seq:\n      - id: code\n        type: u4\n      - id: payload\n        size-eos: true\n        type:\n          switch-on: code\n          cases:\n            1: random\n',
      ],
    ]),
);
