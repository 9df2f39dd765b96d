// Judges what a server sends back: one reply to each frame, in order, well formed, until a frame that ends the connection.
import { inspect } from 'node:util';
import { statusCodes } from '../../generated/errors.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { WireError } from '../../src/bytes/wire_error.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { type Cut, codeAt, cutFrame, type Form, formOf, headSizes } from './frames.ts';
import { hasItsNumber, IllFormed, isChange, notRepeated, replySizeOf, type TakenReply, takeReply } from './replies.ts';

/** Something the server must not do. */
export class LiveViolation extends Error {
  override readonly name = 'LiveViolation';
}

/** Frames larger than this end the connection, head included. */
export interface FrameLimits {
  readonly beforeLogin: number;
  readonly ofSends: number;
  readonly ofOthers: number;
}

const sendCode = 101;
const logoutCode = 39;
const loginCodes = new Set([38, 40, 44, 45]);
const knownStatuses = new Map<number, string>(Object.entries(statusCodes).map(([name, code]) => [code, name]));
/** Statuses after which the connection ends. */
const closing = new Set(['client_not_found', 'stale_client']);
/** Larger answers are looked at no further than their length. */
const decodedSizeMax = 100_000;
/** What no reply reaches with the little data there is. */
const replySizeMax = 256 << 20;
/** Why a session of 0.9 that is not there is evicted. */
const noSession = 1;
/** Answers to changes of 0.9 that are kept: whoever repeats the number of one is answered the same again. */
const keptAnswersMax = 16;

/** Counted for frames of no command. */
const unknownCode = -1;

/** What is still expected of a connection. */
export type Expectation = 'nothing' | 'reply' | 'end' | 'more bytes';

/** Why the server may end a connection that sent it nothing wrong: a deadline passed, after which it need not answer, or the client ended its side. */
export type EndReason = 'none' | 'late' | 'finished';

/** Follows one connection: what was sent goes in at one side, what came back at the other. */
export class Answers {
  readonly #generation: GenerationName;
  readonly #limits: FrameLimits;
  readonly #count: (code: number, status: string) => void;
  #sent: Buffer = Buffer.alloc(0);
  #position = 0;
  #received: Buffer[] = [];
  #receivedSize = 0;
  #neededSize: number;
  /** How the frames of this connection begin, once one was answered. */
  #form: Form | undefined;
  readonly #keptAnswers: Buffer[] = [];
  #isLoggedIn = false;
  /** The first frame that an unexpected failure answered; the connection ends with it. */
  unexpected: string | undefined;
  #isOver = false;
  /** The last frame was refused, and was too large for one who was logged out unnoticed. */
  #mayBeOver = false;

  /** `count` is told of every reply. */
  constructor(generation: GenerationName, limits: FrameLimits, count: (code: number, status: string) => void) {
    this.#generation = generation;
    this.#limits = limits;
    this.#count = count;
    this.#neededSize = headSizes[formOf(generation)];
  }

  get isLoggedIn(): boolean {
    return this.#isLoggedIn;
  }

  /** Takes bytes that are being sent. */
  sending(bytes: Uint8Array): void {
    const left = this.#sent.subarray(this.#position);
    this.#sent = left.byteLength === 0 ? Buffer.from(bytes) : Buffer.concat([left, bytes]);
    this.#position = 0;
  }

  /** What the server owes now. */
  get expectation(): Expectation {
    if (this.#isOver) return 'end';
    const { kind } = this.#next();
    if (kind === 'misbegun') return 'end';
    if (kind !== 'unfinished') return 'reply';
    return this.#position === this.#sent.byteLength ? 'nothing' : 'more bytes';
  }

  /** Takes bytes that came. @throws LiveViolation */
  received(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedSize += chunk.byteLength;
    if (this.#receivedSize < this.#neededSize) return;
    let all = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    const form = formOf(this.#generation);
    const headSize = headSizes[form];
    this.#neededSize = headSize;
    while (all.byteLength >= headSize) {
      const size = replySizeOf(all, form);
      if (size < headSize || size > replySizeMax) throw new LiveViolation(`a reply claims ${size} bytes`);
      if (all.byteLength < size) {
        this.#neededSize = size;
        break;
      }
      this.#reply(all.subarray(0, size));
      all = all.subarray(size);
    }
    this.#received = all.byteLength === 0 ? [] : [all];
    this.#receivedSize = all.byteLength;
  }

  /** The server has closed. @throws LiveViolation when it owed something, or had no reason. */
  ended(reason: EndReason): void {
    if (reason === 'late' || this.#mayBeOver) return;
    if (this.#receivedSize > 0) throw new LiveViolation('the connection ended inside a reply');
    const { expectation } = this;
    if (expectation === 'reply') throw new LiveViolation(`the connection ended without a reply to ${this.#waiting()}`);
    if (expectation !== 'end' && reason === 'none') throw new LiveViolation('the connection ended for no reason');
  }

  readonly #sizeMax = (code: number): number => {
    if (!this.#isLoggedIn) return this.#limits.beforeLogin;
    return code === sendCode ? this.#limits.ofSends : this.#limits.ofOthers;
  };

  #next(): Cut {
    return cutFrame(this.#sent, this.#position, this.#sizeMax, this.#form);
  }

  #reply(reply: Buffer): void {
    if (this.#isOver) throw new LiveViolation('a reply after the last one');
    const { code, payload, eviction } = this.#taken(reply);
    const frame = this.#next();
    if (frame.kind === 'unfinished') throw new LiveViolation(`a reply with status ${code} that nobody asked for`);
    const status = code === 0 ? 'ok' : knownStatuses.get(code);
    if (status === undefined) throw new LiveViolation(`status ${code} to ${this.#waiting()} is not known`);
    if (frame.kind !== 'frame') {
      if ((status !== 'invalid_command' && eviction === undefined) || frame.kind === 'misbegun')
        throw new LiveViolation(`status ${status} to a frame that is ${frame.kind}`);
      this.#isOver = true;
      this.#count(unknownCode, frame.kind);
      return;
    }
    this.#form = frame.form;
    const shown = eviction === undefined ? status : `evicted ${eviction}`;
    this.#count(protocols.byName[this.#generation].commands.has(frame.code) ? frame.code : unknownCode, shown);
    const isRepeated = this.#isRepeated(reply, frame);
    if (status === 'error') {
      this.unexpected ??= this.#waiting();
      this.#isOver = true;
    }
    if (status === 'ok' && !isRepeated) this.#check(frame.code, payload);
    else if (status !== 'ok') this.#checkRefusal(status, payload);
    if (status === 'ok' && loginCodes.has(frame.code)) this.#isLoggedIn = true;
    if (status === 'ok' && frame.code === logoutCode) this.#isLoggedIn = false;
    // Others may have logged this connection out, by deleting its user: that is seen from the next answer on.
    const isLoggedOut = status === 'unauthenticated' && (eviction === undefined || eviction === noSession);
    if (isLoggedOut) this.#isLoggedIn = false;
    const isRefused = status === 'invalid_command' || eviction !== undefined;
    this.#mayBeOver = isRefused && frame.size > this.#limits.beforeLogin;
    if (closing.has(status)) this.#isOver = true;
    this.#position += frame.size;
  }

  #taken(reply: Buffer): TakenReply {
    try {
      return takeReply(reply, formOf(this.#generation));
    } catch (error) {
      if (!(error instanceof IllFormed)) throw error;
      throw new LiveViolation(`the reply to ${this.#waiting()}: ${error.message}`, { cause: error });
    }
  }

  /** Whether a change was answered before, and in the same way. @throws LiveViolation when a reply of 0.9 is to another request. */
  #isRepeated(reply: Buffer, { form, size }: { readonly form: Form; readonly size: number }): boolean {
    if (form === 'classic') return false;
    const head = this.#sent.subarray(this.#position, this.#position + Math.min(size, headSizes.replicated));
    const differing = notRepeated(head, reply);
    const isAgain =
      differing !== undefined && hasItsNumber(head, reply) && this.#keptAnswers.some((kept) => kept.equals(reply));
    if (differing !== undefined && !isAgain)
      throw new LiveViolation(`the reply to ${this.#waiting()} does not repeat its ${differing}`);
    if (isChange(head)) this.#keptAnswers.push(Buffer.from(reply));
    if (this.#keptAnswers.length > keptAnswersMax) this.#keptAnswers.shift();
    return isAgain;
  }

  /** A refusal has no payload but in 0.4, where it may be a text for people: never the place in our code where it was found. */
  #checkRefusal(status: string, payload: Uint8Array): void {
    if (payload.byteLength === 0) return;
    const text = Buffer.from(payload).toString('utf8');
    if (this.#generation !== 'v0_4' || / at .+:\d+:\d+|node:internal/.test(text))
      throw new LiveViolation(`a refusal with ${status} and a payload: ${text}`);
  }

  #check(code: number, payload: Uint8Array): void {
    if (payload.byteLength > decodedSizeMax) return;
    const command = protocols.byName[this.#generation].commands.get(code);
    if (command === undefined) throw new LiveViolation(`success for command ${code}, which ${this.#generation} lacks`);
    const reader = new Reader(payload);
    try {
      command.decodeResponse(reader);
    } catch (error) {
      throw new LiveViolation(`the answer to ${this.#waiting()} cannot be read: ${error}`, { cause: error });
    }
    if (reader.remaining > 0)
      throw new LiveViolation(`the answer to ${this.#waiting()} has ${reader.remaining} bytes too many`);
  }

  #waiting(): string {
    const frame = this.#next();
    if (frame.kind !== 'frame') return `what is ${frame.kind}`;
    return describeFrame(this.#sent.subarray(this.#position, this.#position + frame.size), this.#generation);
  }
}

/** A frame for people: command and fields, or hexadecimal where it cannot be read. */
export function describeFrame(frame: Uint8Array, generation: GenerationName): string {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  const form = formOf(generation);
  const headSize = headSizes[form];
  const hex = bytes.subarray(headSize).toString('hex');
  const shownHex = hex.length > 400 ? `${hex.slice(0, 400)}… (${bytes.byteLength - headSize} bytes)` : hex;
  if (bytes.byteLength < headSize) return `bytes ${bytes.toString('hex')}`;
  const code = codeAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, form);
  const command = protocols.byName[generation].commands.get(code);
  if (command === undefined) return `code ${code}, payload ${shownHex}`;
  try {
    const value = command.decodeRequest(new Reader(bytes.subarray(headSize)));
    return `${code} ${command.command} ${shown(value).slice(0, 400)}`;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${code} ${command.command} (${error.message}) payload ${shownHex}`;
  }
}

function shown(value: unknown): string {
  return inspect(value, { compact: true, breakLength: Number.POSITIVE_INFINITY, depth: 6, maxStringLength: 80 });
}
