// Listens on TCP, plain or TLS, and makes a `Connection` of each socket. The only file that imports node:net and node:tls.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { Connection, type Service } from './connection.ts';
import type { ConnectionLimits, ListenerLimits } from './limits.ts';
import { Newcomers } from './newcomers.ts';

/** What a TLS server shows: PEM texts, or a PKCS#12 file with its password. */
export type TlsIdentity =
  | { readonly cert: string | Uint8Array; readonly key: string | Uint8Array }
  | { readonly pfx: Uint8Array; readonly passphrase: string };

export interface ListenerOptions {
  /** Port 0 takes any free one. */
  readonly address: { readonly host: string; readonly port: number };
  /** Takes "all addresses" of IPv4 for those of IPv6, as the reference's `tcp.ipv6` does. */
  readonly isIpv6?: boolean;
  /** TLS takes the place of plain connections; one port never serves both. */
  readonly tls?: TlsIdentity;
  /** Sends small replies at once (default) or lets the system gather them. */
  readonly isNoDelay?: boolean;
  readonly isKeepAlive?: boolean;
}

/** The system's queue of connections not yet accepted, as in the reference. */
const backlog = 1024;
const deadlineCheckMs = 500;

/** A listening port and its connections. */
export class Listener<Session extends { readonly isLoggedIn: boolean }> {
  readonly #server: Server;
  readonly #service: Service<Session>;
  readonly #limits: ConnectionLimits & ListenerLimits;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #connections = new Set<Connection<Session>>();
  /** Every socket the server has accepted, also those that are still shaking hands. */
  readonly #sockets = new Set<Socket>();
  readonly #newcomers: Newcomers;
  #dropped = 0;
  #droppedLogged = 0;
  #isStopping = false;
  #whenEmpty = () => {};

  private constructor(
    server: Server,
    service: Service<Session>,
    limits: ConnectionLimits & ListenerLimits,
    clock: Clock,
    logger: Logger,
  ) {
    this.#server = server;
    this.#service = service;
    this.#limits = limits;
    this.#clock = clock;
    this.#logger = logger;
    this.#newcomers = new Newcomers(limits);
    server.maxConnections = limits.connectionsMax;
    server.on('connection', (socket: Socket) => this.#track(socket));
    server.on('drop', () => void this.#dropped++);
  }

  /** Binds the address; rejects with the system's error when that cannot be. */
  static async open<Session extends { readonly isLoggedIn: boolean }>(
    options: ListenerOptions,
    service: Service<Session>,
    limits: ConnectionLimits & ListenerLimits,
    clock: Clock,
    logger: Logger,
  ): Promise<Listener<Session>> {
    // Half open: a client may close its side and still wait for replies.
    const common = {
      allowHalfOpen: true,
      noDelay: options.isNoDelay ?? true,
      keepAlive: options.isKeepAlive ?? false,
    };
    const server =
      options.tls === undefined
        ? createServer(common)
        : createTlsServer({
            ...common,
            ...tlsOptions(options.tls),
            minVersion: 'TLSv1.2',
            handshakeTimeout: limits.handshakeDeadlineMs || 0x7fff_ffff,
          });
    const listener = new Listener<Session>(server, service, limits, clock, logger);
    server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) =>
      listener.#accept(socket),
    );
    server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      logger.debug('TLS handshake failed', { peer: addressOf(socket).text, error });
      socket.destroy();
    });
    await listener.#listen(options);
    return listener;
  }

  /** The address really bound. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Connections refused because there were too many. */
  get droppedCount(): number {
    return this.#dropped;
  }

  /** Refuses new connections, answers the requests already received, closes; what is left at the deadline is cut off. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // The server may tell that it is closed before its last connection does.
    const empty = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
      if (this.#connections.size === 0) resolve();
    });
    for (const connection of this.#connections) connection.finish();
    const cutOff = () => {
      for (const connection of this.#connections) connection.close('the server stops');
      for (const socket of this.#sockets) socket.destroy();
    };
    const { stopDeadlineMs } = this.#limits;
    const deadline = stopDeadlineMs > 0 ? setTimeout(cutOff, stopDeadlineMs) : undefined;
    await Promise.all([closed, empty]);
    clearTimeout(deadline);
  }

  async #listen({ address, isIpv6 }: ListenerOptions): Promise<void> {
    const server = this.#server;
    const host = isIpv6 === true && address.host === '0.0.0.0' ? '::' : address.host;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port: address.port, backlog }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    server.on('error', (error) => this.#logger.error('listener failed', { error }));
    const timer = setInterval(() => this.#checkDeadlines(), deadlineCheckMs);
    timer.unref();
    server.once('close', () => clearInterval(timer));
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // A socket may fail before a connection or a handshake listens to it.
    socket.on('error', (error) => this.#logger.trace('socket failed', { error }));
  }

  #accept(socket: Socket): void {
    const { host, text } = addressOf(socket);
    if (this.#isStopping) {
      socket.destroy();
      return;
    }
    try {
      const now = this.#clock.monotonicMs();
      const ends = { remoteAddress: text, localHost: plainHost(socket.localAddress) };
      const connection = new Connection(socket, ends, this.#service, this.#limits, this.#logger, now);
      this.#connections.add(connection);
      socket.once('close', () => {
        this.#connections.delete(connection);
        this.#newcomers.remove(connection);
        if (this.#connections.size === 0) this.#whenEmpty();
      });
      this.#newcomers.add(connection, host);
    } catch (error) {
      this.#logger.error('connection could not be opened', { peer: text, error });
      socket.destroy();
    }
  }

  #checkDeadlines(): void {
    const now = this.#clock.monotonicMs();
    this.#newcomers.forget();
    for (const connection of this.#connections) connection.checkDeadlines(now);
    if (this.#dropped > this.#droppedLogged) {
      const count = this.#dropped - this.#droppedLogged;
      this.#droppedLogged = this.#dropped;
      this.#logger.warn('connections refused: too many are open', {
        count,
        connectionsMax: this.#limits.connectionsMax,
      });
    }
  }
}

function tlsOptions(identity: TlsIdentity): Record<string, string | Buffer> {
  const asBuffer = (bytes: string | Uint8Array) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes));
  return 'pfx' in identity
    ? { pfx: asBuffer(identity.pfx), passphrase: identity.passphrase }
    : { cert: asBuffer(identity.cert), key: asBuffer(identity.key) };
}

/** The peer's host, and `host:port` with IPv6 in brackets; an IPv4 peer of an IPv6 socket keeps its IPv4 form. */
function addressOf(socket: Socket): { readonly host: string; readonly text: string } {
  const host = plainHost(socket.remoteAddress);
  return { host, text: `${host.includes(':') ? `[${host}]` : host}:${socket.remotePort ?? 0}` };
}

/** An IPv4 address of an IPv6 socket in its IPv4 form. */
function plainHost(address: string | undefined): string {
  return (address ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
}
