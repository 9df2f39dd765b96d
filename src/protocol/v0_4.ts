// Generation 0.4 (server 0.4.72, SDK 0.6.x): ids from 1, errors with a text, its own message layout.
import type { Command, LoginUser, SendMessages } from '../../generated/commands.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import { IggyError, type StatusName } from '../../generated/errors.ts';
import { commands, encodeErrorMessage, sizeOfErrorMessage } from '../../generated/v0_4/protocol.ts';
import { WireError } from '../bytes/wire_error.ts';
import { Writer } from '../bytes/writer.ts';
import { batchesV04 } from './batches_v0_4.ts';
import { type ClassicGeneration, classicProtocol, statusOfWireError } from './classic.ts';
import { keyedFromOne } from './partition_keys.ts';
import type { Protocol } from './protocol.ts';

/** Anything but word characters, `.`, `-` and white space. */
const notInNames = /[^\p{L}\p{M}\p{N}\p{Pc}.\-\s]/u;

/** Commands that name something new, with the status that refuses its name. */
const namingCommands: Partial<Record<Command['command'], { readonly field: string; readonly status: StatusName }>> = {
  create_stream: { field: 'name', status: 'invalid_stream_name' },
  update_stream: { field: 'name', status: 'invalid_stream_name' },
  create_topic: { field: 'name', status: 'invalid_topic_name' },
  update_topic: { field: 'name', status: 'invalid_topic_name' },
  create_consumer_group: { field: 'name', status: 'invalid_consumer_group_name' },
  create_user: { field: 'username', status: 'invalid_username' },
  update_user: { field: 'username', status: 'invalid_username' },
  create_personal_access_token: { field: 'name', status: 'invalid_personal_access_token_name' },
  delete_personal_access_token: { field: 'name', status: 'invalid_personal_access_token_name' },
};

const generation: ClassicGeneration = {
  name: 'v0_4',
  idBase: 1,
  commands,
  rules: {
    singleGetsHide: 'every',
    missingParentListsNothing: false,
    groupsNeedTheirTopic: false,
    offsetsNeedTheirPartition: false,
    neverStoredOffsetIsZero: true,
    overDeletingPartitionsDeletesAll: true,
    missingNamesHaveOwnStatus: true,
    namesAreNormalized: true,
    emptyPartitionsTakeNoOffset: false,
    membersAreShownByClientId: true,
    membersPollOnlyTheirOwn: false,
    membersBeginAtTheirFirst: false,
    strangersMayNamePartitions: true,
    strangersMayLeaveGroups: true,
    strangersPollNothing: false,
    logoutEndsEverything: false,
    settingsAreOptions: false,
    messageOverhead: 45,
    loginComesFirst: (command) => command === 'poll_messages',
  },
  batches: batchesV04,
  checkRequest(command, request, payload) {
    // Quirk: a command without a payload refuses one; all others ignore bytes behind their own.
    if (command.sizeOfRequest(request) === 0 && payload.byteLength > 0)
      throw new WireError('length', 0, `${command.command} has no payload`);
    if (command.command === 'get_client' && payload.byteLength !== 4)
      throw new WireError('length', 4, 'get_client has a payload of 4 bytes');
    if (command.command === 'send_messages') checkSend(request as SendMessages<Uint8Array>);
    if (command.command === 'login_user' && notInNames.test((request as LoginUser).username))
      throw new IggyError('invalid_username');
    const naming = namingCommands[command.command];
    return naming === undefined
      ? request
      : withNormalizedName(request as Record<string, unknown>, naming.field, naming.status);
  },
  statusOf: statusOfWireError,
  keyedPartition: keyedFromOne,
};

/** For SDKs before 0.6.60, which read a text behind an error's status without asking whether there is one. */
export const v04: Protocol = classicProtocol({
  ...generation,
  refusalPayload(text) {
    const message = { message: text };
    const writer = new Writer(sizeOfErrorMessage(message));
    encodeErrorMessage(writer, message);
    return writer.bytes;
  },
});

/** For SDKs from 0.6.60 on, which never read that text and would be out of step after it. */
export const v04WithoutErrorText: Protocol = classicProtocol(generation);

function checkSend({ partitioning, messages }: SendMessages<Uint8Array>): void {
  // Quirk: the smallest partitioning that is read takes 3 bytes, and balanced takes 2.
  if (messages.byteLength === 0 && partitioning.kind === PartitioningKind.balanced)
    throw new WireError('truncated', 0, 'no messages behind a balanced partitioning');
  if (
    messages.byteLength > 0 &&
    partitioning.kind === PartitioningKind.messages_key &&
    partitioning.key.byteLength === 0
  )
    throw new IggyError('invalid_key_value_length');
}

function withNormalizedName(request: Record<string, unknown>, field: string, status: StatusName): unknown {
  const name = request[field];
  if (typeof name !== 'string') return request;
  if (notInNames.test(name)) throw new IggyError(status);
  const normalized = name
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .join('.');
  // The reference accepts a name of white space only and stores an empty one, which nothing can find again.
  if (normalized === '') throw new IggyError(status);
  return { ...request, [field]: normalized };
}
