// Waiting as the engine sees it. Injected, so that tests and the simulation decide when time passes.

/** Runs things later. */
export interface Timers {
  /** Runs `task` every `intervalMs` milliseconds, from one interval from now on. @returns what ends it. */
  every(intervalMs: number, task: () => void): () => void;
}

/** Longest wait that Node knows; a longer one would end at once. */
const waitMax = 2 ** 31 - 1;

/** The machine's timers. They keep no process alive. */
export function systemTimers(): Timers {
  return {
    every(intervalMs, task) {
      const timer = setInterval(task, Math.min(intervalMs, waitMax));
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
