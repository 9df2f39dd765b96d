// Who is on a connection: client id, transport, address, and the user once logged in.

export type Transport = 'tcp' | 'quic' | 'http' | 'web_socket';

/** Who logged in on a connection, and with what. */
export interface Login {
  /** Catalog id of the user. */
  readonly userId: number;
  /** Tells the user from a later one of the same id. */
  readonly createdIndex: number;
  /** Digest of the token that was shown; undefined when it was a password. */
  readonly tokenDigest: Uint8Array | undefined;
}

/** One connected client. Lives as long as its connection. */
export class Session {
  /** xxHash32 of the peer's address, as in the reference. */
  readonly clientId: number;
  readonly transport: Transport;
  /** `ip:port` of the peer. */
  readonly address: string;
  /** The address of this server that the peer reached, without port: what it is told to come back to. */
  readonly localHost: string;
  /** Undefined before a login and after a logout. */
  login: Login | undefined;
  /** Monotonic milliseconds of the last ping, at first of the connection's begin. */
  heartbeatAtMs: number;
  /** The id that the client gave itself, in generations where it does. */
  ownId: bigint | undefined;
  /** Number of the session that its login began, in generations where a login begins one. */
  number: number | undefined;
  /** The session of another connection that this one acts as in consumer groups. */
  attachedTo: Session | undefined;
  /** It missed its heartbeats: it is no longer listed, left its groups, and every command is refused. */
  isStale = false;
  #isOver = false;

  constructor(clientId: number, transport: Transport, address: string, localHost: string, nowMs: number) {
    this.clientId = clientId;
    this.transport = transport;
    this.address = address;
    this.localHost = localHost;
    this.heartbeatAtMs = nowMs;
  }

  /** Its connection has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Its connection ends. Whom it acted for is let go, or a row of ended sessions could be kept alive by its last one. */
  end(): void {
    this.#isOver = true;
    this.attachedTo = undefined;
  }

  /** Whose memberships count for what this client does in consumer groups. */
  get memberClientId(): number {
    return this.attachedTo?.isOver === false ? this.attachedTo.clientId : this.clientId;
  }

  get isLoggedIn(): boolean {
    return this.login !== undefined;
  }

  /** Catalog id of the user who logged in. */
  get userId(): number | undefined {
    return this.login?.userId;
  }

  /** The peer's address without its port. */
  get host(): string {
    return this.address.slice(0, this.address.lastIndexOf(':'));
  }
}

/** All connected clients by id. */
export class Sessions {
  readonly #byId = new Map<number, Session>();
  #lastNumber = 0;

  add(session: Session): void {
    this.#byId.set(session.clientId, session);
  }

  remove(session: Session): void {
    if (this.#byId.get(session.clientId) === session) this.#byId.delete(session.clientId);
  }

  get(clientId: number): Session | undefined {
    return this.#byId.get(clientId);
  }

  /** Begins a session of its own on a connection: its number is above all before it. */
  begin(session: Session): number {
    session.number = ++this.#lastNumber;
    return session.number;
  }

  /** Logs out every session whose login is meant. */
  logOut(isMeant: (login: Login, session: Session) => boolean): void {
    for (const session of this.#byId.values())
      if (session.login !== undefined && isMeant(session.login, session)) session.login = undefined;
  }

  get count(): number {
    return this.#byId.size;
  }

  /** In the order of their client ids. */
  list(): Session[] {
    return [...this.#byId.values()].sort((a, b) => a.clientId - b.clientId);
  }
}
