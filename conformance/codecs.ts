// Every type of every generation that can be compared byte for byte: request and response payloads, and the types inside them.
import type * as fc from 'fast-check';
import type { CommandTable } from '../generated/commands.ts';
import * as common from '../generated/common/arbitraries.ts';
import * as consumers from '../generated/common/consumer.ts';
import * as identifiers from '../generated/common/identifier.ts';
import * as partitionings from '../generated/common/partitioning.ts';
import * as permissions from '../generated/common/permissions.ts';
import * as strategies from '../generated/common/polling_strategy.ts';
import { arbitraries as arbitrariesV04 } from '../generated/v0_4/arbitraries.ts';
import { commands as commandsV04 } from '../generated/v0_4/protocol.ts';
import { arbitraries as arbitrariesV05 } from '../generated/v0_5/arbitraries.ts';
import { commands as commandsV05 } from '../generated/v0_5/protocol.ts';
import { arbitraries as arbitrariesV06 } from '../generated/v0_6/arbitraries.ts';
import { commands as commandsV06 } from '../generated/v0_6/protocol.ts';
import { arbitraries as arbitrariesV08 } from '../generated/v0_8/arbitraries.ts';
import { commands as commandsV08 } from '../generated/v0_8/protocol.ts';
import { arbitraries as arbitrariesV09 } from '../generated/v0_9/arbitraries.ts';
import { options } from '../generated/v0_9/options/arbitraries.ts';
import * as optionBlocks from '../generated/v0_9/options/options.ts';
import { commands as commandsV09 } from '../generated/v0_9/protocol.ts';
import type { GenerationName } from '../src/protocol/protocol.ts';
import { type Codec, codec } from './codec.ts';
import { frameCodecs } from './frame_codecs.ts';
import { messageCodecs } from './message_codecs.ts';

type Arbitraries = Readonly<
  Record<string, { request: fc.Arbitrary<unknown>; response: fc.Arbitrary<unknown> | undefined }>
>;

const tables: readonly [GenerationName, CommandTable, Arbitraries][] = [
  ['v0_4', commandsV04, arbitrariesV04],
  ['v0_5', commandsV05, arbitrariesV05],
  ['v0_6', commandsV06, arbitrariesV06],
  ['v0_8', commandsV08, arbitrariesV08],
  ['v0_9', commandsV09, arbitrariesV09],
];

/** Types by generation. Messages inside requests and responses are lists, not regions. */
export const generations: readonly { readonly name: GenerationName; readonly codecs: readonly Codec[] }[] = tables.map(
  ([name, commands, arbitraries]) => {
    const ownCodecs = name === 'v0_9' ? [optionsCodec(), ...frameCodecs()] : [];
    const codecs = [...sharedCodecs(), ...ownCodecs, ...commandCodecs(commands, arbitraries), ...messageCodecs(name)];
    const byName = new Map(codecs.map((codec) => [codec.name, codec]));
    return { name, codecs: [...byName.values()] };
  },
);

function sharedCodecs(): Codec[] {
  const { sizeOfIdentifier, encodeIdentifier, decodeIdentifier } = identifiers;
  const { sizeOfConsumer, encodeConsumer, decodeConsumer } = consumers;
  const { sizeOfPartitioning, encodePartitioning, decodePartitioning } = partitionings;
  const { sizeOfPollingStrategy, encodePollingStrategy, decodePollingStrategy } = strategies;
  const { sizeOfPermissions, encodePermissions, decodePermissions } = permissions;
  return [
    codec('identifier', common.identifier(), sizeOfIdentifier, encodeIdentifier, decodeIdentifier),
    codec('consumer', common.consumer(), sizeOfConsumer, encodeConsumer, decodeConsumer),
    codec('partitioning', common.partitioning(), sizeOfPartitioning, encodePartitioning, decodePartitioning),
    codec(
      'polling_strategy',
      common.pollingStrategy(),
      sizeOfPollingStrategy,
      encodePollingStrategy,
      decodePollingStrategy,
    ),
    codec('permissions', common.permissions(), sizeOfPermissions, encodePermissions, decodePermissions),
  ];
}

function optionsCodec(): Codec {
  const { sizeOfOptions, encodeOptions, decodeOptions } = optionBlocks;
  return codec('options', options(), sizeOfOptions, encodeOptions, decodeOptions);
}

function commandCodecs(commands: CommandTable, arbitraries: Arbitraries): Codec[] {
  return [...commands.values()].flatMap((command) => {
    const { request, response } = arbitraries[command.command]!;
    const { sizeOfRequest, encodeRequest, decodeRequest, sizeOfResponse, encodeResponse, decodeResponse } = command;
    const codecs = [codec(command.command, request, sizeOfRequest, encodeRequest, decodeRequest)];
    if (response !== undefined)
      codecs.push(codec(`${command.command}_response`, response, sizeOfResponse, encodeResponse, decodeResponse));
    return codecs;
  });
}
