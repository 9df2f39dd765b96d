// A client program that runs beside a test: its lines are there as it prints them, and it can be held, killed, or told to end by the
// end of its input. Only the process that was started here is ever ended.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { ClientCommand } from './client_install.ts';
import { type Line, leaveNoneBehind } from './client_process.ts';

const waitLimitMs = 60_000;

export class RunningClient {
  /** Everything that it has said so far. */
  readonly lines: Line[] = [];
  readonly #what: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #takeLine: (line: Line) => void;
  readonly #ended: Promise<number | null>;
  #isRunning = true;
  #rest = '';
  #complaints = '';
  #heard = Promise.withResolvers<void>();

  private constructor(what: string, child: ChildProcessWithoutNullStreams, take?: (line: Line) => void) {
    this.#what = what;
    this.#takeLine = take ?? ((line) => this.lines.push(line));
    this.#process = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4000);
    });
    const ended = Promise.withResolvers<number | null>();
    child.once('error', ended.reject);
    child.once('close', ended.resolve);
    this.#ended = ended.promise.finally(() => {
      this.#isRunning = false;
      this.#tell();
    });
    this.#ended.catch(() => {});
    leaveNoneBehind(child);
  }

  /** Starts one verb of a client program. `take` is given the lines instead of `lines` where there are too many to keep. */
  static start(
    client: ClientCommand,
    verb: string,
    keys: Record<string, string | number | boolean>,
    take?: (line: Line) => void,
  ): RunningClient {
    const pairs = Object.entries(keys).map(([key, value]) => `${key}=${value}`);
    return new RunningClient(verb, spawn(client.command, [...client.args, verb, ...pairs]), take);
  }

  /** Waits until what it said so far is enough. Lines may come thousands at a time. */
  async until(what: string, isEnough: (lines: readonly Line[]) => boolean, withinMs = waitLimitMs): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!isEnough(this.lines)) {
      if (!this.#isRunning) throw new Error(`${this.#what} ended before ${what}:\n${this.#lastWords()}`);
      if (performance.now() > deadline)
        throw new Error(`${this.#what}: not ${what} in ${withinMs} ms:\n${this.#lastWords()}`);
      const timer = setTimeout(() => this.#tell(), deadline - performance.now() + 1);
      await this.#heard.promise;
      clearTimeout(timer);
    }
  }

  /** Waits until it says that it did one step. */
  step(name: string): Promise<void> {
    return this.until(name, (lines) => lines.some((line) => line.event === 'step' && line.name === name));
  }

  /** Holds it where it is: nothing that it has not sent yet is sent. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  /** Ends it without a chance to say goodbye to anybody. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  /** Ends its input, which tells it to finish, and waits until it has. */
  async finish(withinMs = waitLimitMs): Promise<void> {
    this.#process.stdin.end();
    await this.until('its end', () => !this.#isRunning, withinMs);
    const code = await this.#ended;
    if (code !== 0) throw new Error(`${this.#what} ended with ${code}:\n${this.#lastWords()}`);
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#takeLine(JSON.parse(part) as Line);
    this.#tell();
  }

  #tell(): void {
    const told = this.#heard;
    this.#heard = Promise.withResolvers();
    told.resolve();
  }

  #lastWords(): string {
    const said = this.lines.slice(-5).map((line) => JSON.stringify(line));
    return [...said, this.#complaints].join('\n');
  }
}
