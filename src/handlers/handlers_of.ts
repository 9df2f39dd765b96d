// The handlers of this server, and the slice of them that one file implements.
import type { Handlers } from '../../generated/handlers.ts';
import type { MessageBatch, StoredMessages } from '../log/batch.ts';
import type { RequestContext } from './context.ts';

/** Every command of every generation. A send brings a batch for the log, a poll answers what the log holds. */
export type ServerHandlers = Handlers<RequestContext, MessageBatch, StoredMessages>;

/** The named methods of them. */
export type HandlersOf<Names extends keyof ServerHandlers> = Pick<ServerHandlers, Names>;
