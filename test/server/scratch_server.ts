// A whole server in the test's own process, on a free port of loopback and a data folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { type RunningServer, startServer } from '../../src/server.ts';

export interface ScratchServer {
  /** Where its data is, whether it runs or not. */
  readonly folder: string;
  /** Starts it; again too, after it has stopped. */
  start(): Promise<RunningServer>;
  /** Deletes its data. */
  remove(): void;
}

/** Nothing runs yet. `environment` adds to its configuration, `recentLogs` is what a snapshot shows of its log, `logger` is where the log goes. */
export function scratchServer(
  environment: Readonly<Record<string, string>> = {},
  recentLogs?: () => string,
  logger = silentLogger,
): ScratchServer {
  const folder = mkdtempSync(join(tmpdir(), 'whippet-server-'));
  const { config } = loadConfig({ IGGY_TCP_ADDRESS: '127.0.0.1:0', IGGY_SYSTEM_PATH: folder, ...environment });
  return {
    folder,
    start: () => startServer(config, logger, recentLogs),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
