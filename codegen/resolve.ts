// YAML trees to the model: files with their structs, enums and imports; then fields (resolve_fields.ts); then generations.
import type { Diagnostics } from './diagnostics.ts';
import type { Command, Enum, EnumValue, Generation, Spec, SpecFile, Struct } from './model.ts';
import { pascal } from './names.ts';
import { resolveFields } from './resolve_fields.ts';
import { scopeOf } from './scope.ts';
import type { YamlNode } from './yaml.ts';

/** Builds the model of a whole spec. What cannot be resolved is reported and left out. */
export function resolve(roots: ReadonlyMap<string, YamlNode>, diagnostics: Diagnostics): Spec {
  const files = new Map<string, SpecFile>();
  for (const [path, root] of roots) files.set(path, declareFile(path, root, diagnostics));
  for (const [path, root] of roots) {
    const file = files.get(path)!;
    const scope = scopeOf(file, root, files, diagnostics);
    for (const struct of file.structs) {
      const node =
        struct === file.main
          ? root
          : root.get('types')!.get(struct.id === file.id ? struct.id : nestedId(file, struct))!;
      resolveFields(struct, node, scope, diagnostics);
    }
  }
  const generations: Generation[] = [];
  for (const [path, root] of roots) {
    if (path.endsWith('/protocol')) generations.push(resolveGeneration(path, root, files, diagnostics));
  }
  return { files, generations: generations.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** A command's nested `response` is known as `<command>_response` everywhere else. */
function nestedId(file: SpecFile, struct: Struct): string {
  return struct.id === `${file.id}_response` ? 'response' : struct.id;
}

function declareFile(path: string, root: YamlNode, diagnostics: Diagnostics): SpecFile {
  const meta = root.get('meta');
  const permission = root.get('-command')?.get('permission');
  const commandNode = root.get('-command');
  const file: SpecFile = {
    path,
    id: path.split('/').at(-1)!,
    title: meta?.string('title') ?? '',
    doc: root.string('doc')?.trim(),
    docRef: root.string('doc-ref'),
    place: { file: root.file, line: root.line },
    imports: (meta?.get('imports')?.items ?? []).map((item) => item.text ?? ''),
    command: commandNode && {
      name: commandNode.string('name') ?? '',
      auth: commandNode.string('auth') === 'none' ? 'none' : 'user',
      rule: permission?.string('rule'),
      resource: (permission?.get('resource')?.items ?? []).map((item) => item.text ?? ''),
      place: commandNode,
    },
    main: undefined,
    structs: [],
    enums: [],
  };
  const isProtocol = path.endsWith('/protocol');
  if (!isProtocol && (root.get('seq') !== undefined || commandNode !== undefined)) {
    file.main = declareStruct(file, file.id, root);
    file.structs.push(file.main);
  }
  for (const [id, node] of root.get('types')?.entries ?? []) {
    if (isProtocol && isFrame(node)) continue;
    if (id === 'response' && commandNode === undefined) diagnostics.report(node, 'only a command has a response');
    file.structs.push(declareStruct(file, id === 'response' ? `${file.id}_response` : id, node));
  }
  for (const [id, node] of root.get('enums')?.entries ?? []) file.enums.push(declareEnum(file, id, node, diagnostics));
  return file;
}

function declareStruct(file: SpecFile, id: string, node: YamlNode): Struct {
  return {
    id,
    name: pascal(id),
    file,
    place: { file: node.file, line: node.line },
    doc: node.string('doc')?.trim(),
    view: node.isTrue('-view'),
    fields: [],
    union: undefined,
    endsWithNext: false,
    isCase: false,
  };
}

function declareEnum(file: SpecFile, id: string, node: YamlNode, diagnostics: Diagnostics): Enum {
  const values: EnumValue[] = [];
  for (const [key, value] of node.entries ?? []) {
    const number = Number(key);
    const valueId = value.text ?? value.string('id');
    if (!Number.isInteger(number)) diagnostics.report(value, `enum value ${key} is not an integer`);
    else if (valueId === undefined || !/^[a-z][a-z0-9_]*$/.test(valueId))
      diagnostics.report(value, `enum value ${key} needs a snake_case id`);
    else if (values.some((known) => known.id === valueId))
      diagnostics.report(value, `enum value id ${valueId} is used twice`);
    else {
      const http = value.string('-http');
      values.push({
        value: number,
        id: valueId,
        doc: value.string('doc')?.trim(),
        http: http === undefined ? undefined : Number(http),
        place: value,
      });
    }
  }
  return { id, name: pascal(id), file, place: { file: node.file, line: node.line }, values };
}

function resolveGeneration(
  path: string,
  root: YamlNode,
  files: ReadonlyMap<string, SpecFile>,
  diagnostics: Diagnostics,
): Generation {
  const file = files.get(path)!;
  const releases: Record<string, string> = {};
  const generation = root.get('-generation');
  if (generation === undefined) diagnostics.report(root, 'protocol.ksy needs -generation');
  for (const [key, value] of generation?.entries ?? []) releases[key] = value.text ?? '';
  const request = root.get('types')?.get('request');
  const outer = request === undefined ? undefined : casesOf(request);
  if (outer === undefined)
    diagnostics.report(root, 'protocol.ksy needs a type request whose payload has a switch-on with cases');
  const place = { file, files, diagnostics };
  // Where operations choose the command, the one that leaves it to a code has a type of its own in this file.
  const byCode = [...(outer?.values() ?? [])].map((node) => root.get('types')?.get(node.text ?? '')).find(Boolean);
  const codes = byCode === undefined ? outer : casesOf(byCode);
  const commands: Command[] = [];
  for (const [code, node] of codes ?? []) {
    const command = resolveCase(code, node, place);
    if (command !== undefined) commands.push(command);
  }
  const operations = new Map<number, Command>();
  if (byCode !== undefined) {
    for (const [operation, node] of outer ?? []) {
      const command = commands.find(({ file: { id } }) => id === node.text);
      if (command !== undefined) operations.set(Number(operation), command);
      else if (root.get('types')?.get(node.text ?? '') !== byCode)
        diagnostics.report(node, `operation ${operation} is ${node.text}, which has no code`);
    }
  }
  return {
    name: path.split('/')[0]!,
    file,
    releases,
    commands: commands.sort((a, b) => a.code - b.code),
    operations,
  };
}

/** A type of a protocol file that only says how a frame leads to its command. */
function isFrame(type: YamlNode): boolean {
  return casesOf(type) !== undefined;
}

/** The cases of the field of a type that switches. */
function casesOf(type: YamlNode): ReadonlyMap<string, YamlNode> | undefined {
  const switching = type.get('seq')?.items?.find((field) => field.get('type')?.get('cases') !== undefined);
  return switching?.get('type')?.get('cases')?.entries;
}

function resolveCase(
  code: string,
  node: YamlNode,
  { file, files, diagnostics }: { file: SpecFile; files: ReadonlyMap<string, SpecFile>; diagnostics: Diagnostics },
): Command | undefined {
  const target = file.imports
    .map((name) => files.get(name.replace(/^\//, '')))
    .find((candidate) => candidate?.id === node.text);
  if (!/^\d+$/.test(code)) diagnostics.report(node, `command code ${code} is not a number`);
  else if (target === undefined) diagnostics.report(node, `command ${node.text} is not imported`);
  else if (target.command === undefined || target.main === undefined)
    diagnostics.report(node, `${target.path} is not a command: it has no -command`);
  else {
    const response = target.structs.find((struct) => struct.id === `${target.id}_response`);
    return { code: Number(code), file: target, meta: target.command, request: target.main, response };
  }
  return undefined;
}
