// The newest log lines, kept for a snapshot that a person asks for.
import type { LogSink } from './logger.ts';

/** Passes lines on and keeps the newest `countMax` of them. */
export class RecentLines {
  readonly #lines: string[] = [];
  readonly #countMax: number;

  constructor(countMax = 1000) {
    this.#countMax = countMax;
  }

  /** A sink that keeps what it passes to `next`. */
  tap(next: LogSink): LogSink {
    return (line) => {
      this.#lines.push(line);
      if (this.#lines.length > this.#countMax) this.#lines.shift();
      next(line);
    };
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}
