// Users and their personal access tokens. Passwords and tokens arrive here as hashes; who may do what is decided in src/access.
import type { Identifier } from '../../generated/common/identifier.ts';
import type { Permissions } from '../../generated/common/permissions.ts';
import type { UserStatus } from '../../generated/common/user_status.ts';
import { IggyError } from '../../generated/errors.ts';
import { type JournalEntry, JournalEntryKind } from '../../generated/storage/journal_entry.ts';
import type { Ledger } from './ledger.ts';
import type { TokenRecord, UserRecord } from './state.ts';

/** A user as handlers see it. `createdIndex` tells it from an earlier user of the same id: a session belongs to one of them only. */
export type User = Readonly<Omit<UserRecord, 'tokens'>> & { readonly tokens: ReadonlyMap<string, Token> };
export type Token = Readonly<TokenRecord>;

/** The id of the user made at the first start, who cannot be deleted. */
export const rootUserId = 0;

/** What a new user is given. */
export interface NewUser {
  readonly name: string;
  readonly passwordHash: string;
  readonly status: UserStatus;
  readonly permissions: Permissions | undefined;
}

export class Users implements Iterable<User> {
  readonly #ledger: Ledger;
  /** Tokens by digest, as hexadecimal text. */
  readonly #tokens = new Map<string, { readonly user: User; readonly token: Token }>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Brings the token index up to the records, once they are all replayed. */
  load(): void {
    for (const user of this.#ledger.state.users)
      for (const token of user.tokens.values()) this.#tokens.set(hexOf(token.digest), { user, token });
  }

  get size(): number {
    return this.#ledger.state.users.size;
  }

  /** In order of ids. */
  [Symbol.iterator](): Iterator<User> {
    return this.#ledger.state.users[Symbol.iterator]();
  }

  get(id: number): User | undefined {
    return this.#ledger.state.users.get(id);
  }

  named(name: string): User | undefined {
    return this.#ledger.state.users.named(name);
  }

  find(identifier: Identifier): User | undefined {
    return this.#ledger.state.users.find(identifier);
  }

  /** @throws IggyError `resource_not_found`. */
  user(identifier: Identifier): User {
    const user = this.find(identifier);
    if (user === undefined) throw new IggyError('resource_not_found', 'there is no such user');
    return user;
  }

  /** @throws IggyError `user_already_exists`, `invalid_username`. */
  async create(user: NewUser): Promise<User> {
    const { users } = this.#ledger.planned;
    this.#checkName(user.name);
    const userId = users.freeId();
    return this.#ledger.commit({ kind: JournalEntryKind.user_created, userId, ...user }, () => this.get(userId)!);
  }

  /** Changes what is given. @throws IggyError `resource_not_found`, `user_already_exists`, `invalid_username`. */
  async update(
    user: User,
    change: { readonly name: string | undefined; readonly status: UserStatus | undefined },
  ): Promise<void> {
    const planned = this.#planned(user);
    const { name = planned.name, status = planned.status } = change;
    if (name !== planned.name) this.#checkName(name);
    await this.#ledger.commit({ kind: JournalEntryKind.user_updated, userId: user.id, name, status });
  }

  /** @throws IggyError `resource_not_found`, `cannot_change_permissions`. */
  async setPermissions(user: User, permissions: Permissions | undefined): Promise<void> {
    if (user.id === rootUserId) throw new IggyError('cannot_change_permissions');
    this.#planned(user);
    await this.#ledger.commit({ kind: JournalEntryKind.permissions_changed, userId: user.id, permissions });
  }

  /** @throws IggyError `resource_not_found`. */
  async setPasswordHash(user: User, passwordHash: string): Promise<void> {
    this.#planned(user);
    await this.#ledger.commit({ kind: JournalEntryKind.password_changed, userId: user.id, passwordHash });
  }

  /** Deletes a user and all tokens. @throws IggyError `resource_not_found`, `cannot_delete_user`. */
  async delete(user: User): Promise<void> {
    if (user.id === rootUserId) throw new IggyError('cannot_delete_user');
    this.#planned(user);
    await this.#ledger.commit({ kind: JournalEntryKind.user_deleted, userId: user.id });
  }

  /** The token with this BLAKE3 digest, expired or not. */
  findToken(digest: Uint8Array): { readonly user: User; readonly token: Token } | undefined {
    return this.#tokens.get(hexOf(digest));
  }

  /** `digest` is 32 bytes. @throws IggyError `resource_not_found`, `personal_access_token_already_exists`. */
  async createToken(user: User, token: Token): Promise<void> {
    if (token.digest.byteLength !== 32) throw new Error('a token digest has 32 bytes');
    const planned = this.#planned(user);
    if (planned.tokens.has(token.name)) throw new IggyError('personal_access_token_already_exists');
    const { name, digest, expiresAt } = token;
    await this.#ledger.commit({
      kind: JournalEntryKind.token_created,
      userId: user.id,
      name,
      digest: digest.slice(),
      expiresAt,
    });
  }

  /** Tells the digest of the token that is gone. @throws IggyError `resource_not_found`. */
  async deleteToken(user: User, name: string): Promise<Uint8Array> {
    const token = this.#planned(user).tokens.get(name);
    if (token === undefined) throw new IggyError('resource_not_found', 'there is no such token');
    await this.#ledger.commit({ kind: JournalEntryKind.token_deleted, userId: user.id, name });
    return token.digest;
  }

  /** Keeps the token index beside the records. */
  applied(entry: JournalEntry): void {
    switch (entry.kind) {
      case JournalEntryKind.token_created: {
        const user = this.get(entry.userId)!;
        this.#tokens.set(hexOf(entry.digest), { user, token: user.tokens.get(entry.name)! });
        return;
      }
      case JournalEntryKind.token_deleted:
        this.#forget(({ user, token }) => user.id === entry.userId && token.name === entry.name);
        return;
      case JournalEntryKind.user_deleted:
        this.#forget(({ user }) => user.id === entry.userId);
        return;
    }
  }

  #forget(isGone: (entry: { readonly user: User; readonly token: Token }) => boolean): void {
    for (const [digest, entry] of this.#tokens) if (isGone(entry)) this.#tokens.delete(digest);
  }

  #checkName(name: string): void {
    if (Buffer.byteLength(name) > 255) throw new IggyError('invalid_username');
    if (this.#ledger.planned.users.named(name) !== undefined) throw new IggyError('user_already_exists');
  }

  #planned(user: User): UserRecord {
    const planned = this.#ledger.planned.users.get(user.id);
    if (planned?.createdIndex !== user.createdIndex)
      throw new IggyError('resource_not_found', 'there is no such user any more');
    return planned;
  }
}

function hexOf(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('hex');
}
