// What a server's own values are called in a comparison: its users by their names, the comparer's connections by their numbers. Two servers give
// different ids and see different addresses, and mean the same.
import type { User } from '../../generated/commands/users.ts';

export class Names {
  readonly #users = new Map<number, string>();
  readonly #connections = new Map<string, string>();

  /** From now on a peer address is shown as `name`. */
  nameConnection(address: string, name: string): void {
    this.#connections.set(address, name);
  }

  /** Forgets all but the connection with this address. */
  forget(address: string): void {
    const name = this.#connections.get(address);
    this.#users.clear();
    this.#connections.clear();
    if (name !== undefined) this.#connections.set(address, name);
  }

  /** Takes note of the users that a decoded answer tells of. */
  see(answer: unknown): void {
    const { details, users } = (answer ?? {}) as { details?: { user?: User }; users?: readonly User[] };
    for (const user of [...(users ?? []), ...(details?.user === undefined ? [] : [details.user])])
      this.#users.set(user.userId, user.username);
  }

  /** The name that a user had when an answer told of it last. */
  ofUser(userId: unknown): string | undefined {
    return this.#users.get(userId as number);
  }

  /** Which of the comparer's connections has this address; undefined for those of others. */
  ofConnection(address: string): string | undefined {
    return this.#connections.get(address);
  }
}
