// What generations 0.4 to 0.8 share: 8-byte frames around a payload. Each generation's own file names the differences.
import type { Command, CommandName, CommandTable } from '../../generated/commands.ts';
import { encodeReplyHeader, ReplyHeaderView } from '../../generated/common/reply_header.ts';
import { IggyError, type StatusName, statusCodes } from '../../generated/errors.ts';
import { Reader } from '../bytes/reader.ts';
import type { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import type { MessageBatch, StoredMessages } from '../log/batch.ts';
import type { ClassicName, GenerationRules, Protocol, RequestFault } from './protocol.ts';

/** How one generation lays out messages. */
export interface BatchLayout {
  /** A sent region as a batch in stored layout. @throws WireError, IggyError */
  read(region: Uint8Array): MessageBatch;
  /** Stored messages of a partition as a poll answer's region, in pieces. */
  write(stored: StoredMessages, partitionId: number): Uint8Array[];
}

export interface ClassicGeneration {
  readonly name: ClassicName;
  readonly idBase: 0 | 1;
  readonly commands: CommandTable;
  readonly rules: GenerationRules;
  readonly batches: BatchLayout;
  /** The request as handlers get it; refuses what the generation's own validation refuses. */
  checkRequest?(command: Command, request: unknown, payload: Uint8Array): unknown;
  statusOf(error: WireError): StatusName;
  keyedPartition(hash: number, count: number): number;
  /** The bytes behind an error's status; none in most generations. */
  refusalPayload?(text: string): Uint8Array;
}

const { headerSize } = ReplyHeaderView;
const noBytes = new Uint8Array(0);

/** Assembles the protocol of one classic generation. */
export function classicProtocol(generation: ClassicGeneration): Protocol {
  const { name, idBase, commands, rules, batches } = generation;
  return {
    name,
    idBase,
    commands,
    rules,
    // Partition 0 on the wire.
    noPartitionId: -idBase,
    commandOf: ({ code }) => commands.get(code),
    clientIdOf: () => undefined,
    changeNumberOf: () => undefined,
    readRequest(command, { payload }) {
      const request = command.decodeRequest(new Reader(payload, idBase));
      const checked = generation.checkRequest?.(command, request, payload) ?? request;
      if (command.command !== 'send_messages') return checked;
      const { messages, ...rest } = checked as { messages: Uint8Array };
      return { ...rest, messages: batches.read(messages) };
    },
    writeReply(command, response) {
      if (command.command !== 'poll_messages') return [frame(command, response, 0, idBase)];
      const { messages, ...rest } = response as { messages: StoredMessages; partitionId: number };
      const { region, regionSize } = polledRegion(batches, messages, rest.partitionId);
      return [frame(command, { ...rest, messages: noBytes }, regionSize, idBase), ...region];
    },
    writeRefusal(status, text) {
      const shown = rules.missingNamesHaveOwnStatus ? status : (sharedStatus[status] ?? status);
      return [refusal(statusCodes[shown], generation.refusalPayload?.(text) ?? noBytes)];
    },
    statusOf: (error) => generation.statusOf(error),
    keyedPartition: (hash, count) => generation.keyedPartition(hash, count),
  };
}

/** The messages of a poll answer, and their size. */
export function polledRegion(batches: BatchLayout, messages: StoredMessages, partitionId: number) {
  const region = batches.write(messages, partitionId);
  return { region, regionSize: region.reduce((size, piece) => size + piece.byteLength, 0) };
}

/** Where names and ids that are not found share a status, and a topic without partitions lacks the one asked for. */
export const sharedStatus: Partial<Record<StatusName, StatusName>> = {
  stream_name_not_found: 'stream_id_not_found',
  topic_name_not_found: 'topic_id_not_found',
  consumer_group_name_not_found: 'consumer_group_id_not_found',
  no_partitions: 'partition_not_found',
};

/** Header and payload in one buffer; `following` bytes of the same frame come after it. */
function frame(command: Command, response: unknown, following: number, idBase: number): Uint8Array {
  const size = command.sizeOfResponse(response);
  const writer = new Writer(headerSize + size, idBase);
  encodeReplyHeader(writer, { status: 0, length: size + following });
  command.encodeResponse(writer, response);
  return writer.bytes;
}

function refusal(code: number, payload: Uint8Array): Uint8Array {
  const writer = new Writer(headerSize + payload.byteLength);
  encodeReplyHeader(writer, { status: code, length: payload.byteLength });
  writer.put(payload);
  return writer.bytes;
}

/** The status of malformed bytes. Servers 0.5 to 0.7 closed the connection instead, and no client depends on that. */
export function statusOfWireError(error: WireError): StatusName {
  // The only number of a request that may be too large for the server is an offset.
  return (error.status as StatusName | undefined) ?? (error.kind === 'range' ? 'invalid_offset' : 'invalid_command');
}

/** From 0.5 on: messages are not looked at before the login, and of other requests only their form is. */
export function loginBeforeSendsAndValues(command: CommandName, fault: RequestFault): boolean {
  return command === 'send_messages' || fault === 'value';
}

/** Refuses a request that carries no messages. */
export function checkMessagesCount(count: number): void {
  if (count === 0) throw new IggyError('invalid_messages_count');
}
