// The runtime file: the effective configuration with the addresses really bound. Tools wait for it to know that the server is ready,
// and read it with the reference's own types, so every section and key of both releases is in it, with their spelling.
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { type Config, settings } from '../config.ts';
import { deleteFile, writeTextFile } from './files.ts';
import { type Section, SectionList, valueName } from './section.ts';
import { type Address, formatAddress, Setting } from './setting.ts';

/** Where each transport really listens; one that is not here is shown as off. */
export type BoundAddresses = { readonly [transport in (typeof transports)[number]]?: Address };
const transports = ['tcp', 'http', 'quic', 'websocket'] as const;

/** The path of the runtime file. */
export function runtimeFilePath({ system }: Config): string {
  return join(system.path, system.runtime.path, 'current_config.toml');
}

/** Writes the runtime file, whole or not at all. Call it last, when every listener is bound. */
export function writeRuntimeConfig(config: Config, bound: BoundAddresses): void {
  writeTextFile(runtimeFilePath(config), runtimeText(config, bound));
}

/** Deletes the runtime file of an earlier run. Call it first: whoever waits for the file must not read addresses of the past. */
export function deleteRuntimeConfig(config: Config): void {
  deleteFile(runtimeFilePath(config));
}

/** The text of the runtime file. Secrets are masked. */
export function runtimeText(config: Config, bound: BoundAddresses): string {
  const content = fileOf(settings, config as unknown as Record<string, unknown>);
  for (const transport of transports) {
    const section = content[transport] as Record<string, unknown>;
    const address = bound[transport];
    section.enabled = address !== undefined;
    if (address !== undefined) section.address = formatAddress(address);
  }
  return stringify(content);
}

/** A section as it stands in a file. One without a single value is left out: for a reader it must be absent, not empty. */
function fileOf(section: Section, values: Record<string, unknown>): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (const [key, node] of Object.entries(section)) {
    const value = values[valueName(key, node)];
    if (node instanceof Setting) {
      const shown = node.parts.format(value);
      if (shown !== undefined) content[key] = shown;
    } else if (node instanceof SectionList) {
      content[key] = (value as Record<string, unknown>[]).map((item) => fileOf(node.item, item));
    } else {
      const inner = fileOf(node, value as Record<string, unknown>);
      if (Object.keys(inner).length > 0) content[key] = inner;
    }
  }
  return content;
}
