// One TCP connection that sends a request frame and waits for its reply, or for the server to close.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { type WireForm, wireFormOf } from '../../test/server/wire_forms.ts';

export type RawReply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly payload: Uint8Array;
      /** Where the status stood, in a generation that has several places for it. */
      readonly place?: string;
    }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' };

const replyDeadlineMs = 5_000;
/** Not done yet, or not accepted now: only servers of 0.9 answer so. */
const transient: ReadonlySet<number> = new Set([57, 58]);
const againAfterMs = 50;

/** There is no whole reply. */
class NoReply extends Error {
  readonly kind: 'closed' | 'silent';

  constructor(kind: 'closed' | 'silent') {
    super(kind);
    this.kind = kind;
  }
}

export class RawClient {
  readonly #socket: Socket;
  readonly #form: WireForm;
  #received = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket, form: WireForm) {
    this.#socket = socket;
    this.#form = form;
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

  /** All generations before 0.9 have the same frames. */
  static async open(port: number, host = '127.0.0.1', generation: GenerationName = 'v0_8'): Promise<RawClient> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket, wireFormOf(generation));
  }

  /** `ip:port` of this end, as the server sees it. */
  readonly address = (): string => `${this.#socket.localAddress}:${this.#socket.localPort}`;

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** Sends a request, the same one again while the server asks for that, as SDKs do. */
  async request(code: number, payload: Uint8Array): Promise<RawReply> {
    const frame = this.#form.request(code, payload);
    const deadline = performance.now() + replyDeadlineMs;
    for (;;) {
      const reply = await this.send(frame);
      const isTransient = reply.kind === 'reply' && transient.has(reply.status);
      if (!isTransient || performance.now() > deadline) return reply;
      await sleep(againAfterMs);
    }
  }

  /** Sends any bytes and takes what comes as one reply. */
  async send(bytes: Uint8Array): Promise<RawReply> {
    if (this.#isClosed) return { kind: 'closed' };
    this.#socket.write(bytes);
    const deadline = performance.now() + replyDeadlineMs;
    try {
      return { kind: 'reply', ...(await this.#form.reply((size) => this.#take(size, deadline))) };
    } catch (error) {
      if (error instanceof NoReply) return { kind: error.kind };
      throw error;
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  /** @throws NoReply */
  async #take(size: number, deadline: number): Promise<Buffer> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, deadline - performance.now());
    try {
      while (this.#received.byteLength < size) {
        if (this.#isClosed) throw new NoReply('closed');
        if (isLate) throw new NoReply('silent');
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
    const bytes = this.#received.subarray(0, size);
    this.#received = this.#received.subarray(size);
    return bytes;
  }
}
