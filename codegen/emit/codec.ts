// One file per spec file: local types and enums, request and response codecs, nested codecs, views; always in that order.
import type { Domain } from '../domain.ts';
import type { SpecFile, Struct } from '../model.ts';
import { emitEntry } from './commands.ts';
import { type CodecContext, decodeFunction } from './decode.ts';
import { encodeFunction } from './encode.ts';
import { sizeFunction } from './sizes.ts';
import { OutputFile } from './source_file.ts';
import { emitEnum, emitType, TypeNames } from './types.ts';
import { emitView } from './view.ts';

/** The codec file of one spec file. A protocol file gets its frame types from here too. */
export function emitCodecs(
  file: SpecFile,
  domain: Domain,
  output = new OutputFile(file.path, `spec/${file.path}.ksy`),
): OutputFile {
  const names = new TypeNames(domain, output, 'Uint8Array');
  const context: CodecContext = { file: output, names };
  for (const found of file.enums) {
    if (domain.enumOf(found).path === file.path) emitEnum(output, domain.enumOf(found));
  }
  const structs = inOrder(file).filter((struct) => !struct.isCase);
  for (const struct of structs) {
    const type = domain.typeOf(struct);
    if (type.path === file.path) emitType(output, localNames(struct, domain, output), type);
  }
  for (const struct of structs) {
    output.add(decodeFunction(struct, context, `Reads ${described(struct)}.`));
    output.add(encodeFunction(struct, context, `Writes ${described(struct)}.`));
    output.add(sizeFunction(struct, context));
  }
  emitEntry(output, file);
  for (const struct of structs) if (struct.view) emitView(output, struct);
  return output;
}

function localNames(struct: Struct, domain: Domain, output: OutputFile): TypeNames {
  return new TypeNames(domain, output, domain.typeOf(struct).generic ? 'Batch' : 'Uint8Array');
}

/** Request, response, then the rest. */
function inOrder(file: SpecFile): Struct[] {
  const response = file.structs.filter((struct) => struct.id === `${file.id}_response`);
  return [
    ...(file.main === undefined ? [] : [file.main]),
    ...response,
    ...file.structs.filter((struct) => struct !== file.main && !response.includes(struct)),
  ];
}

function described(struct: Struct): string {
  const { file } = struct;
  if (file.command === undefined) return `one \`${struct.id}\``;
  if (struct === file.main) return `the request payload of \`${file.id}\``;
  return struct.id === `${file.id}_response` ? `the response payload of \`${file.id}\`` : `one \`${struct.id}\``;
}
