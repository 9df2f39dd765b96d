// Plays the steps of a scenario on a fresh server. Each connection is opened by the first step on it.
import type { CommandName } from '../../generated/commands.ts';
import { Names } from '../differential/names.ts';
import { type Outcome, outcomeOf } from '../differential/outcome.ts';
import { RawClient, type RawReply } from '../differential/raw_client.ts';
import { connectionAskedFor, connectionOf, type Generation, type Step } from '../differential/step.ts';
import { type FreshServer, tokenName } from './fresh_servers.ts';
import { encodeFilled } from './masks.ts';
import { Observer } from './observer.ts';
import { decodeReply } from './payloads.ts';

/** A reply and the address of the connection that it came to. */
export interface Answer {
  readonly address: string;
  readonly reply: RawReply;
}

const leaveDeadlineMs = 2_000;

export class Player {
  readonly #server: FreshServer;
  readonly #generation: Generation;
  readonly #observer: Observer;
  readonly #clients = new Map<number, RawClient>();
  readonly #names = new Names();
  /** Tokens by their names. */
  readonly tokens = new Map<string, string>();
  /** When the scenario began, in microseconds. */
  readonly #startedAt = Date.now() * 1000;

  private constructor(server: FreshServer, generation: Generation, observer: Observer) {
    this.#server = server;
    this.#generation = generation;
    this.#observer = observer;
    this.#names.nameConnection(observer.address, 'the comparer');
    this.tokens.set(tokenName, server.token);
  }

  /** The server ends with the player, also when this fails. */
  static async open(server: FreshServer, generation: Generation): Promise<Player> {
    try {
      const observer = await Observer.open(server, generation);
      await observer.ask('login_with_personal_access_token', { token: server.token });
      const player = new Player(server, generation, observer);
      player.#names.see(await observer.ask('get_users'));
      return player;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Address of the connection that looks on. */
  get observer(): string {
    return this.#observer.address;
  }

  /** Sends a step on its connection; undefined when it closes it. */
  async send(step: Step): Promise<Answer | undefined> {
    const connection = connectionOf(step);
    if (step.kind === 'close') {
      await this.#close(connection);
      return undefined;
    }
    const clientIds = connectionAskedFor(step) === undefined ? undefined : await this.#ownIds();
    const facts = { tokens: this.tokens, clientIds, startedAt: this.#startedAt };
    const { code, payload } = encodeFilled(step, this.#generation, facts)!;
    const client = await this.#client(connection);
    const address = client.address();
    const reply = await client.request(code, payload);
    this.#keepToken(step, reply);
    if (reply.kind !== 'reply') this.drop(connection);
    return { address, reply };
  }

  /** A reply as the comparer compares it. */
  outcome(command: CommandName | undefined, reply: RawReply): Outcome {
    return outcomeOf(command, reply, this.#generation, this.#names);
  }

  /** Forgets a connection; the next step on it opens another. */
  drop(connection: number): void {
    this.#clients.get(connection)?.close();
    this.#clients.delete(connection);
  }

  async stop(): Promise<void> {
    for (const connection of [...this.#clients.keys()]) this.drop(connection);
    this.#observer.close();
    await this.#server.stop();
  }

  async #client(connection: number): Promise<RawClient> {
    const open = this.#clients.get(connection);
    if (open !== undefined) return open;
    const client = await RawClient.open(this.#server.port, this.#server.host);
    this.#clients.set(connection, client);
    this.#names.nameConnection(client.address(), `connection ${connection}`);
    return client;
  }

  /** Hangs up, and waits until the server has seen it. */
  async #close(connection: number): Promise<void> {
    const address = this.#clients.get(connection)?.address();
    this.drop(connection);
    if (address === undefined) return;
    this.#names.nameConnection(address, `connection ${connection}, closed`);
    const deadline = performance.now() + leaveDeadlineMs;
    while (performance.now() < deadline && (await this.#observer.clientIds()).has(address))
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async #ownIds(): Promise<Map<number, number>> {
    const ids = await this.#observer.clientIds();
    return new Map([...this.#clients].map(([connection, client]) => [connection, ids.get(client.address()) ?? 0]));
  }

  #keepToken(step: Step, reply: RawReply): void {
    if (step.kind !== 'command' || step.command !== 'create_personal_access_token') return;
    if (reply.kind !== 'reply' || reply.status !== 0) return;
    const { token } = decodeReply(this.#generation, step.command, reply) as { token: string };
    this.tokens.set(step.request.name as string, token);
  }
}
