// Replies as they come from the server, of both forms: taken apart, and those of 0.9 held against the heads of what they answer.
import { statusCodes } from '../../generated/errors.ts';
import { EvictionView } from '../../generated/v0_9/eviction.ts';
import { ReplyHeaderView } from '../../generated/v0_9/reply_header.ts';
import { RequestHeaderView } from '../../generated/v0_9/request_header.ts';
import { decodeResultSection } from '../../generated/v0_9/result_section.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { protocolVersion } from '../../src/protocol/v0_9.ts';
import { type Form, headSizes } from './frames.ts';

/** One reply, taken apart. */
export interface TakenReply {
  /** 0 for success. An eviction has the status that clients make of it. */
  readonly code: number;
  readonly payload: Uint8Array;
  readonly eviction: number | undefined;
}

const replyCommand = 8;
const evictionCommand = 13;
const registerOperation = 1;
const firstChange = 128;
/** From here on operations are changes of one partition, whose answers the server does not keep. */
const firstPartitionOperation = 160;
const withoutResults: ReadonlySet<number> = new Set([138, 160]);
const incompatible = 14;
/** By reason, as the facts of the wire list them. */
const evictionStatuses: Readonly<Record<number, number>> = {
  1: statusCodes.unauthenticated,
  9: statusCodes.invalid_credentials,
  10: statusCodes.personal_access_token_expired,
  11: statusCodes.unauthenticated,
  12: statusCodes.unauthenticated,
  13: statusCodes.stale_client,
  14: statusCodes.incompatible_protocol_version,
  15: statusCodes.invalid_format,
};

/** Something in a reply that no client could make sense of. */
export class IllFormed extends Error {
  override readonly name = 'IllFormed';
}

/** The whole size of a reply, from its head. */
export function replySizeOf(head: Buffer, form: Form): number {
  return form === 'classic' ? headSizes.classic + head.readUInt32LE(4) : head.readUInt32LE(ReplyHeaderView.frameSizeAt);
}

/** Takes a whole reply apart. @throws IllFormed */
export function takeReply(reply: Buffer, form: Form): TakenReply {
  const head = reply.subarray(0, headSizes[form]);
  const payload = reply.subarray(headSizes[form]);
  if (form === 'classic') return { code: head.readUInt32LE(0), payload, eviction: undefined };
  const view = new ReplyHeaderView().wrap(viewOf(head), 0);
  if (view.checksum !== 0n || view.bodyChecksum !== 0n || view.replica !== 0)
    throw new IllFormed('a reply has what only servers of a cluster tell each other');
  if (view.command === evictionCommand) return takeEviction(head, payload);
  if (view.command !== replyCommand) throw new IllFormed(`a reply is of kind ${view.command}`);
  const { status: code, operation } = view;
  if (code !== 0 && payload.byteLength > 0)
    throw new IllFormed(`status ${code} has ${payload.byteLength} bytes behind`);
  if (code !== 0 || !hasResults(operation)) return { code, payload, eviction: undefined };
  const reader = new Reader(payload);
  const { results } = readOrRefuse(() => decodeResultSection(reader));
  const [refusal, ...more] = results;
  if (more.length > 0 || refusal?.code === 0) throw new IllFormed('a result section says more than a refusal');
  if (refusal !== undefined && reader.remaining > 0) throw new IllFormed('a refusal has bytes behind');
  return { code: refusal?.code ?? 0, payload: payload.subarray(reader.at), eviction: undefined };
}

/** Whether replies to an operation begin with a result section. */
function hasResults(operation: number): boolean {
  return (operation >= firstChange || operation === registerOperation) && !withoutResults.has(operation);
}

function readOrRefuse<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new IllFormed(`a result section cannot be read: ${error}`, { cause: error });
  }
}

function takeEviction(head: Buffer, payload: Uint8Array): TakenReply {
  const view = new EvictionView().wrap(viewOf(head), 0);
  const { reason, protocolVersionMin: min, protocolVersionMax: max, frameSize } = view;
  const code = evictionStatuses[reason];
  if (code === undefined) throw new IllFormed(`an eviction for reason ${reason}`);
  if (frameSize !== headSizes.replicated || payload.byteLength > 0) throw new IllFormed('an eviction with a body');
  const expected = reason === incompatible ? protocolVersion : 0;
  if (min !== expected || max !== expected) throw new IllFormed(`an eviction with the versions ${min} to ${max}`);
  return { code, payload, eviction: reason };
}

/** The first field that a reply of 0.9 does not repeat as its request had it; undefined when all are the same. */
export function notRepeated(requestHead: Uint8Array, reply: Uint8Array): string | undefined {
  const asked = new RequestHeaderView().wrap(viewOf(requestHead), 0);
  const answered = new ReplyHeaderView().wrap(viewOf(reply), 0);
  const shared = ['cluster', 'view', 'release'] as const;
  const differing = shared.find((name) => asked[name] !== answered[name]);
  if (differing !== undefined) return differing;
  if (answered.command === evictionCommand)
    return new EvictionView().wrap(viewOf(reply), 0).clientId === asked.clientId ? undefined : 'clientId';
  const ofReplies = ['requestChecksum', 'clientId', 'timestamp', 'request', 'operation'] as const;
  return ofReplies.find((name) => asked[name] !== answered[name]);
}

/** Whether a request asks for a change that is answered the same again when it comes again. */
export function isChange(requestHead: Uint8Array): boolean {
  const operation = requestHead[RequestHeaderView.operationAt]!;
  return operation >= firstChange && operation < firstPartitionOperation;
}

/** Whether a reply has the number of this request. */
export function hasItsNumber(requestHead: Uint8Array, reply: Uint8Array): boolean {
  return (
    new RequestHeaderView().wrap(viewOf(requestHead), 0).request ===
    new ReplyHeaderView().wrap(viewOf(reply), 0).request
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
