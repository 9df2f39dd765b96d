// One step of a scenario: a command with its request, possibly spoiled, or raw bytes, on one of a few connections, or the end of that connection.
// What depends on the server (tokens, ids of clients, its clock) is filled in when the step is sent.
import type { Command, CommandName } from '../../generated/commands.ts';
import { commands as commandsV04 } from '../../generated/v0_4/protocol.ts';
import { commands as commandsV05 } from '../../generated/v0_5/protocol.ts';
import { commands as commandsV06 } from '../../generated/v0_6/protocol.ts';
import { commands as commandsV08 } from '../../generated/v0_8/protocol.ts';
import { commands as commandsV09 } from '../../generated/v0_9/protocol.ts';
import { Writer } from '../../src/bytes/writer.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { commandOfV09, requestOfV09 } from './later_requests.ts';
import { encodeMessages, type Message } from './messages.ts';

export type Generation = GenerationName;

export const commandTables = {
  ...{ v0_4: commandsV04, v0_5: commandsV05, v0_6: commandsV06, v0_8: commandsV08, v0_9: commandsV09 },
} as const;

/** How bytes of a valid payload are spoiled. Positions are parts of the payload, so that they fit any. */
export type Tamper =
  | { readonly kind: 'truncate'; readonly missing: number }
  | { readonly kind: 'append'; readonly bytes: Uint8Array }
  | { readonly kind: 'overwrite'; readonly part: number; readonly value: number };

/** Connections that a scenario may use: 0, 1 and 2. Each is opened by the first step on it. */
export const connectionsMax = 3;

export type Step = (
  | {
      readonly kind: 'command';
      readonly command: CommandName;
      readonly request: Readonly<Record<string, unknown>>;
      readonly tamper?: Tamper | undefined;
    }
  | { readonly kind: 'raw'; readonly code: number; readonly payload: Uint8Array }
  /** Closes the connection; the next step on it opens another. */
  | { readonly kind: 'close' }
) & {
  /** The connection that sends it; 0 when absent. */
  readonly connection?: number | undefined;
};

/** Values of a request that only the run knows. */
export interface RunFacts {
  /** Secrets of tokens, by the names that they were made with. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Ids that the server gave to the connections. */
  readonly clientIds?: ReadonlyMap<number, number> | undefined;
  /** When the scenario began, in microseconds. */
  readonly startedAt: number;
}

/** A character that is sent as a byte that no UTF-8 text holds. */
export const brokenCharacter = '\u007f';
/** Polls from these timestamps mean: when the case began, and after all that it does. */
export const caseStart = 1n;
export const afterwards = 2n;

/** Client ids from here on stand for those of connections 0, 1 and 2. */
const firstStandIn = 0xf000_0000;
const nobodysId = 0xefff_ffff;

const codes = new Map(
  Object.values(commandTables).flatMap((table) => [...table].map(([code, { command }]) => [command, code] as const)),
);

export function codeOf(command: CommandName): number {
  return codes.get(command)!;
}

/** How a generation reads and writes what steps call by this name; undefined when it has nothing of the kind. */
export function codecOf(command: CommandName, generation: Generation): Command | undefined {
  return commandTables[generation].get(codeOf(generation === 'v0_9' ? commandOfV09(command) : command));
}

/** A step that sends a command as it is. */
export function step(command: CommandName, request: Record<string, unknown>): Step {
  return { kind: 'command', command, request };
}

/** The same steps on another connection. */
export function on(connection: number, steps: readonly Step[]): Step[] {
  return steps.map((step) => ({ ...step, connection }));
}

/** The connection that a step is for. */
export function connectionOf(step: Step): number {
  return step.connection ?? 0;
}

/** A get_client with this client id asks for that connection of the scenario. */
export function clientIdOfConnection(connection: number): number {
  return firstStandIn + connection;
}

/** The connection whose client id a step needs to be known. */
export function connectionAskedFor(step: Step): number | undefined {
  if (step.kind !== 'command' || step.command !== 'get_client') return undefined;
  const connection = (step.request.clientId as number) - firstStandIn;
  return connection >= 0 && connection < connectionsMax ? connection : undefined;
}

/** What a step does, in a word or two. */
export function stepTitle(step: Step): string {
  if (step.kind === 'command') return step.command;
  return step.kind === 'raw' ? `raw ${step.code}` : 'close';
}

/** Code and payload of a step, or undefined when it sends nothing or this generation lacks the command. */
export function encodeStep(
  step: Step,
  generation: Generation,
  facts: RunFacts,
): { code: number; payload: Uint8Array } | undefined {
  if (step.kind === 'close') return undefined;
  if (step.kind === 'raw') return step;
  const command = codecOf(step.command, generation);
  if (command === undefined) return undefined;
  const code = codeOf(command.command);
  const asked = connectionAskedFor(step);
  const meant =
    asked === undefined
      ? resolved(step.command, step.request, generation, facts)
      : { clientId: facts.clientIds?.get(asked) ?? nobodysId };
  const request = generation === 'v0_9' ? requestOfV09(meant) : meant;
  const writer = new Writer(command.sizeOfRequest(request));
  command.encodeRequest(writer, request);
  const payload = writer.bytes;
  // Only where it was drawn as text: ids and clocks hold any byte.
  if (Object.values(request).some((value) => isBroken(value)))
    for (let at = 0; at < payload.byteLength; at++) if (payload[at] === 0x7f) payload[at] = 0xff;
  return { code, payload: step.tamper === undefined ? payload : tampered(payload, step.tamper) };
}

function resolved(
  command: CommandName,
  request: Readonly<Record<string, unknown>>,
  generation: Generation,
  { tokens, startedAt }: RunFacts,
): Record<string, unknown> {
  if (command === 'send_messages')
    return { ...request, messages: encodeMessages(request.messages as Message[], generation) };
  if (command === 'login_with_personal_access_token') {
    const token = request.token as string;
    return { token: token.startsWith('@') ? (tokens.get(token.slice(1)) ?? 'a token nobody has') : token };
  }
  const strategy = request.strategy as { kind: number; value: bigint } | undefined;
  if (strategy?.kind === 2) {
    const { value } = strategy;
    const at = value === caseStart ? startedAt : (Date.now() + 60_000) * 1000;
    if (value === caseStart || value === afterwards) return { ...request, strategy: { kind: 2, value: BigInt(at) } };
  }
  return { ...request };
}

/** Whether a field is, or is named by, a text with that character. */
function isBroken(value: unknown): boolean {
  const text = typeof value === 'object' && value !== null && 'name' in value ? value.name : value;
  return typeof text === 'string' && text.includes(brokenCharacter);
}

function tampered(payload: Uint8Array, tamper: Tamper): Uint8Array {
  switch (tamper.kind) {
    case 'truncate':
      return payload.subarray(0, Math.max(0, payload.byteLength - tamper.missing));
    case 'append':
      return Buffer.concat([payload, tamper.bytes]);
    case 'overwrite': {
      const bytes = payload.slice();
      if (bytes.byteLength > 0) bytes[Math.floor(tamper.part * bytes.byteLength)] = tamper.value;
      return bytes;
    }
  }
}
