// One TCP connection that sends a request frame and waits for its reply, or for the server to close.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type RawReply =
  | { readonly kind: 'reply'; readonly status: number; readonly payload: Uint8Array }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' };

const replyDeadlineMs = 5_000;

export class RawClient {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    const closed = () => {
      this.#isClosed = true;
      this.#wake();
    };
    socket.on('close', closed);
    socket.on('end', closed);
    socket.on('error', closed);
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** `ip:port` of this end, as the server sees it. */
  readonly address = (): string => `${this.#socket.localAddress}:${this.#socket.localPort}`;

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  async request(code: number, payload: Uint8Array): Promise<RawReply> {
    const frame = Buffer.alloc(8 + payload.byteLength);
    frame.writeUInt32LE(4 + payload.byteLength, 0);
    frame.writeUInt32LE(code, 4);
    frame.set(payload, 8);
    return this.send(frame);
  }

  /** Sends any bytes and takes what comes as one reply. */
  async send(bytes: Uint8Array): Promise<RawReply> {
    if (this.#isClosed) return { kind: 'closed' };
    this.#socket.write(bytes);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, replyDeadlineMs);
    try {
      for (;;) {
        const reply = this.#takeReply();
        if (reply !== undefined) return reply;
        if (this.#isClosed) return { kind: 'closed' };
        if (isLate) return { kind: 'silent' };
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #takeReply(): RawReply | undefined {
    const received = this.#received;
    if (received.byteLength < 8) return undefined;
    const end = 8 + received.readUInt32LE(4);
    if (received.byteLength < end) return undefined;
    this.#received = received.subarray(end);
    return { kind: 'reply', status: received.readUInt32LE(0), payload: received.subarray(8, end) };
  }
}
