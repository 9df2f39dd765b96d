// YAML text to a tree whose every node knows its file and line. The spec is read only through this.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { Diagnostics } from './diagnostics.ts';

/** One node of a spec file: a mapping, a list or a plain value. */
export class YamlNode {
  readonly file: string;
  /** Line from 1: of the key for a mapping's value, of the value itself in a list. */
  readonly line: number;
  readonly entries: ReadonlyMap<string, YamlNode> | undefined;
  readonly items: readonly YamlNode[] | undefined;
  /** Text exactly as written for numbers, so that 64-bit values stay exact. */
  readonly text: string | undefined;
  readonly isBoolean: boolean;

  constructor(
    file: string,
    line: number,
    content: {
      entries?: ReadonlyMap<string, YamlNode>;
      items?: readonly YamlNode[];
      text?: string;
      isBoolean?: boolean;
    },
  ) {
    this.file = file;
    this.line = line;
    this.entries = content.entries;
    this.items = content.items;
    this.text = content.text;
    this.isBoolean = content.isBoolean ?? false;
  }

  get(key: string): YamlNode | undefined {
    return this.entries?.get(key);
  }

  /** The text of a plain child, undefined when absent or not plain. */
  string(key: string): string | undefined {
    return this.get(key)?.text;
  }

  isTrue(key: string): boolean {
    const node = this.get(key);
    return node?.isBoolean === true && node.text === 'true';
  }
}

/** Parses one file. YAML mistakes and duplicate keys become diagnostics; what can be read is returned. */
export function parseYaml(file: string, text: string, diagnostics: Diagnostics): YamlNode | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  // What follows a first syntax error is mostly its echo, so a file reports one; duplicate keys are reported each.
  const duplicates = document.errors.filter((error) => error.code === 'DUPLICATE_KEY');
  const errors = duplicates.length > 0 ? duplicates : document.errors.slice(0, 1);
  for (const error of errors) {
    const summary = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
    diagnostics.report({ file, line: lines.linePos(error.pos[0]).line }, `not valid YAML: ${summary}`);
  }
  if (errors.length > 0 || document.contents === null) return undefined;
  return convert(file, lines, document.contents as ParsedNode, undefined, diagnostics);
}

function convert(
  file: string,
  lines: LineCounter,
  node: ParsedNode,
  keyLine: number | undefined,
  diagnostics: Diagnostics,
): YamlNode {
  const line = keyLine ?? lines.linePos(node.range[0]).line;
  if (isMap(node)) {
    const entries = new Map<string, YamlNode>();
    for (const pair of node.items) {
      const key = pair.key as ParsedNode;
      const entryLine = lines.linePos(key.range[0]).line;
      const name = isScalar(key) ? (key.source ?? String(key.value)) : '?';
      entries.set(
        name,
        pair.value === null
          ? new YamlNode(file, entryLine, {})
          : convert(file, lines, pair.value, entryLine, diagnostics),
      );
    }
    return new YamlNode(file, line, { entries });
  }
  if (isSeq(node))
    return new YamlNode(file, line, {
      items: node.items.map((item) => convert(file, lines, item as ParsedNode, undefined, diagnostics)),
    });
  if (isAlias(node)) {
    diagnostics.report({ file, line }, 'YAML aliases are not part of the dialect');
    return new YamlNode(file, line, {});
  }
  const scalar = node as Extract<ParsedNode, { value: unknown }>;
  const isBoolean = typeof scalar.value === 'boolean';
  const text = typeof scalar.value === 'number' ? (scalar.source ?? String(scalar.value)) : String(scalar.value ?? '');
  return new YamlNode(file, line, { text, isBoolean });
}
