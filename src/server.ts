// Puts a server together: configuration → catalog → handlers → listeners. Everything a test needs to run one in its own process.

import { UserStatus } from '../generated/common/user_status.ts';
import { Passwords } from './access/passwords.ts';
import { rootPermissions } from './access/permissioner.ts';
import type { Catalog } from './catalog/catalog.ts';
import { Cleaner } from './catalog/cleaner.ts';
import { openCatalog } from './catalog/open_catalog.ts';
import { Saver } from './catalog/saver.ts';
import type { NewUser } from './catalog/users.ts';
import { dataFilesMax, memoryMax } from './config/files.ts';
import { deleteRuntimeConfig, writeRuntimeConfig } from './config/runtime_file.ts';
import type { Address } from './config/setting.ts';
import { type Config, ConfigError, type RootUser } from './config.ts';
import { type Front, openFront } from './front.ts';
import { deleteExpiredTokens } from './handlers/personal_access_tokens.ts';
import { MasterKey } from './lib/cipher.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import { systemRandom } from './lib/random.ts';
import { systemTimers, type Timers } from './lib/timers.ts';
import { systemDisk } from './log/disk.ts';
import type { LogOptions } from './log/environment.ts';
import { OpenFiles } from './log/open_files.ts';
import { TailBudget } from './log/tail.ts';

/** Bytes of the newest messages kept in memory where nothing else is configured: this many, or an eighth of what the process may use. */
const tailSizeMax = 256 << 20;

/** Open files that are not of partitions: the journal, folders, modules. */
const filesForOthers = 48;

export interface RunningServer {
  /** Where TCP really listens; undefined when it is off. */
  readonly tcp: Address | undefined;
  /** Refuses new work, finishes what was begun, brings everything to the disk. */
  stop(): Promise<void>;
}

/**
 * Starts a server. Resolves when every listener is bound and the runtime file says so. `recentLogs` is what a snapshot shows of the log.
 * @throws DataFolderError when the data folder cannot be used; the system's error when an address cannot be bound.
 */
export async function startServer(config: Config, logger: Logger, recentLogs = () => ''): Promise<RunningServer> {
  const clock = systemClock();
  const timers = systemTimers();
  const passwords = new Passwords();
  deleteRuntimeConfig(config);
  const catalog = await openCatalog(
    {
      disk: systemDisk(),
      clock,
      random: systemRandom(),
      tailBudget: new TailBudget(
        config.whippet.memory.limitBytes ?? Math.min(tailSizeMax, Math.floor(memoryMax() / 8)),
      ),
      notice: (text) => logger.warn(text),
      masterKey: masterKeyOf(config),
      files: new OpenFiles(dataFilesMax() - filesForOthers),
    },
    {
      folder: config.system.path,
      log: logOptionsOf(config),
      rootUser: () => newRootUser(config.rootUser, passwords),
    },
  );
  const { cleanerEnabled, intervalMs } = config.dataMaintenance.messages;
  const cleaner = new Cleaner(catalog, clock, timers, intervalMs, (text) => logger.info(text));
  let front: Front | undefined;
  try {
    front = await openFront(config, { catalog, passwords, clock, timers, logger, recentLogs });
    writeRuntimeConfig(config, front.tcp === undefined ? {} : { tcp: front.tcp });
  } catch (error) {
    await front?.stop();
    await passwords.close();
    await catalog.close();
    throw error;
  }
  const opened = front;
  if (cleanerEnabled) cleaner.start();
  const saver = startSaver(config, catalog, timers, logger);
  const endTokenCleaner = cleanTokens(config, catalog, clock, timers, logger);
  return {
    tcp: opened.tcp,
    async stop() {
      endTokenCleaner?.();
      await opened.stop();
      await Promise.all([cleaner.stop(), saver?.stop()]);
      await passwords.close();
      await catalog.close();
    },
  };
}

function logOptionsOf({ system, whippet }: Config): LogOptions {
  const { enforceFsync, messagesRequiredToSave, sizeOfMessagesRequiredToSaveBytes } = system.partition;
  return {
    segmentSize: system.segment.sizeBytes,
    level: enforceFsync ? 'disk' : whippet.buffering ? 'memory' : 'os',
    saveAfter: { messages: messagesRequiredToSave, bytes: sizeOfMessagesRequiredToSaveBytes },
    deduplication: system.messageDeduplication.enabled ? system.messageDeduplication : undefined,
  };
}

/** Saves what is acknowledged from memory, where the configuration says so. */
function startSaver({ messageSaver, whippet }: Config, catalog: Catalog, timers: Timers, logger: Logger) {
  if (!whippet.buffering || !messageSaver.enabled) return undefined;
  const saver = new Saver(catalog, timers, messageSaver.enforceFsync ? 'disk' : 'os', (text) => logger.warn(text));
  saver.start(messageSaver.intervalMs);
  return saver;
}

/** Deletes expired tokens from time to time, where the configuration says so. */
function cleanTokens(
  config: Config,
  catalog: Catalog,
  clock: Clock,
  timers: Timers,
  logger: Logger,
): (() => void) | undefined {
  const { enabled, intervalMs } = config.personalAccessToken.cleaner;
  if (!enabled) return undefined;
  return timers.every(intervalMs, () => {
    deleteExpiredTokens(catalog, clock).catch((error: unknown) =>
      logger.warn('expired tokens could not be deleted', { error }),
    );
  });
}

/** The key that data is encrypted with; undefined when it is not. */
function masterKeyOf({ system: { encryption }, whippet }: Config): MasterKey | undefined {
  if (!encryption.enabled) return undefined;
  const accepted = '32 random bytes in base64, as `openssl rand -base64 32` makes them';
  const previous = MasterKey.parseList(whippet.previousEncryptionKeys.reveal());
  const key = MasterKey.parse(encryption.key.reveal(), previous);
  const problems: string[] = [];
  if (key === undefined)
    problems.push(`system.encryption.key (IGGY_SYSTEM_ENCRYPTION_KEY) is not accepted; accepted: ${accepted}`);
  if (previous === undefined)
    problems.push(
      `whippet.previous_encryption_keys (WHIPPET_PREVIOUS_ENCRYPTION_KEYS) is not accepted; accepted: keys separated by commas, each ${accepted}`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
  return key;
}

async function newRootUser({ username, password }: RootUser, passwords: Passwords): Promise<NewUser> {
  return {
    name: username,
    passwordHash: await passwords.hash(password.reveal()),
    status: UserStatus.active,
    permissions: rootPermissions,
  };
}
