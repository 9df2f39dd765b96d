// What names mean inside one spec file: its own types and enums, and those of its imports.
import type { Diagnostics } from './diagnostics.ts';
import type { Enum, SpecFile, Struct } from './model.ts';
import type { YamlNode } from './yaml.ts';

/** What a name can mean inside one file. */
export interface Scope {
  readonly file: SpecFile;
  struct(name: string): Struct | undefined;
  enum(name: string): Enum | undefined;
}

/** The scope of a file. Imports that name nothing are reported. */
export function scopeOf(
  file: SpecFile,
  root: YamlNode,
  files: ReadonlyMap<string, SpecFile>,
  diagnostics: Diagnostics,
): Scope {
  const imported = new Map<string, SpecFile>();
  const nodes = root.get('meta')?.get('imports')?.items ?? [];
  for (const [index, path] of file.imports.entries()) {
    const place = nodes[index]!;
    if (!path.startsWith('/')) diagnostics.report(place, `import ${path} must be absolute, from spec/`);
    const target = files.get(path.replace(/^\//, ''));
    if (target === undefined) diagnostics.report(place, `import ${path} names no file`);
    else imported.set(target.id, target);
  }
  return {
    file,
    struct: (name) => file.structs.find((struct) => struct.id === name) ?? imported.get(name)?.main,
    enum: (name) => {
      const [owner, id] = name.includes('::') ? (name.split('::') as [string, string]) : [undefined, name];
      const source = owner === undefined || owner === file.id ? file : imported.get(owner);
      return source?.enums.find((candidate) => candidate.id === id);
    },
  };
}
