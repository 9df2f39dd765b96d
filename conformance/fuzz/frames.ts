// Request frames as clients write them, and where the wire sheets say that they end: 8-byte heads of 0.4 to 0.8, 256-byte ones of 0.9.
import { operations } from '../../generated/v0_9/protocol.ts';
import { RequestHeaderView } from '../../generated/v0_9/request_header.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';

/** How frames of a connection begin. */
export type Form = 'classic' | 'replicated';

export const forms: readonly Form[] = ['classic', 'replicated'];

/** Bytes before the payload. */
export const headSizes: Readonly<Record<Form, number>> = { classic: 8, replicated: RequestHeaderView.headerSize };

/** Bytes that tell the form. */
const beginSize = 4;
export const byCode = 2;
const registerOperation = 1;
/** Both logins share an operation, which `operations` gives to the first. */
const loginWithTokenCode = 45;
const requestCommand = 5;
const operationOf = new Map([...operations].map(([operation, code]) => [code, operation]));
operationOf.set(loginWithTokenCode, registerOperation);

export function formOf(generation: GenerationName): Form {
  return generation === 'v0_9' ? 'replicated' : 'classic';
}

/** The next frame of a stream as the wire sheet says: whole, refused, or not there yet. */
export type Cut =
  | { readonly kind: 'frame'; readonly code: number; readonly size: number; readonly form: Form }
  | { readonly kind: 'too_short' | 'too_long' }
  /** Nothing begins like that here, and nothing can be said in a form that is known. */
  | { readonly kind: 'misbegun' }
  | { readonly kind: 'unfinished' };

/**
 * Looks at the stream from byte `at`; `sizeMax` is the largest frame allowed for a code, head included. `form` is what frames before had;
 * the first one decides among those that are allowed.
 */
export function cutFrame(
  stream: Uint8Array,
  at: number,
  sizeMax: (code: number) => number,
  form?: Form,
  allowed = forms,
): Cut {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const left = stream.byteLength - at;
  if (left < beginSize) return { kind: 'unfinished' };
  const first = view.getUint32(at, true);
  const begun: Form | undefined = first === 0 ? 'replicated' : first < 4 ? undefined : 'classic';
  const expected = form ?? (begun !== undefined && allowed.includes(begun) ? begun : undefined);
  if (begun !== expected || begun === undefined)
    return { kind: (expected ?? allowed[0]) === 'classic' ? 'too_short' : 'misbegun' };
  const headSize = headSizes[begun];
  if (left < headSize) return { kind: 'unfinished' };
  const size = begun === 'classic' ? 4 + first : view.getUint32(at + RequestHeaderView.frameSizeAt, true);
  if (size < headSize) return { kind: 'too_short' };
  const code = codeAt(view, at, begun);
  if (size > sizeMax(code)) return { kind: 'too_long' };
  return left < size ? { kind: 'unfinished' } : { kind: 'frame', code, size, form: begun };
}

/** The command that a head names; 0 for none. */
export function codeAt(view: DataView, at: number, form: Form): number {
  if (form === 'classic') return view.getUint32(at + 4, true);
  const operation = view.getUint8(at + RequestHeaderView.operationAt);
  return operation === byCode ? view.getUint32(at + RequestHeaderView.codeAt, true) : (operations.get(operation) ?? 0);
}

/** A request frame of a classic generation. */
export function frameOf(code: number, payload: Uint8Array): Uint8Array {
  return withPayload(headOf('v0_8', code, headSizes.classic + payload.byteLength), payload);
}

/** What a client of 0.9 puts into the heads of its frames. */
export interface HeadFields {
  readonly clientId: bigint;
  /** Number of a change; reads repeat the last one. */
  readonly request: bigint;
  /** Over the payload; 0 for a client that does not say. */
  readonly requestChecksum: bigint;
}

export const plainHead: HeadFields = { clientId: 7n, request: 1n, requestChecksum: 0n };

/** A request frame as clients of a generation write it. */
export function frameFor(
  generation: GenerationName,
  code: number,
  payload: Uint8Array,
  fields: HeadFields = plainHead,
): Uint8Array {
  const size = headSizes[formOf(generation)] + payload.byteLength;
  return withPayload(headOf(generation, code, size, fields), payload);
}

/** A head alone, of a frame that claims a size. */
export function headOf(generation: GenerationName, code: number, size: number, fields = plainHead): Uint8Array {
  const form = formOf(generation);
  const head = new Uint8Array(headSizes[form]);
  const view = new DataView(head.buffer);
  if (form === 'classic') {
    view.setUint32(0, size - 4, true);
    view.setUint32(4, code, true);
    return head;
  }
  const header = new RequestHeaderView().wrap(view, 0);
  header.frameSize = size >>> 0;
  header.command = requestCommand;
  header.clientId = fields.clientId;
  header.requestChecksum = fields.requestChecksum;
  header.operation = operationOf.get(code) ?? byCode;
  if (header.operation === byCode) header.code = code;
  if (header.operation === registerOperation) return head;
  header.session = 1n;
  header.request = fields.request;
  return head;
}

function withPayload(head: Uint8Array, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(head.byteLength + payload.byteLength);
  frame.set(head);
  frame.set(payload, head.byteLength);
  return frame;
}
