// `pnpm bench login`: what strangers who guess passwords cost everybody else, and whether the time of a refusal tells them who exists.
// The server is a process of its own; whoever guesses comes from another address of loopback than whoever is measured, or from the same.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from '../conformance/server_process.ts';
import type { CommandName } from '../generated/commands.ts';
import { UserStatus } from '../generated/common/user_status.ts';
import { commands } from '../generated/v0_8/protocol.ts';
import { Writer } from '../src/bytes/writer.ts';
import type { Figure, Report } from './report.ts';

const guessers = 8;
const guessedFrom = '127.0.0.2';
const measuredFrom = '127.0.0.3';
/** How long pings and logins are measured under one flood. */
const floodMs = 10_000;
const attemptsPerRound = 100;

const notes = [
  `a flood is ${guessers} connections that try wrong passwords for the first user as fast as they are answered; a ping is sent 1 ms after the`,
  '  answer to the one before. Logins of another user go on beside. Times are those of the client, in a process that also makes the flood.',
  'a refusal is timed from the request to the answer, users interleaved, with the limit on wrong passwords off; t is by Welch.',
];

export async function run(rounds: number): Promise<Report> {
  const startedAt = new Date().toISOString();
  const before = loadavg()[0]!;
  const figures = [...(await floodFigures()), ...(await timingFigures(rounds * attemptsPerRound))];
  const processors = cpus();
  return {
    ...{ bench: 'login', startedAt, node: process.versions.node, rounds, notes, comparisons: [], figures },
    processor: `${processors.length} × ${processors[0]!.model.trim()}`,
    load: [before, loadavg()[0]!],
  };
}

const tables = new Map([...commands.values()].map((command) => [command.command, command]));
const codes = new Map([...commands].map(([code, { command }]) => [command, code]));

/** One connection that sends a request and waits for its answer. */
class Client {
  readonly #socket: Socket;
  #answered: (status: number) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.byteLength >= 8 && received.byteLength >= 8 + received.readUInt32LE(4)) {
        const status = received.readUInt32LE(0);
        received = received.subarray(8 + received.readUInt32LE(4));
        this.#answered(status);
      }
    });
    socket.on('close', () => this.#answered(-1));
  }

  static async open({ address }: ServerProcess, localAddress: string): Promise<Client> {
    const [host, port] = address.split(':') as [string, string];
    const socket = connect({ host, port: Number(port), localAddress, noDelay: true });
    await once(socket, 'connect');
    return new Client(socket);
  }

  /** Resolves to the status; -1 when the connection ended. */
  call(name: CommandName, request: unknown = {}): Promise<number> {
    const command = tables.get(name)!;
    const size = command.sizeOfRequest(request);
    const writer = new Writer(8 + size, 0);
    writer.u32(4 + size);
    writer.u32(codes.get(name)!);
    command.encodeRequest(writer, request);
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#answered = resolve;
    this.#socket.write(writer.bytes);
    return promise;
  }

  logIn(username: string, password: string): Promise<number> {
    return this.call('login_user', { username, password, version: '0.10.0', context: '' });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Runs `measure` on a server where `somebody` is a user and `sleeper` an inactive one. */
async function withServer<Result>(
  settings: Record<string, string>,
  measure: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  const server = await ServerProcess.start({ IGGY_SYSTEM_LOGGING_LEVEL: 'error', ...settings });
  try {
    const root = await Client.open(server, measuredFrom);
    expectStatus(await root.logIn('iggy', 'iggy'), 0);
    const user = { password: 'secret', permissions: undefined };
    expectStatus(await root.call('create_user', { ...user, username: 'somebody', status: UserStatus.active }), 0);
    expectStatus(await root.call('create_user', { ...user, username: 'sleeper', status: UserStatus.inactive }), 0);
    root.close();
    return await measure(server);
  } finally {
    await server.remove();
  }
}

function expectStatus(status: number, expected: number): void {
  if (status !== expected) throw new Error(`status ${status} instead of ${expected}`);
}

async function floodFigures(): Promise<Figure[]> {
  const noLimit = { WHIPPET_LIMITS_FAILED_LOGINS_PER_SECOND: '0' };
  const quiet = await withServer({}, (server) => underFlood(server, undefined));
  const elsewhere = await withServer({}, (server) => underFlood(server, guessedFrom));
  const beside = await withServer({}, (server) => underFlood(server, measuredFrom));
  const unlimited = await withServer(noLimit, (server) => underFlood(server, guessedFrom));
  return [
    ...floodRows('no flood', quiet),
    ...floodRows('flood from another host', elsewhere, true),
    ...floodRows('flood from the same host', beside, true),
    ...floodRows('flood from another host, without the limit on wrong passwords', unlimited),
  ];
}

interface Flooded {
  readonly pings: readonly number[];
  readonly logins: readonly number[];
  readonly guessesPerSecond: number;
}

function floodRows(title: string, { pings, logins, guessesPerSecond }: Flooded, isGoal = false): Figure[] {
  return [
    single(`${title}: ping, median`, 'ms', quantile(pings, 0.5)),
    single(`  ping, 99th of 100 (of ${pings.length})`, 'ms', quantile(pings, 0.99), isGoal ? 5 : undefined),
    single(`  login of another user, slowest of ${logins.length}`, 'ms', Math.max(...logins), isGoal ? 500 : undefined),
    single('  wrong passwords answered', '/s', guessesPerSecond, isGoal ? 11 : undefined),
  ];
}

async function underFlood(server: ServerProcess, from: string | undefined): Promise<Flooded> {
  let isOver = false;
  let guesses = 0;
  const guess = async (host: string) => {
    const client = await Client.open(server, host);
    while (!isOver) {
      expectStatus(await client.logIn('iggy', `wrong ${guesses}`), 42);
      guesses++;
    }
    client.close();
  };
  const flood = from === undefined ? [] : Array.from({ length: guessers }, () => guess(from));
  // The first ones of a host are checked as they come.
  await sleep(from === undefined ? 0 : 3000);
  guesses = 0;
  const end = performance.now() + floodMs;
  const [pings, logins] = await Promise.all([
    timed(server, end, 1, (client) => client.call('ping')),
    timed(server, end, 100, (client) => client.logIn('somebody', 'secret')),
  ]);
  const guessesPerSecond = guesses / (floodMs / 1000);
  isOver = true;
  await Promise.all(flood);
  return { pings, logins, guessesPerSecond };
}

/** Milliseconds of each call, one after another, until `end`. */
async function timed(
  server: ServerProcess,
  end: number,
  pauseMs: number,
  call: (client: Client) => Promise<number>,
): Promise<number[]> {
  const client = await Client.open(server, measuredFrom);
  const times: number[] = [];
  while (performance.now() < end) {
    const began = performance.now();
    expectStatus(await call(client), 0);
    times.push(performance.now() - began);
    await sleep(pauseMs);
  }
  client.close();
  return times;
}

async function timingFigures(attempts: number): Promise<Figure[]> {
  const users = ['somebody', 'nobody', 'sleeper'] as const;
  const times = await withServer({ WHIPPET_LIMITS_FAILED_LOGINS_PER_SECOND: '0' }, async (server) => {
    const client = await Client.open(server, measuredFrom);
    const samples = { somebody: [] as number[], nobody: [] as number[], sleeper: [] as number[] };
    for (let attempt = -10; attempt < attempts; attempt++) {
      for (let turn = 0; turn < users.length; turn++) {
        // Each user comes first, second and last equally often.
        const user = users[(turn + attempt + 30) % users.length]!;
        const began = performance.now();
        expectStatus(await client.logIn(user, 'wrong'), 42);
        if (attempt >= 0) samples[user].push(performance.now() - began);
      }
    }
    client.close();
    return samples;
  });
  const compare = (who: string, others: readonly number[]): Figure[] => [
    single(`  ${who}: medians apart`, 'ms', Math.abs(quantile(others, 0.5) - quantile(times.somebody, 0.5)), 1),
    single(`  ${who}: |t|`, '', Math.abs(welch(others, times.somebody)), 4.5),
  ];
  return [
    single(`refusal of a wrong password, median of ${attempts}`, 'ms', quantile(times.somebody, 0.5)),
    ...compare('user that does not exist', times.nobody),
    ...compare('user that is inactive', times.sleeper),
  ];
}

function single(title: string, unit: string, value: number, atMost?: number): Figure {
  const goal = atMost === undefined ? {} : { goal: { atMost, isMet: value <= atMost } };
  return { title, unit, median: value, min: value, max: value, ...goal };
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}

/** How many standard errors the means of two samples are apart. */
function welch(left: readonly number[], right: readonly number[]): number {
  const [a, b] = [moments(left), moments(right)];
  return (a.mean - b.mean) / Math.sqrt(a.variance / left.length + b.variance / right.length);
}

function moments(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance };
}
