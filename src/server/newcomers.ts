// The connections that have not logged in. Bounds them in all and per remote host, so that strangers cannot use up the server.

/** What is asked of a connection here. */
export interface Newcomer {
  readonly isLoggedIn: boolean;
  close(reason: string): void;
}

export interface NewcomerLimits {
  readonly connectionsBeforeLoginMax: number;
  readonly connectionsBeforeLoginPerAddressMax: number;
}

/** Keeps newcomers oldest first. Those that log in are forgotten at the next look. */
export class Newcomers {
  readonly #limits: NewcomerLimits;
  /** Host by connection, in order of arrival. */
  readonly #hosts = new Map<Newcomer, string>();
  readonly #byHost = new Map<string, Set<Newcomer>>();

  constructor(limits: NewcomerLimits) {
    this.#limits = limits;
  }

  /** Newcomers known, some of which may have logged in since the last `forget`. */
  get count(): number {
    return this.#hosts.size;
  }

  /** Adds a connection of a remote host. Where that is one too many, the oldest goes. */
  add(connection: Newcomer, host: string): void {
    this.#hosts.set(connection, host);
    const ofHost = this.#byHost.get(host) ?? new Set();
    this.#byHost.set(host, ofHost.add(connection));
    this.#makeRoom(
      ofHost,
      this.#limits.connectionsBeforeLoginPerAddressMax,
      'too many connections of this host without a login',
    );
    this.#makeRoom(this.#hosts, this.#limits.connectionsBeforeLoginMax, 'too many connections without a login');
  }

  /** Forgets a connection that is gone. */
  remove(connection: Newcomer): void {
    const host = this.#hosts.get(connection);
    if (host === undefined) return;
    this.#hosts.delete(connection);
    const ofHost = this.#byHost.get(host);
    ofHost?.delete(connection);
    if (ofHost?.size === 0) this.#byHost.delete(host);
  }

  /** Forgets the connections that have logged in. */
  forget(): void {
    for (const connection of this.#hosts.keys()) if (connection.isLoggedIn) this.remove(connection);
  }

  #makeRoom(oldestFirst: ReadonlySet<Newcomer> | ReadonlyMap<Newcomer, string>, max: number, reason: string): void {
    if (oldestFirst.size > max) this.forget();
    for (const oldest of oldestFirst.keys()) {
      if (oldestFirst.size <= max) return;
      this.remove(oldest);
      oldest.close(reason);
    }
  }
}
