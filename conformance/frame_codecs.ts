// The parts of frames of generation 0.9 as values: headers whose fields agree with each other, and the results of changes.
import * as fc from 'fast-check';
import * as evictions from '../generated/v0_9/eviction.ts';
import { operations } from '../generated/v0_9/protocol.ts';
import * as replies from '../generated/v0_9/reply_header.ts';
import * as requests from '../generated/v0_9/request_header.ts';
import * as results from '../generated/v0_9/result_section.ts';
import { type Codec, codec } from './codec.ts';

const byCode = 2;
const register = 1;
const incompatibleProtocol = 14;
const reasonMax = 15;

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const u128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
const operation = fc.constantFrom(byCode, ...operations.keys());

/** What all headers begin with. */
const start = {
  checksum: u128,
  bodyChecksum: u128,
  cluster: u128,
  frameSize: u32,
  view: u32,
  release: u32,
  replica: fc.integer({ min: 0, max: 0xff }),
  reserved: bytes(66),
  clientId: u128.map((id) => id || 1n),
};

export function frameCodecs(): Codec[] {
  const { sizeOfRequestHeader, encodeRequestHeader, decodeRequestHeader } = requests;
  const { sizeOfReplyHeader, encodeReplyHeader, decodeReplyHeader } = replies;
  const { sizeOfEviction, encodeEviction, decodeEviction } = evictions;
  const { sizeOfResultSection, encodeResultSection, decodeResultSection } = results;
  return [
    codec('request_header', requestHeader(), sizeOfRequestHeader, encodeRequestHeader, decodeRequestHeader),
    codec('reply_header', replyHeader(), sizeOfReplyHeader, encodeReplyHeader, decodeReplyHeader),
    codec('eviction', eviction(), sizeOfEviction, encodeEviction, decodeEviction),
    codec('result_section', resultSection(), sizeOfResultSection, encodeResultSection, decodeResultSection),
  ];
}

/** A login belongs to no session; every other operation but reads does, and is numbered in it. */
function requestHeader(): fc.Arbitrary<requests.RequestHeader> {
  const fields = {
    ...start,
    command: fc.constant(5),
    requestChecksum: u128,
    timestamp: u64,
    request: u64,
    operation,
    padding: bytes(7),
    session: u64,
    userId: u32,
    code: u32,
    reservedTail: bytes(56),
  };
  return fc.record(fields, { noNullPrototype: true }).map((header) => {
    if (header.operation === byCode) return header;
    if (header.operation === register) return { ...header, session: 0n, request: 0n };
    return { ...header, session: header.session || 1n, request: header.request || 1n };
  });
}

function replyHeader(): fc.Arbitrary<replies.ReplyHeader> {
  const fields = {
    ...start,
    command: fc.constant(8),
    requestChecksum: u128,
    context: u128,
    op: u64,
    commit: u64,
    timestamp: u64,
    request: u64,
    operation,
    padding: bytes(7),
    status: u32,
    reservedTail: bytes(36),
  };
  return fc.record(fields, { noNullPrototype: true });
}

/** Only the refusal of a protocol version tells which ones are spoken. */
function eviction(): fc.Arbitrary<evictions.Eviction> {
  const version = fc.integer({ min: 1, max: 0xffff_ffff });
  const fields = {
    ...start,
    frameSize: fc.constant(256),
    command: fc.constant(13),
    reserved: fc.constant(new Uint8Array(66)),
    protocolVersionMax: version,
    protocolVersionMin: version,
    reservedTail: fc.constant(new Uint8Array(103)),
    reason: fc.integer({ min: 1, max: reasonMax }),
  };
  return fc.record(fields, { noNullPrototype: true }).map((header) => {
    if (header.reason !== incompatibleProtocol) return { ...header, protocolVersionMax: 0, protocolVersionMin: 0 };
    const { protocolVersionMin: one, protocolVersionMax: other } = header;
    return { ...header, protocolVersionMin: Math.min(one, other), protocolVersionMax: Math.max(one, other) };
  });
}

function resultSection(): fc.Arbitrary<results.ResultSection> {
  const result = fc.record({ index: u32, code: u32 }, { noNullPrototype: true });
  return fc.record({ results: fc.array(result, { maxLength: 5 }) }, { noNullPrototype: true });
}

function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}
