// The last answers to numbered changes of one session: a client that repeats a request, because its answer was lost, changes nothing twice.
import { IggyError } from '../../generated/errors.ts';
import type { ChangeNumber } from '../protocol/protocol.ts';
import type { Answer } from './connection.ts';

/** Answers kept, as in the reference. */
const keptMax = 5;

interface Kept {
  readonly number: ChangeNumber;
  /** Undefined for an answer that is not given twice. */
  readonly answer: Answer | undefined;
}

export class RecentAnswers {
  #session: number | undefined;
  #highest = 0n;
  #kept: Kept[] = [];

  /**
   * The answer to a change that was asked for before; undefined when it is a new one. Numbers may be left out, and begin anew with each session.
   * @throws IggyError `request_already_applied` when the answer is no longer known, `invalid_format` when another request had that number.
   */
  before(session: number | undefined, number: ChangeNumber): Answer | undefined {
    if (session !== this.#session) this.#begin(session);
    if (number.request > this.#highest) return undefined;
    const kept = this.#kept.find((one) => one.number.request === number.request);
    if (kept?.answer === undefined) throw new IggyError('request_already_applied');
    if (number.checksum !== kept.number.checksum && number.checksum !== 0n && kept.number.checksum !== 0n)
      throw new IggyError('invalid_format', `request ${number.request} was another one before`);
    return kept.answer;
  }

  /** Keeps the answer to a new change, a refusal too. */
  keep(number: ChangeNumber, answer: Answer | undefined): void {
    this.#highest = number.request;
    this.#kept.push({ number, answer });
    if (this.#kept.length > keptMax) this.#kept.shift();
  }

  #begin(session: number | undefined): void {
    this.#session = session;
    this.#highest = 0n;
    this.#kept = [];
  }
}
