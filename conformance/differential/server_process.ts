// A server as a child process in a scratch folder: started on a free port, found through its runtime file, stopped by its id.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server that listens. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly isRunning: boolean;
  stop(): Promise<void>;
}

/** The root user of a server. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Where one side of a comparison gets its server from. */
export interface ServerSource {
  readonly name: string;
  /** Whether it was started for the comparison alone; else it is somebody's, and is left as it was found. */
  readonly isOurs: boolean;
  readonly root: Credentials;
  /** A server on fresh data when it is ours, else the one that there is. */
  start(): Promise<RunningServer>;
}

const defaultRoot: Credentials = { username: 'iggy', password: 'iggy' };

/** A new process for every start. */
export function ownServer(command: ServerCommand, root = defaultRoot): ServerSource {
  return { name: command.name, isOurs: true, root, start: () => ServerProcess.start(command, root) };
}

/** A server that somebody else runs. */
export function serverAt(host: string, port: number, root = defaultRoot): ServerSource {
  const start = () => Promise.resolve({ host, port, isRunning: true, stop: () => Promise.resolve() });
  return { name: 'reference', isOurs: false, root, start };
}

/** How to start a server. */
export interface ServerCommand {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const startDeadlineMs = 30_000;
const stopDeadlineMs = 10_000;
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Settings whose defaults changed between releases; Whippet has those of 0.8. */
const olderDefaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v0_4: { IGGY_SYSTEM_TOPIC_MAX_SIZE: '10 GB', IGGY_SYSTEM_SEGMENT_SIZE: '1 GB' },
};

/** Whippet of this checkout, for clients of one generation only. */
export function whippetCommand(generation: string): ServerCommand {
  return {
    name: 'whippet',
    program: process.execPath,
    arguments: [join(root, 'src/main.ts')],
    environment: {
      ...olderDefaults[generation],
      WHIPPET_GENERATIONS: JSON.stringify([generation]),
      WHIPPET_DEFAULT_GENERATION: generation,
      WHIPPET_LIMITS_LOGIN_DEADLINE: 'none',
      // Wrong passwords are drawn too, and only made to wait.
      WHIPPET_LIMITS_FAILED_LOGINS_PER_SECOND: '0',
    },
  };
}

/** An official server. What it needs besides the common settings is read from `env.txt` beside it, where there is one. `savesAtOnce` has it keep no
 * message unsaved: several releases forget or keep unsaved ones where they should not. */
export async function referenceCommand(program: string, savesAtOnce = false): Promise<ServerCommand> {
  const text = await readFile(join(dirname(program), 'env.txt'), 'utf8').catch(() => '');
  const entries = text
    .split('\n')
    .filter((line) => line.includes('=') && !line.includes('DATA_DIR'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  return {
    name: 'reference',
    program,
    arguments: [],
    environment: { ...Object.fromEntries(entries), ...(savesAtOnce ? saveAtOnce : {}) },
  };
}

const saveAtOnce = { IGGY_SYSTEM_PARTITION_MESSAGES_REQUIRED_TO_SAVE: '1' };

/** A server as a child process with a folder of its own. */
export class ServerProcess implements RunningServer {
  readonly host = '127.0.0.1';
  readonly name: string;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(name: string, port: number, child: ChildProcess, folder: string) {
    this.name = name;
    this.port = port;
    this.#child = child;
    this.#folder = folder;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts a server on fresh data. Resolves when it listens. */
  static async start(command: ServerCommand, root = defaultRoot): Promise<ServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), `differential-${command.name}-`));
    const outside = Object.entries(process.env).filter(([name]) => !/^(IGGY|WHIPPET)_/.test(name));
    const logPath = join(folder, 'log');
    const log = openSync(logPath, 'w');
    const child = spawn(command.program, command.arguments, {
      cwd: folder,
      stdio: ['ignore', log, log],
      env: {
        ...Object.fromEntries(outside),
        ...command.environment,
        IGGY_SYSTEM_PATH: join(folder, 'data'),
        IGGY_TCP_ADDRESS: '127.0.0.1:0',
        IGGY_HTTP_ENABLED: 'false',
        IGGY_QUIC_ENABLED: 'false',
        IGGY_ROOT_USERNAME: root.username,
        IGGY_ROOT_PASSWORD: root.password,
      },
    });
    closeSync(log);
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
    });
    const deadline = Date.now() + startDeadlineMs;
    while (Date.now() < deadline && child.exitCode === null && failure === undefined) {
      const port = await boundPort(join(folder, 'data/runtime/current_config.toml'));
      if (port !== undefined) return new ServerProcess(command.name, port, child, folder);
      await sleep(20);
    }
    child.kill('SIGKILL');
    const said = (await readFile(logPath, 'utf8').catch(() => '')).slice(-2000);
    await rm(folder, { recursive: true, force: true });
    throw new Error(`${command.program} does not listen: ${failure?.message ?? `exit ${child.exitCode}`}\n${said}`);
  }

  async stop(): Promise<void> {
    if (this.isRunning) {
      const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopDeadlineMs);
      await ended;
      clearTimeout(timer);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function boundPort(runtimeFile: string): Promise<number | undefined> {
  const text = await readFile(runtimeFile, 'utf8').catch(() => '');
  const section = /^\[tcp\]\n((?:(?!\[).*\n)*)/m.exec(text)?.[1] ?? '';
  const port = Number(/^address = "[^"]*:(\d+)"/m.exec(section)?.[1] ?? 0);
  return port > 0 ? port : undefined;
}
