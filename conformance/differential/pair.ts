// A reference server and Whippet side by side: runs a scenario on both and tells the first difference.
import type { CommandName } from '../../generated/commands.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { knownDifference, leavesRest } from './known_differences.ts';
import { differences, type Outcome, outcomeOf } from './outcome.ts';
import { RawClient, type RawReply } from './raw_client.ts';
import { type ServerCommand, ServerProcess } from './server_process.ts';
import { codeOf, commandTables, encodeStep, type Generation, type Step } from './step.ts';

/** A difference that nothing explains. */
export interface Difference {
  readonly step: number;
  readonly reference: Outcome;
  readonly whippet: Outcome;
  readonly lines: readonly string[];
  readonly note: string;
}

/** One server with a connection that cleans up and one that runs scenarios. */
class Side {
  readonly #command: ServerCommand;
  readonly #generation: Generation;
  #process: ServerProcess | undefined;
  #admin: RawClient | undefined;
  #client: RawClient | undefined;
  /** Times that only a new process could clean up. */
  restarts = 0;
  /** Streams that existed at once, at most. */
  #idsUsed = 5;
  readonly tokens = new Map<string, string>();
  /** The case may have changed the user that the comparer itself is: only a new process has the old one. */
  #isRootChanged = false;

  constructor(command: ServerCommand, generation: Generation) {
    this.#command = command;
    this.#generation = generation;
  }

  get isRunning(): boolean {
    return this.#process?.isRunning === true;
  }

  /** An empty server without tokens but `comparer`, and a fresh connection. */
  async reset(): Promise<void> {
    if (!this.isRunning || this.#isRootChanged || this.#admin?.isOpen !== true) await this.#restart();
    if (!(await this.#empty())) {
      this.restarts++;
      await this.abandon();
      await this.#restart();
    }
    this.tokens.clear();
    await this.#ask('create_personal_access_token', { name: 'comparer', expiry: 0n });
    await this.reconnect();
  }

  async reconnect(): Promise<void> {
    this.#client?.close();
    this.#client = await RawClient.open(this.#process!.port);
  }

  async exchange(step: Step, startedAt: number): Promise<Outcome | undefined> {
    const command = step.kind === 'command' ? step.command : undefined;
    const encoded = encodeStep(step, this.#generation, { tokens: this.tokens, startedAt });
    if (encoded === undefined) return undefined;
    const reply = await this.#client!.request(encoded.code, encoded.payload);
    this.#keepToken(step, reply);
    if (changesRoot(step) && reply.kind === 'reply' && reply.status === 0) this.#isRootChanged = true;
    const own = new Set([this.#client!.address(), this.#admin!.address()]);
    return outcomeOf(command, reply, this.#generation, own);
  }

  async stop(): Promise<void> {
    this.#admin?.close();
    this.#client?.close();
    await this.#process?.stop();
  }

  /** Abandons the process, so that the next case starts on a new one. */
  async abandon(): Promise<void> {
    await this.stop();
    this.#process = undefined;
  }

  async #restart(): Promise<void> {
    await this.stop();
    this.#isRootChanged = false;
    this.#process = await ServerProcess.start(this.#command);
    this.#admin = await RawClient.open(this.#process.port);
    const version = this.#generation === 'v0_4' ? '0.6.40' : '';
    await this.#ask('login_user', { username: 'iggy', password: 'iggy', version, context: '' });
  }

  /** Deletes all streams and tokens. False when the server is in a state that this cannot undo. */
  async #empty(): Promise<boolean> {
    try {
      const { streams } = (await this.#ask('get_streams', {})) as { streams: { streamId: number }[] };
      await this.#deleteStreams(streams);
      // Releases from 0.6 on give the ids freed last first, so that after this they count from 0 again.
      const levels = this.#generation === 'v0_4' || this.#generation === 'v0_5' ? 0 : this.#idsUsed;
      const made: { streamId: number }[] = [];
      for (let index = 0; index < levels; index++) {
        const answer = await this.#ask('create_stream', { streamId: undefined, name: `level-${index}` });
        made.push((answer as { stream: { streamId: number } }).stream);
      }
      await this.#deleteStreams(made);
      const { tokens } = (await this.#ask('get_personal_access_tokens', {})) as { tokens: { name: string }[] };
      for (const { name } of tokens) await this.#ask('delete_personal_access_token', { name });
      const { users } = (await this.#ask('get_users', {})) as { users: { userId: number }[] };
      const others = users.map(({ userId }) => userId).sort((a, b) => b - a);
      others.pop();
      for (const id of others) await this.#ask('delete_user', { userId: { kind: 1, id } });
      return true;
    } catch (error) {
      // What this server did not survive is told by the count of restarts; Whippet survives everything.
      if (error instanceof WireError || this.#command.name !== 'whippet') return false;
      throw error;
    }
  }

  async #deleteStreams(streams: readonly { streamId: number }[]): Promise<void> {
    for (const id of streams.map(({ streamId }) => streamId).sort((a, b) => b - a)) {
      if (id < 100) this.#idsUsed = Math.max(this.#idsUsed, id + 1);
      await this.#ask('delete_stream', { streamId: { kind: 1, id } });
    }
  }

  async #ask(command: CommandName, request: Record<string, unknown>): Promise<unknown> {
    const step: Step = { kind: 'command', command, request };
    const { code, payload } = encodeStep(step, this.#generation, { tokens: this.tokens, startedAt: 0 })!;
    const reply = await this.#admin!.request(code, payload);
    if (reply.kind !== 'reply' || reply.status !== 0) {
      await this.abandon();
      throw new Error(
        `${this.#command.name}: ${command} of the comparer itself failed: ${reply.kind === 'reply' ? reply.status : reply.kind}`,
      );
    }
    this.#keepToken(step, reply);
    return decodedPlainly(command, reply.payload, this.#generation);
  }

  #keepToken(step: Step, reply: RawReply): void {
    if (step.kind !== 'command' || step.command !== 'create_personal_access_token') return;
    if (reply.kind !== 'reply' || reply.status !== 0) return;
    this.tokens.set(step.request.name as string, Buffer.from(reply.payload.subarray(1)).toString('utf8'));
  }
}

export class Pair {
  readonly #generation: Generation;
  readonly #reference: Side;
  readonly #whippet: Side;
  /** How often each kept difference was met. */
  readonly met = new Map<string, number>();
  stepsRun = 0;

  constructor(reference: ServerCommand, whippet: ServerCommand, generation: Generation) {
    this.#generation = generation;
    this.#reference = new Side(reference, generation);
    this.#whippet = new Side(whippet, generation);
  }

  /** Runs a scenario on both servers, each on a fresh connection to an empty server. */
  async run(scenario: readonly Step[]): Promise<Difference | undefined> {
    await Promise.all([this.#reference.reset(), this.#whippet.reset()]);
    const startedAt = Date.now() * 1000;
    for (const [index, step] of scenario.entries()) {
      const outcomes = await Promise.all([
        this.#reference.exchange(step, startedAt),
        this.#whippet.exchange(step, startedAt),
      ]);
      const [reference, whippet] = outcomes;
      if (reference === undefined || whippet === undefined) continue;
      this.stepsRun++;
      const lines = differences(reference, whippet);
      if (lines.length > 0) {
        const earlier = scenario.slice(0, index);
        const known = knownDifference({ generation: this.#generation, step, reference, whippet, earlier });
        if (known === undefined) return await this.#unexplained(index, reference, whippet, lines);
        this.met.set(known.id, (this.met.get(known.id) ?? 0) + 1);
        if (!known.goesOn) return undefined;
      }
      if (leavesRest(this.#generation, step, reference)) return undefined;
      if ([reference, whippet].some(({ kind }) => kind === 'closed' || kind === 'silent'))
        await Promise.all([this.#reference.reconnect(), this.#whippet.reconnect()]);
    }
    return undefined;
  }

  async #unexplained(step: number, reference: Outcome, whippet: Outcome, lines: string[]): Promise<Difference> {
    await new Promise((resolve) => setTimeout(resolve, reference.kind === 'closed' ? 50 : 0));
    const died = [this.#reference.isRunning ? '' : 'the reference died', this.#whippet.isRunning ? '' : 'whippet died'];
    // A server that hung keeps its connections; the next case gets a new one.
    if (reference.kind === 'silent') await this.#reference.abandon();
    if (whippet.kind === 'silent') await this.#whippet.abandon();
    return { step, reference, whippet, lines, note: died.filter((text) => text !== '').join(', ') };
  }

  /** Times that the reference could not be cleaned up after a case. */
  get referenceRestarts(): number {
    return this.#reference.restarts;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#reference.stop(), this.#whippet.stop()]);
  }
}

function changesRoot(step: Step): boolean {
  return step.kind === 'command' && ['update_user', 'change_password'].includes(step.command);
}

function decodedPlainly(command: CommandName, payload: Uint8Array, generation: Generation): unknown {
  return commandTables[generation].get(codeOf(command))!.decodeResponse(new Reader(payload));
}
