// One request from bytes to reply: find the command, decode, check the login, call the handler, encode. The only place that turns errors into statuses.
import type { Command, CommandName } from '../../generated/commands.ts';
import { IggyError, isStatusName, type StatusName } from '../../generated/errors.ts';
import { needsLogin } from '../access/permissioner.ts';
import type { Session } from '../access/session.ts';
import { WireError } from '../bytes/wire_error.ts';
import type { Logger } from '../lib/logger.ts';
import type { Frame, Protocol, ProtocolChoice } from '../protocol/protocol.ts';
import type { Answer } from './connection.ts';
import type { RecentAnswers } from './recent_answers.ts';

/** One connection as requests are served on it: who is there, and what it speaks. */
export interface Client {
  readonly session: Session;
  readonly protocol: ProtocolChoice;
  readonly answers: RecentAnswers;
}

/** What a handler is given besides its request. */
export interface HandlerContext {
  /** Throws when a command that needs a permission succeeded without asking for it: a bug. */
  assertAuthorized(): void;
}

type Handler = (request: unknown, context: HandlerContext) => unknown;

/** Gets of one thing, which answer an empty payload when there is nothing. */
const singleGets: ReadonlySet<CommandName> = new Set<CommandName>([
  'get_client',
  'get_user',
  'get_consumer_offset',
  'get_stream',
  'get_topic',
  'get_consumer_group',
]);

/** "Nothing there" of any single get: what it would tell is absent, its lists are empty. */
const nothingThere = {
  details: undefined,
  consumerOffset: undefined,
  stream: undefined,
  topics: [],
  topic: undefined,
  partitions: [],
  consumerGroup: undefined,
  members: [],
};

/** Commands whose answer holds a secret, which is not said twice. */
const shownOnce: ReadonlySet<CommandName> = new Set<CommandName>(['create_personal_access_token']);

/** Statuses after which the reference closes the connection. */
const closing: ReadonlySet<StatusName> = new Set<StatusName>(['client_not_found', 'stale_client']);

export class Dispatcher<Context extends HandlerContext> {
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #contextOf: (command: CommandName, session: Session, protocol: Protocol) => Context;
  readonly #logger: Logger;

  /** `handlers` has one method per command, taking a request and a `Context`. */
  constructor(
    handlers: object,
    contextOf: (command: CommandName, session: Session, protocol: Protocol) => Context,
    logger: Logger,
  ) {
    this.#handlers = handlers as Readonly<Record<string, Handler>>;
    this.#contextOf = contextOf;
    this.#logger = logger;
  }

  /** Serves one request. Never throws for what a client can cause. */
  async handle(client: Client, frame: Frame): Promise<Answer> {
    const { session } = client;
    const protocol = client.protocol.observe(frame);
    // Official clients then connect again by themselves.
    if (client.protocol.isOutOfStep) return { reply: [], close: true };
    session.ownId = protocol.clientIdOf(frame);
    const command = protocol.commandOf(frame);
    if (command === undefined) return refuse(client, protocol, frame, 'invalid_command');
    const isForUsers = needsLogin(command.command) && !isWelcomeLogout(command, protocol);
    if (session.isStale) return refuse(client, protocol, frame, isForUsers ? 'stale_client' : 'client_not_found');
    const number = session.isLoggedIn ? protocol.changeNumberOf(frame) : undefined;
    if (number === undefined) return this.#serve(client, protocol, command, frame, !isForUsers);
    try {
      const before = client.answers.before(session.number, number);
      if (before !== undefined) return before;
    } catch (error) {
      return this.#refusal(client, protocol, command, frame, error);
    }
    const answer = await this.#serve(client, protocol, command, frame, !isForUsers);
    client.answers.keep(number, shownOnce.has(command.command) ? undefined : answer);
    return answer;
  }

  async #serve(
    client: Client,
    protocol: Protocol,
    command: Command,
    frame: Frame,
    isForStrangers: boolean,
  ): Promise<Answer> {
    const { session } = client;
    try {
      const request = readRequest(protocol, command, frame, session.isLoggedIn || isForStrangers);
      const context = this.#contextOf(command.command, session, protocol);
      const response = await this.#handlers[command.method]!(request, context);
      context.assertAuthorized();
      return { reply: protocol.writeReply(command, response, frame), close: false };
    } catch (error) {
      return this.#refusal(client, protocol, command, frame, error);
    }
  }

  #refusal(client: Client, protocol: Protocol, command: Command, frame: Frame, error: unknown): Answer {
    const where = { client: client.session.clientId, command: command.command };
    if (error instanceof WireError) {
      this.#logger.debug('malformed request', { ...where, reason: error.message });
      return refuse(client, protocol, frame, protocol.statusOf(error));
    }
    const status = statusOf(error);
    if (status === undefined) {
      this.#logger.error('request failed', { ...where, error });
      return { ...refuse(client, protocol, frame, 'error'), close: true };
    }
    const { singleGetsHide: hidden } = protocol.rules;
    const isHidden = hidden === 'every' || (hidden === 'refusals' && status !== 'unauthenticated');
    if (isHidden && singleGets.has(command.command)) {
      return { reply: protocol.writeReply(command, nothingThere, frame), close: false };
    }
    return refuse(client, protocol, frame, status, (error as Error).message);
  }
}

/** Whether a logout may come without a login. */
function isWelcomeLogout({ command }: Command, { rules }: Protocol): boolean {
  return command === 'logout_user' && rules.logoutEndsEverything;
}

/** @throws WireError, IggyError; `unauthenticated` where it comes first in this generation. */
function readRequest(protocol: Protocol, command: Command, frame: Frame, isWelcome: boolean): unknown {
  try {
    const request = protocol.readRequest(command, frame);
    if (isWelcome) return request;
  } catch (error) {
    const isForm =
      error instanceof WireError && (error.status === undefined || protocol.statusOf(error) === 'invalid_format');
    if (isWelcome || !protocol.rules.loginComesFirst(command.command, isForm ? 'bytes' : 'value')) throw error;
  }
  throw new IggyError('unauthenticated');
}

/** An expected refusal names its status: `IggyError` by type, errors of the engine by text. */
function statusOf(error: unknown): StatusName | undefined {
  if (error instanceof IggyError) return error.status;
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'string' && isStatusName(status) ? status : undefined;
}

function refuse(
  client: Client,
  protocol: Protocol,
  frame: Frame,
  status: StatusName,
  text = new IggyError(status).message,
): Answer {
  client.protocol.refused();
  return { reply: protocol.writeRefusal(status, text, frame), close: closing.has(status) };
}
