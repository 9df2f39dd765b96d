// Talks to one oracle: a program over an official crate that encodes and decodes, one JSON line in, one JSON line out, in order.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** What is asked. Values are in the form of `values.ts`. */
export type Question =
  | { readonly op: 'encode'; readonly type: string; readonly value: unknown }
  | { readonly op: 'decode'; readonly type: string; readonly hex: string };

/** One of the keys: the bytes, the value, what the crate refused, or why it cannot do this at all. */
export interface Answer {
  readonly hex?: string;
  readonly value?: unknown;
  readonly error?: string;
  readonly unsupported?: string;
}

/** What an oracle says of itself. */
export interface OracleTypes {
  readonly encode: readonly string[];
  readonly decode: readonly string[];
  /** Why a type is missing in one of the lists. */
  readonly unsupported: Readonly<Record<string, string>>;
  /** Fewest bytes that the crate's decoder takes, where that is more than the layout needs. */
  readonly shortest: Readonly<Record<string, number>>;
}

const stopWithinMs = 2_000;
const answerWithinMs = 60_000;

/** A running oracle. Questions may be asked before earlier ones are answered. */
export class Oracle {
  readonly types: OracleTypes;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: Answers;

  private constructor(child: ChildProcessWithoutNullStreams, answers: Answers, types: OracleTypes) {
    this.#child = child;
    this.#answers = answers;
    this.types = types;
  }

  static async start(binary: string): Promise<Oracle> {
    const child = spawn(binary, { stdio: 'pipe' });
    const answers = new Answers(binary, child);
    const answered = answers.next(1);
    child.stdin.write('{"op":"types"}\n');
    return new Oracle(child, answers, (await answered)[0] as unknown as OracleTypes);
  }

  /** Whether it gave up: no answer in time, an answer that is none, an end. Nothing can be asked any more. */
  get hasFailed(): boolean {
    return this.#answers.hasFailed;
  }

  /** Answers in the order of the questions, which go out in one piece. */
  ask(questions: readonly Question[]): Promise<readonly Answer[]> {
    const answered = this.#answers.next(questions.length);
    if (questions.length > 0)
      this.#child.stdin.write(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
    return answered;
  }

  /** Ends the process: by the end of its input, or by force. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopWithinMs);
    await ended;
    clearTimeout(timer);
  }
}

interface Waiting {
  readonly count: number;
  readonly answers: Answer[];
  resolve(answers: readonly Answer[]): void;
  reject(error: Error): void;
}

/** Gives each line of the process to whoever waited longest. */
class Answers {
  readonly #waiting: Waiting[] = [];
  #failure: Error | undefined;

  constructor(binary: string, child: ChildProcessWithoutNullStreams) {
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-2_000);
    });
    child.on('error', (error) => this.#fail(error));
    child.stdin.on('error', (error) => this.#fail(error));
    child.on('close', (code, signal) => this.#fail(new Error(`${binary} ended (${code ?? signal})\n${errors}`)));
    // Not readline: it also ends a line at U+2028, which JSON leaves in texts as it is.
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#take(line);
    });
  }

  async next(count: number): Promise<readonly Answer[]> {
    if (this.#failure !== undefined) throw this.#failure;
    if (count === 0) return [];
    // A crate that believes a count on the wire may count for hours.
    const timer = setTimeout(() => this.#fail(new Error(`no answer within ${answerWithinMs} ms`)), answerWithinMs);
    try {
      return await new Promise((resolve, reject) => this.#waiting.push({ count, answers: [], resolve, reject }));
    } finally {
      clearTimeout(timer);
    }
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  #take(line: string): void {
    const answer = parsed(line);
    const first = this.#waiting[0];
    if (first === undefined || answer === undefined) {
      this.#fail(new Error(`not an answer to anything asked: ${line}`));
      return;
    }
    first.answers.push(answer);
    if (first.answers.length < first.count) return;
    this.#waiting.shift();
    first.resolve(first.answers);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

function parsed(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}
