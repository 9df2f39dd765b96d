// The official Kaitai Struct compiler and runtime as a second, independent reader of the spec.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import KaitaiStructCompiler from 'kaitai-struct-compiler';
import { parse } from 'yaml';

const specRoot = join(import.meta.dirname, '../../spec');
const require = createRequire(import.meta.url);
const KaitaiStream = require('kaitai-struct/KaitaiStream') as new (bytes: ArrayBuffer, offset: number) => Stream;

interface Stream {
  pos: number;
  size: number;
}

/** A structure that Kaitai read: its fields, and members of its own that begin with `_`. */
export type Struct = Readonly<Record<string, unknown>>;
type StructClass = (new (stream: Stream) => Struct) & Readonly<Record<string, unknown>>;

/** Reads payloads by the classes that the official compiler made of some spec files and all that they import. */
export class KaitaiReader {
  readonly #classes: ReadonlyMap<string, StructClass>;

  private constructor(classes: ReadonlyMap<string, StructClass>) {
    this.#classes = classes;
  }

  /** `names` are paths below `spec/` without ending. No two of the files involved may share an id. */
  static async compile(names: readonly string[]): Promise<KaitaiReader> {
    const sources = new Map<string, string>();
    for (const name of names) for (const [file, text] of (await compileSpec(name)).sources) sources.set(file, text);
    return new KaitaiReader(loadClasses(sources));
  }

  /** Reads a whole payload as `type`, or as the nested type `response` of it when the name ends so. */
  read(type: string, bytes: Uint8Array): Struct {
    const outer = this.#classes.get(pascalCase(type)) ?? this.#classes.get(pascalCase(type.replace(/_response$/, '')));
    const found = type.endsWith('_response') ? (outer?.Response as StructClass | undefined) : outer;
    if (found === undefined) throw new Error(`Kaitai has no class for ${type}`);
    const stream = new KaitaiStream(bytes.slice().buffer, 0);
    const struct = new found(stream);
    if (stream.pos !== stream.size) throw new Error(`${type}: Kaitai read ${stream.pos} of ${stream.size} bytes`);
    return struct;
  }
}

/** What the official compiler made of a spec file, by file name, and the files that took part, as paths below `spec/`. */
export interface Compiled {
  readonly sources: ReadonlyMap<string, string>;
  readonly inputs: ReadonlySet<string>;
}

const compiled = new Map<string, Promise<Compiled>>();

/** Compiles one spec file with its imports. Rejects with the place and problem that the official compiler names. */
export function compileSpec(name: string): Promise<Compiled> {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const compiling = compileNow(name);
  compiled.set(name, compiling);
  return compiling;
}

async function compileNow(name: string): Promise<Compiled> {
  const inputs = new Set([name]);
  const importer = {
    importYaml: (imported: string) => {
      inputs.add(imported.replace(/^\//, ''));
      return Promise.resolve(load(imported));
    },
  };
  const sources = await KaitaiStructCompiler.compile('javascript', load(name), importer, false);
  return { sources: new Map(Object.entries(sources)), inputs };
}

function load(name: string): unknown {
  return withWideIntegersAsBytes(parse(readFileSync(join(specRoot, `${name.replace(/^\//, '')}.ksy`), 'utf8')));
}

/** Kaitai's JavaScript rounds 64-bit integers to doubles; as 8 bytes they stay exact. */
function withWideIntegersAsBytes(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withWideIntegersAsBytes);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) =>
    key === 'type' && value === 'u8' ? ['size', 8] : [key, withWideIntegersAsBytes(value)],
  );
  return Object.fromEntries(entries);
}

/** Runs the compiled modules, each in a function of its own, linked as CommonJS. */
function loadClasses(sources: ReadonlyMap<string, string>): Map<string, StructClass> {
  const modules = new Map<string, Record<string, StructClass>>();
  const link = (name: string): Record<string, StructClass> => {
    const known = modules.get(name);
    if (known !== undefined) return known;
    const source = sources.get(`${name}.js`);
    if (source === undefined) throw new Error(`the official compiler made no ${name}.js`);
    const exported: Record<string, StructClass> = {};
    modules.set(name, exported);
    const resolve = (path: string) => (path.startsWith('./') ? link(path.slice(2)) : KaitaiStream);
    new Function('exports', 'require', source)(exported, resolve);
    return exported;
  };
  const classes = new Map<string, StructClass>();
  for (const file of sources.keys()) {
    for (const [name, made] of Object.entries(link(file.replace(/\.js$/, '')))) classes.set(name, made);
  }
  return classes;
}

function pascalCase(name: string): string {
  return name.replace(/(^|_)(\w)/g, (_, _underscore, letter: string) => letter.toUpperCase());
}
