// What a server answered, in a form that can be compared: decoded, sorted where the order means nothing, and masked (masks.ts) where values
// differ between any two servers.
import type { CommandName } from '../../generated/commands.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { maskOf } from './masks.ts';
import { decodePolled } from './messages.ts';
import type { Names } from './names.ts';
import type { RawReply } from './raw_client.ts';
import { codecOf, type Generation } from './step.ts';

export type Outcome =
  | { readonly kind: 'closed' | 'silent' }
  | { readonly kind: 'refused'; readonly status: number; readonly form: string }
  | { readonly kind: 'answered'; readonly value: unknown; readonly rest: number };

/** Lists of records are compared without their order. */
function normalized(value: unknown, names: Names, isKeptInOrder = false): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) {
    const items = value.map((item) => normalized(item, names));
    return isKeptInOrder ? items : items.sort((a, b) => (text(a) < text(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      maskOf(name)?.shown(inner, names) ?? normalized(inner, names, name === 'messages' || name === 'nodes'),
    ]),
  );
}

/** JSON with integers of any size. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? 'undefined';
}

/** `names` learns from the answer what users are called. Clients that are not the comparer's are not compared. */
export function outcomeOf(
  command: CommandName | undefined,
  reply: RawReply,
  generation: Generation,
  names: Names,
): Outcome {
  if (reply.kind !== 'reply') return { kind: reply.kind };
  const { status, payload, place } = reply;
  if (status !== 0)
    return { kind: 'refused', status, form: [...(place === undefined ? [] : [place]), formOf(payload)].join(', ') };
  const codec = command === undefined ? undefined : codecOf(command, generation);
  if (codec === undefined) return { kind: 'answered', value: undefined, rest: payload.byteLength };
  try {
    const reader = new Reader(payload);
    let value = codec.decodeResponse(reader);
    let rest = reader.remaining;
    if (command === 'poll_messages') {
      const response = value as { messages: Uint8Array };
      const polled = decodePolled(response.messages, generation);
      value = { ...response, messages: polled.messages };
      rest = polled.rest;
    }
    if (command === 'get_clients') {
      const { clients } = value as { clients: { address: string }[] };
      value = { clients: clients.filter(({ address }) => names.ofConnection(address) !== undefined) };
    }
    names.see(value);
    return { kind: 'answered', value: normalized(value, names), rest };
  } catch (error) {
    const hex = Buffer.from(payload).toString('hex');
    return { kind: 'answered', value: `undecodable (${(error as Error).message}): ${hex}`, rest: 0 };
  }
}

/** The shape of what follows an error's status: the texts themselves are for people. */
function formOf(payload: Uint8Array): string {
  if (payload.byteLength === 0) return 'empty';
  const view = Buffer.from(payload);
  return payload.byteLength > 4 && view.readUInt32LE(0) === payload.byteLength - 4
    ? 'text'
    : `malformed: ${view.toString('hex')}`;
}

/** Where two outcomes differ, as paths with both values; empty when they are equal. */
export function differences(reference: unknown, whippet: unknown, path = ''): string[] {
  if (text(reference) === text(whippet)) return [];
  const bothObjects = [reference, whippet].every((value) => typeof value === 'object' && value !== null);
  if (!bothObjects) return [`${path}: reference ${text(reference)}, whippet ${text(whippet)}`];
  const [one, other] = [reference as Record<string, unknown>, whippet as Record<string, unknown>];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => differences(one[name], other[name], path === '' ? name : `${path}.${name}`));
}
