// Group commit: many who wait for the disk share one `fdatasync`. A sync that fails is never tried again as if it could succeed.

/** Gathers requests to be on disk. One sync runs at a time; the next one covers all who asked while it ran. */
export class SyncGroup {
  readonly #sync: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves once a sync that began after this call has succeeded. Rejects for ever after one failed. */
  request(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#start();
    this.#next = this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  /** Resolves when no sync is running, whatever its result. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running.catch(() => {});
  }

  /** Turns an error thrown at once into a rejection. */
  async #run(): Promise<void> {
    await this.#sync();
  }

  async #start(): Promise<void> {
    this.#next = undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
    const running = this.#run();
    this.#running = running;
    try {
      await running;
    } catch (error) {
      this.#failure = { error };
      throw error;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }
}
