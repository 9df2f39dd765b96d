// Rules across generations, and those that one generation must keep for its types to be told apart. Prose: spec/README.md.
import type { Diagnostics } from './diagnostics.ts';
import type { Generation, Spec, SpecFile, Struct } from './model.ts';
import { minStructSize } from './sizes.ts';

/** Checks codes, ids and lists. Field types over generations are checked where they are merged (domain.ts). */
export function checkRules(spec: Spec, statusNames: ReadonlySet<string>, diagnostics: Diagnostics): void {
  checkCodes(spec, diagnostics);
  for (const generation of spec.generations) checkIds(generation, spec, diagnostics);
  for (const file of spec.files.values()) {
    for (const struct of file.structs) checkStruct(struct, statusNames, diagnostics);
    if (file.command !== undefined) checkPermission(file, diagnostics);
  }
}

function checkCodes(spec: Spec, diagnostics: Diagnostics): void {
  const byCode = new Map<number, SpecFile>();
  for (const generation of spec.generations) {
    const seen = new Set<number>();
    for (const command of generation.commands) {
      const known = byCode.get(command.code);
      if (seen.has(command.code))
        diagnostics.report(generation.file.place, `code ${command.code} stands twice in ${generation.name}`);
      if (known !== undefined && known.id !== command.file.id) {
        diagnostics.report(
          generation.file.place,
          `code ${command.code} is ${command.file.id} in ${generation.name} but ${known.id} in ${known.path}`,
        );
      }
      seen.add(command.code);
      byCode.set(command.code, known ?? command.file);
    }
  }
}

/** Kaitai lets one of two imports with the same id shadow the other without a word. */
function checkIds(generation: Generation, spec: Spec, diagnostics: Diagnostics): void {
  const byId = new Map<string, SpecFile>();
  const visit = (file: SpecFile): void => {
    const known = byId.get(file.id);
    if (known === file) return;
    if (known !== undefined) {
      diagnostics.report(
        generation.file.place,
        `${generation.name} reaches ${file.id} in two folders: ${known.path} and ${file.path}`,
      );
      return;
    }
    byId.set(file.id, file);
    for (const path of file.imports) {
      const target = spec.files.get(path.replace(/^\//, ''));
      if (target !== undefined) visit(target);
    }
  };
  visit(generation.file);
}

/** Types that generated code uses; a spec type of that name would hide it. */
const takenTypes: ReadonlySet<string> = new Set(
  'Record Readonly Partial Map Set ReadonlySet ReadonlyMap Promise Awaitable DataView Uint8Array ArrayBuffer Object Error Batch Context Reader Writer Command CommandName CommandTable Handlers IggyError StatusName'.split(
    ' ',
  ),
);

/** Members every view has. */
const viewMembers: ReadonlySet<string> = new Set(['bytes', 'position', 'size', 'wrap', 'fits']);

function checkStruct(struct: Struct, statusNames: ReadonlySet<string>, diagnostics: Diagnostics): void {
  if (takenTypes.has(struct.name))
    diagnostics.report(struct.place, `type ${struct.id} would hide ${struct.name} of the generated code`);
  for (const field of struct.fields) {
    const status = field.valid?.error;
    if (status !== undefined && !statusNames.has(status))
      diagnostics.report(field.place, `status ${status} is not in errors.ksy`);
    if (field.repeat !== undefined && field.type.kind === 'struct' && minStructSize(field.type.struct) === 0) {
      diagnostics.report(field.place, `${field.id}: elements may be empty, so the list would never end`);
    }
    if (field.repeat?.kind === 'next' && field.type.kind === 'struct' && !field.type.struct.endsWithNext) {
      diagnostics.report(field.place, `${field.id}: ${field.type.struct.id} must end with has_next`);
    }
    if (struct.view && viewMembers.has(field.id))
      diagnostics.report(field.place, `field id ${field.id} is a member of every view`);
    if (/^(len|num|has)_/.test(field.id) && field.role.kind === 'value') {
      diagnostics.report(field.place, `${field.id} derives nothing: no size, repeat-expr or if of this type uses it`);
    }
  }
}

function checkPermission(file: SpecFile, diagnostics: Diagnostics): void {
  for (const id of file.command?.resource ?? []) {
    if (!file.main?.fields.some((field) => field.id === id))
      diagnostics.report(file.command!.place, `permission resource ${id} is not a field of the request`);
  }
}
