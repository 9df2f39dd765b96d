// Puts a server together: configuration → catalog → handlers → listeners. Everything a test needs to run one in its own process.

import { UserStatus } from '../generated/common/user_status.ts';
import { hashPassword } from './access/passwords.ts';
import { rootPermissions } from './access/permissioner.ts';
import { Sessions } from './access/session.ts';
import type { Catalog } from './catalog/catalog.ts';
import { Cleaner } from './catalog/cleaner.ts';
import { Memberships } from './catalog/memberships.ts';
import { openCatalog } from './catalog/open_catalog.ts';
import type { NewUser } from './catalog/users.ts';
import { openFilesMax } from './config/files.ts';
import { deleteRuntimeConfig, runtimeText, writeRuntimeConfig } from './config/runtime_file.ts';
import type { Config, RootUser } from './config.ts';
import { RequestContext } from './handlers/context.ts';
import { createHandlers } from './handlers/index.ts';
import { systemClock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import { systemRandom } from './lib/random.ts';
import { systemTimers } from './lib/timers.ts';
import { systemDisk } from './log/disk.ts';
import { TailBudget } from './log/tail.ts';
import { protocols } from './protocol/index.ts';
import { Narrowing, ProvenGenerations } from './protocol/sniff.ts';
import { Dispatcher } from './server/dispatch.ts';
import { Listener } from './server/listener.ts';
import { ClientService, type ConnectedClient } from './server/service.ts';
import { systemMachine } from './telemetry/machine.ts';
import { machineParts } from './telemetry/snapshot_parts.ts';

/** The release that clients are told; the reference release whose behaviour this one has. */
const reportedVersion = '0.8.0';
const unlimited = 2n ** 64n - 1n;
/** Bytes of the newest messages kept in memory. */
const tailSizeMax = 256 << 20;

/** Open files kept for the data folder; connections get the rest of what the system allows. */
const filesReserved = 512;

export interface RunningServer {
  /** Where TCP really listens; undefined when it is off. */
  readonly tcp: { readonly host: string; readonly port: number } | undefined;
  /** Refuses new work, finishes what was begun, brings everything to the disk. */
  stop(): Promise<void>;
}

/**
 * Starts a server. Resolves when every listener is bound and the runtime file says so. `recentLogs` is what a snapshot shows of the log.
 * @throws DataFolderError when the data folder cannot be used; the system's error when an address cannot be bound.
 */
export async function startServer(config: Config, logger: Logger, recentLogs = () => ''): Promise<RunningServer> {
  const clock = systemClock();
  deleteRuntimeConfig(config);
  const catalog = await openCatalog(
    {
      disk: systemDisk(),
      clock,
      random: systemRandom(),
      tailBudget: new TailBudget(tailSizeMax),
      notice: (text) => logger.warn(text),
    },
    {
      folder: config.system.path,
      log: {
        segmentSize: config.system.segment.sizeBytes,
        level: config.system.partition.enforceFsync ? 'disk' : 'os',
        deduplication: config.system.messageDeduplication.enabled ? config.system.messageDeduplication : undefined,
      },
      rootUser: () => newRootUser(config.rootUser),
    },
  );
  const { cleanerEnabled, intervalMs } = config.dataMaintenance.messages;
  const cleaner = new Cleaner(catalog, clock, systemTimers(), intervalMs, (text) => logger.info(text));
  let listener: Listener<ConnectedClient> | undefined;
  try {
    listener = await listenTcp(config, logger, recentLogs, catalog, () => listener?.address ?? { host: '', port: 0 });
    writeRuntimeConfig(config, listener === undefined ? {} : { tcp: listener.address });
  } catch (error) {
    await listener?.stop();
    await catalog.close();
    throw error;
  }
  const listening = listener;
  if (cleanerEnabled) cleaner.start();
  return {
    tcp: listening?.address,
    async stop() {
      await listening?.stop();
      await cleaner.stop();
      await catalog.close();
    },
  };
}

async function listenTcp(
  config: Config,
  logger: Logger,
  recentLogs: () => string,
  catalog: Catalog,
  bound: () => { host: string; port: number },
): Promise<Listener<ConnectedClient> | undefined> {
  if (!config.tcp.enabled) return undefined;
  const { limits, generations, defaultGeneration } = config.whippet;
  const clock = systemClock();
  const sessions = new Sessions();
  const memberships = new Memberships(clock);
  const { maxSizeBytes: topicSizeMax, messageExpiryMicros: expiry } = config.system.topic;
  const machine = systemMachine(config.system.path, reportedVersion);
  const handlers = createHandlers({
    catalog,
    sessions,
    memberships,
    clock,
    machine: () => machine.facts(),
    address: () => ({ ip: bound().host, tcpPort: bound().port }),
    snapshotParts: {
      ...machineParts(machine, config.system.path),
      serverLogs: recentLogs,
      serverConfig: () => runtimeText(config, { tcp: bound() }),
    },
    topicDefaults: {
      messageExpiry: expiry === undefined ? unlimited : BigInt(expiry),
      maxTopicSize: topicSizeMax === undefined ? unlimited : BigInt(topicSizeMax),
      segmentSizeMax: BigInt(config.system.segment.sizeBytes),
    },
    tokensPerUserMax: config.personalAccessToken.maxTokensPerUser,
  });
  const dispatcher = new Dispatcher(
    handlers,
    (session, protocol) => new RequestContext(session, protocol, (userId) => catalog.users.get(userId)?.permissions),
    logger,
  );
  const proven = new ProvenGenerations();
  const service = new ClientService(
    'tcp',
    sessions,
    dispatcher,
    (remoteHost) =>
      new Narrowing(protocols, proven, { allowed: generations, preferred: defaultGeneration, remoteHost }),
    ({ clientId }) => memberships.leaveAll(clientId),
  );
  const { address, ipv6, socket } = config.tcp;
  const overrides = socket.overrideDefaults ? { isNoDelay: socket.nodelay, isKeepAlive: socket.keepalive } : {};
  const connectionsMax = Math.min(
    limits.connectionsMax,
    Math.max(1, (openFilesMax() ?? Number.POSITIVE_INFINITY) - filesReserved),
  );
  return Listener.open({ address, isIpv6: ipv6, ...overrides }, service, { ...limits, connectionsMax }, clock, logger);
}

async function newRootUser({ username, password }: RootUser): Promise<NewUser> {
  return {
    name: username,
    passwordHash: await hashPassword(password.reveal()),
    status: UserStatus.active,
    permissions: rootPermissions,
  };
}
