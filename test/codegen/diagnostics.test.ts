// One broken spec per diagnostic: each problem is named with its file and line, and never as a stack trace.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../codegen/compile.ts';
import { formatDiagnostic } from '../../codegen/diagnostics.ts';

const errors = 'meta:\n  id: errors\nenums:\n  status_code:\n    5: feature_unavailable\n';

function messagesOf(files: Readonly<Record<string, string>>): string[] {
  const { diagnostics, files: output } = compile(new Map([['errors.ksy', errors], ...Object.entries(files)]));
  assert.equal(output.size > 0, diagnostics.length === 0, 'output only without diagnostics');
  return diagnostics.map(formatDiagnostic);
}

/** A file named `t` whose seq is given from line 4 on. */
function seq(...lines: string[]): Record<string, string> {
  return { 'common/t.ksy': ['meta:', '  id: t', 'seq:', ...lines.map((line) => `  ${line}`), ''].join('\n') };
}

const broken: readonly [what: string, files: Record<string, string>, expected: string][] = [
  ['bad YAML', { 'common/t.ksy': 'meta: [\n' }, 'spec/common/t.ksy:2: not valid YAML'],
  [
    'a duplicate key',
    { 'common/t.ksy': 'meta:\n  id: t\n  id: t\n' },
    'spec/common/t.ksy:3: not valid YAML: Map keys must be unique',
  ],
  [
    'an alias',
    { 'common/t.ksy': 'meta: &m\n  id: t\ndoc: *m\n' },
    'spec/common/t.ksy:3: YAML aliases are not part of the dialect',
  ],
  ['a list as file', { 'common/t.ksy': '- a\n' }, 'spec/common/t.ksy:1: a spec file is a mapping'],
  ['no meta', { 'common/t.ksy': 'doc: x\n' }, 'spec/common/t.ksy:1: meta is missing'],
  [
    'a wrong meta id',
    { 'common/t.ksy': 'meta:\n  id: u\n' },
    'spec/common/t.ksy:2: meta id is u, the file name says t',
  ],
  ['big endian', { 'common/t.ksy': 'meta:\n  id: t\n  endian: be\n' }, 'spec/common/t.ksy:3: endian must be le'],
  [
    'an unknown file key',
    { 'common/t.ksy': 'meta:\n  id: t\ninstances: {}\n' },
    'spec/common/t.ksy:3: instances is not a key of a file in this dialect',
  ],
  [
    'an unknown field key',
    seq('- id: a', '  type: u1', '  pos: 3'),
    'spec/common/t.ksy:6: pos is not a key of a field in this dialect',
  ],
  [
    'an unknown valid key',
    seq('- id: a', '  type: u1', '  valid:', '    expr: _ > 1'),
    'spec/common/t.ksy:7: expr is not a key of valid in this dialect',
  ],
  ['a field without id', seq('- type: u1'), 'spec/common/t.ksy:4: a field needs an id'],
  ['a camelCase field', seq('- id: aB', '  type: u1'), 'spec/common/t.ksy:4: field id aB is not snake_case'],
  [
    'a reserved word',
    seq('- id: class', '  type: u1'),
    'spec/common/t.ksy:4: field id class is a word of TypeScript or of the generated code',
  ],
  ['a field twice', seq('- id: a', '  type: u1', '- id: a', '  type: u1'), 'spec/common/t.ksy:6: field a stands twice'],
  [
    'a seq that is no list',
    { 'common/t.ksy': 'meta:\n  id: t\nseq: {}\n' },
    'spec/common/t.ksy:3: seq must be a list of fields',
  ],
  [
    'a camelCase type',
    { 'common/t.ksy': 'meta:\n  id: t\ntypes:\n  Aa:\n    seq: []\n' },
    'spec/common/t.ksy:4: type name Aa is not snake_case',
  ],
  [
    'a type that hides another',
    { 'common/t.ksy': 'meta:\n  id: t\ntypes:\n  record:\n    seq: []\n' },
    'spec/common/t.ksy:4: type record would hide Record of the generated code',
  ],
  [
    'a view that hides a member',
    { 'common/t.ksy': 'meta:\n  id: t\n-view: true\nseq:\n  - id: size\n    type: u4\n' },
    'spec/common/t.ksy:5: field id size is a member of every view',
  ],
  [
    'a camelCase enum',
    { 'common/t.ksy': 'meta:\n  id: t\nenums:\n  Aa:\n    1: b\n' },
    'spec/common/t.ksy:4: enum name Aa is not snake_case',
  ],
  [
    'an enum value without id',
    { 'common/t.ksy': 'meta:\n  id: t\nenums:\n  a:\n    1:\n      doc: x\n' },
    'spec/common/t.ksy:5: enum value 1 needs a snake_case id',
  ],
  [
    'an enum value twice',
    { 'common/t.ksy': 'meta:\n  id: t\nenums:\n  a:\n    1: b\n    2: b\n' },
    'spec/common/t.ksy:6: enum value id b is used twice',
  ],
  [
    'an enum value that is no number',
    { 'common/t.ksy': 'meta:\n  id: t\nenums:\n  a:\n    x: b\n' },
    'spec/common/t.ksy:5: enum value x is not an integer',
  ],
  ['an unknown type', seq('- id: a', '  type: b'), 'spec/common/t.ksy:5: type b is not in this file and not imported'],
  [
    'an import of nothing',
    { 'common/t.ksy': 'meta:\n  id: t\n  imports:\n    - /common/u\n' },
    'spec/common/t.ksy:4: import /common/u names no file',
  ],
  [
    'a relative import',
    { 'common/t.ksy': 'meta:\n  id: t\n  imports:\n    - u\n' },
    'spec/common/t.ksy:4: import u must be absolute, from spec/',
  ],
  ['bytes without size', seq('- id: a'), 'spec/common/t.ksy:4: a needs size or size-eos'],
  [
    'text of a fixed size',
    seq('- id: a', '  type: str', '  size: 4'),
    'spec/common/t.ksy:4: a: text of a fixed size is not part of the dialect',
  ],
  [
    'a computed size',
    seq('- id: len_a', '  type: u1', '- id: a', '  size: len_a + 1'),
    'spec/common/t.ksy:7: size len_a + 1 must be a number or a field',
  ],
  ['a size from nowhere', seq('- id: a', '  size: len_a'), 'spec/common/t.ksy:4: len_a is not a field before this one'],
  [
    'a derived field without prefix',
    seq('- id: n', '  type: u1', '- id: a', '  size: n'),
    'spec/common/t.ksy:6: n is derived here, so its name must start with len_',
  ],
  [
    'a length used twice',
    seq('- id: len_a', '  type: u1', '- id: a', '  size: len_a', '- id: b', '  size: len_a'),
    'spec/common/t.ksy:8: len_a is derived from two fields',
  ],
  [
    'a length used by nothing',
    seq('- id: len_a', '  type: u1'),
    'spec/common/t.ksy:4: len_a derives nothing: no size, repeat-expr or if of this type uses it',
  ],
  [
    'another condition',
    seq('- id: a', '  type: u1', '- id: b', '  type: u1', '  if: a > 3'),
    'spec/common/t.ksy:8: if: a > 3 must be has_x != 0, has_x == 0 or not _io.eof',
  ],
  [
    'another repetition',
    seq('- id: a', '  type: u1', '  repeat: until', '  repeat-until: _ == 0'),
    'spec/common/t.ksy:6: repeat must be eos, expr with the field that counts, or until with _.has_next == 0',
  ],
  [
    'an unknown -type',
    seq('- id: a', '  type: u8', '  -type: money'),
    'spec/common/t.ksy:6: -type: money is not known; known are bool, id, number, timestamp_micros, u16',
  ],
  [
    'a -type on the wrong width',
    seq('- id: a', '  type: u2', '  -type: id'),
    'spec/common/t.ksy:6: -type: id does not go with type u2',
  ],
  [
    'a -type on text',
    seq('- id: a', '  type: str', '  size-eos: true', '  -type: id'),
    'spec/common/t.ksy:7: -type: id does not go with type str',
  ],
  [
    'u16 without 16 bytes',
    seq('- id: a', '  size: 8', '  -type: u16'),
    'spec/common/t.ksy:6: -type: u16 goes with size: 16',
  ],
  [
    'an unknown enum',
    seq('- id: a', '  type: u1', '  enum: e', '  valid:', '    in-enum: true'),
    'spec/common/t.ksy:6: enum e is not in this file and not imported',
  ],
  [
    'an unknown status',
    seq('- id: a', '  type: u1', '  valid:', '    min: 1', '    -error: no_such'),
    'spec/common/t.ksy:4: status no_such is not in errors.ksy',
  ],
  [
    'a valid that is no number',
    seq('- id: a', '  type: u1', '  valid:', '    min: x'),
    'spec/common/t.ksy:7: valid min must be a number',
  ],
  [
    'contents that are no bytes',
    seq('- id: a', '  contents: [300]'),
    'spec/common/t.ksy:5: contents must be bytes or text',
  ],
  [
    'a -size-of nothing',
    seq('- id: len_a', '  type: u4', '  -size-of: [b]'),
    'spec/common/t.ksy:6: -size-of: b is not a field of this type',
  ],
  [
    'a response without a command',
    { 'common/t.ksy': 'meta:\n  id: t\ntypes:\n  response:\n    seq: []\n' },
    'spec/common/t.ksy:4: only a command has a response',
  ],
];

describe('a broken spec', () => {
  for (const [what, files, expected] of broken) {
    test(`${what} is reported as ${expected}`, () => {
      const found = messagesOf(files);
      assert.ok(
        found.some((line) => line.startsWith(expected)),
        `expected\n  ${expected}\nfound\n  ${found.join('\n  ')}`,
      );
    });
  }

  test('every problem is reported at once', () => {
    assert.equal(messagesOf({ ...seq('- id: a', '- id: B', '  type: u1', '- id: c', '  type: x') }).length, 3);
  });

  test('bytes of any kind never crash the compiler', () => {
    for (const text of [
      '',
      '\0',
      '[]',
      '{}',
      'meta:',
      'meta: 3',
      'seq:\n  - 3\n',
      'meta:\n  id: t\ntypes: 3\nenums: 3\nseq: [[]]\n',
      '? a\n: b\n',
    ])
      messagesOf({ 'common/t.ksy': text });
  });
});

const command = (id: string, body: string): string =>
  `meta:\n  id: ${id}\ndoc: x\n-command:\n  name: ${id}\n  auth: none\n${body}`;
const protocol = (imports: readonly string[], cases: string): string =>
  [
    'meta:',
    '  id: protocol',
    '  imports:',
    ...imports.map((path) => `    - ${path}`),
    '-generation:',
    '  server: 1',
    'types:',
    '  request:',
    '    seq:',
    '      - id: code',
    '        type: u4',
    '      - id: payload',
    '        type:',
    '          switch-on: code',
    '          cases:',
    cases,
    '',
  ].join('\n');

describe('a broken generation', () => {
  test('a code without an import', () => {
    assert.deepEqual(
      messagesOf({
        'v1/g/a.ksy': command('a', 'seq: []\n'),
        'v1/protocol.ksy': protocol(['/v1/g/a'], '            1: a\n            2: b'),
      }),
      ['spec/v1/protocol.ksy:17: command b is not imported'],
    );
  });

  test('an operation without a code', () => {
    const byOperation = protocol(['/v1/g/a', '/v1/g/b'], '            1: b\n            2: by_code').replace(
      'types:\n',
      'types:\n  by_code:\n    seq:\n      - id: payload\n        type:\n          switch-on: code\n          cases:\n            1: a\n',
    );
    const found = messagesOf({
      'v1/g/a.ksy': command('a', 'seq: []\n'),
      'v1/g/b.ksy': command('b', 'seq: []\n'),
      'v1/protocol.ksy': byOperation,
    });
    assert.deepEqual(found, ['spec/v1/protocol.ksy:24: operation 1 is b, which has no code']);
  });

  test('a default of a structure that is more than lists', () => {
    const found = messagesOf({
      'v1/g/t.ksy': 'meta:\n  id: t\n  endian: le\nseq:\n  - id: n\n    type: u4\n',
      'v1/g/a.ksy': command('a', 'seq: []\n'),
      'v2/g/a.ksy': command('a', 'seq:\n  - id: x\n    type: t\n    -default: []\n').replace(
        'meta:\n',
        'meta:\n  imports:\n    - /v1/g/t\n',
      ),
      'v1/protocol.ksy': protocol(['/v1/g/a'], '            1: a'),
      'v2/protocol.ksy': protocol(['/v2/g/a'], '            1: a'),
    });
    assert.deepEqual(found, ['spec/v2/g/a.ksy:10: x: only a structure of lists can have -default: []']);
  });

  test('a code that changes its meaning', () => {
    const found = messagesOf({
      'v1/g/a.ksy': command('a', 'seq: []\n'),
      'v1/g/b.ksy': command('b', 'seq: []\n'),
      'v1/protocol.ksy': protocol(['/v1/g/a'], '            1: a'),
      'v2/protocol.ksy': protocol(['/v1/g/b'], '            1: b'),
    });
    assert.deepEqual(found, ['spec/v2/protocol.ksy:1: code 1 is b in v2 but a in v1/g/a']);
  });

  test('a field that changes its type', () => {
    const found = messagesOf({
      'v1/g/a.ksy': command('a', 'seq:\n  - id: x\n    type: u4\n'),
      'v2/g/a.ksy': command('a', 'seq:\n  - id: x\n    type: u8\n'),
      'v1/protocol.ksy': protocol(['/v1/g/a'], '            1: a'),
      'v2/protocol.ksy': protocol(['/v2/g/a'], '            1: a'),
    });
    assert.deepEqual(found, ['spec/v2/g/a.ksy:8: x has another type here than in v1/g/a.ksy']);
  });

  test('a field that one generation lacks', () => {
    const found = messagesOf({
      'v1/g/a.ksy': command('a', 'seq: []\n'),
      'v2/g/a.ksy': command('a', 'seq:\n  - id: x\n    type: u8\n'),
      'v1/protocol.ksy': protocol(['/v1/g/a'], '            1: a'),
      'v2/protocol.ksy': protocol(['/v2/g/a'], '            1: a'),
    });
    assert.deepEqual(found, ['spec/v2/g/a.ksy:8: x is missing in v1/g/a: make it optional or give it -default']);
  });

  test('one id reached in two folders', () => {
    const found = messagesOf({
      'v1/g/a.ksy': command('a', 'seq: []\n'),
      'v2/g/a.ksy': command('a', 'seq: []\n'),
      'v1/protocol.ksy': protocol(['/v1/g/a', '/v2/g/a'], '            1: a'),
    });
    assert.deepEqual(found, ['spec/v1/protocol.ksy:1: v1 reaches a in two folders: v1/g/a and v2/g/a']);
  });
});
