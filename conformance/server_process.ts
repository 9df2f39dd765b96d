// Whippet as a process of its own for the conformance tests: started on a fresh data folder and a free port, stopped, killed and
// started again on the same folder. Only the process that was started here is ever ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'smol-toml';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');
const startWithinMs = 20_000;
const stopWithinMs = 10_000;
const keptLogSize = 64 * 1024;

/** How a process ended: its exit code, or the signal that ended it. */
export type ExitStatus = number | NodeJS.Signals;

interface Run {
  readonly process: ChildProcess;
  readonly ended: Promise<ExitStatus>;
}

/** Whippet's environment: what this process has, without settings meant for another server. */
function environment(folder: string, settings: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(IGGY|WHIPPET|NODE)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    IGGY_TCP_ADDRESS: '127.0.0.1:0',
    IGGY_SYSTEM_PATH: folder,
    IGGY_HTTP_ENABLED: 'false',
    IGGY_QUIC_ENABLED: 'false',
    ...settings,
  };
}

/** One data folder and the server on it, which may be started many times. */
export class ServerProcess {
  readonly folder: string;
  readonly #settings: Record<string, string>;
  #run: Run | undefined;
  #address: string | undefined;
  #log = '';

  private constructor(settings: Record<string, string>, folder: string) {
    this.#settings = settings;
    this.folder = folder;
  }

  /** Starts Whippet; resolves when it listens. `settings` are environment variables, `folder` is where its data goes. */
  static async start(
    settings: Record<string, string> = {},
    folder = mkdtempSync(join(tmpdir(), 'whippet-conformance-')),
  ): Promise<ServerProcess> {
    const server = new ServerProcess(settings, folder);
    try {
      await server.#start();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** `127.0.0.1:PORT` as really bound; another port after every start. */
  get address(): string {
    if (this.#address === undefined) throw new Error('the server is not running');
    return this.#address;
  }

  /** The last things the server said. */
  get log(): string {
    return this.#log;
  }

  /** The operating system's number of the process that runs now. */
  get processId(): number {
    const id = this.#run?.process.pid;
    if (id === undefined) throw new Error('the server is not running');
    return id;
  }

  /** How the process ended on its own; undefined while it runs. */
  get endedWith(): ExitStatus | undefined {
    const { exitCode, signalCode } = this.#run?.process ?? {};
    return signalCode ?? exitCode ?? undefined;
  }

  /** Asks the server to stop and waits until it has. */
  stop(): Promise<ExitStatus> {
    return this.#end('SIGTERM');
  }

  /** Ends the server in the middle of whatever it does, as a crash would. */
  kill(): Promise<ExitStatus> {
    return this.#end('SIGKILL');
  }

  /** Holds the server where it is, as when the power goes: from now on it does and answers nothing. Only `kill` is of use then. */
  freeze(): void {
    if (this.#run === undefined) throw new Error('the server is not running');
    this.#run.process.kill('SIGSTOP');
  }

  /** Starts the ended server again on what it left. */
  async restart(): Promise<void> {
    if (this.#run !== undefined) throw new Error('the server still runs');
    await this.#start();
  }

  /** Ends the server if it runs and deletes its folder. */
  async remove(): Promise<void> {
    if (this.#run !== undefined) await this.kill();
    process.off('exit', this.#abandon);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const runtimeFile = join(this.folder, 'runtime', 'current_config.toml');
    rmSync(runtimeFile, { force: true });
    const child = spawn(process.execPath, [main], {
      env: environment(this.folder, this.#settings),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    process.off('exit', this.#abandon).on('exit', this.#abandon);
    const ended = new Promise<ExitStatus>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(signal ?? code ?? 1));
    });
    const run: Run = { process: child, ended };
    this.#run = run;
    let status: ExitStatus | undefined;
    ended.then(
      (value) => {
        status = value;
      },
      () => {
        status = 1;
      },
    );
    for (const output of [child.stdout, child.stderr]) output?.setEncoding('utf8').on('data', this.#keep);
    const deadline = performance.now() + startWithinMs;
    while (!existsSync(runtimeFile)) {
      if (status !== undefined) throw new Error(`Whippet ended with ${status} before it listened:\n${this.#log}`);
      if (performance.now() > deadline)
        throw new Error(`Whippet does not listen after ${startWithinMs} ms:\n${this.#log}`);
      await sleep(20);
    }
    this.#address = boundAddress(readFileSync(runtimeFile, 'utf8'));
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<ExitStatus> {
    const run = this.#run;
    if (run === undefined) throw new Error('the server is not running');
    run.process.kill(signal);
    const status = await Promise.race([run.ended, sleep(stopWithinMs, undefined, { ref: false })]);
    if (status === undefined) {
      run.process.kill('SIGKILL');
      await run.ended;
    }
    this.#run = undefined;
    this.#address = undefined;
    if (status === undefined) throw new Error(`Whippet did not stop within ${stopWithinMs} ms:\n${this.#log}`);
    return status;
  }

  readonly #keep = (text: string): void => {
    this.#log = (this.#log + text).slice(-keptLogSize);
  };

  /** A test process that ends early must not leave a server or its folder behind. */
  readonly #abandon = (): void => {
    this.#run?.process.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  };
}

function boundAddress(runtimeText: string): string {
  const { tcp } = parse(runtimeText) as { tcp?: { enabled?: boolean; address?: string } };
  if (tcp?.enabled !== true || tcp.address === undefined || /:0$/.test(tcp.address))
    throw new Error(`the runtime file does not say where TCP listens:\n${runtimeText}`);
  return tcp.address;
}
