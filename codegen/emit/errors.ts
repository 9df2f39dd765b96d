// The status catalogue: names, numbers, HTTP status, and the error that carries one.
import { type ClassDeclarationStructure, StructureKind } from 'ts-morph';
import type { Enum } from '../model.ts';
import { commentOf, OutputFile } from './source_file.ts';

/** `generated/errors.ts` from the enum in `spec/errors.ksy`. */
export function emitErrors(statuses: Enum | undefined): OutputFile {
  const output = new OutputFile('errors', 'spec/errors.ksy');
  const values = statuses?.values ?? [];
  output.add((writer) => {
    writer.writeLine('/** Status codes by name, as on the wire. 0 is success and has no name. */');
    writer
      .write('export const statusCodes = ')
      .inlineBlock(() => {
        for (const value of values) {
          if (value.doc !== undefined) writer.writeLine(commentOf(value.doc));
          writer.writeLine(`${value.id}: ${value.value},`);
        }
      })
      .write(' as const;')
      .newLine()
      .blankLine();
    writer.write('export type StatusName = keyof typeof statusCodes;');
  });
  output.add((writer) => {
    writer
      .writeLine('const httpStatuses: Partial<Record<StatusName, number>> = {')
      .indent(() => {
        for (const value of values)
          if (value.http !== undefined && value.http !== 400) writer.writeLine(`${value.id}: ${value.http},`);
      })
      .writeLine('};')
      .blankLine();
    writer.writeLine('/** HTTP status of a refusal. */');
    writer
      .write('export function httpStatusOf(status: StatusName): number ')
      .block(() => writer.write('return httpStatuses[status] ?? 400;'));
  });
  output.add((writer) => {
    writer.writeLine(
      "/** The reference's text for a status: its name as words, `invalid_command` → `Invalid command`. */",
    );
    writer.write('export function statusText(status: StatusName): string ').block(() => {
      writer.writeLine("const words = status.replaceAll('_', ' ');");
      writer.write('return words.charAt(0).toUpperCase() + words.slice(1);');
    });
  });
  output.add((writer) => {
    writer.writeLine('/** Whether a text is the name of a status. */');
    writer
      .write('export function isStatusName(name: string): name is StatusName ')
      .block(() => writer.write('return Object.hasOwn(statusCodes, name);'));
  });
  output.add(errorClass);
  return output;
}

const errorClass: ClassDeclarationStructure = {
  kind: StructureKind.Class,
  isExported: true,
  name: 'IggyError',
  extends: 'Error',
  docs: ['An expected refusal. Its status goes to the client; its message is for people and logs.'],
  properties: [
    { name: 'name', hasOverrideKeyword: true, isReadonly: true, initializer: "'IggyError'" },
    { name: 'status', isReadonly: true, type: 'StatusName' },
  ],
  ctors: [
    {
      parameters: [
        { name: 'status', type: 'StatusName' },
        { name: 'detail', type: 'string', hasQuestionToken: true },
      ],
      statements: ['super(detail ?? statusText(status));', 'this.status = status;'],
    },
  ],
  getAccessors: [
    {
      name: 'code',
      returnType: 'number',
      docs: ['The number on the wire.'],
      statements: ['return statusCodes[this.status];'],
    },
  ],
};
