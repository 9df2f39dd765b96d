// Loads spec files and checks that they keep to the dialect: known keys only, in their places. Meaning is resolve.ts' business.
import type { Diagnostics } from './diagnostics.ts';
import { parseYaml, type YamlNode } from './yaml.ts';

/** Keys the dialect knows, by place. `spec/dialect.schema.json` says the same to editors. */
export const dialectKeys = {
  file: ['meta', 'doc', 'doc-ref', 'seq', 'types', 'enums', '-generation', '-command', '-view', '-orig-id'],
  meta: ['id', 'title', 'license', 'ks-version', 'imports', 'encoding', 'endian'],
  type: ['doc', 'doc-ref', 'seq', '-view', '-orig-id'],
  field: [
    'id',
    'doc',
    'doc-ref',
    'type',
    'size',
    'size-eos',
    'contents',
    'encoding',
    'enum',
    'if',
    'valid',
    'repeat',
    'repeat-expr',
    'repeat-until',
    '-type',
    '-default',
    '-none',
    '-size-of',
    '-orig-id',
  ],
  switch: ['switch-on', 'cases'],
  valid: ['min', 'max', 'any-of', 'in-enum', '-error'],
  enumValue: ['id', 'doc', 'doc-ref', '-http', '-orig-id'],
  command: ['name', 'auth', 'permission'],
  permission: ['rule', 'resource'],
} as const;

const identifier = /^[a-z][a-z0-9_]*$/;

/** Names that generated bodies cannot give to a field: reserved words, and their own variables. */
const takenNames: ReadonlySet<string> = new Set([
  ...'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in'.split(
    ' ',
  ),
  ...'instanceof new null return super switch this throw true try typeof var void while with yield let static await async'.split(
    ' ',
  ),
  ...'reader end undefined'.split(' '),
]);

/** Parses every file and reports what is outside the dialect. Keys of the result are paths without extension. */
export function loadFiles(sources: ReadonlyMap<string, string>, diagnostics: Diagnostics): Map<string, YamlNode> {
  const files = new Map<string, YamlNode>();
  for (const [name, text] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const root = parseYaml(name, text, diagnostics);
    if (root === undefined) continue;
    if (root.entries === undefined) {
      diagnostics.report(root, 'a spec file is a mapping');
      continue;
    }
    checkFile(root, name.replace(/\.ksy$/, ''), diagnostics);
    files.set(name.replace(/\.ksy$/, ''), root);
  }
  return files;
}

function checkFile(root: YamlNode, path: string, diagnostics: Diagnostics): void {
  checkKeys(root, dialectKeys.file, 'a file', diagnostics);
  const meta = root.get('meta');
  if (meta === undefined) diagnostics.report(root, 'meta is missing');
  else {
    checkKeys(meta, dialectKeys.meta, 'meta', diagnostics);
    const id = meta.string('id');
    const expected = path.split('/').at(-1)!;
    if (id !== expected)
      diagnostics.report(meta.get('id') ?? meta, `meta id is ${id ?? 'missing'}, the file name says ${expected}`);
    if (meta.get('endian') !== undefined && meta.string('endian') !== 'le')
      diagnostics.report(meta.get('endian')!, 'endian must be le');
  }
  const command = root.get('-command');
  if (command !== undefined) checkCommand(command, root, diagnostics);
  checkSeq(root.get('seq'), diagnostics);
  for (const [id, type] of root.get('types')?.entries ?? []) {
    if (!identifier.test(id)) diagnostics.report(type, `type name ${id} is not snake_case`);
    checkKeys(type, dialectKeys.type, `type ${id}`, diagnostics);
    checkSeq(type.get('seq'), diagnostics);
  }
  for (const [id, node] of root.get('enums')?.entries ?? []) {
    if (!identifier.test(id)) diagnostics.report(node, `enum name ${id} is not snake_case`);
    for (const value of node.entries?.values() ?? []) {
      if (value.entries !== undefined) checkKeys(value, dialectKeys.enumValue, 'an enum value', diagnostics);
    }
  }
}

function checkCommand(command: YamlNode, root: YamlNode, diagnostics: Diagnostics): void {
  checkKeys(command, dialectKeys.command, '-command', diagnostics);
  if (command.string('name') === undefined) diagnostics.report(command, '-command needs a name');
  const auth = command.string('auth');
  if (auth !== 'none' && auth !== 'user')
    diagnostics.report(command.get('auth') ?? command, '-command auth must be none or user');
  const permission = command.get('permission');
  if (permission !== undefined) {
    checkKeys(permission, dialectKeys.permission, 'permission', diagnostics);
    if (permission.string('rule') === undefined) diagnostics.report(permission, 'permission needs a rule');
  }
  if (root.string('doc') === undefined) diagnostics.report(root.get('meta') ?? root, 'a command needs a doc');
}

function checkSeq(seq: YamlNode | undefined, diagnostics: Diagnostics): void {
  if (seq === undefined) return;
  if (seq.items === undefined) {
    diagnostics.report(seq, 'seq must be a list of fields');
    return;
  }
  for (const field of seq.items) {
    checkKeys(field, dialectKeys.field, 'a field', diagnostics);
    const id = field.string('id');
    if (id === undefined) diagnostics.report(field, 'a field needs an id');
    else if (!identifier.test(id)) diagnostics.report(field, `field id ${id} is not snake_case`);
    else if (takenNames.has(id))
      diagnostics.report(field, `field id ${id} is a word of TypeScript or of the generated code`);
    const type = field.get('type');
    if (type?.entries !== undefined) checkKeys(type, dialectKeys.switch, 'type', diagnostics);
    const valid = field.get('valid');
    if (valid?.entries !== undefined) checkKeys(valid, dialectKeys.valid, 'valid', diagnostics);
  }
}

function checkKeys(node: YamlNode, known: readonly string[], where: string, diagnostics: Diagnostics): void {
  if (node.entries === undefined) {
    diagnostics.report(node, `${where} must be a mapping`);
    return;
  }
  for (const [key, value] of node.entries) {
    if (!known.includes(key)) diagnostics.report(value, `${key} is not a key of ${where} in this dialect`);
  }
}
