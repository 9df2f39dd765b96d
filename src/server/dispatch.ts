// One request from bytes to reply: find the command, decode, check the login, call the handler, encode. The only place that turns errors into statuses.
import type { Command, CommandName } from '../../generated/commands.ts';
import { IggyError, isStatusName, type StatusName } from '../../generated/errors.ts';
import type { Handlers } from '../../generated/handlers.ts';
import { WireError } from '../bytes/wire_error.ts';
import type { Logger } from '../lib/logger.ts';
import type { MessageBatch, StoredMessages } from '../log/batch.ts';
import type { Protocol, Reply } from '../protocol/protocol.ts';
import { RequestContext } from './context.ts';
import type { Session } from './session.ts';

/** What a handler is given for a message region, and what it gives back for one. */
export type Messages = MessageBatch | StoredMessages;

/** Handlers of this server. Sends carry a `MessageBatch`, polls answer `StoredMessages`. */
export type ServerHandlers = Handlers<RequestContext, never>;

/** Gets of one thing, which answer an empty payload when there is nothing. */
const singleGets: ReadonlySet<CommandName> = new Set<CommandName>([
  'get_client',
  'get_user',
  'get_consumer_offset',
  'get_stream',
  'get_topic',
  'get_consumer_group',
]);

/** Statuses after which the reference closes the connection. */
const closing: ReadonlySet<StatusName> = new Set<StatusName>(['client_not_found', 'stale_client']);

export interface Dispatched {
  readonly reply: Reply;
  /** The connection ends after this reply. */
  readonly close: boolean;
}

export class Dispatcher {
  readonly #handlers: Readonly<Record<string, (request: unknown, context: RequestContext) => unknown>>;
  readonly #contextOf: (session: Session, protocol: Protocol) => RequestContext;
  readonly #logger: Logger;

  constructor(handlers: object, contextOf: (session: Session, protocol: Protocol) => RequestContext, logger: Logger) {
    this.#handlers = handlers as Readonly<Record<string, (request: unknown, context: RequestContext) => unknown>>;
    this.#contextOf = contextOf;
    this.#logger = logger;
  }

  /** Serves one request. Never throws for what a client can cause. */
  async handle(session: Session, code: number, payload: Uint8Array): Promise<Dispatched> {
    const protocol = session.protocol.observe(code, payload);
    const command = protocol.commands.get(code);
    if (command === undefined) return refuse(protocol, 'invalid_command', `command code ${code} does not exist`);
    try {
      const request = protocol.readRequest(command, payload);
      if (command.auth === 'user' && !session.isLoggedIn) throw new IggyError('unauthenticated');
      const context = this.#contextOf(session, protocol);
      const response = await this.#handlers[command.method]!(request, context);
      context.assertAuthorized(command);
      return { reply: protocol.writeReply(command, response), close: false };
    } catch (error) {
      return this.#refusal(session, protocol, command, error);
    }
  }

  #refusal(session: Session, protocol: Protocol, command: Command, error: unknown): Dispatched {
    if (error instanceof WireError) {
      this.#logger.debug('malformed request', { client: session.clientId, command: command.command, reason: error.message });
      return refuse(protocol, protocol.statusOf(error), error.status === undefined ? undefined : error.message);
    }
    const status = statusOf(error);
    if (status === undefined) {
      this.#logger.error('request failed', { client: session.clientId, command: command.command, error: String((error as Error)?.stack ?? error) });
      return { ...refuse(protocol, 'error', 'internal error'), close: true };
    }
    if (protocol.rules.singleGetsHideErrors && singleGets.has(command.command)) {
      return { reply: protocol.writeReply(command, emptyAnswer), close: false };
    }
    return refuse(protocol, status, (error as Error).message);
  }
}

/** "Nothing there" of any single get: its fields are absent, its lists empty. */
const emptyAnswer = { stream: undefined, topics: [], topic: undefined, partitions: [], group: undefined, members: [], details: undefined, consumerOffset: undefined };

/** An expected refusal names its status: IggyError, and LogError with a status as text. */
function statusOf(error: unknown): StatusName | undefined {
  if (error instanceof IggyError) return error.status;
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'string' && isStatusName(status) ? status : undefined;
}

function refuse(protocol: Protocol, status: StatusName, text?: string): Dispatched {
  return { reply: protocol.writeRefusal(status, text ?? new IggyError(status).message), close: closing.has(status) };
}
