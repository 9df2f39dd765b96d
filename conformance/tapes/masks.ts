// What stands in a tape for values that only a run knows (its tokens, its clock, ids that its server draws) or that are nobody else's
// business. Requests are kept as the comparer draws them, before it fills such values in; replies are masked when they come.
import type { CommandName } from '../../generated/commands.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { encode } from '../codec.ts';
import type { Outcome } from '../differential/outcome.ts';
import {
  afterwards,
  caseStart,
  clientIdOfConnection,
  connectionAskedFor,
  connectionsMax,
  encodeStep,
  type Generation,
  type RunFacts,
  type Step,
} from '../differential/step.ts';
import { fromHex, toHex } from '../values.ts';
import { codecOf, decodeReply, decodeRequest, encodeRequest, type Value } from './payloads.ts';

/** Every placeholder by name, with what it is for. */
export const masks = {
  token: 'tokens are secrets: @ and the name that the token was made with, in replies as long as the token',
  clock: `timestamps to poll from: ${caseStart} means when the scenario began, ${afterwards} a minute from now`,
  client: 'ids of connections are drawn by the server: f0000000 and the number of a connection mean its id',
  machine: 'names and versions of the machine that was recorded on are nobody’s business',
  archive: 'a snapshot holds processes and logs of the machine: the first bytes of a ZIP file stand for all of them',
} as const;

export type MaskName = keyof typeof masks;

/** Which value of a step only the run knows. */
export function maskOfRequest(step: Step): MaskName | undefined {
  if (step.kind !== 'command') return undefined;
  if (step.command === 'login_with_personal_access_token')
    return (step.request.token as string | undefined)?.startsWith('@') === true ? 'token' : undefined;
  if (connectionAskedFor(step) !== undefined) return 'client';
  const strategy = strategyOf(step);
  const isRelative = strategy?.kind === PollingKind.timestamp && [caseStart, afterwards].includes(strategy.value);
  return isRelative ? 'clock' : undefined;
}

function strategyOf(step: Step): { kind: number; value: bigint } | undefined {
  if (step.kind !== 'command') return undefined;
  return step.request.strategy as { kind: number; value: bigint } | undefined;
}

/** Code and payload of a step with the placeholders in it; undefined when it sends nothing in this generation. */
export function encodeUnfilled(step: Step, generation: Generation): { code: number; payload: Uint8Array } | undefined {
  const encoded = encodeStep(step, generation, placeholders(step));
  if (encoded === undefined || maskOfRequest(step) !== 'clock' || step.kind !== 'command') return encoded;
  // The comparer always fills in a later time.
  const request = decodeRequest(generation, step.command, encoded.payload);
  const payload = encodeRequest(generation, step.command, { ...request, strategy: strategyOf(step) });
  return { code: encoded.code, payload };
}

/** Code and payload of a step with the values of this run in it; undefined when it sends nothing in this generation. */
export function encodeFilled(
  step: Step,
  generation: Generation,
  facts: RunFacts,
): { code: number; payload: Uint8Array } | undefined {
  const values = step.kind === 'command' ? filledNumbers(step, facts) : undefined;
  if (values === undefined || step.kind !== 'command') return encodeStep(step, generation, facts);
  const { code, payload } = encodeUnfilled(step, generation)!;
  const request = decodeRequest(generation, step.command, payload);
  return { code, payload: encodeRequest(generation, step.command, { ...request, ...values }) };
}

/** As they were filled in when the tapes were recorded: the id of a connection that is not open is 0. */
function filledNumbers(step: Step, { clientIds, startedAt }: RunFacts): Value | undefined {
  const strategy = strategyOf(step);
  switch (maskOfRequest(step)) {
    case 'client':
      return { clientId: clientIds?.get(connectionAskedFor(step)!) ?? 0 };
    case 'clock': {
      const value = BigInt(strategy!.value === caseStart ? startedAt : (Date.now() + 60_000) * 1000);
      return { strategy: { ...strategy, value } };
    }
    default:
      return undefined;
  }
}

/** Facts of a run in which every value is its own placeholder. */
function placeholders(step: Step): RunFacts {
  const token = (step.kind === 'command' ? step.request.token : undefined) as string | undefined;
  const connections = Array.from({ length: connectionsMax }, (_, connection) => connection);
  return {
    tokens: new Map(token === undefined ? [] : [[token.slice(1), token]]),
    clientIds: new Map(connections.map((connection) => [connection, clientIdOfConnection(connection)])),
    startedAt: Number(caseStart),
  };
}

/** How a ZIP file begins that has something in it. */
const filledZip = '504b0304';

/** A payload with placeholders for tokens, wherever they stand in it: release 0.4 also tells a token back when it refuses it. */
export function withoutTokens(payload: Uint8Array, names: ReadonlyMap<string, string>): Uint8Array | undefined {
  const masked = Buffer.from(payload);
  for (const [token, name] of names) {
    const at = masked.indexOf(token);
    if (at >= 0) masked.write(`@${name}`.padEnd(token.length, '*'), at, token.length);
  }
  return masked.equals(payload) ? undefined : masked;
}

/** A successful reply without what it tells about the machine; undefined when it tells nothing. */
export function withoutMachine(
  generation: Generation,
  command: CommandName,
  payload: Uint8Array,
): { mask: MaskName; payload: Uint8Array } | undefined {
  const replaced = (mask: MaskName, fields: Value) => {
    const reply = decodeReply(generation, command, { status: 0, payload });
    return { mask, payload: encode(codecOf(generation, `${command}_response`)!, { ...reply, ...fields }) };
  };
  switch (command) {
    case 'get_stats':
      return replaced('machine', { hostname: 'host', osName: 'os', osVersion: '1', kernelVersion: '1' });
    case 'get_snapshot':
      return toHex(payload).startsWith(filledZip) ? replaced('archive', { archive: fromHex(filledZip) }) : undefined;
    default:
      return undefined;
  }
}

/** An outcome without what a tape does not keep and the comparer does not mask. */
export function maskedOutcome(command: CommandName | undefined, outcome: Outcome): Outcome {
  if (command !== 'get_snapshot' || outcome.kind !== 'answered') return outcome;
  const { archive } = outcome.value as { archive: string };
  return archive.startsWith(filledZip) ? { ...outcome, value: { archive: filledZip } } : outcome;
}
