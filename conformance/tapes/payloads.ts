// Payloads of one generation ⇄ their decoded form, and a recorded step as the comparer's rules know it.
import type { CommandName } from '../../generated/commands.ts';
import { decodeErrorMessage } from '../../generated/v0_4/protocol.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { type Codec, decode, encode } from '../codec.ts';
import { generations } from '../codecs.ts';
import type { Message } from '../differential/messages.ts';
import type { RawReply } from '../differential/raw_client.ts';
import type { Generation, Step } from '../differential/step.ts';
import { fromHex } from '../values.ts';
import { isExchange, type TapeExchange, type TapeStep } from './tape.ts';

/** A decoded payload: field by field, as in generated/commands, with messages as lists. */
export type Value = Readonly<Record<string, unknown>>;

const codecs = new Map(
  generations.map(({ name, codecs }) => [name as string, new Map(codecs.map((codec) => [codec.name, codec]))]),
);

/** How one generation writes and reads a type of the spec; undefined when it has none of that name. */
export function codecOf(generation: Generation, type: string): Codec | undefined {
  return codecs.get(generation)?.get(type);
}

/** @throws when the bytes are no request that a server has to take. */
export function decodeRequest(generation: Generation, command: CommandName, bytes: Uint8Array): Value {
  return decode(codecOf(generation, command)!, bytes) as Value;
}

export function encodeRequest(generation: Generation, command: CommandName, value: Value): Uint8Array {
  return encode(codecOf(generation, command)!, value);
}

/** What a reply says; undefined when it has no payload. */
export function decodeReply(
  generation: Generation,
  command: CommandName | undefined,
  { status, payload }: { readonly status: number; readonly payload: Uint8Array },
): Value | undefined {
  if (status !== 0) return payload.byteLength === 0 ? undefined : { ...decodeErrorMessage(new Reader(payload)) };
  const codec = codecOf(generation, `${command}_response`);
  if (codec !== undefined) return decode(codec, payload) as Value;
  if (payload.byteLength > 0) throw new Error(`${payload.byteLength} bytes where ${command} has no payload`);
  return undefined;
}

/** What `read` gives, or undefined where the bytes cannot be read. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * A recorded step as the comparer draws it, with the same placeholders: `drawn` for its rules, `sent` to send it. They differ where no
 * encoder writes the bytes.
 */
export function stepOf(generation: Generation, recorded: TapeStep): { readonly drawn: Step; readonly sent: Step } {
  const { connection } = recorded;
  if (!isExchange(recorded)) {
    const close: Step = { kind: 'close', connection };
    return { drawn: close, sent: close };
  }
  const { code, command, spoiled, requestBytes } = recorded;
  const payload = fromHex(requestBytes);
  const raw: Step = { kind: 'raw', code, payload, connection };
  if (command === undefined) return { drawn: raw, sent: raw };
  const request = readable(() => withHeaders(generation, command, decodeRequest(generation, command, payload)));
  const drawn: Step = {
    ...{ kind: 'command', command, connection, request: request ?? (recorded.request as Value | undefined) ?? {} },
    tamper: spoiled === true ? { kind: 'append', bytes: new Uint8Array() } : undefined,
  };
  return { drawn, sent: spoiled === true || request === undefined ? raw : drawn };
}

/** The comparer knows headers by their keys and values. */
function withHeaders(generation: Generation, command: CommandName, request: Value): Value {
  if (command !== 'send_messages') return request;
  const messages = request.messages as { messageId: bigint; payload: Uint8Array; userHeaders: Uint8Array }[];
  return {
    ...request,
    messages: messages.map((message) => ({ ...message, headers: headersOf(generation, message.userHeaders) })),
  };
}

function headersOf(generation: Generation, block: Uint8Array): Message['headers'] {
  const { entries } = decode(codecOf(generation, 'user_headers')!, block) as {
    entries: { key: string | Uint8Array; value: Uint8Array }[];
  };
  return entries.map(({ key, value }) => ({ key: Buffer.from(key).toString(), value: Buffer.from(value).toString() }));
}

/** The reply of a recorded step, as it came from the server. */
export function recordedReply({ ending, status, replyBytes }: TapeExchange): RawReply {
  return ending !== undefined
    ? { kind: ending }
    : { kind: 'reply', status: status!, payload: Buffer.from(replyBytes ?? '', 'hex') };
}
