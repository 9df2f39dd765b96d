// What handlers see: version-neutral types per group, the list of commands, and the shape of a command table's entry.
import { StructureKind } from 'ts-morph';
import type { Domain } from '../domain.ts';
import type { Command, Generation, Spec, SpecFile } from '../model.ts';
import { camel } from '../names.ts';
import { OutputFile } from './source_file.ts';
import { emitEnum, emitType, TypeNames } from './types.ts';

/** Each command once, as its newest generation has it, by code. */
export function allCommands(spec: Spec): Command[] {
  const byCode = new Map<number, Command>();
  for (const generation of spec.generations)
    for (const command of generation.commands) byCode.set(command.code, command);
  return [...byCode.values()].sort((a, b) => a.code - b.code);
}

/** `generated/commands/<group>.ts`, one per group of types. */
export function emitDomainTypes(domain: Domain): OutputFile[] {
  const files = new Map<string, OutputFile>();
  const fileOf = (path: string): OutputFile => {
    const found = files.get(path) ?? new OutputFile(path, `spec/*/${path.split('/')[1]}/*.ksy`);
    files.set(path, found);
    return found;
  };
  for (const found of domain.enums.values()) emitEnum(fileOf(found.path), found);
  for (const type of domain.types.values()) {
    if (type.variants.every((struct) => struct.isCase)) continue;
    const file = fileOf(type.path);
    emitType(file, new TypeNames(domain, file, 'Batch'), type);
  }
  return [...files.values()];
}

/** `generated/commands.ts`: everything of the groups, `CommandName`, and `Command`, the entry of a command table. */
export function emitCommands(spec: Spec, groups: readonly OutputFile[]): OutputFile {
  const output = new OutputFile('commands', 'spec/');
  const reader = output.use('src/bytes/reader', 'Reader', 'type');
  const writer = output.use('src/bytes/writer', 'Writer', 'type');
  for (const group of [...groups].sort((a, b) => (a.path < b.path ? -1 : 1)))
    output.add(`export * from './${group.path}.ts';`);
  output.add({
    kind: StructureKind.TypeAlias,
    isExported: true,
    name: 'CommandName',
    docs: ['Every command of every generation.'],
    type: allCommands(spec)
      .map((command) => `\n  | '${command.file.id}'`)
      .join(''),
  });
  output.add({
    kind: StructureKind.Interface,
    isExported: true,
    name: 'Command',
    docs: [
      'One command of one generation: what its spec says of it, and its codecs. The method of `Handlers` that `method` names serves it.',
    ],
    properties: [
      { isReadonly: true, name: 'command', type: 'CommandName' },
      { isReadonly: true, name: 'title', type: 'string', docs: ["The reference's dotted name."] },
      {
        isReadonly: true,
        name: 'method',
        type: `keyof ${output.use('handlers', 'Handlers', 'type')}<unknown, unknown, unknown>`,
      },
      { isReadonly: true, name: 'auth', type: "'none' | 'user'" },
      {
        isReadonly: true,
        name: 'permission',
        type: '{ readonly rule: string; readonly resource: readonly string[] } | undefined',
      },
    ],
    methods: ['Request', 'Response'].flatMap((part) => [
      { name: `decode${part}`, parameters: [{ name: 'reader', type: reader }], returnType: 'unknown' },
      {
        name: `encode${part}`,
        parameters: [
          { name: 'writer', type: writer },
          { name: 'value', type: 'unknown' },
        ],
        returnType: 'void',
      },
      { name: `sizeOf${part}`, parameters: [{ name: 'value', type: 'unknown' }], returnType: 'number' },
    ]),
  });
  output.add({
    kind: StructureKind.TypeAlias,
    isExported: true,
    name: 'CommandTable',
    docs: ['The commands of one generation by code.'],
    type: 'ReadonlyMap<number, Command>',
  });
  return output;
}

/** `generated/handlers.ts`: one method per command, and stubs that refuse. */
export function emitHandlers(spec: Spec, domain: Domain): OutputFile {
  const output = new OutputFile('handlers', 'spec/');
  const commands = allCommands(spec);
  const requests = new TypeNames(domain, output, 'SentBatch');
  const responses = new TypeNames(domain, output, 'PolledBatch');
  const error = output.use('errors', 'IggyError');
  output.add('/** A value, or a promise of it. */\nexport type Awaitable<T> = T | Promise<T>;');
  output.add({
    kind: StructureKind.Interface,
    isExported: true,
    name: 'Handlers',
    typeParameters: ['Context', 'SentBatch', 'PolledBatch'],
    docs: [
      'What a server does: one method per command, over version-neutral types. Each throws `IggyError` to refuse. The two batches are what its protocol layer makes of messages.',
    ],
    methods: commands.map((command) => ({
      name: camel(command.file.id),
      docs: [command.file.doc ?? command.file.title],
      parameters: [
        { name: 'request', type: requests.struct(command.request) },
        { name: 'context', type: 'Context' },
      ],
      returnType: `Awaitable<${command.response === undefined ? 'void' : responses.struct(command.response)}>`,
    })),
  });
  output.add((writer) => {
    writer
      .writeLine('function refuse(): never {')
      .indent(() => writer.write(`throw new ${error}('feature_unavailable');`))
      .newLine()
      .writeLine('}')
      .blankLine();
    writer.writeLine('/** Handlers that answer "feature unavailable". Spread it and override what is built. */');
    writer
      .write('export const unimplemented: Handlers<unknown, unknown, never> = ')
      .inlineBlock(() => {
        for (const command of commands) writer.writeLine(`${camel(command.file.id)}: refuse,`);
      })
      .write(';');
  });
  return output;
}

/** Adds a command's entry to its codec file: what the spec says of it, and its codecs. */
export function emitEntry(output: OutputFile, file: SpecFile): void {
  const { command, main } = file;
  if (command === undefined || main === undefined) return;
  const entry = output.use('commands', 'Command', 'type');
  const response = file.structs.find((struct) => struct.id === `${file.id}_response`);
  const permission =
    command.rule === undefined
      ? 'undefined'
      : `{ rule: '${command.rule}', resource: [${command.resource.map((id) => `'${camel(id)}'`).join(', ')}] }`;
  output.add((writer) => {
    writer
      .write(`export const ${camel(file.id)}: ${entry} = `)
      .inlineBlock(() => {
        writer
          .writeLine(`command: '${file.id}',`)
          .writeLine(`title: '${command.name}',`)
          .writeLine(`method: '${camel(file.id)}',`);
        writer.writeLine(`auth: '${command.auth}',`).writeLine(`permission: ${permission},`);
        for (const verb of ['decode', 'encode', 'sizeOf']) writer.writeLine(`${verb}Request: ${verb}${main.name},`);
        if (response === undefined) writer.writeLine(`...${output.use('src/bytes/no_response', 'noResponse')},`);
        else
          for (const verb of ['decode', 'encode', 'sizeOf'])
            writer.writeLine(`${verb}Response: ${verb}${response.name},`);
      })
      .write(';');
  });
}

/** Adds the command table of one generation to its protocol file. */
export function emitTable(output: OutputFile, generation: Generation): void {
  const table = output.use('commands', 'CommandTable', 'type');
  const releases = Object.entries(generation.releases).map(
    ([key, value]) => `${camel(key.replaceAll('-', '_'))}: '${value}'`,
  );
  output.add(`/** The releases this generation is pinned to. */\nexport const releases = { ${releases.join(', ')} };`);
  output.add((writer) => {
    writer.writeLine('/** The commands of this generation by code. */');
    writer
      .write(`export const commands: ${table} = new Map([`)
      .newLine()
      .indent(() => {
        for (const command of generation.commands)
          writer.writeLine(`[${command.code}, ${output.use(command.file.path, camel(command.file.id))}],`);
      })
      .write(']);');
  });
  if (generation.operations.size === 0) return;
  output.add((writer) => {
    writer.writeLine('/** The codes of commands that have an operation of their own. */');
    writer
      .write('export const operations: ReadonlyMap<number, number> = new Map([')
      .newLine()
      .indent(() => {
        for (const [operation, { code }] of generation.operations) writer.writeLine(`[${operation}, ${code}],`);
      })
      .write(']);');
  });
}
