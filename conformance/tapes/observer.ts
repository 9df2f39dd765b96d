// A root connection beside a scenario: prepares the server, and looks on.
import type { CommandName } from '../../generated/commands.ts';
import { RawClient, type RawReply } from '../differential/raw_client.ts';
import { encodeStep, type Generation, step } from '../differential/step.ts';
import { decodeReply, type Value } from './payloads.ts';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export class Observer {
  readonly #client: RawClient;
  readonly #generation: Generation;

  private constructor(client: RawClient, generation: Generation) {
    this.#client = client;
    this.#generation = generation;
  }

  static async open({ host, port }: Address, generation: Generation): Promise<Observer> {
    return new Observer(await RawClient.open(port, host), generation);
  }

  get address(): string {
    return this.#client.address();
  }

  /** Logs in with the only root password that tapes know, and makes a token. Root has no other one then. */
  async makeToken(name: string): Promise<string> {
    await this.ask('login_user', { username: 'iggy', password: 'iggy', version: '0.6.40', context: '' });
    const { tokens } = (await this.ask('get_personal_access_tokens')) as { tokens: { name: string }[] };
    for (const { name } of tokens) await this.ask('delete_personal_access_token', { name });
    const { token } = (await this.ask('create_personal_access_token', { name, expiry: 0n })) as { token: string };
    return token;
  }

  /** The answer to a command that has to succeed. */
  async ask(command: CommandName, request: Record<string, unknown> = {}): Promise<Value | undefined> {
    const reply = await this.#request(command, request);
    if (reply.kind !== 'reply' || reply.status !== 0)
      throw new Error(`${command} beside a scenario: ${reply.kind === 'reply' ? reply.status : reply.kind}`);
    return decodeReply(this.#generation, command, reply);
  }

  /** Ids of connected clients by their addresses; none when a scenario has locked root out. */
  async clientIds(): Promise<ReadonlyMap<string, number>> {
    const reply = await this.#request('get_clients', {});
    if (reply.kind !== 'reply' || reply.status !== 0) return new Map();
    const { clients } = decodeReply(this.#generation, 'get_clients', reply) as {
      clients: { address: string; clientId: number }[];
    };
    return new Map(clients.map(({ address, clientId }) => [address, clientId]));
  }

  close(): void {
    this.#client.close();
  }

  #request(command: CommandName, request: Record<string, unknown>): Promise<RawReply> {
    const facts = { tokens: new Map(), startedAt: 0 };
    const { code, payload } = encodeStep(step(command, request), this.#generation, facts)!;
    return this.#client.request(code, payload);
  }
}
