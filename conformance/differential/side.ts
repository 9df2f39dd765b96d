// One of the two servers of a comparison, with a connection that cleans up between scenarios and the connections that scenarios use.
import type { CommandName } from '../../generated/commands.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { Names } from './names.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { RawClient, type RawReply } from './raw_client.ts';
import type { RunningServer, ServerSource } from './server_process.ts';
import { codecOf, connectionAskedFor, connectionOf, encodeStep, type Generation, type Step } from './step.ts';

/** What a server holds besides its root user. */
export interface Contents {
  readonly streams: readonly { readonly streamId: number }[];
  readonly users: readonly { readonly userId: number }[];
  /** Of the root user. */
  readonly tokens: readonly { readonly name: string }[];
}

/** A client as the server lists it. */
interface SeenClient {
  readonly clientId: number;
  readonly address: string;
}

/** A connection of the comparer, and its peer address as the server sees it: a relay in between gives another than it has here. */
interface Line {
  readonly client: RawClient;
  readonly address: string;
}

/** A client that has left should be gone from the server after this. */
const leaveDeadlineMs = 1_000;
/** Streams made at most, to have the server count from 0 again. */
const levelsMax = 1_000;

/** One server and the comparer's connections to it. */
export class Side {
  readonly #source: ServerSource;
  readonly #generation: Generation;
  readonly #lines = new Map<number, Line>();
  readonly #names = new Names();
  readonly #tokens = new Map<string, string>();
  #server: RunningServer | undefined;
  #admin: Line | undefined;
  #isRelayed = false;
  /** Times that only a new process could clean up. */
  restarts = 0;
  /** Streams that existed at once, at most. */
  #idsUsed = 5;
  /** The case may have changed the user that the comparer itself is: only a new process has the old one. */
  #isRootChanged = false;

  constructor(source: ServerSource, generation: Generation) {
    this.#source = source;
    this.#generation = generation;
  }

  get isOurs(): boolean {
    return this.#source.isOurs;
  }

  get isRunning(): boolean {
    return this.#server?.isRunning === true;
  }

  /** What the server holds, before anything is changed. */
  async contents(): Promise<Contents> {
    if (!this.isRunning || this.#admin?.client.isOpen !== true) await this.#restart();
    const { streams } = (await this.#ask('get_streams', {})) as Pick<Contents, 'streams'>;
    const { users } = (await this.#ask('get_users', {})) as Pick<Contents, 'users'>;
    const { tokens } = (await this.#ask('get_personal_access_tokens', {})) as Pick<Contents, 'tokens'>;
    // The root user has the lowest id in every release.
    const rootId = Math.min(...users.map(({ userId }) => userId));
    return { streams, users: users.filter(({ userId }) => userId !== rootId), tokens };
  }

  /** An empty server without tokens but `comparer`, and no connections of scenarios. */
  async reset(): Promise<void> {
    this.#closeAll();
    if (!this.isRunning || this.#isRootChanged || this.#admin?.client.isOpen !== true) await this.#restart();
    if (!(await this.#empty())) {
      this.restarts++;
      await this.abandon();
      await this.#restart();
    }
    this.#tokens.clear();
    this.#names.forget(this.#admin!.address);
    await this.#ask('get_users', {});
    await this.#ask('create_personal_access_token', { name: 'comparer', expiry: 0n });
  }

  /** Sends a step on its connection, and takes the answer. Undefined when there is nothing to compare. */
  async exchange(step: Step, startedAt: number): Promise<Outcome | undefined> {
    if (step.kind === 'close') {
      await this.close(connectionOf(step));
      return undefined;
    }
    const clientIds = connectionAskedFor(step) === undefined ? undefined : await this.#clientIds();
    const encoded = encodeStep(step, this.#generation, { tokens: this.#tokens, clientIds, startedAt });
    if (encoded === undefined) return undefined;
    const { client } = await this.#line(connectionOf(step));
    const reply = await client.request(encoded.code, encoded.payload);
    this.#keepToken(step, reply);
    if (mayChangeRoot(step) && reply.kind === 'reply' && reply.status === 0) this.#isRootChanged = true;
    return outcomeOf(step.kind === 'command' ? step.command : undefined, reply, this.#generation, this.#names);
  }

  /** Closes a connection of the scenario and waits until the server has seen it, groups left and all. */
  async close(connection: number): Promise<void> {
    const line = this.#lines.get(connection);
    if (line === undefined) return;
    this.#lines.delete(connection);
    line.client.close();
    this.#names.nameConnection(line.address, `connection ${connection}, closed`);
    await this.#awaitClients((clients) => clients.every(({ address }) => address !== line.address));
  }

  /** Waits until the server's list of clients is as wanted. Without the right to look, which a scenario may take away, only time tells. */
  async #awaitClients(isAsWanted: (clients: readonly SeenClient[]) => boolean): Promise<void> {
    const deadline = performance.now() + leaveDeadlineMs;
    while (performance.now() < deadline) {
      const clients = await this.#seenClients();
      if (clients !== undefined && isAsWanted(clients)) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** All clients of the server, undefined when it does not tell. */
  async #seenClients(): Promise<readonly SeenClient[] | undefined> {
    const reply = await this.#request('get_clients', {});
    if (reply.kind !== 'reply' || reply.status !== 0) return undefined;
    return (this.#decoded('get_clients', reply) as { clients: SeenClient[] }).clients;
  }

  /** Forgets a connection that is of no more use, without waiting for the server. */
  drop(connection: number): void {
    this.#lines.get(connection)?.client.close();
    this.#lines.delete(connection);
  }

  /** Ends the server when it is ours, else leaves it as empty as it was. */
  async stop(): Promise<void> {
    if (!this.isOurs) await this.#empty();
    await this.#disconnect();
  }

  /** Closes all connections and leaves the server as it is. */
  leave(): void {
    this.#closeAll();
    this.#admin?.client.close();
    this.#admin = undefined;
  }

  async #disconnect(): Promise<void> {
    this.leave();
    await this.#server?.stop();
  }

  /** Abandons the process, so that the next case starts on a new one. */
  async abandon(): Promise<void> {
    await this.#disconnect();
    this.#server = undefined;
  }

  #closeAll(): void {
    for (const connection of [...this.#lines.keys()]) this.drop(connection);
  }

  async #line(connection: number): Promise<Line> {
    const open = this.#lines.get(connection);
    if (open !== undefined) return open;
    const line = await this.#open();
    this.#lines.set(connection, line);
    this.#names.nameConnection(line.address, `connection ${connection}`);
    return line;
  }

  async #open(): Promise<Line> {
    const { host, port } = this.#server!;
    if (!this.#isRelayed) {
      const client = await RawClient.open(port, host, this.#generation);
      return { client, address: client.address() };
    }
    const before = new Set((await this.#seenClients())?.map(({ address }) => address));
    const client = await RawClient.open(port, host, this.#generation);
    let address = client.address();
    await this.#awaitClients((clients) => {
      const added = clients.find((seen) => !before.has(seen.address));
      address = added?.address ?? address;
      return added !== undefined;
    });
    return { client, address };
  }

  async #restart(): Promise<void> {
    await this.#disconnect();
    this.#isRootChanged = false;
    this.#server = await this.#source.start();
    this.#isRelayed = false;
    const line = await this.#open();
    this.#admin = line;
    const version = this.#generation === 'v0_4' ? '0.6.40' : '';
    await this.#ask('login_user', { ...this.#source.root, version, context: '' });
    const { details } = (await this.#ask('get_me', {})) as { details: { client: SeenClient } };
    const { address } = details.client;
    this.#isRelayed = address !== line.address;
    this.#admin = { ...line, address };
    this.#names.nameConnection(address, 'the comparer');
  }

  /** Deletes all streams, users and tokens. False when the server is in a state that only a new process undoes. */
  async #empty(): Promise<boolean> {
    try {
      const { streams, users, tokens } = await this.contents();
      await this.#deleteStreams(streams);
      // Releases from 0.6 on give the ids freed last first, so that after this they count from 0 again.
      if (this.#generation !== 'v0_4' && this.#generation !== 'v0_5') await this.#levelIds();
      for (const { name } of tokens) await this.#ask('delete_personal_access_token', { name });
      for (const id of users.map(({ userId }) => userId).sort((a, b) => b - a))
        await this.#ask('delete_user', { userId: { kind: 1, id } });
      return true;
    } catch (error) {
      // What this server did not survive is told by the count of restarts; Whippet survives everything.
      if (this.isOurs && (error instanceof WireError || this.#source.name !== 'whippet')) return false;
      throw error;
    }
  }

  async #levelIds(): Promise<void> {
    const wanted = new Set(Array.from({ length: this.#idsUsed }, (_, id) => id));
    const made: { streamId: number }[] = [];
    while (wanted.size > 0 && made.length < levelsMax) {
      const answer = await this.#ask('create_stream', { streamId: undefined, name: `level-${made.length}` });
      const { stream } = answer as { stream: { streamId: number } };
      made.push(stream);
      wanted.delete(stream.streamId);
    }
    await this.#deleteStreams(made);
  }

  async #deleteStreams(streams: readonly { readonly streamId: number }[]): Promise<void> {
    for (const id of streams.map(({ streamId }) => streamId).sort((a, b) => b - a)) {
      if (id < 100) this.#idsUsed = Math.max(this.#idsUsed, id + 1);
      await this.#ask('delete_stream', { streamId: { kind: 1, id } });
    }
  }

  /** Ids that the server gave to the connections of the scenario. */
  async #clientIds(): Promise<Map<number, number>> {
    const ids = new Map((await this.#seenClients())?.map(({ address, clientId }) => [address, clientId]));
    const known = [...this.#lines].map(([connection, { address }]) => [connection, ids.get(address)] as const);
    return new Map(known.filter((entry): entry is [number, number] => entry[1] !== undefined));
  }

  async #ask(command: CommandName, request: Record<string, unknown>): Promise<unknown> {
    const reply = await this.#request(command, request);
    if (reply.kind !== 'reply' || reply.status !== 0) {
      await this.abandon();
      const answer = reply.kind === 'reply' ? `status ${reply.status}` : reply.kind;
      throw new Error(`${this.#source.name}: ${command} of the comparer itself failed: ${answer}`);
    }
    this.#keepToken({ kind: 'command', command, request }, reply);
    const value = this.#decoded(command, reply);
    this.#names.see(value);
    return value;
  }

  #request(command: CommandName, request: Record<string, unknown>): Promise<RawReply> {
    const step: Step = { kind: 'command', command, request };
    const { code, payload } = encodeStep(step, this.#generation, { tokens: this.#tokens, startedAt: 0 })!;
    return this.#admin!.client.request(code, payload);
  }

  #decoded(command: CommandName, reply: RawReply & { kind: 'reply' }): unknown {
    return codecOf(command, this.#generation)!.decodeResponse(new Reader(reply.payload));
  }

  #keepToken(step: Step, reply: RawReply): void {
    if (step.kind !== 'command' || step.command !== 'create_personal_access_token') return;
    if (reply.kind !== 'reply' || reply.status !== 0) return;
    this.#tokens.set(step.request.name as string, Buffer.from(reply.payload.subarray(1)).toString('utf8'));
  }
}

/** Whether a step may change the user that the comparer itself is. */
export function mayChangeRoot(step: Step): boolean {
  if (step.kind !== 'command' || !['update_user', 'change_password'].includes(step.command)) return false;
  const { name } = step.request.userId as { name?: string };
  return step.tamper !== undefined || name === undefined || !['mallory', 'robert'].includes(name);
}
