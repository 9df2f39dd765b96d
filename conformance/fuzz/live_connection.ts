// One connection to the server under test: pipelined bytes out, replies judged as they come, what was sent kept for a report.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { Answers, type EndReason, type FrameLimits, LiveViolation } from './answers.ts';

/** Less than the time the server gives for a login. */
const loginDeadlineMs = 4_000;
/** Bytes that a report can show of a connection; older ones are forgotten. */
const historySizeMax = 4 << 20;

export interface ConnectionOptions {
  readonly port: number;
  readonly generation: GenerationName;
  readonly limits: FrameLimits;
  readonly count: (code: number, status: string) => void;
}

export class LiveConnection {
  readonly socket: Socket;
  readonly generation: GenerationName;
  /** What was sent, oldest first. */
  readonly history: Uint8Array[] = [];
  #historySize = 0;
  /** Whether the beginning of `history` was forgotten. */
  isHistoryCut = false;
  readonly #answers: Answers;
  #violation: LiveViolation | undefined;
  #isClosed = false;
  /** A deadline of the server may have passed, by what this client did or left undone. */
  mayBeLate = false;
  readonly #openedAt = performance.now();
  #isLeaving = false;
  #isFinished = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket, { generation, limits, count }: ConnectionOptions) {
    this.socket = socket;
    this.generation = generation;
    this.#answers = new Answers(generation, limits, count);
    socket.on('data', (chunk: Buffer) => this.#judge(() => this.#answers.received(chunk)));
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#isClosed = true;
      if (!this.#isLeaving) this.#judge(() => this.#answers.ended(this.#endReason));
      this.#wake();
    });
  }

  /** @throws LiveViolation when the server does not listen. */
  static async open(options: ConnectionOptions): Promise<LiveConnection> {
    const socket = connect({ host: '127.0.0.1', port: options.port, noDelay: true, allowHalfOpen: false });
    const connection = new LiveConnection(socket, options);
    await once(socket, 'connect').catch((error: Error) => {
      connection.#isLeaving = true;
      throw new LiveViolation(`the server takes no connection: ${error.message}`, { cause: error });
    });
    return connection;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A frame that was answered with an unexpected failure: the server's log says which. */
  get unexpected(): string | undefined {
    return this.#answers.unexpected;
  }

  get isLoggedIn(): boolean {
    return this.#answers.isLoggedIn;
  }

  get #endReason(): EndReason {
    const isLate = this.mayBeLate || (!this.isLoggedIn && performance.now() - this.#openedAt > loginDeadlineMs);
    if (isLate) return 'late';
    return this.#isFinished ? 'finished' : 'none';
  }

  /** Sends bytes: frames, parts of frames, anything. */
  send(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#answers.sending(bytes);
    this.#keep(bytes);
    this.socket.write(bytes);
  }

  /** Waits until all is answered that can be. @throws LiveViolation when that takes too long or the server did what it must not. */
  async settle(deadlineMs: number): Promise<void> {
    const until = performance.now() + deadlineMs;
    for (;;) {
      if (this.#violation !== undefined) throw this.#violation;
      if (this.#isClosed) return;
      const { expectation } = this.#answers;
      if (expectation === 'nothing' || expectation === 'more bytes') return;
      await this.#next(until, expectation === 'end' ? 'an end' : 'a reply');
    }
  }

  /** Waits until the server closes. @throws LiveViolation when it does not, or did what it must not. */
  async untilClosed(deadlineMs: number): Promise<void> {
    const until = performance.now() + deadlineMs;
    while (!this.#isClosed && this.#violation === undefined) await this.#next(until, 'an end');
    if (this.#violation !== undefined) throw this.#violation;
  }

  /** Ends this side; replies may still come. */
  finish(): void {
    this.#isFinished = true;
    this.socket.end();
  }

  /** Leaves: in order, at once, or by a reset. */
  leave(how: 'end' | 'destroy' | 'reset'): void {
    this.#isLeaving = true;
    if (how === 'reset') this.socket.resetAndDestroy();
    else if (how === 'destroy') this.socket.destroy();
    else this.socket.end();
  }

  async #next(until: number, what: string): Promise<void> {
    const left = until - performance.now();
    if (left <= 0) throw new LiveViolation(`the server hangs: ${what} did not come in time`);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, left);
    await promise;
    clearTimeout(timer);
  }

  #judge(look: () => void): void {
    try {
      look();
    } catch (error) {
      if (!(error instanceof LiveViolation)) throw error;
      this.#violation ??= error;
    }
    this.#wake();
  }

  #keep(bytes: Uint8Array): void {
    this.history.push(bytes);
    this.#historySize += bytes.byteLength;
    while (this.#historySize > historySizeMax && this.history.length > 1) {
      this.#historySize -= this.history.shift()!.byteLength;
      this.isHistoryCut = true;
    }
  }
}
