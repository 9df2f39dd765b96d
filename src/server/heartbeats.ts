// Clients that do not ping for too long are stale, where the configuration says so: they leave the list of clients and their groups.
import type { Session, Sessions } from '../access/session.ts';
import type { Clock } from '../lib/clock.ts';
import type { Timers } from '../lib/timers.ts';

/** Intervals without a ping after which a session is stale; the reference's figure. */
const patience = 1.2;

/**
 * Looks at every session each `intervalMs` milliseconds. `gone` is told of each that became stale.
 * @returns what ends it.
 */
export function watchHeartbeats(
  sessions: Sessions,
  clock: Clock,
  timers: Timers,
  intervalMs: number,
  gone: (session: Session) => void,
): () => void {
  return timers.every(intervalMs, () => {
    const oldest = clock.monotonicMs() - patience * intervalMs;
    for (const session of sessions.list()) {
      if (session.heartbeatAtMs >= oldest) continue;
      session.isStale = true;
      sessions.remove(session);
      gone(session);
    }
  });
}
