// A test-only spec that uses every feature of the dialect, against the exact files it must become.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile } from '../../codegen/compile.ts';
import { dialectKeys } from '../../codegen/ksy.ts';
import { readTree } from '../../codegen/main.ts';

const folder = join(import.meta.dirname, 'golden');
const sources = readTree(join(folder, 'spec'), '.ksy');

test('the golden spec becomes exactly the expected files', () => {
  const { files, diagnostics } = compile(sources);
  assert.deepEqual(diagnostics, []);
  const expected = readTree(join(folder, 'expected'), '.ts');
  assert.deepEqual([...files.keys()].sort(), [...expected.keys()].sort());
  for (const [path, text] of expected) {
    // To accept a wanted change: pnpm codegen --spec test/codegen/golden/spec --out test/codegen/golden/expected
    assert.equal(files.get(path), text, `${path} differs from test/codegen/golden/expected`);
  }
});

test('compiling twice gives the same bytes', () => {
  assert.deepEqual(compile(sources).files, compile(new Map([...sources].reverse())).files);
});

test('the golden spec uses every key of the dialect', () => {
  const text = [...sources.values()].join('\n');
  const missing = Object.values(dialectKeys)
    .flat()
    .filter((key) => !new RegExp(`(^|[\\s{])${key}:`, 'm').test(text));
  assert.deepEqual(missing, []);
});

test('a lower bound of 0 is checked where a number can be below it', () => {
  const field = (type: string): string => `  - { id: a_${type}, type: ${type}, valid: { min: 0 } }`;
  const source = ['meta:', '  id: bounds', '  endian: le', 'doc: Bounds.', 'seq:', ...['u4', 's4', 's8'].map(field)];
  const { files, diagnostics } = compile(new Map([['common/bounds.ksy', `${source.join('\n')}\n`]]));
  assert.deepEqual(diagnostics, []);
  const checks = files.get('common/bounds.ts')!.match(/if \(.*\) throw/g);
  assert.deepEqual(checks, ['if (aS4 < 0) throw', 'if (aS8 < 0n) throw']);
});
