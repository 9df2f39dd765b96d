// How requests and replies look on the wire for a test's client: 8-byte heads, or the 256-byte ones of generation 0.9 with its sessions.
import { EvictionView } from '../../generated/v0_9/eviction.ts';
import { operations } from '../../generated/v0_9/protocol.ts';
import { ReplyHeaderView } from '../../generated/v0_9/reply_header.ts';
import { RequestHeaderView } from '../../generated/v0_9/request_header.ts';
import { decodeResultSection } from '../../generated/v0_9/result_section.ts';
import { decodeLoginRegisterResponse } from '../../generated/v0_9/users/login_register.ts';
import { Reader } from '../../src/bytes/reader.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { frameBytes } from './frames.ts';

export interface RawReply {
  readonly status: number;
  readonly payload: Buffer;
  /** Where the status stood: generation 0.9 has several places. */
  readonly place?: string;
}

/** Gives the next so many bytes of a connection. */
type Take = (size: number) => Promise<Buffer>;

/** The wire of one connection, as its client sees it. */
export interface WireForm {
  request(code: number, payload: Uint8Array): Uint8Array;
  reply(take: Take): Promise<RawReply>;
}

const classicForm: WireForm = {
  request: (code, payload) => frameBytes(code, payload),
  async reply(take) {
    const head = await take(8);
    return { status: head.readUInt32LE(0), payload: await take(head.readUInt32LE(4)) };
  },
};

/** The statuses that clients make of evictions, by reason. */
const evictionStatuses: Readonly<Record<number, number>> = {
  ...{ 1: 40, 9: 42, 10: 53, 11: 40, 12: 40, 13: 30, 14: 14003, 15: 4 },
};
const { headerSize } = RequestHeaderView;
const operationOf = new Map([...operations].map(([operation, code]) => [code, operation]));
/** Both logins are operation 1. */
const register = 1;
operationOf.set(45, register);
const byCode = 2;
const logout = 3;
/** From here on are changes; below 128 those that the official server calls otherwise in its replies. */
const firstChange = 64;
const withoutResults: readonly number[] = [138, 160];

class ReplicatedForm implements WireForm {
  #clientId = drawnId();
  #session = 0;
  #request = 0;

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
      // A head that names no session is unsound: before a login it names one that is not there.
      header.session = BigInt(Math.max(1, this.#session));
      header.request = BigInt(operation === byCode ? this.#request : ++this.#request);
    }
    bytes.set(payload, headerSize);
    return bytes;
  }

  async reply(take: Take): Promise<RawReply> {
    const head = await take(headerSize);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const { command, status, operation, frameSize, request } = new ReplyHeaderView().wrap(view, 0);
    if (command === 13) return evicted(new EvictionView().wrap(view, 0).reason);
    const body = await take(frameSize - headerSize);
    const echo = request === BigInt(this.#request) ? '' : ` of request ${request}`;
    if (operation === logout && status === 0) this.#end();
    const hasSection = (operation === register || operation >= firstChange) && !withoutResults.includes(operation);
    if (status !== 0 || !hasSection) return { status, payload: body, place: `head${echo}` };
    const reader = new Reader(body);
    const [refusal] = decodeResultSection(reader).results;
    const payload = body.subarray(reader.at);
    if (operation === register && refusal === undefined)
      this.#session = decodeLoginRegisterResponse(new Reader(payload)).session;
    return { status: refusal?.code ?? 0, payload, place: `section${echo}` };
  }

  /** Clients take another id for their next session. */
  #end(): void {
    this.#clientId = drawnId();
    this.#session = this.#request = 0;
  }
}

/** A session that there was may go on: only a login beside it was refused. */
function evicted(reason: number): RawReply {
  return { status: evictionStatuses[reason] ?? 40, payload: Buffer.alloc(0), place: `eviction ${reason}` };
}

function drawnId(): bigint {
  return BigInt(1 + Math.floor(Math.random() * 1e15));
}

/** A form for one connection. */
export function wireFormOf(generation: GenerationName): WireForm {
  return generation === 'v0_9' ? new ReplicatedForm() : classicForm;
}
