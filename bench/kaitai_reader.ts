// Kaitai's own JavaScript readers of our spec files, compiled when asked for: the independent reader that benches compare with.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { KaitaiStream } from 'kaitai-struct';
import KaitaiStructCompiler from 'kaitai-struct-compiler';
import { parse } from 'yaml';

/** Reads a whole buffer as one type. */
export type KaitaiReader<Value> = (bytes: ArrayBuffer) => Value;

type KaitaiClass<Value> = new (stream: object, parent: null, root: null) => Value;
type KaitaiModule = Record<string, unknown>;

/**
 * Compiles `spec/<file>.ksy` with all it imports and returns the reader of `typePath`, a class name and the names of nested types
 * (`['PollMessages', 'Response']`). Each call has modules of its own: Kaitai takes files with one id for one file.
 */
export async function kaitaiReader<Value>(file: string, typePath: readonly string[]): Promise<KaitaiReader<Value>> {
  const importer = { importYaml: (name: string) => Promise.resolve(specOf(name.replace(/^\//, ''))) };
  const texts = await KaitaiStructCompiler.compile('javascript', specOf(file), importer, false);
  const modules = new Map<string, KaitaiModule>();
  let found: unknown = load(typePath[0]!, texts, modules);
  for (const name of typePath) found = (found as KaitaiModule)[name];
  const type = found as KaitaiClass<Value>;
  return (bytes) => new type(new Stream(bytes), null, null);
}

// The package's types describe another form of module than it has.
const Stream = KaitaiStream as unknown as new (bytes: ArrayBuffer) => object;

function specOf(name: string): unknown {
  return parse(readFileSync(new URL(`../spec/${name}.ksy`, import.meta.url), 'utf8'));
}

const requirePackage = createRequire(import.meta.url);

/** Runs a generated CommonJS module once. */
function load(name: string, texts: Readonly<Record<string, string>>, modules: Map<string, KaitaiModule>): KaitaiModule {
  const loaded = modules.get(name);
  if (loaded !== undefined) return loaded;
  const exports: KaitaiModule = {};
  modules.set(name, exports);
  const requireModule = (id: string): unknown =>
    id.startsWith('./') ? load(id.slice(2), texts, modules) : requirePackage(id);
  compileFunction(texts[`${name}.js`]!, ['exports', 'require'], { filename: `${name}.js` })(exports, requireModule);
  return exports;
}
