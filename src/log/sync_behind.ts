// Brings a segment to the disk while it grows, so that little is left to do when it is full and little is in doubt after a power cut.
import type { FrameFile } from './frame_file.ts';

/** Bytes that the operating system may hold before they are brought to the disk in the background. */
const syncEvery = 32 << 20;

/** The syncs of one log that nobody waits for. */
export class SyncBehind {
  readonly #sync: (file: FrameFile) => Promise<unknown>;
  #isRunning = false;

  /** `sync` tells its own failures. */
  constructor(sync: (file: FrameFile) => Promise<unknown>) {
    this.#sync = sync;
  }

  /** Begins one when there is enough to bring to the disk and none is under way. */
  grown(file: FrameFile): void {
    if (this.#isRunning || file.unsyncedSize < syncEvery) return;
    this.#isRunning = true;
    this.#sync(file)
      .catch(() => {})
      .finally(() => {
        this.#isRunning = false;
      });
  }
}
