// What a handler knows besides its request: the session and its user, the rules of its generation, and the permission it must ask for.
import type { CommandName } from '../../generated/commands.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { IggyError } from '../../generated/errors.ts';
import { isAllowed, needsPermission } from '../access/permissioner.ts';
import type { Session } from '../access/session.ts';
import type { User, Users } from '../catalog/users.ts';
import type { GenerationRules, Protocol } from '../protocol/protocol.ts';

export class RequestContext {
  readonly session: Session;
  readonly rules: GenerationRules;
  readonly #command: CommandName;
  readonly #protocol: Protocol;
  readonly #users: Pick<Users, 'get'>;
  #authorized = false;

  constructor(command: CommandName, session: Session, protocol: Protocol, users: Pick<Users, 'get'>) {
    this.session = session;
    this.rules = protocol.rules;
    this.#command = command;
    this.#protocol = protocol;
    this.#users = users;
  }

  /** Who asks. A user that was deleted or made inactive meanwhile is nobody. @throws IggyError `unauthenticated` */
  get user(): User {
    const { login } = this.session;
    const user = login && this.#users.get(login.userId);
    if (user === undefined || user.createdIndex !== login?.createdIndex || user.status !== UserStatus.active)
      throw new IggyError('unauthenticated');
    return user;
  }

  /** The partition id of an answer about no partition. */
  get noPartitionId(): number {
    return this.#protocol.noPartitionId;
  }

  /** The partition of a key's xxHash32 as this client's generation counts. */
  keyedPartition(hash: number, count: number): number {
    return this.#protocol.keyedPartition(hash, count);
  }

  /**
   * Asks whether the user may send this command, about a stream and topic where its rule is about one. To be asked again after waiting for
   * anything but the change itself: what was allowed before may have been taken away.
   * @throws IggyError `unauthorized`, `unauthenticated`
   */
  authorize(streamId?: number, topicId?: number): void {
    this.#authorized = true;
    if (!isAllowed(this.#command, this.user.permissions, streamId, topicId)) throw new IggyError('unauthorized');
  }

  /** As `authorize`, for a command about a user: everybody may send it about the own record. @throws IggyError as `authorize` */
  authorizeAbout(user: User | undefined): void {
    if (user !== undefined && user.id === this.user.id) this.#authorized = true;
    else this.authorize();
  }

  /** Says that nothing was touched that needs a permission: the answer is empty. */
  nothingToAuthorize(): void {
    this.#authorized = true;
  }

  /** A command that needs a permission never succeeds without having asked. */
  assertAuthorized(): void {
    if (!this.#authorized && needsPermission(this.#command))
      throw new Error(`${this.#command} succeeded without authorization`);
  }
}
