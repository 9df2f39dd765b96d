// What happens on a connection between bytes and requests: its client is made, its frames are dispatched, its session ends with it.
import { Session, type Sessions, type Transport } from '../access/session.ts';
import type { Clock } from '../lib/clock.ts';
import { xxh32 } from '../lib/xxh32.ts';
import type { Frame, Framing, ProtocolChoice } from '../protocol/protocol.ts';
import type { Answer, ConnectionControl, Reply, Service } from './connection.ts';
import type { Client, Dispatcher, HandlerContext } from './dispatch.ts';
import type { FrameRefusal } from './frame_reader.ts';
import { RecentAnswers } from './recent_answers.ts';

/** The code whose payload holds messages; every other request is small. */
const sendMessagesCode = 101;
/** Most bytes of a request that holds no messages, head included; the reference's limit. */
const controlFrameSizeMax = 10 << 20;

const noBytes = new Uint8Array(0);

export class ConnectedClient implements Client {
  readonly session: Session;
  readonly protocol: ProtocolChoice;
  readonly answers = new RecentAnswers();

  constructor(session: Session, protocol: ProtocolChoice) {
    this.session = session;
    this.protocol = protocol;
  }

  get isLoggedIn(): boolean {
    return this.session.isLoggedIn;
  }
}

/** Serves every connection of one transport through a dispatcher. */
export class ClientService<Context extends HandlerContext> implements Service<ConnectedClient> {
  readonly framings: readonly Framing[];
  readonly #transport: Transport;
  readonly #sessions: Sessions;
  readonly #clock: Clock;
  readonly #dispatcher: Dispatcher<Context>;
  readonly #choose: (remoteHost: string) => ProtocolChoice;
  readonly #gone: (session: Session) => void;

  /** `framings` are those a connection may use; `choose` begins the narrowing of one connection; `gone` is told of each session that ended. */
  constructor(
    transport: Transport,
    sessions: Sessions,
    clock: Clock,
    dispatcher: Dispatcher<Context>,
    framings: readonly Framing[],
    choose: (remoteHost: string) => ProtocolChoice,
    gone: (session: Session) => void,
  ) {
    this.#transport = transport;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#dispatcher = dispatcher;
    this.framings = framings;
    this.#choose = choose;
    this.#gone = gone;
  }

  open({ remoteAddress, localHost }: ConnectionControl): ConnectedClient {
    const session = new Session(
      xxh32(Buffer.from(remoteAddress, 'utf8')),
      this.#transport,
      remoteAddress,
      localHost,
      this.#clock.monotonicMs(),
    );
    this.#sessions.add(session);
    return new ConnectedClient(session, this.#choose(remoteAddress.slice(0, remoteAddress.lastIndexOf(':'))));
  }

  handle(client: ConnectedClient, frame: Frame): Promise<Answer> {
    return this.#dispatcher.handle(client, frame);
  }

  refuse({ protocol }: ConnectedClient, refusal: FrameRefusal): Reply {
    const { code, head } = refusal;
    const frame = { code, head, payload: noBytes };
    const text = `a frame of ${refusal.length} bytes is ${refusal.kind.replace('_', ' ')}`;
    return protocol.observe(frame).writeRefusal('invalid_command', text, frame);
  }

  closed({ session }: ConnectedClient): void {
    session.end();
    this.#sessions.remove(session);
    this.#gone(session);
  }

  frameSizeMax(_client: ConnectedClient, code: number): number {
    return code === sendMessagesCode ? Number.POSITIVE_INFINITY : controlFrameSizeMax;
  }
}
