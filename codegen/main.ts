// `pnpm codegen`: compiles spec/ into generated/ and says what changed. `--check` only compares.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compile } from './compile.ts';
import { formatDiagnostic } from './diagnostics.ts';

const help = `Usage: pnpm codegen [--check] [--spec DIR] [--out DIR]

Compiles the protocol spec into TypeScript.

  --check      write nothing; exit 1 when the output is stale
  --spec DIR   the spec (default: spec)
  --out DIR    where the output goes (default: generated)
  --help       this text

Example: pnpm codegen --check
`;

/** Every file below `folder` with that ending, by path relative to it. */
export function readTree(folder: string, ending: string): Map<string, string> {
  const files = new Map<string, string>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(ending)) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8'));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Runs the command. Returns the exit code: 0 done, 1 stale or broken spec, 2 wrong use. */
export function main(args: readonly string[], print: (line: string) => void): number {
  if (args.includes('--help')) {
    print(help);
    return 0;
  }
  const value = (name: string, fallback: string): string => args[args.indexOf(name) + 1 || args.length] ?? fallback;
  const unknown = args.find((arg, index) =>
    arg.startsWith('-')
      ? !['--check', '--spec', '--out'].includes(arg)
      : !['--spec', '--out'].includes(args[index - 1] ?? ''),
  );
  if (unknown !== undefined) {
    print(`codegen: unknown argument ${unknown}\n\n${help}`);
    return 2;
  }
  const out = value('--out', 'generated');
  const { files, diagnostics } = compile(readTree(value('--spec', 'spec'), '.ksy'));
  if (diagnostics.length > 0) {
    for (const diagnostic of diagnostics) print(formatDiagnostic(diagnostic));
    print(`codegen: ${diagnostics.length} ${diagnostics.length === 1 ? 'problem' : 'problems'}; nothing written`);
    return 1;
  }
  const before = readTree(out, '.ts');
  const changed = [...files].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
  const stale = [...before.keys()].filter((path) => !files.has(path));
  if (args.includes('--check')) {
    for (const path of [...changed, ...stale]) print(`${out}/${path} is stale`);
    if (changed.length + stale.length > 0) print('codegen: run `pnpm codegen` and commit the result');
    return changed.length + stale.length > 0 ? 1 : 0;
  }
  for (const path of changed) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), files.get(path)!);
    print(`${before.has(path) ? 'changed' : 'new    '} ${out}/${path}`);
  }
  for (const path of stale) {
    rmSync(join(out, path));
    print(`deleted ${out}/${path}`);
  }
  print(`codegen: ${files.size} files, ${changed.length} written, ${stale.length} deleted`);
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2), console.log);
