// What is wrong with a tape by itself, without any server: its bytes are vectors for the codecs, and it must hold every command.
import type { CommandName } from '../../generated/commands.ts';
import { encode } from '../codec.ts';
import { commandTables, type Generation } from '../differential/step.ts';
import { fromHex, toHex, toJson } from '../values.ts';
import { encodeUnfilled } from './masks.ts';
import { codecOf, decodeReply, decodeRequest, encodeRequest, readable, stepOf } from './payloads.ts';
import { isExchange, type Tape, type TapeExchange } from './tape.ts';

/** Faults as lines for people, each naming its step; empty when the tape is sound. */
export function faultsOf({ header: { generation }, scenarios }: Tape): string[] {
  const faults = scenarios.flatMap(({ title, steps }) =>
    steps.flatMap((step, index) => {
      if (!isExchange(step)) return [];
      const found = [requestFault(generation, step), replyFault(generation, step)].filter(
        (fault) => fault !== undefined,
      );
      return found.map((fault) => `${placeOf(title, index + 1, step)}: ${fault}`);
    }),
  );
  const answered = new Set(
    scenarios.flatMap(({ steps }) =>
      steps.filter((step) => isExchange(step) && step.status === 0).map((step) => (step as TapeExchange).command),
    ),
  );
  const missing = [...commandTables[generation].values()].filter(({ command }) => !answered.has(command));
  return [...faults, ...missing.map(({ command }) => `no step has a successful answer to ${command}`)];
}

/** Names a step of a tape for people. */
export function placeOf(scenario: string, step: number, { code, command, connection }: TapeExchange): string {
  return `“${scenario}”, step ${step}: ${command ?? `code ${code}`} on connection ${connection}`;
}

function requestFault(generation: Generation, recorded: TapeExchange): string | undefined {
  const { command, request, requestBytes, status, spoiled } = recorded;
  const played = encodeUnfilled(stepOf(generation, recorded).sent, generation);
  if (played === undefined || toHex(played.payload) !== requestBytes) return 'a replay sends other bytes';
  if (command === undefined || spoiled === true) return undefined;
  const value = readable(() => decodeRequest(generation, command, fromHex(requestBytes)));
  if (value === undefined) return status === 0 ? 'the server took a request that our decoder refuses' : undefined;
  if (!holds(toJson(value), request)) return 'the request decodes to another value';
  return toHex(encodeRequest(generation, command, value)) === requestBytes
    ? undefined
    : 'the request encodes to other bytes';
}

function replyFault(generation: Generation, { command, ending, status, reply, replyBytes }: TapeExchange) {
  if (ending !== undefined) return status === undefined ? undefined : 'it has both a reply and an ending';
  if (status === undefined) return 'it has neither a reply nor an ending';
  const payload = fromHex(replyBytes ?? '');
  let value: ReturnType<typeof decodeReply>;
  try {
    value = decodeReply(generation, command, { status, payload });
  } catch (error) {
    return `the reply cannot be decoded: ${(error as Error).message}`;
  }
  if (!holds(toJson(value), reply ?? null)) return 'the reply decodes to another value';
  if (typeof value?.token === 'string' && !value.token.startsWith('@')) return 'the token is a real one';
  return status === 0 && !isWritten(generation, command, value, payload)
    ? 'the reply encodes to other bytes'
    : undefined;
}

function isWritten(
  generation: Generation,
  command: CommandName | undefined,
  value: unknown,
  payload: Uint8Array,
): boolean {
  const codec = codecOf(generation, `${command}_response`);
  return codec === undefined || toHex(encode(codec, value)) === toHex(payload);
}

/** Whether a decoded value is the recorded one. Fields that came with a later generation are not in the tape. */
function holds(value: unknown, recorded: unknown): boolean {
  if (Array.isArray(recorded))
    return (
      Array.isArray(value) && value.length === recorded.length && recorded.every((item, at) => holds(value[at], item))
    );
  if (typeof recorded !== 'object' || recorded === null) return (value ?? null) === (recorded ?? null);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(recorded).every(([name, item]) => holds((value as Record<string, unknown>)[name], item));
}
