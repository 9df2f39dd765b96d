// Plays scenarios on an official server and takes down what it answers.
import * as fc from 'fast-check';
import type { CommandName } from '../../generated/commands.ts';
import { releases } from '../../generated/v0_4/protocol.ts';
import { protocols } from '../../src/protocol/index.ts';
import { leavesRest } from '../differential/known_differences.ts';
import type { Message } from '../differential/messages.ts';
import type { RawReply } from '../differential/raw_client.ts';
import { scenarios } from '../differential/scenario.ts';
import { mayChangeRoot } from '../differential/side.ts';
import { brokenCharacter, connectionOf, type Generation, type Step } from '../differential/step.ts';
import { u64Max } from '../differential/values.ts';
import { toHex, toJson } from '../values.ts';
import type { Servers } from './fresh_servers.ts';
import { encodeUnfilled, type MaskName, maskOfRequest, withoutMachine, withoutTokens } from './masks.ts';
import { decodeReply, decodeRequest, encodeRequest, readable } from './payloads.ts';
import { Player } from './player.ts';
import { scripts } from './scripts.ts';
import { isExchange, type TapeExchange, type TapeScenario, type TapeStep } from './tape.ts';

/** A scenario with what it is about. */
export interface Titled {
  readonly title: string;
  readonly steps: readonly Step[];
}

const stepsPerCase = 12;
/** Tapes are to be read. */
const largestPayload = 1_000;

/** What is recorded: the scenarios written by hand, then drawn ones that are short and leave nothing behind which could not be cleaned up. */
export function programme(generation: Generation, cases: number, seed: number): Titled[] {
  const first = protocols.byName[generation].idBase;
  const isTaken = (step: Step) => !mayChangeRoot(step) && !makesEternalToken(step) && !sendsLargeMessage(step);
  const arbitrary = scenarios(generation, stepsPerCase, new Set()).filter((steps) => steps.every(isTaken));
  const drawn = fc.sample(arbitrary, { seed, numRuns: cases });
  return [
    ...scripts.map(({ title, steps }) => ({ title, steps: steps(first) })),
    ...drawn.map((steps, index) => ({ title: `drawn ${index + 1}`, steps: steps.map(plainWhereFilled) })),
  ];
}

/** Whether a step makes a token that ends, but so late that lists of tokens cannot be read any more where the server adds it to its clock. */
function makesEternalToken(step: Step): boolean {
  if (step.kind !== 'command' || step.command !== 'create_personal_access_token') return false;
  const expiry = step.request.expiry as bigint;
  return expiry >= Number.MAX_SAFE_INTEGER / 2 && expiry !== u64Max;
}

function sendsLargeMessage(step: Step): boolean {
  if (step.kind !== 'command' || step.command !== 'send_messages') return false;
  return (step.request.messages as readonly Message[]).some(({ payload }) => payload.byteLength > largestPayload);
}

/** What a run fills in is not spoiled as well: nobody could tell afterwards where it was. */
function plainWhereFilled(step: Step): Step {
  return step.kind === 'command' && maskOfRequest(step) !== undefined ? { ...step, tamper: undefined } : step;
}

export class Recorder {
  readonly #servers: Servers;
  readonly #generation: Generation;
  /** Names of the tokens that servers gave out, none of which may get into the tape. */
  readonly #tokens = new Map<string, string>();

  constructor(servers: Servers, generation: Generation) {
    this.#servers = servers;
    this.#generation = generation;
  }

  /** Plays a scenario on a fresh server. It ends early where the server misreads what comes next. */
  async record({ title, steps }: Titled): Promise<TapeScenario> {
    const player = await Player.open(await this.#servers.start(), this.#generation);
    try {
      const recorded: TapeStep[] = [];
      const open = new Map<number, string>();
      for (const step of steps.filter((step) => this.#isSpoken(step))) {
        const connection = connectionOf(step);
        const answer = await player.send(step);
        if (answer === undefined) {
          recorded.push({ connection, closes: true });
          continue;
        }
        const { address, reply } = answer;
        const opens = open.get(connection) === address ? {} : { opens: address };
        open.set(connection, address);
        for (const [name, token] of player.tokens) this.#tokens.set(token, name);
        recorded.push({ connection, ...opens, ...this.#takenDown(step, reply) });
        if (this.#isLeftMidway(step, player, reply)) break;
      }
      return this.#withoutSecrets({ title, observer: player.observer, steps: recorded });
    } finally {
      await player.stop();
    }
  }

  /** Whether the server takes what is left of a request for the next one. A connection that is closed has no next one. */
  #isLeftMidway(step: Step, player: Player, reply: RawReply): boolean {
    const command = step.kind === 'command' ? step.command : undefined;
    return reply.kind === 'reply' && leavesRest(this.#generation, step, player.outcome(command, reply));
  }

  /** Whether this generation has the command. */
  #isSpoken(step: Step): boolean {
    return step.kind === 'close' || encodeUnfilled(step, this.#generation) !== undefined;
  }

  #takenDown(step: Step, reply: RawReply): Omit<TapeExchange, 'connection'> {
    const { code, payload } = encodeUnfilled(step, this.#generation)!;
    const request = this.#requestOf(step, payload);
    const { mask, ...answer } = this.#answerOf(step, reply);
    const masked = [maskOfRequest(step), mask].filter((name) => name !== undefined);
    return {
      ...{ code, ...request, requestBytes: toHex(payload), ...answer },
      ...(masked.length === 0 ? {} : { masked }),
    };
  }

  #requestOf(step: Step, payload: Uint8Array): Pick<TapeExchange, 'command' | 'spoiled' | 'request'> {
    if (step.kind !== 'command') return {};
    const { command } = step;
    const decoded = readable(() => decodeRequest(this.#generation, command, payload));
    const isWritten =
      decoded !== undefined && toHex(encodeRequest(this.#generation, command, decoded)) === toHex(payload);
    if (isWritten) return { command, request: toJson(decoded) };
    const isSpoiled = step.tamper !== undefined || JSON.stringify(toJson(step.request)).includes(brokenCharacter);
    return { command, ...(isSpoiled ? { spoiled: true } : {}), request: toJson(step.request) };
  }

  #answerOf(
    step: Step,
    reply: RawReply,
  ): Pick<TapeExchange, 'ending' | 'status' | 'reply' | 'replyBytes'> & { readonly mask?: MaskName | undefined } {
    if (reply.kind !== 'reply') return { ending: reply.kind };
    const command = step.kind === 'command' ? step.command : undefined;
    const { mask, payload } = this.#masked(command, reply);
    const value = decodeReply(this.#generation, command, { status: reply.status, payload });
    return {
      status: reply.status,
      ...(value === undefined ? {} : { reply: toJson(value) }),
      ...(payload.byteLength === 0 ? {} : { replyBytes: toHex(payload) }),
      mask,
    };
  }

  #masked(
    command: CommandName | undefined,
    { status, payload }: { readonly status: number; readonly payload: Uint8Array },
  ): { readonly mask?: MaskName; readonly payload: Uint8Array } {
    const tokenless = withoutTokens(payload, this.#tokens);
    if (tokenless !== undefined) return { mask: 'token', payload: tokenless };
    if (command === undefined || status !== 0) return { payload };
    return withoutMachine(this.#generation, command, payload) ?? { payload };
  }

  /** @throws when a token is anywhere in what was taken down. */
  #withoutSecrets(scenario: TapeScenario): TapeScenario {
    const text = JSON.stringify(scenario);
    for (const token of this.#tokens.keys())
      if (text.includes(token) || text.includes(toHex(Buffer.from(token))))
        throw new Error(`a token would be recorded in “${scenario.title}”`);
    return scenario;
  }
}

/** The release that answered, as its counters tell it; 0.4 does not tell, and there is one release of it here. */
export function serverOf(scenarios: readonly TapeScenario[]): string {
  const steps = scenarios.flatMap((scenario) => scenario.steps.filter(isExchange));
  const stats = steps.find(({ command, status }) => command === 'get_stats' && status === 0)?.reply;
  return (stats as { serverVersion?: string } | undefined)?.serverVersion || releases.server;
}
