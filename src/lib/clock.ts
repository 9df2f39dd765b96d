// Time as the engine sees it. Injected, so that tests and the simulation drive it; the only place that asks the machine what time it is.

/** Where time comes from. */
export interface Clock {
  /** Wall time in whole microseconds since 1970. May step when the machine's clock is set. */
  nowMicros(): number;
  /** Milliseconds since some start, never going back. For deadlines and intervals. */
  monotonicMs(): number;
}

/** The gap in milliseconds between wall and monotonic time that counts as the clock having been set. */
const stepMs = 2;

/** The machine's clock. `Date` has only milliseconds, so microseconds come from the monotonic clock until the two drift apart. */
export function systemClock(): Clock {
  let originMs = Date.now() - performance.now();
  return {
    nowMicros() {
      const monotonic = performance.now();
      const wall = Date.now();
      if (Math.abs(originMs + monotonic - wall) > stepMs) originMs = wall - monotonic;
      return Math.floor((originMs + monotonic) * 1000);
    },
    monotonicMs: () => performance.now(),
  };
}
