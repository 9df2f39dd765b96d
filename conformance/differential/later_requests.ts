// Requests of generation 0.9 for what steps mean: settings of topics as options, logins that begin a session, offsets with an acknowledgement.

import type { Option } from '../../generated/commands/options.ts';
import type { CommandName } from '../../generated/commands.ts';
import { HeaderKind } from '../../generated/common/header_kind.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { protocolVersion } from '../../src/protocol/v0_9.ts';

const logins: Partial<Record<CommandName, CommandName>> = {
  login_user: 'login_register',
  login_with_personal_access_token: 'login_register_with_personal_access_token',
};

/** The command that does in 0.9 what steps call by this name. */
export function commandOfV09(command: CommandName): CommandName {
  return logins[command] ?? command;
}

/** The fields of a request as they are meant, and those that only 0.9 has. */
export function requestOfV09(meant: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const drawn = (meant.options ?? []) as readonly Option[];
  const settings = settingsOf(meant).filter(({ key }) => drawn.every((option) => option.key !== key));
  return {
    ...{ protocolVersion, sdkName: 'rust-sdk', sdkVersion: '0.11.0-edge.4', context: '', acknowledgement: 1 },
    ...meant,
    options: { entries: [...settings, ...drawn] },
  };
}

/** What older generations have fields for. The commonest compression is left out, as most clients do. */
function settingsOf({
  compressionAlgorithm,
  messageExpiry,
  maxTopicSize,
}: Readonly<Record<string, unknown>>): Option[] {
  return [
    ...(compressionAlgorithm === 2 ? [textOption('compression_algorithm', 'gzip')] : []),
    ...(messageExpiry === undefined ? [] : [numberOption('message_expiry', messageExpiry as bigint)]),
    ...(maxTopicSize === undefined ? [] : [numberOption('max_topic_size', maxTopicSize as bigint)]),
  ];
}

export function textOption(key: string, value: string): Option {
  return { key, kind: HeaderKind.string, value: Buffer.from(value) };
}

export function numberOption(key: string, value: bigint): Option {
  const writer = new Writer(8);
  writer.u64(value);
  return { key, kind: HeaderKind.uint64, value: writer.bytes };
}
