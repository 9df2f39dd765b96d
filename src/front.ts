// The front of a server: sessions, handlers, dispatch and the listeners that feed them, over an open catalog.
import { LoginTurns } from './access/login_turns.ts';
import type { Passwords } from './access/passwords.ts';
import { type Session, Sessions } from './access/session.ts';
import type { Catalog } from './catalog/catalog.ts';
import { Memberships } from './catalog/memberships.ts';
import { unlimited } from './catalog/topic.ts';
import { dataFilesMax, openFilesMax } from './config/files.ts';
import { runtimeText } from './config/runtime_file.ts';
import type { Address } from './config/setting.ts';
import type { Config } from './config.ts';
import { RequestContext } from './handlers/context.ts';
import { createHandlers } from './handlers/index.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import type { Timers } from './lib/timers.ts';
import { framingsOf } from './protocol/framing.ts';
import { protocols } from './protocol/index.ts';
import { Narrowing, ProvenGenerations } from './protocol/sniff.ts';
import { protocolVersion } from './protocol/v0_9.ts';
import { Dispatcher } from './server/dispatch.ts';
import { watchHeartbeats } from './server/heartbeats.ts';
import { Listener } from './server/listener.ts';
import { ClientService, type ConnectedClient } from './server/service.ts';
import { systemMachine } from './telemetry/machine.ts';
import { machineParts } from './telemetry/snapshot_parts.ts';

/** The release that clients are told; the reference release whose behaviour this one has. */
const reportedVersion = '0.8.0';
/** Likewise, to clients that register. */
const registeredVersion = '0.9.0';

/** What clients talk to. */
export interface Front {
  /** Where TCP really listens; undefined when it is off. */
  readonly tcp: Address | undefined;
  /** Refuses new connections, answers what was received, closes. */
  stop(): Promise<void>;
}

export interface FrontServices {
  readonly catalog: Catalog;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** What a snapshot shows of the log. */
  readonly recentLogs: () => string;
}

/** Binds every listener that is enabled. @throws the system's error when an address cannot be bound. */
export async function openFront(config: Config, services: FrontServices): Promise<Front> {
  const { catalog, clock, timers, logger } = services;
  const sessions = new Sessions();
  const memberships = new Memberships(clock);
  let bound: Address = { host: '', port: 0 };
  const handlers = handlersOf(config, services, sessions, memberships, () => bound);
  const dispatcher = new Dispatcher(
    handlers,
    (command, session, protocol) => new RequestContext(command, session, protocol, catalog.users),
    logger,
  );
  const leaveGroups = ({ clientId }: Session): void => memberships.leaveAll(clientId);
  const listener = config.tcp.enabled
    ? await listenTcp(config, dispatcher, services, sessions, leaveGroups)
    : undefined;
  if (listener !== undefined) bound = listener.address;
  const { enabled, intervalMs } = config.heartbeat;
  const endHeartbeats = enabled ? watchHeartbeats(sessions, clock, timers, intervalMs, leaveGroups) : undefined;
  return {
    tcp: listener?.address,
    async stop() {
      endHeartbeats?.();
      await listener?.stop();
    },
  };
}

function handlersOf(
  config: Config,
  services: FrontServices,
  sessions: Sessions,
  memberships: Memberships,
  bound: () => Address,
) {
  const { catalog, clock, timers, passwords, recentLogs } = services;
  const { maxSizeBytes, messageExpiryMicros } = config.system.topic;
  const machine = systemMachine(config.system.path, reportedVersion);
  return createHandlers({
    catalog,
    sessions,
    passwords,
    loginTurns: new LoginTurns(config.whippet.limits, clock, timers),
    memberships,
    greeting: { protocolVersion, serverVersion: registeredVersion },
    clock,
    machine: () => machine.facts(),
    tcpPort: () => bound().port,
    snapshotParts: {
      ...machineParts(machine, config.system.path),
      serverLogs: recentLogs,
      serverConfig: () => runtimeText(config, { tcp: bound() }),
    },
    topicDefaults: {
      messageExpiry: messageExpiryMicros === undefined ? unlimited : BigInt(messageExpiryMicros),
      maxTopicSize: maxSizeBytes === undefined ? unlimited : BigInt(maxSizeBytes),
      segmentSizeMax: BigInt(config.system.segment.sizeBytes),
    },
    tokensPerUserMax: config.personalAccessToken.maxTokensPerUser,
  });
}

function listenTcp(
  config: Config,
  dispatcher: Dispatcher<RequestContext>,
  { clock, logger }: FrontServices,
  sessions: Sessions,
  leaveGroups: (session: Session) => void,
): Promise<Listener<ConnectedClient>> {
  const { limits, generations: allowed, defaultGeneration } = config.whippet;
  const preferred = defaultGeneration ?? allowed.at(-1)!;
  const proven = new ProvenGenerations();
  const service = new ClientService(
    'tcp',
    sessions,
    clock,
    dispatcher,
    framingsOf(allowed),
    (remoteHost) => new Narrowing(protocols, proven, { allowed, preferred, remoteHost }),
    leaveGroups,
  );
  const { address, ipv6, socket } = config.tcp;
  const overrides = socket.overrideDefaults ? { isNoDelay: socket.nodelay, isKeepAlive: socket.keepalive } : {};
  const filesLeft = Math.max(1, (openFilesMax() ?? Number.POSITIVE_INFINITY) - dataFilesMax());
  const connectionsMax = Math.min(limits.connectionsMax, filesLeft);
  return Listener.open({ address, isIpv6: ipv6, ...overrides }, service, { ...limits, connectionsMax }, clock, logger);
}
