// How requests and replies look on the wire for a test's client: 8-byte heads, or the 256-byte ones of generation 0.9 with its sessions.
import { EvictionView } from '../../generated/v0_9/eviction.ts';
import { operations } from '../../generated/v0_9/protocol.ts';
import { ReplyHeaderView } from '../../generated/v0_9/reply_header.ts';
import { RequestHeaderView } from '../../generated/v0_9/request_header.ts';
import { decodeResultSection } from '../../generated/v0_9/result_section.ts';
import { Reader } from '../../src/bytes/reader.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { frameBytes } from './frames.ts';

export interface RawReply {
  readonly status: number;
  readonly payload: Buffer;
}

/** Gives the next so many bytes of a connection. */
type Take = (size: number) => Promise<Buffer>;

/** The wire of one connection, as its client sees it. */
export interface WireForm {
  request(code: number, payload: Uint8Array): Uint8Array;
  reply(take: Take): Promise<RawReply>;
  /** The session that a login answered, where it begins one. */
  begin(session: number): void;
}

const classicForm: WireForm = {
  request: (code, payload) => frameBytes(code, payload),
  async reply(take) {
    const head = await take(8);
    return { status: head.readUInt32LE(0), payload: await take(head.readUInt32LE(4)) };
  },
  begin() {},
};

/** The statuses that clients make of evictions, by reason. */
const evictionStatuses: Readonly<Record<number, number>> = {
  ...{ 1: 40, 9: 42, 10: 53, 11: 40, 12: 40, 13: 30, 14: 14003, 15: 4 },
};
const { headerSize } = RequestHeaderView;
const operationOf = new Map([...operations].map(([operation, code]) => [code, operation]));
const byCode = 2;
/** Both logins are operation 1. */
const register = 1;
operationOf.set(45, register);

class ReplicatedForm implements WireForm {
  readonly #clientId = BigInt(1 + Math.floor(Math.random() * 1e15));
  #session = 0;
  #request = 0;

  begin(session: number): void {
    this.#session = session;
  }

  request(code: number, payload: Uint8Array): Uint8Array {
    const operation = operationOf.get(code) ?? byCode;
    const bytes = new Uint8Array(headerSize + payload.byteLength);
    const header = new RequestHeaderView().wrap(new DataView(bytes.buffer), 0);
    header.frameSize = bytes.byteLength;
    header.command = 5;
    header.clientId = this.#clientId;
    header.operation = operation;
    if (operation === byCode) header.code = code;
    if (operation !== register) {
      header.session = BigInt(this.#session);
      header.request = BigInt(operation === byCode ? this.#request : ++this.#request);
    }
    bytes.set(payload, headerSize);
    return bytes;
  }

  async reply(take: Take): Promise<RawReply> {
    const head = await take(headerSize);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const reply = new ReplyHeaderView().wrap(view, 0);
    const body = await take(reply.frameSize - headerSize);
    const { command, status, operation } = reply;
    if (command === 13)
      return { status: evictionStatuses[new EvictionView().wrap(view, 0).reason] ?? 40, payload: Buffer.alloc(0) };
    const isFramed = operation === register || (operation >= 128 && operation !== 138 && operation !== 160);
    if (status !== 0 || !isFramed) return { status, payload: body };
    const reader = new Reader(body);
    const [refusal] = decodeResultSection(reader).results;
    return { status: refusal?.code ?? 0, payload: body.subarray(reader.at) };
  }
}

/** A form for one connection. */
export function wireFormOf(generation: GenerationName): WireForm {
  return generation === 'v0_9' ? new ReplicatedForm() : classicForm;
}
