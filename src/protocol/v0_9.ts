// Generation 0.9 (SDK 0.11.0): frames with 256-byte headers, a login that begins a session, changes with operations and results of their own.

import type { CreatePartitions } from '../../generated/commands/partitions.ts';
import type { Command } from '../../generated/commands.ts';
import { IggyError, type StatusName, statusCodes } from '../../generated/errors.ts';
import { EvictionView } from '../../generated/v0_9/eviction.ts';
import { commands, operations } from '../../generated/v0_9/protocol.ts';
import { ReplyHeaderView } from '../../generated/v0_9/reply_header.ts';
import { RequestHeaderView } from '../../generated/v0_9/request_header.ts';
import { encodeResultSection, sizeOfResultSection } from '../../generated/v0_9/result_section.ts';
import { Reader } from '../bytes/reader.ts';
import { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import { xxh3 } from '../lib/checksum.ts';
import type { StoredMessages } from '../log/batch.ts';
import { batchesV09 } from './batches_v0_9.ts';
import { polledRegion, sharedStatus, statusOfWireError } from './classic.ts';
import { byCodeOperation } from './framing.ts';
import { keyedFromZero } from './partition_keys.ts';
import type { Frame, Protocol, Reply } from './protocol.ts';
import { viewOf } from './regions.ts';

/** 0.11.0, as `login_register` packs versions. The patch is not looked at; every other part must be equal. */
export const protocolVersion = (11 << 10) | 0;
const patchBits = 10;

const Header = RequestHeaderView;
const { headerSize } = Header;
const requestCommand = 5;
const replyCommand = 8;
const evictionCommand = 13;

const registerOperation = 1;
const loginCode = 40;
const loginWithTokenCode = 45;
/** Logins of older generations, which cannot begin a session. */
const classicLoginCodes: readonly number[] = [38, 44];
/** Changes from here on begin their replies with a result section; but for the two below. */
const firstChange = 128;
/** From here on changes of one partition, whose numbers early releases gave twice. */
const firstPartitionOperation = 160;
const withoutResults: ReadonlySet<number> = new Set([138, 160]);

/** Why a session ended, or was not begun. */
const evictionReasons = {
  no_session: 1,
  invalid_credentials: 9,
  invalid_token: 10,
  user_inactive: 11,
  session_error: 12,
  stale_client: 13,
  incompatible_protocol: 14,
  malformed_login: 15,
} as const;
type EvictionReason = keyof typeof evictionReasons;

/** Statuses that are found before a change is tried: they stand in the header, all others in the result section. */
const beforeTheChange: ReadonlySet<StatusName> = new Set<StatusName>([
  'error',
  'disconnected',
  'invalid_command',
  'invalid_format',
  'unsupported_option_key',
  'invalid_option_value',
  'too_many_partitions',
  'invalid_topic_size',
  'invalid_segment_size',
  'personal_access_tokens_limit_reached',
]);

/** Changes of one partition tell in one word that there is no such place, or that it is not the client's. */
const places: ReadonlySet<StatusName> = new Set<StatusName>([
  'stream_id_not_found',
  'topic_id_not_found',
  'partition_not_found',
  'consumer_group_id_not_found',
  'consumer_group_member_not_found',
  'not_resolved_consumer',
]);

const partitionsChangedMax = 1000;

const noBytes = new Uint8Array(0);

export const v09: Protocol = {
  name: 'v0_9',
  idBase: 0,
  // What members are told of a partition that belongs to another one.
  noPartitionId: 0xffff_ffff,
  commands,
  rules: {
    singleGetsHide: 'none',
    missingParentListsNothing: true,
    groupsNeedTheirTopic: true,
    offsetsNeedTheirPartition: true,
    neverStoredOffsetIsZero: false,
    overDeletingPartitionsDeletesAll: false,
    missingNamesHaveOwnStatus: false,
    namesAreNormalized: false,
    emptyPartitionsTakeNoOffset: true,
    membersAreShownByClientId: false,
    membersPollOnlyTheirOwn: true,
    membersBeginAtTheirFirst: true,
    strangersMayNamePartitions: false,
    strangersMayLeaveGroups: false,
    strangersPollNothing: true,
    logoutEndsEverything: true,
    settingsAreOptions: true,
    messageOverhead: 48,
    // Without a session nothing of a request is looked at.
    loginComesFirst: () => true,
  },
  commandOf(frame) {
    if (!isSound(frame.head)) return undefined;
    if (operationOf(frame.head) === registerOperation) return loginOf(frame.payload);
    const isLogin = frame.code === loginCode || frame.code === loginWithTokenCode;
    return isLogin ? undefined : commands.get(frame.code);
  },
  clientIdOf: ({ head }) => headerOf(head).clientId,
  changeNumberOf({ head }) {
    const { operation, request, requestChecksum: checksum } = headerOf(head);
    return operation >= firstChange && operation < firstPartitionOperation ? { request, checksum } : undefined;
  },
  readRequest(command, { head, payload }) {
    // First of all: what else a newer dialect means by its fields is not known.
    if (operationOf(head) === registerOperation) checkVersion(payload);
    const stamped = headerOf(head).requestChecksum;
    if (stamped !== 0n && stamped !== xxh3(payload))
      throw new IggyError('invalid_format', 'the body is not the one that its checksum was made of');
    const request = command.decodeRequest(new Reader(payload));
    if (command.command === 'create_partitions' || command.command === 'delete_partitions') checkCount(request);
    if (command.command !== 'send_messages') return request;
    const { messages, ...rest } = request as { messages: Uint8Array };
    return { ...rest, messages: batchesV09.read(messages) };
  },
  writeReply(command, response, { head }) {
    if (!(isPoll(command) && hasMessages(response))) return [replyFrame(head, command, response, 0)];
    const { messages, ...rest } = response;
    const { region, regionSize } = polledRegion(batchesV09, messages, response.partitionId);
    return [replyFrame(head, command, { ...rest, messages: noBytes }, regionSize), ...region];
  },
  writeRefusal(status, _text, frame) {
    const { head } = frame;
    if (head.byteLength === 0) return [];
    const reason = evictionReasonOf(status, frame);
    if (reason !== undefined) return eviction(head, reason);
    const shown = sharedStatus[status] ?? status;
    const operation = operationOf(head);
    if (operation >= firstPartitionOperation)
      return [refusalFrame(head, statusCodes[places.has(shown) ? 'resource_not_found' : shown])];
    if (!hasResults(operation) || beforeTheChange.has(shown)) return [refusalFrame(head, statusCodes[shown])];
    return [rejectionFrame(head, statusCodes[shown])];
  },
  statusOf: statusOfWireError,
  keyedPartition: keyedFromZero,
};

const header = new RequestHeaderView();

/** A view over the head of a request, valid until the next call. */
function headerOf(head: Uint8Array): RequestHeaderView {
  return header.wrap(viewOf(head), 0);
}

function operationOf(head: Uint8Array): number {
  return head[Header.operationAt]!;
}

/** Whether the fields of a head agree with each other. */
function isSound(head: Uint8Array): boolean {
  const { command, clientId, operation, session, request } = headerOf(head);
  if (command !== requestCommand || clientId === 0n) return false;
  if (operation === byCodeOperation) return true;
  if (operation === registerOperation) return session === 0n && request === 0n;
  return operations.has(operation);
}

/** A login with a password where it can be read as one, else one with a token: only their layouts tell them apart. */
function loginOf(payload: Uint8Array): Command | undefined {
  const withPassword = commands.get(loginCode);
  try {
    withPassword?.decodeRequest(new Reader(payload));
    return withPassword;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return commands.get(loginWithTokenCode);
  }
}

/** The version stands before everything that may have changed with it. @throws IggyError `incompatible_protocol_version`, WireError */
function checkVersion(payload: Uint8Array): void {
  const version = new Reader(payload).u32();
  if (version < protocolVersion || version >>> patchBits !== protocolVersion >>> patchBits)
    throw new IggyError('incompatible_protocol_version', `protocol version ${version} is not spoken here`);
}

/** @throws IggyError `too_many_partitions`, also for none at all: both are found before the topic is looked for. */
function checkCount(request: unknown): void {
  const { partitionsCount } = request as CreatePartitions;
  if (partitionsCount === 0 || partitionsCount > partitionsChangedMax) throw new IggyError('too_many_partitions');
}

function hasResults(operation: number): boolean {
  return (operation >= firstChange || operation === registerOperation) && !withoutResults.has(operation);
}

function isPoll({ command }: Command): boolean {
  return command === 'poll_messages' || command === 'poll_messages_on_primary';
}

function hasMessages(response: unknown): response is { messages: StoredMessages; partitionId: number } {
  return typeof response === 'object' && response !== null && 'messages' in response;
}

/** The session that a refusal ends, or keeps from beginning; undefined when it is the request alone that is refused. */
function evictionReasonOf(status: StatusName, frame: Frame): EvictionReason | undefined {
  const operation = operationOf(frame.head);
  if (operation === registerOperation) return loginRefusals[status] ?? inactiveReason(status, frame);
  if (status === 'stale_client') return 'stale_client';
  if (operation === byCodeOperation) return classicLoginCodes.includes(frame.code) ? 'malformed_login' : undefined;
  return status === 'unauthenticated' ? 'no_session' : undefined;
}

const loginRefusals: Partial<Record<StatusName, EvictionReason>> = {
  invalid_credentials: 'invalid_credentials',
  resource_not_found: 'invalid_token',
  personal_access_token_expired: 'invalid_token',
  incompatible_protocol_version: 'incompatible_protocol',
  invalid_command: 'malformed_login',
  invalid_format: 'malformed_login',
};

/** With a password an inactive user looks like a wrong one. */
function inactiveReason(status: StatusName, { payload }: Frame): EvictionReason {
  if (status !== 'user_inactive') return 'session_error';
  return loginOf(payload)?.command === 'login_register' ? 'invalid_credentials' : 'user_inactive';
}

/** Header, result section and payload in one buffer; `following` bytes of the same frame come after it. */
function replyFrame(head: Uint8Array, command: Command, response: unknown, following: number): Uint8Array {
  const success = { results: [] };
  const isFramed = hasResults(operationOf(head));
  const size = headerSize + (isFramed ? sizeOfResultSection(success) : 0) + command.sizeOfResponse(response);
  const writer = new Writer(size);
  writer.put(replyHeader(head, size + following, 0));
  if (isFramed) encodeResultSection(writer, success);
  command.encodeResponse(writer, response);
  return writer.bytes;
}

function refusalFrame(head: Uint8Array, code: number): Uint8Array {
  return replyHeader(head, headerSize, code);
}

/** The request was sound and tried; the change it asked for was refused. */
function rejectionFrame(head: Uint8Array, code: number): Uint8Array {
  const section = { results: [{ index: 0, code }] };
  const size = headerSize + sizeOfResultSection(section);
  const writer = new Writer(size);
  writer.put(replyHeader(head, size, 0));
  encodeResultSection(writer, section);
  return writer.bytes;
}

function replyHeader(head: Uint8Array, frameSize: number, status: number): Uint8Array {
  const bytes = new Uint8Array(headerSize);
  const request = headerOf(head);
  const reply = new ReplyHeaderView().wrap(viewOf(bytes), 0);
  answer(reply, request, replyCommand, frameSize);
  reply.requestChecksum = request.requestChecksum;
  reply.op = request.session;
  reply.timestamp = request.timestamp;
  reply.request = request.request;
  reply.operation = request.operation;
  reply.status = status;
  return bytes;
}

/** Fills what replies and evictions have in common: mostly what they repeat of the request. */
function answer(
  view: ReplyHeaderView | EvictionView,
  request: RequestHeaderView,
  command: number,
  frameSize: number,
): void {
  view.cluster = request.cluster;
  view.frameSize = frameSize;
  view.view = request.view;
  view.release = request.release;
  view.command = command;
  view.clientId = request.clientId;
}

function eviction(head: Uint8Array, reason: EvictionReason): Reply {
  const bytes = new Uint8Array(headerSize);
  const request = headerOf(head);
  const view = new EvictionView().wrap(viewOf(bytes), 0);
  answer(view, request, evictionCommand, headerSize);
  if (reason === 'incompatible_protocol') view.protocolVersionMax = view.protocolVersionMin = protocolVersion;
  view.reason = evictionReasons[reason];
  return [bytes];
}
