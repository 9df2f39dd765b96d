// Who is on a connection: client id, transport, address, and the user once logged in.

export type Transport = 'tcp' | 'quic' | 'http' | 'web_socket';

/** One connected client. Lives as long as its connection. */
export class Session {
  /** xxHash32 of the peer's address, as in the reference. */
  readonly clientId: number;
  readonly transport: Transport;
  /** `ip:port` of the peer. */
  readonly address: string;
  /** Catalog id of the user; undefined before login and after logout. */
  userId: number | undefined;
  /** Monotonic milliseconds of the last ping, at first of the connection's begin. */
  heartbeatAtMs: number;
  /** It missed its heartbeats: it is no longer listed, left its groups, and every command is refused. */
  isStale = false;

  constructor(clientId: number, transport: Transport, address: string, nowMs: number) {
    this.clientId = clientId;
    this.transport = transport;
    this.address = address;
    this.heartbeatAtMs = nowMs;
  }

  get isLoggedIn(): boolean {
    return this.userId !== undefined;
  }
}

/** All connected clients by id. */
export class Sessions {
  readonly #byId = new Map<number, Session>();

  add(session: Session): void {
    this.#byId.set(session.clientId, session);
  }

  remove(session: Session): void {
    if (this.#byId.get(session.clientId) === session) this.#byId.delete(session.clientId);
  }

  get(clientId: number): Session | undefined {
    return this.#byId.get(clientId);
  }

  get count(): number {
    return this.#byId.size;
  }

  /** In the order of their client ids. */
  list(): Session[] {
    return [...this.#byId.values()].sort((a, b) => a.clientId - b.clientId);
  }
}
