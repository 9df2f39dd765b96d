// The server as a process: environment → configuration → server; signals stop it.

import { DataFolderError } from './catalog/data_folder.ts';
import { runtimeFilePath } from './config/runtime_file.ts';
import { ConfigError, loadConfig } from './config.ts';
import { systemClock } from './lib/clock.ts';
import { createLogger } from './lib/logger.ts';
import { RecentLines } from './lib/recent_lines.ts';
import { startServer } from './server.ts';

const help = `Usage: npm start

Starts the Whippet server. All settings come from the environment, or from a TOML or JSON file named by IGGY_CONFIG_PATH.

  IGGY_TCP_ADDRESS                       where to listen (default 127.0.0.1:8090; port 0 takes a free one)
  IGGY_SYSTEM_PATH                       data folder (default local_data)
  IGGY_ROOT_USERNAME, IGGY_ROOT_PASSWORD the first user (default iggy / iggy, for development)
  IGGY_SYSTEM_PARTITION_ENFORCE_FSYNC    true: acknowledge after fdatasync instead of after write
  WHIPPET_GENERATIONS                    wire generations to serve (default all)

Example: IGGY_TCP_ADDRESS=127.0.0.1:0 IGGY_SYSTEM_PATH=/tmp/whippet npm start
`;

async function main(): Promise<void> {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    process.stdout.write(help);
    return;
  }
  // Messages and password hashes are for the server's own user.
  process.umask(0o077);
  const { config, warnings, secretVariables } = loadConfig(process.env);
  // What children and diagnostics can see of this process must not hold secrets.
  for (const name of secretVariables) delete process.env[name];
  const format =
    config.whippet.logFormat === 'auto' ? (process.stderr.isTTY ? 'human' : 'json') : config.whippet.logFormat;
  const recent = new RecentLines();
  const sink = recent.tap((line) => void process.stderr.write(`${line}\n`));
  const logger = createLogger(systemClock(), config.system.logging.level, format, sink);
  for (const warning of warnings) logger.warn(warning);
  const server = await startServer(config, logger, () => recent.text);
  const { username } = config.rootUser;
  const where = server.tcp === undefined ? 'nowhere: TCP is off' : `${server.tcp.host}:${server.tcp.port}`;
  process.stdout.write(
    `Whippet listens on ${where} (TCP). Data: ${config.system.path}. Runtime file: ${runtimeFilePath(config)}.\n`,
  );
  const credentials =
    username === 'iggy' ? 'log in as iggy with password iggy unless it was changed' : `log in as ${username}`;
  process.stdout.write(`First user: ${credentials}. Stop with Ctrl-C.\n`);
  stopOnSignals(async () => {
    logger.info('stopping');
    await server.stop();
    logger.info('stopped');
  });
}

/** The first signal stops in good order, a second one at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

/** One line for what a person can put right, a stack for what is a bug. */
function fail(error: unknown): never {
  const isExpected =
    error instanceof ConfigError || error instanceof DataFolderError || (error instanceof Error && 'code' in error);
  process.stderr.write(`whippet: ${isExpected ? (error as Error).message : ((error as Error)?.stack ?? error)}\n`);
  process.exit(1);
}

await main().catch(fail);
