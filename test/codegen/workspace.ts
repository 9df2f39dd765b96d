// A scratch copy of the project's shape: generated code beside the real src/, so that it can be type-checked and run.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface Workspace {
  readonly folder: string;
  write(path: string, text: string): void;
  /** What `tsc` says of all that is in it; empty when it is content. */
  typeErrors(): string;
  remove(): void;
}

/** Makes a folder with `src`, `node_modules` and the compiler's settings as links to the project's own; what is in `copied` is a copy instead. */
export function makeWorkspace(copied: readonly string[] = []): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'whippet-codegen-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['src', 'node_modules'])
    if (!copied.includes(name)) symlinkSync(join(root, name), join(folder, name));
  write('package.json', '{ "type": "module" }');
  const compilerOptions = { preserveSymlinks: true, types: ['node'] };
  const include = ['generated', ...copied];
  write(
    'tsconfig.json',
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include, exclude: [] }),
  );
  return {
    folder,
    write,
    typeErrors() {
      const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
      return `${stdout}${stderr}`;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
