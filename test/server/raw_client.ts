// A client of any generation for tests: raw frames over a real socket, values through the generated codecs.
import { connect, type Socket } from 'node:net';
import type { CommandName } from '../../generated/commands.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { protocolVersion } from '../../src/protocol/v0_9.ts';
import type { RunningServer } from '../../src/server.ts';
import { type RawReply, type WireForm, wireFormOf } from './wire_forms.ts';

/** The code of a command; undefined in a generation that does not have it. */
export function codeOf(generation: GenerationName, command: CommandName): number | undefined {
  for (const [code, entry] of protocols.byName[generation].commands) if (entry.command === command) return code;
  return undefined;
}

/** What the SDK of each generation says of itself when it logs in. */
const sdkVersions: Readonly<Record<GenerationName, string>> = {
  v0_4: '0.6.40',
  v0_5: '0.7.0',
  v0_6: '0.8.1',
  v0_8: '0.10.0',
  v0_9: '0.11.0',
};

/** What an SDK of 0.9 begins its logins with. */
const sdk = { protocolVersion, sdkName: 'rust-sdk', sdkVersion: sdkVersions.v0_9 };

interface Asked {
  readonly command: CommandName;
  readonly request: unknown;
}

/** The login with a password that the SDK of a generation sends. */
export function passwordLogin(generation: GenerationName, username: string, password: string): Asked {
  if (generation === 'v0_9') return { command: 'login_register', request: { ...sdk, username, password, context: '' } };
  return { command: 'login_user', request: { username, password, version: sdkVersions[generation], context: '' } };
}

/** The login with a token that the SDK of a generation sends. */
export function tokenLogin(generation: GenerationName, token: string): Asked {
  if (generation !== 'v0_9') return { command: 'login_with_personal_access_token', request: { token } };
  return { command: 'login_register_with_personal_access_token', request: { ...sdk, token, context: '' } };
}

/** Where a server listens, in this process or in another. */
type Reached = Pick<RunningServer, 'tcp'>;

/** A client of one generation over a raw socket. Commands go by code or by name. */
export class RawClient {
  readonly #socket: Socket;
  readonly #generation: GenerationName;
  readonly #form: WireForm;
  /** What came and was not taken yet, and its size. */
  #chunks: Buffer[] = [];
  #chunksSize = 0;
  #wake: () => void = () => {};

  private constructor(socket: Socket, generation: GenerationName) {
    this.#socket = socket;
    this.#generation = generation;
    this.#form = wireFormOf(generation);
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#chunksSize += chunk.byteLength;
      this.#wake();
    });
    socket.on('close', () => this.#wake());
  }

  /** Connects; from another address of this machine where one is given. */
  static async open(server: Reached, generation: GenerationName, localAddress?: string): Promise<RawClient> {
    const { host, port } = server.tcp!;
    const socket = connect({ host, port, noDelay: true, ...(localAddress !== undefined && { localAddress }) });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket, generation);
  }

  /** Opens a connection and logs in as the SDK of that generation does. */
  static async loggedIn(server: Reached, generation: GenerationName): Promise<RawClient> {
    const client = await RawClient.open(server, generation);
    const status = await client.logIn('iggy', 'iggy');
    if (status !== 0) throw new Error(`status ${status}`);
    return client;
  }

  /** The login that the SDK of its generation sends. */
  loginFrame(username: string, password: string): Uint8Array {
    const { command, request } = passwordLogin(this.#generation, username, password);
    return this.frame(command, request);
  }

  /** Logs in and gives the status. */
  async logIn(username: string, password: string): Promise<number> {
    this.write(this.loginFrame(username, password));
    return (await this.reply()).status;
  }

  /** Logs in with a token; whoever is logged in on the connection is logged out first, where a login would not replace the other. */
  async logInWithToken(token: string): Promise<number> {
    if (this.#generation === 'v0_9') await this.ask('logout_user', {});
    const { command, request } = tokenLogin(this.#generation, token);
    return (await this.ask(command, request)).status;
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  frame(asked: number | CommandName, request: unknown): Uint8Array {
    const { commands, idBase } = protocols.byName[this.#generation];
    const code = this.#codeOf(asked);
    const command = commands.get(code)!;
    // What only this generation has may be left out.
    const whole = this.#generation === 'v0_9' ? { options: { entries: [] }, ...(request as object) } : request;
    const writer = new Writer(command.sizeOfRequest(whole), idBase);
    command.encodeRequest(writer, whole);
    return this.#form.request(code, writer.bytes);
  }

  reply(): Promise<RawReply> {
    return this.#form.reply((size) => this.take(size));
  }

  /** Sends a request and gives its answer as it is. */
  ask(asked: number | CommandName, request: unknown): Promise<RawReply> {
    this.write(this.frame(asked, request));
    return this.reply();
  }

  /** Sends a request and gives its decoded answer. Throws on any status but 0. */
  async call<Response = unknown>(asked: number | CommandName, request: unknown): Promise<Response> {
    const { status, payload } = await this.ask(asked, request);
    if (status !== 0) throw new Error(`status ${status}`);
    const { commands, idBase } = protocols.byName[this.#generation];
    return commands.get(this.#codeOf(asked))!.decodeResponse(new Reader(payload, idBase)) as Response;
  }

  #codeOf(asked: number | CommandName): number {
    return typeof asked === 'number' ? asked : codeOf(this.#generation, asked)!;
  }

  async take(size: number): Promise<Buffer> {
    while (this.#chunksSize < size) {
      if (this.#socket.closed) throw new Error('closed');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    // Gathered only when a piece is whole, so that large answers are not copied again with each chunk.
    const [first = Buffer.alloc(0)] = this.#chunks;
    const received = first.byteLength >= size ? first : Buffer.concat(this.#chunks);
    const waiting = received === first ? this.#chunks.slice(1) : [];
    this.#chunks = [received.subarray(size), ...waiting];
    this.#chunksSize -= size;
    return received.subarray(0, size);
  }

  async isClosed(): Promise<boolean> {
    while (!this.#socket.closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return true;
  }

  close(): void {
    this.#socket.destroy();
  }
}
