// The whole compiler as one pure function: spec texts in, generated texts or diagnostics out.
import { type Diagnostic, Diagnostics } from './diagnostics.ts';
import { buildDomain } from './domain.ts';
import { emitArbitraries } from './emit/arbitraries.ts';
import { emitCodecs } from './emit/codec.ts';
import { emitCommands, emitDomainTypes, emitHandlers, emitTable } from './emit/commands.ts';
import { emitErrors } from './emit/errors.ts';
import { OutputFile } from './emit/source_file.ts';
import { checkRules } from './evolution.ts';
import { loadFiles } from './ksy.ts';
import type { Spec } from './model.ts';
import { resolve } from './resolve.ts';

export interface Compiled {
  /** Path under generated/, with extension, to text. Empty when there are diagnostics. */
  readonly files: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a spec. Keys of `sources` are paths under spec/, with extension. Never throws for a broken spec. */
export function compile(sources: ReadonlyMap<string, string>): Compiled {
  const diagnostics = new Diagnostics();
  const roots = loadFiles(sources, diagnostics);
  const spec = resolve(roots, diagnostics);
  const statuses = spec.files.get('errors')?.enums[0];
  checkRules(spec, new Set(statuses?.values.map((value) => value.id)), diagnostics);
  const domain = buildDomain(spec, diagnostics);
  if (diagnostics.any) return { files: new Map(), diagnostics: diagnostics.all };
  const groups = emitDomainTypes(domain);
  const outputs = [...groups, emitCommands(spec, groups), emitHandlers(spec, domain), emitErrors(statuses)];
  for (const file of spec.files.values()) {
    if (!isUsed(file.path, spec)) continue;
    outputs.push(emitCodecs(file, domain));
  }
  for (const generation of spec.generations) {
    const output = new OutputFile(generation.file.path, `spec/${generation.file.path}.ksy`);
    emitCodecs(generation.file, domain, output);
    emitTable(output, generation);
    outputs.push(output);
  }
  outputs.push(...emitArbitraries(spec, domain));
  const files = new Map<string, string>();
  for (const output of outputs) if (!output.isEmpty) files.set(`${output.path}.ts`, output.text());
  return { files, diagnostics: [] };
}

/** Protocol files and the status codes have emitters of their own. */
function isUsed(path: string, spec: Spec): boolean {
  return path !== 'errors' && !spec.generations.some((generation) => generation.file.path === path);
}
