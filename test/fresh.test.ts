// Committed output is what the spec says: the same check as `pnpm codegen --check`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../codegen/main.ts';

test('generated/ is what codegen makes of spec/', () => {
  const lines: string[] = [];
  const exitCode = main(['--check'], (line) => lines.push(line));
  assert.equal(exitCode, 0, lines.join('\n'));
});
