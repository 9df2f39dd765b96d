// The server under test: a process with small limits, so that growth and hangs show soon, and what the machine tells of it.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rigSettings } from '../rigs/rig.ts';
import { ServerProcess } from '../server_process.ts';
import { type FrameLimits, LiveViolation } from './answers.ts';

const frameSizeMax = 2 << 20;

/** The frame limits that the settings below make. */
export const frameLimits: FrameLimits = { beforeLogin: 1024, ofSends: frameSizeMax, ofOthers: frameSizeMax };
/** The server ends connections after these times, in milliseconds: without a login, inside a frame, with unread replies. */
export const deadlines = { loginMs: 5_000, frameMs: 2_000, writeMs: 2_000 } as const;

const settings = {
  ...rigSettings,
  IGGY_SYSTEM_LOGGING_LEVEL: 'warn',
  WHIPPET_MEMORY_LIMIT: '8 MiB',
  WHIPPET_LIMITS_FRAME_SIZE_MAX: String(frameSizeMax),
  WHIPPET_LIMITS_FRAME_SIZE_MAX_BEFORE_LOGIN: String(frameLimits.beforeLogin),
  WHIPPET_LIMITS_WAITING_SIZE_MAX: '256 KiB',
  WHIPPET_LIMITS_OUTPUT_SIZE_MAX: '1 MiB',
  WHIPPET_LIMITS_LOGIN_DEADLINE: `${deadlines.loginMs} ms`,
  WHIPPET_LIMITS_FRAME_DEADLINE: `${deadlines.frameMs} ms`,
  WHIPPET_LIMITS_WRITE_DEADLINE: `${deadlines.writeMs} ms`,
  NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=4',
};

/** What the operating system says of a process. */
export interface VitalSigns {
  readonly residentBytes: number;
  readonly files: number;
  readonly sockets: number;
}

/** What a healthy server never says. */
const alarms = /request failed|uncaught|unhandled|could not be closed|listener failed|fatal error|"level":"error"/i;

/** Failures that are known and not put right yet. A run goes on after them and tells how many it met; take out what no longer happens. */
const knownFailures: readonly RegExp[] = [];

export class TargetServer {
  readonly process: ServerProcess;
  /** Lines about known failures. */
  readonly known = new Set<string>();
  #processId: number;

  private constructor(process: ServerProcess) {
    this.process = process;
    this.#processId = process.processId;
  }

  static async start(): Promise<TargetServer> {
    return new TargetServer(await ServerProcess.start(settings));
  }

  get port(): number {
    return Number(this.process.address.slice(this.process.address.lastIndexOf(':') + 1));
  }

  /** Looks at the process. @throws LiveViolation when it has ended or complained. */
  examine(): VitalSigns {
    this.assertHealthy();
    const folder = `/proc/${this.#processId}`;
    const status = readFileSync(`${folder}/status`, 'utf8');
    const descriptors = readdirSync(`${folder}/fd`);
    return {
      residentBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024,
      files: descriptors.length,
      sockets: descriptors.filter((name) => targetOf(`${folder}/fd/${name}`).startsWith('socket:')).length,
    };
  }

  /** @throws LiveViolation when the process has ended, is another one, or has said what only a bug makes it say. */
  assertHealthy(): void {
    const { endedWith, log } = this.process;
    if (endedWith !== undefined) throw new LiveViolation(`the server ended with ${endedWith}:\n${log.slice(-4000)}`);
    if (this.process.processId !== this.#processId) throw new LiveViolation('the server is another process');
    for (const line of log.split('\n')) {
      if (!alarms.test(line)) continue;
      if (!knownFailures.some((known) => known.test(line)))
        throw new LiveViolation(`the server says: ${line.slice(0, 4000)}`);
      this.known.add(line);
    }
  }

  /** Ends the server as a crash would and starts it on what it left. */
  async killAndRestart(): Promise<void> {
    await this.process.kill();
    await this.process.restart();
    this.#processId = this.process.processId;
  }

  /** Asks it to stop. @throws LiveViolation when it does not stop in order. */
  async stop(): Promise<void> {
    const status = await this.process.stop();
    if (status !== 0) throw new LiveViolation(`the server stopped with ${status}:\n${this.process.log.slice(-4000)}`);
  }

  remove(): Promise<void> {
    return this.process.remove();
  }
}

/** A descriptor may be closed while it is looked at. */
function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
