// The live target: many connections of all kinds against a real server process, a healthy client beside them, and an eye on the process.
import { setTimeout as sleep } from 'node:timers/promises';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { Seeded } from '../../test/simulation/seeded.ts';
import { WireClient } from '../rigs/wire_client.ts';
import { LiveViolation } from './answers.ts';
import { Canary, inTime } from './canary.ts';
import { clear, hello, login, prepare, type Role, requestFrame, type Tokens, tidyUp } from './fixture.ts';
import { formOf, frameFor, headOf, headSizes } from './frames.ts';
import { LiveConnection } from './live_connection.ts';
import { makeMischief, type Scene } from './mischief.ts';
import { deadlines, frameLimits, type TargetServer, type VitalSigns } from './target_server.ts';
import { Traffic } from './traffic.ts';
import { checkGrowth, checkSize, mebibytes } from './vital_signs.ts';

export interface LiveFuzzOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly generations: readonly GenerationName[];
}

/** One connection as a report needs it. */
export interface SentByOne {
  readonly role: Role;
  readonly generation: GenerationName;
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

export interface LiveFailure {
  readonly message: string;
  /** The connection that saw it, if one did, then those that were open beside it. */
  readonly connections: readonly SentByOne[];
  /** Frames that hold tokens, which mean nothing to another server. */
  readonly loginFrames: readonly Uint8Array[];
}

/** Who the pipelining connections are. */
const roles: readonly Role[] = [
  ...Array.from({ length: 8 }, () => 'root' as const),
  ...(['outsider', 'outsider', 'stranger', 'stranger'] as const),
];
const mischiefMakers = 3;
const settleMs = 30_000;
const examineEveryMs = 500;
const tidyEveryMs = 500;
/** One round in so many deletes everything, so that what is stored does not grow with the length of a run. */
const clearEvery = 60;
/** Tidying is many changes, each of which waits for the disk. */
const tidyWithinMs = 60_000;
const crowdSize = 1_000;
/** What a connection may take before its login, and what collectors leave to lie about meanwhile. */
const strangerMaxBytes = 16_384;
const crowdMoreBytes = 16 << 20;
const burstSize = 48;
/** What memory may be above its level before a burst, some seconds after it. */
const burstLeftMaxBytes = 48 << 20;
const calmWithinMs = 20_000;

/** One run against one server. */
export class LiveFuzz {
  readonly #seed: number;
  readonly #until: number;
  readonly #target: TargetServer;
  readonly #tokens: Tokens;
  readonly #canary: Canary;
  readonly #traffics: readonly Traffic[];
  readonly #open = new Map<LiveConnection, Role>();
  readonly samples: VitalSigns[] = [];
  /** Replies by command code and status. */
  readonly replies = new Map<string, number>();
  frames = 0;
  connections = 0;
  /** How long the load lasted. */
  loadMs = 0;
  /** What each of many connections without a login took. */
  bytesPerStranger = 0;
  readonly mischief: Record<string, number> = {};
  #failure: LiveFailure | undefined;
  #isStopping = false;

  private constructor(options: LiveFuzzOptions, target: TargetServer, tokens: Tokens, canary: Canary) {
    this.#seed = options.seed;
    this.#until = performance.now() + options.seconds * 1000;
    this.#target = target;
    this.#tokens = tokens;
    this.#canary = canary;
    this.#traffics = options.generations.map((generation) => new Traffic(generation, options.seed));
  }

  static async begin(options: LiveFuzzOptions, target: TargetServer): Promise<LiveFuzz> {
    const client = await WireClient.open(target.process.address);
    const tokens = await prepare(target.port, client);
    return new LiveFuzz(options, target, tokens, new Canary(client, options.seed));
  }

  get canary(): Canary {
    return this.#canary;
  }

  get knownFailures(): number {
    return this.#target.known.size;
  }

  get failure(): LiveFailure | undefined {
    return this.#failure;
  }

  /** Everything that a run is: load, a burst, calm, and what is stored after a crash. Fails by `failure`. */
  async run(): Promise<void> {
    const before = await this.#guard(async () => {
      await this.#canary.round();
      return this.#target.examine();
    });
    if (before === undefined) return;
    const began = performance.now();
    await Promise.all([
      ...roles.map((role, index) => this.#guard(() => this.#work(role, index))),
      ...Array.from({ length: mischiefMakers }, (_, index) => this.#guard(() => this.#disturb(index))),
      this.#guard(() => this.#canary.sing(this.#isOver)),
      this.#guard(() => this.#watch()),
      this.#guard(() => this.#tidy()),
    ]);
    this.loadMs = performance.now() - began;
    for (const connection of this.#open.keys()) connection.leave('destroy');
    if (this.#failure !== undefined) return;
    await this.#guard(() => checkGrowth(this.samples));
    await this.#guard(() => this.#crowd());
    await this.#guard(() => this.#burst());
    await this.#guard(() => this.#calmDown(before));
    await this.#guard(() => this.#crash());
  }

  readonly #isOver = (): boolean => this.#isStopping || this.#failure !== undefined || performance.now() >= this.#until;

  /** Turns the first violation into the failure of the run. */
  async #guard<Result>(work: () => Result | Promise<Result>, seenBy?: LiveConnection): Promise<Result | undefined> {
    if (this.#failure !== undefined) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LiveViolation)) {
        this.#isStopping = true;
        throw error;
      }
      await this.#fail(error, seenBy);
      return undefined;
    }
  }

  async #fail(violation: LiveViolation, seenBy: LiveConnection | undefined): Promise<void> {
    if (this.#failure !== undefined) return;
    const others = [...this.#open.keys()].filter((connection) => connection !== seenBy);
    const connections = [...(seenBy === undefined ? [] : [seenBy]), ...others].map((connection) => ({
      role: this.#open.get(connection) ?? 'stranger',
      generation: connection.generation,
      bytes: Buffer.concat(connection.history),
      isCut: connection.isHistoryCut,
    }));
    const loginFrames = this.#traffics.flatMap(({ generation }) =>
      (['root', 'outsider'] as const).map((role) => login(generation, this.#tokens, role)),
    );
    this.#failure = { message: violation.message, connections, loginFrames };
    // A process that dies takes its connections with it: why it died says more.
    await sleep(500);
    try {
      this.#target.assertHealthy();
    } catch (error) {
      this.#failure = { ...this.#failure, message: `${(error as Error).message}\nfirst seen: ${violation.message}` };
    }
  }

  async #openConnection(generation: GenerationName, role: Role): Promise<LiveConnection> {
    const connection = await LiveConnection.open({
      ...{ port: this.#target.port, generation, limits: frameLimits, count: this.#count },
    });
    this.connections++;
    this.#open.set(connection, role);
    connection.socket.once('close', () => this.#open.delete(connection));
    return connection;
  }

  readonly #count = (code: number, status: string): void => {
    this.frames++;
    const key = `${code} ${status}`;
    this.replies.set(key, (this.replies.get(key) ?? 0) + 1);
  };

  /** One connection after another, each with batches of pipelined frames. */
  async #work(role: Role, index: number): Promise<void> {
    for (let opening = 0; !this.#isOver(); opening++) {
      const random = new Seeded(this.#seed + index * 1_000_003 + opening);
      const traffic = random.pick(this.#traffics);
      const connection = await this.#openConnection(traffic.generation, role);
      await this.#guard(() => this.#converse(connection, role, traffic, random), connection);
    }
  }

  async #converse(connection: LiveConnection, role: Role, traffic: Traffic, random: Seeded): Promise<void> {
    const { generation } = traffic;
    const until = role === 'stranger' ? performance.now() + deadlines.loginMs / 2 : Number.POSITIVE_INFINITY;
    connection.send(hello(generation));
    if (role !== 'stranger') connection.send(login(generation, this.#tokens, role));
    if (role === 'root' && random.chance(0.5)) connection.send(joinCrew(generation));
    await connection.settle(settleMs);
    for (let batches = 1 + random.below(role === 'stranger' ? 20 : 150); batches > 0; batches--) {
      if (this.#isOver() || performance.now() > until) break;
      if (role !== 'stranger' && !connection.isLoggedIn) connection.send(login(generation, this.#tokens, role));
      await this.#sendBatch(connection, role, traffic, random);
      await connection.settle(settleMs);
      if (connection.unexpected !== undefined) await this.#explain(connection.unexpected);
      if (connection.isClosed) return;
    }
    if (random.chance(0.2)) return this.#breakFrame(connection, random);
    connection.leave(random.pick(['end', 'end', 'destroy', 'reset']));
  }

  /** The log must say why, and be known for it. */
  async #explain(unexpected: string): Promise<void> {
    await sleep(200);
    this.#target.assertHealthy();
    if (this.#target.known.size === 0) throw new LiveViolation(`an unexpected failure answers ${unexpected}`);
  }

  async #sendBatch(connection: LiveConnection, role: Role, traffic: Traffic, random: Seeded): Promise<void> {
    const frames = Array.from({ length: 16 + random.below(112) }, () => traffic.frame(random));
    // A frame that is too large before a login ends the connection, so few of them are sent.
    const fitting =
      role !== 'stranger' || random.chance(0.1)
        ? frames
        : frames.filter(({ byteLength }) => byteLength <= frameLimits.beforeLogin);
    const bytes = Buffer.concat(fitting);
    if (random.chance(0.9)) return connection.send(bytes);
    for (let at = 0; at < bytes.byteLength; ) {
      const end = Math.min(bytes.byteLength, at + 1 + random.below(4000));
      connection.send(bytes.subarray(at, end));
      at = end;
      await sleep(0);
    }
  }

  /** A length that no frame has: refused, and the connection ends. */
  async #breakFrame(connection: LiveConnection, random: Seeded): Promise<void> {
    const { generation } = connection;
    const tooShort = headSizes[formOf(generation)] - 1 - random.below(4);
    const claim = random.pick([tooShort, tooShort, frameLimits.ofOthers + 1, 0x7fff_ffff, 0xffff_ffff]);
    const head = headOf(generation, random.pick([1, 101, 100, 0xffff_ffff]), claim);
    if (generation === 'v0_9' && random.chance(0.3)) head[random.below(4)] = 1 + random.below(255);
    connection.send(head);
    await connection.settle(settleMs);
    await connection.untilClosed(settleMs);
  }

  async #disturb(index: number): Promise<void> {
    for (let number = 0; !this.#isOver(); number++) await this.#makeMischief(index * 100_003 + number);
  }

  async #makeMischief(number: number): Promise<void> {
    const random = new Seeded(this.#seed + 77 + number);
    const traffic = random.pick(this.#traffics);
    const scene: Scene = {
      ...{ random, traffic, tokens: this.#tokens },
      open: async () => {
        const connection = await this.#openConnection(traffic.generation, 'stranger');
        connection.send(hello(traffic.generation));
        return connection;
      },
      openSilently: (generation = 'v0_4') => this.#openConnection(generation, 'stranger'),
    };
    const name = await makeMischief(scene);
    this.mischief[name] = (this.mischief[name] ?? 0) + 1;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver()) {
      const signs = this.#target.examine();
      checkSize(signs);
      this.samples.push(signs);
      await sleep(examineEveryMs);
    }
  }

  async #tidy(): Promise<void> {
    let client = await WireClient.open(this.#target.process.address);
    for (let round = 1; !this.#isOver(); round++) {
      try {
        await inTime('tidying', tidyUp(client, round % clearEvery === 0), tidyWithinMs);
      } catch (error) {
        // Who meets a known failure loses the connection.
        await this.#explain(`tidying: ${(error as Error).message}`);
        if (!client.isClosed) throw error;
        client = await WireClient.open(this.#target.process.address);
      }
      await sleep(tidyEveryMs);
    }
    client.close();
  }

  /** Many strangers at once, each with a frame begun, take little each. */
  async #crowd(): Promise<void> {
    const { residentBytes: before } = this.#target.examine();
    for (let count = 0; count < crowdSize; count++) {
      const generation = count % 2 === 0 ? 'v0_4' : 'v0_9';
      const connection = await this.#openConnection(generation, 'stranger');
      connection.mayBeLate = true;
      const begun = frameFor(generation, 1, new Uint8Array(frameLimits.beforeLogin / 2));
      connection.send(begun.subarray(0, frameLimits.beforeLogin / 2));
    }
    await this.#canary.round();
    const { residentBytes: during } = this.#target.examine();
    this.bytesPerStranger = Math.round((during - before) / crowdSize);
    for (const connection of this.#open.keys()) connection.leave('destroy');
    if (during - before > crowdSize * strangerMaxBytes + crowdMoreBytes)
      throw new LiveViolation(`${crowdSize} strangers took ${mebibytes(during - before)}`);
  }

  /** Much mischief at once leaves nothing behind. */
  async #burst(): Promise<void> {
    await this.#canary.round();
    const { residentBytes: before } = this.#target.examine();
    await Promise.all(Array.from({ length: burstSize }, (_, index) => this.#makeMischief(7_000_000 + index)));
    for (const connection of this.#open.keys()) connection.leave('destroy');
    await this.#untilCalm(
      ({ residentBytes }) => residentBytes <= before + burstLeftMaxBytes,
      ({ residentBytes }) => `after a burst memory stays at ${mebibytes(residentBytes)}; it was ${mebibytes(before)}`,
    );
  }

  /** Everyone has left and everything is deleted: the server holds no more files and sockets than at first. */
  async #calmDown(before: VitalSigns): Promise<void> {
    await inTime('tidying', clear(this.#canary.client), tidyWithinMs);
    await this.#untilCalm(
      ({ files, sockets }) => files <= before.files && sockets <= before.sockets,
      ({ files, sockets }) =>
        `${files} files are open, of them ${sockets} sockets; at first ${before.files}, of them ${before.sockets}`,
    );
  }

  async #untilCalm(isCalm: (signs: VitalSigns) => boolean, problem: (signs: VitalSigns) => string): Promise<void> {
    const until = performance.now() + calmWithinMs;
    for (;;) {
      await this.#canary.round();
      const signs = this.#target.examine();
      checkSize(signs);
      if (isCalm(signs)) return;
      if (performance.now() > until) throw new LiveViolation(problem(signs));
      await sleep(examineEveryMs);
    }
  }

  /** What the healthy client sent is stored as it was, also after `kill -9`, and the server stops in order. */
  async #crash(): Promise<void> {
    await this.#canary.checkAll();
    this.#canary.client.close();
    await this.#target.killAndRestart();
    const client = await inTime('login', WireClient.open(this.#target.process.address));
    await this.#canary.checkAll(client);
    client.close();
    this.#target.assertHealthy();
    await this.#target.stop();
  }
}

function joinCrew(generation: GenerationName): Uint8Array {
  const alpha = { kind: 2, name: 'alpha' };
  return requestFrame(generation, 'join_consumer_group', {
    ...{ streamId: alpha, topicId: alpha, groupId: { kind: 2, name: 'crew' } },
  });
}
