// Hashing and checking passwords off the event loop, on one thread of their own. Whose turn it is, is up to `LoginTurns`.
import { Worker } from 'node:worker_threads';
import type { PasswordCheck } from './password_hash.ts';
import type { PasswordJob, PasswordResult } from './password_worker.ts';

/** A job without its number. */
type Task = PasswordJob extends infer Job ? (Job extends PasswordJob ? Omit<Job, 'id'> : never) : never;

/** Starts its thread with the first password; it ends with the process. */
export class Passwords {
  #thread: Worker | undefined;
  #lastId = 0;
  readonly #jobs = new Map<number, PromiseWithResolvers<string>>();

  /** Hashes a password with a fresh salt. Takes tens of milliseconds. */
  hash(password: string): Promise<string> {
    return this.#work({ kind: 'hash', password });
  }

  /** Compares a password with a hash. Takes tens of milliseconds, as many without a hash as with one. */
  check(password: string, hash: string | undefined): Promise<PasswordCheck> {
    return this.#work({ kind: 'check', password, hash }) as Promise<PasswordCheck>;
  }

  /** Ends the thread. What waits is refused; what comes later starts another. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#lost(new Error('the thread that hashes passwords was ended'));
    await thread?.terminate();
  }

  #work(task: Task): Promise<string> {
    const job = Promise.withResolvers<string>();
    const id = ++this.#lastId;
    this.#jobs.set(id, job);
    this.#thread ??= this.#start();
    this.#thread.ref();
    this.#thread.postMessage({ ...task, id } satisfies PasswordJob);
    return job.promise;
  }

  #start(): Worker {
    const thread = new Worker(new URL('./password_worker.ts', import.meta.url), { name: 'passwords' });
    thread.on('message', ({ id, result }: PasswordResult) => {
      this.#jobs.get(id)?.resolve(result);
      this.#jobs.delete(id);
      // Only work keeps the process alive.
      if (this.#jobs.size === 0) thread.unref();
    });
    const ended = (error: Error) => {
      if (this.#thread === thread) this.#lost(error);
    };
    thread.on('error', ended);
    thread.on('exit', (code) => ended(new Error(`the thread that hashes passwords ended with ${code}`)));
    return thread;
  }

  #lost(error: Error): void {
    this.#thread = undefined;
    for (const job of this.#jobs.values()) job.reject(error);
    this.#jobs.clear();
  }
}
