// A client of any generation for tests: raw frames over a real socket, values through the generated codecs.
import { connect, type Socket } from 'node:net';
import { Reader } from '../../src/bytes/reader.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { RunningServer } from '../../src/server.ts';

/** A client of one generation over a raw socket. */
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

  static async open(server: RunningServer, generation: GenerationName): Promise<RawClient> {
    const { host, port } = server.tcp!;
    const socket = connect({ host, port });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket, generation);
  }

  /** Opens a connection and logs in as the SDK of that generation does. */
  static async loggedIn(server: RunningServer, generation: GenerationName): Promise<RawClient> {
    const client = await RawClient.open(server, generation);
    const version = { v0_4: '0.6.40', v0_5: '0.7.0', v0_6: '0.8.1', v0_8: '0.10.0' }[generation];
    await client.call(38, { username: 'iggy', password: 'iggy', version, context: '' });
    return client;
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  frame(code: number, request: unknown): Uint8Array {
    const { commands, idBase } = protocols.byName[this.#generation];
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

  /** Sends a request and gives its decoded answer. Throws on any status but 0. */
  async call<Response = unknown>(code: number, request: unknown): Promise<Response> {
    this.write(this.frame(code, request));
    const { status, payload } = await this.reply();
    if (status !== 0) throw new Error(`status ${status}`);
    const { commands, idBase } = protocols.byName[this.#generation];
    return commands.get(code)!.decodeResponse(new Reader(payload, idBase)) as Response;
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
