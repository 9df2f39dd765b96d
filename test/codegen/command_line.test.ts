// `pnpm codegen` as a command: what it writes, deletes and says; and what it takes to add a command to the real spec.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { main } from '../../codegen/main.ts';
import { makeWorkspace } from './workspace.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'whippet-command-'));
after(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { exitCode: number; text: string } {
  const lines: string[] = [];
  const exitCode = main(args, (line) => lines.push(line));
  return { exitCode, text: lines.join('\n') };
}

describe('pnpm codegen', () => {
  const spec = join(folder, 'spec');
  const out = join(folder, 'generated');
  cpSync(join(root, 'test/codegen/golden/spec'), spec, { recursive: true });

  test('writes everything once and nothing the second time', () => {
    assert.match(run('--spec', spec, '--out', out).text, /21 files, 21 written, 0 deleted$/);
    assert.match(run('--spec', spec, '--out', out).text, /21 files, 0 written, 0 deleted$/);
  });

  test('--check names stale files and the command to run, and writes nothing', () => {
    writeFileSync(join(out, 'handlers.ts'), '// edited\n');
    writeFileSync(join(out, 'extra.ts'), '// left over\n');
    const { exitCode, text } = run('--check', '--spec', spec, '--out', out);
    assert.equal(exitCode, 1);
    assert.match(
      text,
      /handlers\.ts is stale\n.*extra\.ts is stale\ncodegen: run `pnpm codegen` and commit the result$/,
    );
    assert.equal(readFileSync(join(out, 'handlers.ts'), 'utf8'), '// edited\n');
  });

  test('deletes what the spec no longer makes', () => {
    assert.match(run('--spec', spec, '--out', out).text, /deleted .*extra\.ts/);
    assert.ok(!existsSync(join(out, 'extra.ts')));
    assert.equal(run('--check', '--spec', spec, '--out', out).exitCode, 0);
  });

  test('a broken spec leaves the output alone and lists each problem as file:line: message', () => {
    writeFileSync(join(spec, 'common/broken.ksy'), 'meta:\n  id: wrong\nseq:\n  - id: a\n');
    const { exitCode, text } = run('--spec', spec, '--out', out);
    rmSync(join(spec, 'common/broken.ksy'));
    assert.equal(exitCode, 1);
    assert.equal(
      text,
      'spec/common/broken.ksy:2: meta id is wrong, the file name says broken\nspec/common/broken.ksy:4: a needs size or size-eos\ncodegen: 2 problems; nothing written',
    );
  });

  test('wrong use is told with the help text', () => {
    const { exitCode, text } = run('--chekc');
    assert.equal(exitCode, 2);
    assert.match(text, /unknown argument --chekc/);
    assert.match(run('--help').text, /Example: pnpm codegen --check/);
  });
});

const echo = `meta:
  id: echo
  title: Echo
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Sends back what it was sent.
-command:
  name: echo
  auth: none
seq:
  - id: payload
    size-eos: true
types:
  response:
    seq:
      - id: payload
        size-eos: true
`;

test('a new command is one file and its lines in protocol.ksy; the type checker then names the handler and the permission that it lacks', () => {
  const workspace = makeWorkspace(['src', 'generated']);
  try {
    cpSync(join(root, 'spec'), join(workspace.folder, 'spec'), { recursive: true });
    assert.equal(workspace.typeErrors(), '', 'the copy is sound before');
    workspace.write('spec/v0_8/system/echo.ksy', echo);
    const path = join(workspace.folder, 'spec/v0_8/protocol.ksy');
    const protocol = readFileSync(path, 'utf8')
      .replace('  imports:\n', '  imports:\n    - /v0_8/system/echo\n')
      .replace(/( +)cases:\n/, (line, indent) => `${line}${indent}  999: echo\n`);
    writeFileSync(path, protocol);
    assert.equal(
      run('--spec', join(workspace.folder, 'spec'), '--out', join(workspace.folder, 'generated')).exitCode,
      0,
    );
    const errors = workspace.typeErrors();
    assert.match(errors, /src\/access\/permissioner\.ts\(\d+,\d+\): error TS\d+: Property 'echo' is missing/);
    assert.match(errors, /src\/handlers\/index\.ts\(\d+,\d+\): error TS\d+: [\s\S]*Property 'echo' is missing/);
    assert.equal(
      errors
        .trim()
        .split('\n')
        .filter((line) => /error TS/.test(line)).length,
      2,
      errors,
    );
  } finally {
    workspace.remove();
  }
});
