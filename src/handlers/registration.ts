// The session that a login of generation 0.9 begins, and what its client is told of it.
import type * as wire from '../../generated/commands.ts';
import type { Session, Sessions } from '../access/session.ts';

/** What the server tells of itself to whoever registers. */
export type Greeting = Pick<wire.LoginRegisterResponse, 'protocolVersion' | 'serverVersion'>;

/** Whether a connection has a session already: another login on it changes nothing, as in the reference. */
export function isRegistered({ login, number }: Session): boolean {
  return login !== undefined && number !== undefined;
}

/** What a login answers, once it has succeeded. */
export function registration(session: Session, sessions: Sessions, greeting: Greeting): wire.LoginRegisterResponse {
  return { userId: session.userId!, session: session.number ?? sessions.begin(session), ...greeting };
}
