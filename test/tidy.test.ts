// The house rules as a test: who may import whom, how long things may be, which words and modules are banned where.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';
import { readTree } from '../codegen/main.ts';

const root = resolve(import.meta.dirname, '..');
const folders = ['codegen', 'generated', 'src', 'test', 'conformance', 'bench'];

interface SourceText {
  readonly path: string;
  readonly text: string;
  /** Paths of the files it imports, from the root; packages are left out. */
  readonly imports: readonly string[];
}

const sources: SourceText[] = folders
  .flatMap((folder) =>
    [...readTree(join(root, folder), '.ts')].map(([path, text]) => describeSource(`${folder}/${path}`, text)),
  )
  .filter(({ path }) => !path.startsWith('test/codegen/golden/') && !path.includes('/target/'));

function describeSource(path: string, text: string): SourceText {
  const imports = [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'(\.[^']+)';/gms)].map(([, specifier]) =>
    normalize(join(dirname(path), specifier!)),
  );
  return { path, text, imports };
}

/** What a part of the project is, for the import rules. The first pattern that fits counts. */
const layers: readonly [name: string, pattern: RegExp][] = [
  ['spec text', /^spec\//],
  ['generations', /^generated\/v\d/],
  ['generated storage', /^generated\/(storage)\//],
  ['generated', /^generated\//],
  ['bytes', /^src\/bytes\//],
  ['lib', /^src\/lib\//],
  ['log', /^src\/log\//],
  ['catalog', /^src\/catalog\//],
  ['access', /^src\/access\//],
  ['protocol types', /^src\/protocol\/protocol\.ts$/],
  ['protocol', /^src\/protocol\//],
  ['handlers', /^src\/handlers\//],
  ['config', /^src\/config(\/|\.ts$)/],
  ['telemetry', /^src\/telemetry\//],
  ['server', /^src\/server\//],
  ['doctor', /^src\/doctor\//],
  ['main', /^src\/(main|server|front)\.ts$/],
  ['codegen', /^codegen\//],
  ['outside', /^(test|conformance|bench)\//],
];

/** Each layer and what it may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  generations: ['generated', 'bytes'],
  'generated storage': ['generated', 'bytes'],
  generated: ['generations', 'bytes'],
  bytes: [],
  lib: [],
  log: ['generated storage', 'generated', 'bytes', 'lib'],
  catalog: ['generated storage', 'generated', 'bytes', 'lib', 'log'],
  access: ['generated', 'lib'],
  'protocol types': ['generated', 'bytes'],
  protocol: ['generations', 'generated', 'bytes', 'lib', 'log', 'protocol types'],
  handlers: ['generated', 'catalog', 'access', 'log', 'lib', 'protocol types'],
  config: ['lib'],
  telemetry: ['lib'],
  server: ['generated', 'bytes', 'access', 'lib', 'protocol types'],
  doctor: ['generated storage', 'generated', 'bytes', 'lib', 'log', 'catalog'],
  main: [
    'generated',
    'bytes',
    'lib',
    'log',
    'catalog',
    'access',
    'protocol',
    'handlers',
    'config',
    'telemetry',
    'server',
  ],
  codegen: [],
};

function layerOf(path: string): string {
  return layers.find(([, pattern]) => pattern.test(path))?.[0] ?? 'unknown';
}

describe('imports', () => {
  test('every file belongs to a layer, and imports only what its layer may', () => {
    const broken: string[] = [];
    for (const { path, imports } of sources) {
      const layer = layerOf(path);
      assert.notEqual(layer, 'unknown', path);
      if (layer === 'outside') continue;
      for (const target of imports) {
        const other = layerOf(target);
        if (other !== layer && !allowed[layer]!.includes(other))
          broken.push(`${path} (${layer}) imports ${target} (${other})`);
      }
    }
    assert.deepEqual(broken, []);
  });

  test('every import names a file', () => {
    const missing = sources.flatMap(({ path, imports }) =>
      imports.filter((target) => !existsSync(join(root, target))).map((target) => `${path}: ${target}`),
    );
    assert.deepEqual(missing, []);
  });

  test('there is no cycle', () => {
    const graph = new Map(sources.map(({ path, imports }) => [path, imports]));
    const state = new Map<string, 'open' | 'done'>();
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'done') return;
      assert.notEqual(state.get(path), 'open', `cycle: ${[...trail, path].join(' → ')}`);
      state.set(path, 'open');
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
      state.set(path, 'done');
    };
    for (const { path } of sources) visit(path, []);
  });

  test('files outside the tests are all used', () => {
    const used = new Set(sources.flatMap(({ imports }) => imports));
    const entries =
      /^(src\/(main|doctor\/main)|codegen\/(main|check)|bench\/|conformance\/|test\/)|^generated\/(commands|arbitraries|(v\d_\d+|storage)\/arbitraries)/;
    const dead = sources
      .filter(({ path }) => !used.has(path) && !entries.test(path) && !path.endsWith('.d.ts'))
      .map(({ path }) => path);
    assert.deepEqual(dead, []);
  });
});

/** Node modules that only the named files may import. */
const guarded: readonly [module: RegExp, files: RegExp][] = [
  [/'node:fs(\/promises)?'/, /^src\/(log\/disk|config\/files|telemetry\/machine)\.ts$/],
  [/'node:(net|tls)'/, /^src\/server\/listener\.ts$/],
  [/'node:worker_threads'/, /^src\/access\/password(s|_worker)\.ts$/],
  [/'node:(http|https|http2|dgram|child_process|cluster)'/, /^$/],
];

describe('modules and words', () => {
  test('files and sockets are touched in their own files only', () => {
    for (const { path, text } of sources) {
      if (!path.startsWith('src/')) continue;
      for (const [module, files] of guarded)
        assert.ok(!module.test(text) || files.test(path), `${path} imports ${module.source}`);
    }
  });

  test('time and chance come from src/lib', () => {
    for (const { path, text } of sources) {
      if (!/^src\/(log|catalog|handlers|access|protocol)\//.test(path)) continue;
      assert.ok(
        !/\bDate\.now\(|\bnew Date\(|\bMath\.random\(|\bperformance\.now\(/.test(text),
        `${path} asks the machine for time or chance`,
      );
    }
  });

  test('generations are compared in src/protocol and codegen only', () => {
    for (const { path, text } of sources) {
      if (!path.startsWith('src/') || path.startsWith('src/protocol/') || path.startsWith('src/config')) continue;
      assert.ok(!/'v0_\d+'/.test(text), `${path} names a generation`);
    }
  });

  test('no file is called utils or helpers, none exports a default, none imports a host', () => {
    for (const { path, text } of sources) {
      assert.ok(!/(^|\/)(utils?|helpers?|misc|common)\.ts$/.test(path), path);
      assert.ok(!/^export default/m.test(text), `${path} has a default export`);
    }
  });

  test('names of files are snake_case', () => {
    for (const { path } of sources) assert.match(path.replace(/\.(test|d)\.ts$/, '.ts'), /^[a-z0-9_/]+\.ts$/);
  });
});

const lineMax = 400;
const functionLineMax = 70;

describe('sizes', () => {
  test(`no file written by hand is above ${lineMax} lines`, () => {
    const long = sources
      .filter(({ path, text }) => !path.startsWith('generated/') && text.split('\n').length > lineMax + 1)
      .map(({ path }) => path);
    assert.deepEqual(long, []);
  });

  test('every file begins by saying what it owns', () => {
    for (const { path, text } of sources) assert.ok(text.startsWith('// '), path);
  });

  test(`no function is above ${functionLineMax} lines`, () => {
    const project = new Project({ useInMemoryFileSystem: true });
    const long: string[] = [];
    for (const { path, text } of sources) {
      if (path.startsWith('generated/') || path.endsWith('.test.ts')) continue;
      for (const found of longFunctions(project.createSourceFile(path, text))) long.push(`${path}: ${found}`);
    }
    assert.deepEqual(long, []);
  });
});

/** Functions whose own statements are too many; an object of handlers is as long as its methods together, and they count each. */
function longFunctions(file: SourceFile): string[] {
  const found: string[] = [];
  for (const node of file.getDescendants()) {
    if (
      !Node.isFunctionDeclaration(node) &&
      !Node.isMethodDeclaration(node) &&
      !Node.isArrowFunction(node) &&
      !Node.isConstructorDeclaration(node)
    )
      continue;
    const inner = node.getDescendantsOfKind(SyntaxKind.MethodDeclaration).filter((method) => method !== node);
    const nested = inner.reduce((sum, method) => sum + lines(method), 0);
    if (lines(node) - nested > functionLineMax)
      found.push(
        `${'getName' in node ? node.getName() : 'arrow'} at line ${node.getStartLineNumber()} has ${lines(node)} lines`,
      );
  }
  return found;
}

function lines(node: Node): number {
  return node.getEndLineNumber() - node.getStartLineNumber() + 1;
}

test('the top level holds what the README says and nothing else', () => {
  const known = new Set([
    ...folders,
    'spec',
    'README.md',
    'LICENSE',
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'tsconfig.json',
    'biome.json',
    'node_modules',
    'local_data',
  ]);
  assert.deepEqual(
    readdirSync(root).filter((name) => !name.startsWith('.') && !known.has(name)),
    [],
  );
});
