// A client of any generation for tests: raw frames over a real socket, values through the generated codecs.
import { connect, type Socket } from 'node:net';
import type { CommandName } from '../../generated/commands.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';

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
};

/** A client of one generation over a raw socket. Commands go by code or by name. */
export class RawClient {
  readonly #socket: Socket;
  readonly #generation: GenerationName;
  #received = Buffer.alloc(0);
  #wake: () => void = () => {};

  private constructor(socket: Socket, generation: GenerationName) {
    this.#socket = socket;
    this.#generation = generation;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('close', () => this.#wake());
  }

  /** Connects; from another address of this machine where one is given. */
  static async open(server: RunningServer, generation: GenerationName, localAddress?: string): Promise<RawClient> {
    const { host, port } = server.tcp!;
    const socket = connect({ host, port, ...(localAddress !== undefined && { localAddress }) });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket, generation);
  }

  /** Opens a connection and logs in as the SDK of that generation does. */
  static async loggedIn(server: RunningServer, generation: GenerationName): Promise<RawClient> {
    const client = await RawClient.open(server, generation);
    const status = await client.logIn('iggy', 'iggy');
    if (status !== 0) throw new Error(`status ${status}`);
    return client;
  }

  /** The login that the SDK of its generation sends. */
  loginFrame(username: string, password: string): Uint8Array {
    return this.frame('login_user', { username, password, version: sdkVersions[this.#generation], context: '' });
  }

  /** Logs in and gives the status. */
  async logIn(username: string, password: string): Promise<number> {
    this.write(this.loginFrame(username, password));
    return (await this.reply()).status;
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  frame(asked: number | CommandName, request: unknown): Uint8Array {
    const { commands, idBase } = protocols.byName[this.#generation];
    const code = this.#codeOf(asked);
    const command = commands.get(code)!;
    const size = command.sizeOfRequest(request);
    const writer = new Writer(8 + size, idBase);
    writer.u32(4 + size);
    writer.u32(code);
    command.encodeRequest(writer, request);
    return writer.bytes;
  }

  async reply(): Promise<{ status: number; payload: Buffer }> {
    const at = await this.take(8);
    return { status: at.readUInt32LE(0), payload: await this.take(at.readUInt32LE(4)) };
  }

  /** Sends a request and gives its answer as it is. */
  ask(asked: number | CommandName, request: unknown): Promise<{ status: number; payload: Buffer }> {
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
    while (this.#received.byteLength < size) {
      if (this.#socket.closed) throw new Error('closed');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const bytes = this.#received.subarray(0, size);
    this.#received = this.#received.subarray(size);
    return bytes;
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
