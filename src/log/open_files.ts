// How many files the logs of a server have open. Files that are read stay open until others need their place; files that are appended to are brought to
// the disk and closed when too many are, and opened again by their next append.
import type { DiskFile } from './disk.ts';

/** A file that is appended to. */
export interface Writer {
  /** Brings the file to the disk and closes it until it is needed again. Never rejects. */
  park(): Promise<void>;
}

interface Reading {
  readonly file: DiskFile;
  users: number;
  isForgotten: boolean;
}

export class OpenFiles {
  readonly #readersMax: number;
  readonly #writersMax: number;
  /** By what they belong to, the one used last at the end. */
  readonly #readers = new Map<object, Reading>();
  readonly #writers = new Set<Writer>();
  #latest: Writer | undefined;
  readonly #waiting: (() => void)[] = [];

  /** `max` files in all, at least 4. A few more can be open for as long as it takes to close others. */
  constructor(max: number) {
    this.#readersMax = Math.max(2, Math.floor(max / 4));
    this.#writersMax = Math.max(2, max - this.#readersMax);
  }

  /** Runs `use` with the file of `owner`, opened when it is not. Waits while all places are in use. */
  async read<Result>(owner: object, open: () => DiskFile, use: (file: DiskFile) => Promise<Result>): Promise<Result> {
    const reading = await this.#enter(owner, open);
    try {
      return await use(reading.file);
    } finally {
      reading.users--;
      if (reading.users === 0 && reading.isForgotten) reading.file.close();
      if (reading.users === 0) this.#waiting.shift()?.();
    }
  }

  async #enter(owner: object, open: () => DiskFile): Promise<Reading> {
    for (;;) {
      const known = this.#readers.get(owner);
      if (known !== undefined) {
        known.users++;
        this.#readers.delete(owner);
        this.#readers.set(owner, known);
        return known;
      }
      if (this.#readers.size < this.#readersMax || this.#closeIdle()) {
        const reading = { file: this.#openOne(open), users: 1, isForgotten: false };
        this.#readers.set(owner, reading);
        return reading;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #openOne(open: () => DiskFile): DiskFile {
    for (;;) {
      try {
        return open();
      } catch (error) {
        // The process has fewer files than was thought: those that nobody reads go first.
        if ((error as { code?: unknown }).code === 'EMFILE' && this.#closeIdle()) continue;
        this.#waiting.shift()?.();
        throw error;
      }
    }
  }

  /** Closes the file that was not read for longest; false when all are being read. */
  #closeIdle(): boolean {
    for (const [owner, { file, users }] of this.#readers) {
      if (users > 0) continue;
      this.#readers.delete(owner);
      file.close();
      return true;
    }
    return false;
  }

  /** Closes the file of `owner`, which is deleted or has another one now, as soon as nobody reads it. */
  forget(owner: object): void {
    const reading = this.#readers.get(owner);
    if (reading === undefined) return;
    this.#readers.delete(owner);
    if (reading.users === 0) reading.file.close();
    else reading.isForgotten = true;
    this.#waiting.shift()?.();
  }

  /** Notes that `writer` has its file open and appends to it. */
  appended(writer: Writer): void {
    if (this.#latest === writer) return;
    this.#latest = writer;
    this.#writers.delete(writer);
    this.#writers.add(writer);
    if (this.#writers.size <= this.#writersMax) return;
    const [oldest] = this.#writers;
    this.#writers.delete(oldest!);
    void oldest!.park();
  }

  /** Notes that `writer` has closed its file. */
  closed(writer: Writer): void {
    if (this.#latest === writer) this.#latest = undefined;
    this.#writers.delete(writer);
  }
}
