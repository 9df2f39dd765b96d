// What a handler knows besides its request: the session, the rules of its generation, and the authorization it must ask for.
import type { Command } from '../../generated/commands.ts';
import type { Permissions } from '../../generated/common/permissions.ts';
import { IggyError } from '../../generated/errors.ts';
import { isAllowed, type RuleName } from '../access/permissioner.ts';
import type { Session } from '../access/session.ts';
import type { GenerationRules, Protocol } from '../protocol/protocol.ts';

export class RequestContext {
  readonly session: Session;
  readonly rules: GenerationRules;
  readonly #protocol: Protocol;
  readonly #permissionsOf: (userId: number) => Permissions | undefined;
  #authorized = false;

  constructor(session: Session, protocol: Protocol, permissionsOf: (userId: number) => Permissions | undefined) {
    this.session = session;
    this.rules = protocol.rules;
    this.#protocol = protocol;
    this.#permissionsOf = permissionsOf;
  }

  /** Catalog id of the user. @throws IggyError `unauthenticated` */
  get userId(): number {
    const { userId } = this.session;
    if (userId === undefined) throw new IggyError('unauthenticated');
    return userId;
  }

  /** The partition id of an answer about no partition: 0 on the wire in every generation. */
  get noPartitionId(): number {
    return -this.#protocol.idBase;
  }

  /** The partition of a key's xxHash32 as this client's generation counts. */
  keyedPartition(hash: number, count: number): number {
    return this.#protocol.keyedPartition(hash, count);
  }

  /** Asks whether the user may do this, to a stream and topic where the rule is about one. @throws IggyError `unauthorized` */
  authorize(rule: RuleName, streamId?: number, topicId?: number): void {
    this.#authorized = true;
    if (!isAllowed(rule, this.#permissionsOf(this.userId), streamId, topicId)) throw new IggyError('unauthorized');
  }

  /** Says that nothing was touched that needs a permission: the answer is empty, or about the user's own record. */
  nothingToAuthorize(): void {
    this.#authorized = true;
  }

  /** A command that declares a permission never succeeds without having asked. */
  assertAuthorized(command: Command): void {
    if (command.permission !== undefined && !this.#authorized)
      throw new Error(`${command.command} succeeded without authorization`);
  }
}
