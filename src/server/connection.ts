// One connection: requests in, one at a time and in order, replies out in the same order. Bounds what a client can make the server hold.
// What the bytes mean is left to the `Service`; what carries them (TCP, TLS, a stream of QUIC) to the listener.
import type { Duplex } from 'node:stream';
import type { Logger } from '../lib/logger.ts';
import type { Frame, Framing } from '../protocol/protocol.ts';
import { FrameReader, type FrameRefusal, isRefusal } from './frame_reader.ts';
import type { ConnectionLimits } from './limits.ts';

/** One reply as chunks to be written together. Their memory must not change until they have left. */
export type Reply = readonly Uint8Array[];

export interface Answer {
  readonly reply: Reply;
  /** The connection ends after this reply. */
  readonly close: boolean;
}

/** What a session can do to its connection. */
export interface ConnectionControl {
  /** `ip:port` of the peer, IPv6 in brackets. */
  readonly remoteAddress: string;
  /** The address of this server that the peer reached, without port. */
  readonly localHost: string;
  /** Closes at once; waiting replies are lost. */
  close(reason: string): void;
}

/** Who answers requests. Makes one session for each connection. */
export interface Service<Session extends { readonly isLoggedIn: boolean }> {
  /** How frames may begin. */
  readonly framings: readonly Framing[];
  open(connection: ConnectionControl): Session;
  /** Answers one request. The next one on the connection is handed over when this one has been answered. */
  handle(session: Session, frame: Frame): Answer | Promise<Answer>;
  /** The reply to a frame that cannot be read; the connection ends after it. */
  refuse(session: Session, refusal: FrameRefusal): Reply;
  /** The connection is gone. A request may still be in hand. */
  closed(session: Session): void;
  /** The largest frame allowed for a command, head included, where it is less than the connection's limit. */
  frameSizeMax?(session: Session, code: number): number;
}

/** Chunks held while a request is in hand; beyond it the socket is not read. */
const waitingChunksMax = 64;
/** Requests served before other connections get their turn. */
const requestsPerTurn = 256;
/** The slowest reading that still counts as reading, bytes per millisecond. */
const slowestReadPerMs = 65_536 / 1000;

export class Connection<Session extends { readonly isLoggedIn: boolean }> implements ConnectionControl {
  readonly remoteAddress: string;
  readonly localHost: string;
  readonly #socket: Duplex;
  readonly #service: Service<Session>;
  readonly #limits: ConnectionLimits;
  readonly #logger: Logger;
  readonly #session: Session;
  readonly #reader: FrameReader;

  /** A request has been handed over and not been answered. */
  #isBusy = false;
  #isPumping = false;
  #isTurnOver = false;
  #isUncorkDue = false;
  /** No further bytes will come, or none are wanted: end when the requests received are answered. */
  #isInputOver = false;
  /** The last reply was written; what still comes is thrown away. */
  #isEnding = false;
  #requestsThisTurn = 0;
  #inputSize = 0;
  #answers = 0;

  /** As of the last look at the deadlines. */
  #seenInputSize = 0;
  #seenOutputSize = 0;
  #seenAnswers = 0;
  #inputMovedAtMs: number;
  #outputMovedAtMs: number;
  /** Logged in, or answered. */
  #welcomeAtMs: number;
  #endingSinceMs: number | undefined;

  constructor(
    socket: Duplex,
    { remoteAddress, localHost }: Pick<ConnectionControl, 'remoteAddress' | 'localHost'>,
    service: Service<Session>,
    limits: ConnectionLimits,
    logger: Logger,
    nowMs: number,
  ) {
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.localHost = localHost;
    this.#service = service;
    this.#limits = limits;
    this.#logger = logger;
    this.#inputMovedAtMs = this.#outputMovedAtMs = this.#welcomeAtMs = nowMs;
    this.#reader = new FrameReader(service.framings);
    this.#session = service.open(this);
    socket.on('error', (error) => logger.debug('connection failed', { peer: remoteAddress, error }));
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('end', () => this.finish());
    socket.once('close', () => this.#closed());
  }

  get isLoggedIn(): boolean {
    return this.#session.isLoggedIn;
  }

  close(reason: string): void {
    if (this.#socket.destroyed) return;
    this.#logger.info('connection closed by the server', { peer: this.remoteAddress, reason });
    this.#isEnding = true;
    this.#socket.destroy();
  }

  /** Answers the requests already received, then ends. */
  finish(): void {
    this.#isInputOver = true;
    this.#pump();
  }

  /** Closes when a deadline has passed. To be called every second or so, with monotonic milliseconds. */
  checkDeadlines(nowMs: number): void {
    const limits = this.#limits;
    const outputSize = this.#socket.writableLength;
    if (outputSize === 0 || outputSize < this.#seenOutputSize) this.#outputMovedAtMs = nowMs;
    // A connection that is not read, or waits for its turn, is not to blame for silence.
    if (this.#inputSize !== this.#seenInputSize || this.#isBusy || !this.#reader.isMidFrame)
      this.#inputMovedAtMs = nowMs;
    // Official clients ping while they wait to log in; whoever does stays. The number of such connections has a limit of its own.
    if (this.isLoggedIn || this.#isBusy || this.#answers !== this.#seenAnswers) this.#welcomeAtMs = nowMs;
    this.#seenAnswers = this.#answers;
    this.#seenOutputSize = outputSize;
    this.#seenInputSize = this.#inputSize;

    const isOver = (sinceMs: number, deadlineMs: number, moreMs = 0) =>
      deadlineMs > 0 && nowMs - sinceMs > deadlineMs + moreMs;
    if (this.#isEnding) {
      this.#endingSinceMs ??= nowMs;
      if (isOver(this.#endingSinceMs, limits.closeDeadlineMs)) this.#socket.destroy();
    } else if (isOver(this.#welcomeAtMs, limits.loginDeadlineMs)) this.close('no login in time');
    else if (isOver(this.#inputMovedAtMs, limits.frameDeadlineMs)) this.close('a request stays unfinished');
    else if (isOver(this.#outputMovedAtMs, limits.writeDeadlineMs, outputSize / slowestReadPerMs)) {
      this.close('replies are not read');
    }
  }

  #receive(chunk: Uint8Array): void {
    if (this.#isEnding || this.#isInputOver) return;
    this.#inputSize += chunk.byteLength;
    this.#reader.push(chunk);
    this.#pump();
  }

  /** Serves requests until one has to be waited for, none is whole, or the turn is over. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#canServe() && this.#serveNext()) {
      this.#requestsThisTurn++;
    }
    this.#isPumping = false;
    this.#pauseOrResume();
  }

  #canServe(): boolean {
    if (this.#isBusy || this.#isEnding) return false;
    const outputMax = this.isLoggedIn ? this.#limits.outputSizeMaxBytes : this.#limits.outputSizeMaxBeforeLoginBytes;
    if (this.#socket.writableLength > outputMax) return false;
    if (this.#requestsThisTurn >= requestsPerTurn && !this.#isTurnOver) {
      this.#isTurnOver = true;
      setImmediate(() => {
        this.#isTurnOver = false;
        this.#requestsThisTurn = 0;
        this.#pump();
      });
    }
    return !this.#isTurnOver;
  }

  /** Hands the next frame over; false when there is none. */
  #serveNext(): boolean {
    try {
      // Only now is the next frame cut: whether its sender has logged in, and so what it may send, depends on the answer before.
      const frame = this.#reader.next(this.#frameSizeMax);
      if (frame === undefined) {
        if (this.#isInputOver) this.#end();
        return false;
      }
      if (isRefusal(frame)) {
        this.#logger.info('frame refused', { peer: this.remoteAddress, reason: frame.kind, length: frame.length });
        this.#complete({ reply: this.#service.refuse(this.#session, frame), close: true });
        return false;
      }
      const answer = this.#service.handle(this.#session, frame);
      if ('then' in answer) {
        this.#isBusy = true;
        answer.then(this.#completeLater, this.#fail);
        return false;
      }
      this.#complete(answer);
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  readonly #frameSizeMax = (code: number): number => {
    if (!this.isLoggedIn) return this.#limits.frameSizeMaxBeforeLoginBytes;
    const ofCommand = this.#service.frameSizeMax?.(this.#session, code) ?? Number.POSITIVE_INFINITY;
    return Math.min(this.#limits.frameSizeMaxBytes, ofCommand);
  };

  readonly #completeLater = (answer: Answer): void => {
    this.#isBusy = false;
    this.#requestsThisTurn++;
    this.#complete(answer);
    this.#pump();
  };

  /** Not a refusal but a bug, in a request of this connection alone: say so and let go of it. */
  readonly #fail = (error: unknown): void => {
    this.#isBusy = false;
    this.#logger.error('request failed', { peer: this.remoteAddress, error });
    this.close('a request failed');
  };

  #closed(): void {
    this.#isEnding = true;
    try {
      this.#service.closed(this.#session);
    } catch (error) {
      this.#logger.error('session could not be closed', { peer: this.remoteAddress, error });
    }
  }

  #complete({ reply, close }: Answer): void {
    if (this.#isEnding) return;
    this.#answers++;
    this.#write(reply);
    if (close) this.#end();
  }

  /** Corks until the running work has settled: replies to pipelined requests then leave in one system call. */
  #write(reply: Reply): void {
    const socket = this.#socket;
    if (!this.#isUncorkDue) {
      this.#isUncorkDue = true;
      socket.cork();
      process.nextTick(this.#uncork);
    }
    const last = reply.length - 1;
    for (let position = 0; position < last; position++) socket.write(reply[position]!);
    if (last >= 0) socket.write(reply[last]!, this.#written);
  }

  readonly #uncork = (): void => {
    this.#isUncorkDue = false;
    this.#socket.uncork();
  };

  /** Not 'drain': the cap may lie below the socket's own mark, and then that event never comes. */
  readonly #written = (error?: Error | null): void => {
    if (error == null) this.#pump();
  };

  /** Ends after what was written. Input is still read and thrown away: unread bytes would make the system reset the connection. */
  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#socket.end();
  }

  #pauseOrResume(): void {
    const reader = this.#reader;
    const waitingMax = this.isLoggedIn ? this.#limits.waitingSizeMaxBytes : 0;
    const isFull = reader.waitingSize > waitingMax || reader.waitingChunks > waitingChunksMax;
    const mustPause = isFull && !this.#isEnding && !this.#isInputOver;
    if (mustPause && !this.#socket.isPaused()) this.#socket.pause();
    else if (!mustPause && this.#socket.isPaused()) this.#socket.resume();
  }
}
