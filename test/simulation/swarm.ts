// One long run: a server lives through several starts, does what its seed says on a disk that fails as its seed says, and is crashed at a drawn call.
// After each crash several of the disks that it may have left are examined; the run goes on with one of them.
import { Client } from './client.ts';
import { type CrashedDisk, drawnCrash } from './crash.ts';
import { DiskImage } from './disk_image.ts';
import { type CrashState, examine } from './examine.ts';
import { nothingExpected } from './expected.ts';
import { History } from './history.ts';
import { type Judged, judge, judgeLive } from './oracle.ts';
import { ProcessIsDead } from './scheduler.ts';
import { Seeded } from './seeded.ts';
import type { Fault, Step } from './simulated_disk.ts';
import { Actor } from './swarm_actions.ts';
import { drawOptions, faultsOf, type SwarmOptions } from './swarm_options.ts';
import type { Tally } from './tally.ts';
import { must, Violation } from './violation.ts';
import { World } from './world.ts';

/** Disks examined after each crash. */
const variants = 6;

/** Where a run is between two starts. */
interface Pause {
  readonly image: DiskImage;
  readonly history: History;
  readonly at: number;
  readonly crash: CrashedDisk['kind'];
}

interface Crash {
  readonly image: DiskImage;
  readonly at: number;
  readonly step: Step | undefined;
  readonly isStarting: boolean;
}

/** Plays the run of `seed`; equal seeds give equal numbers. @throws Violation. */
export async function playSwarm(seed: number, tally: Tally): Promise<number> {
  const options = drawOptions(seed);
  const random = new Seeded(seed ^ 0x5bd1e995);
  const { level } = options.server;
  let pause: Pause = { image: new DiskImage(), history: new History(level, nothingExpected), at: 0, crash: 'power' };
  let trace = 0;
  tally.add('long runs');
  for (let start = 1; start <= options.starts; start++) {
    const where = `seed ${seed}, start ${start}`;
    try {
      const life = new Life(options, random, pause, start, seed);
      const crash = await life.play();
      trace = (Math.imul(trace, 31) + life.trace) >>> 0;
      for (const [name, count] of life.faults) tally.add(`calls that failed: ${name}`, count);
      pause = await afterCrash(crash, pause, life.history, options, random, start, tally);
    } catch (error) {
      throw new Violation(`${where}: ${(error as Error).message} (${JSON.stringify(options)})`, { cause: error });
    }
  }
  return trace;
}

/** One start of the server, until it ends. */
class Life {
  history: History;
  trace = 0;
  readonly faults = new Map<string, number>();
  readonly #options: SwarmOptions;
  readonly #random: Seeded;
  readonly #pause: Pause;
  readonly #world: World;
  #crash: Crash | undefined;
  #isStarting = true;
  /** Whether the disk does what it is asked for: while the server starts, and while it is judged. */
  #isGood = true;

  constructor(options: SwarmOptions, random: Seeded, pause: Pause, start: number, seed: number) {
    this.#options = options;
    this.#random = random;
    this.#pause = pause;
    this.history = pause.history;
    const { server, latencyMax, clockOff } = options;
    const fault = faultsOf(options, random);
    let callsLeft = 1 + random.below(options.crashWithin);
    this.#world = new World(pause.image, {
      ...{ ...server, latencyMax, boot: start, seed: seed + start },
      clockOffset: clockOff === 0 ? 0 : (random.below(2 * clockOff) - clockOff) * 1_000_000,
      fault: (operation) => (this.#isGood ? undefined : this.#noted(operation, fault(operation))),
      onStep: (step) => {
        if (--callsLeft === 0) this.#end(step);
      },
    });
  }

  /** The process ends here, at `step` or at the end of what it had to do. */
  #end(step: Step | undefined): Crash {
    const { disk } = this.#world;
    const at = this.#isStarting ? this.#pause.at : this.history.now;
    this.#crash = { image: disk.image.clone(), at, step, isStarting: this.#isStarting };
    disk.kill();
    return this.#crash;
  }

  #noted(operation: string, fault: Fault | undefined): Fault | undefined {
    if (fault === undefined) return undefined;
    const name = `${operation} ${fault.code ?? 'short'}`;
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1);
    if (fault.code !== undefined) this.history.failed(operation);
    return fault;
  }

  async play(): Promise<Crash> {
    try {
      const crash = await this.#playToTheEnd();
      return this.#crash ?? crash;
    } catch (error) {
      if (this.#crash === undefined) throw error;
      if (error instanceof Violation) throw error;
      return this.#crash;
    } finally {
      this.trace = this.#world.disk.trace;
      this.#world.disk.kill();
    }
  }

  async #playToTheEnd(): Promise<Crash> {
    const { scheduler, disk } = this.#world;
    const { history, at, crash } = this.#pause;
    const catalog = await this.#world.open();
    if (disk.isDead) throw new ProcessIsDead();
    const judged: Judged = await judge(catalog, { history, at, crash }, scheduler);
    this.history = judged.history;
    this.#isStarting = false;
    this.#isGood = false;
    const client = new Client(catalog, judged, this.#world);
    await scheduler.until(new Actor(client, this.#options, this.#random).play());
    // What a disk gave up may be missing from a server that runs on; only what comes after a start is judged then.
    const isHealthy = this.faults.size === 0;
    this.#isGood = true;
    if (isHealthy) await judgeLive(catalog, this.history, scheduler);
    this.#isGood = false;
    if (this.#random.chance(0.5)) {
      await scheduler.until(client.close());
      must(disk.openFiles === 0 || this.faults.size > 0, () => `${disk.openFiles} files are left open by a clean stop`);
    }
    return this.#end(undefined);
  }
}

/** Examines some of the disks that a crash may have left; the last one is what the next start finds. */
async function afterCrash(
  crash: Crash,
  before: Pause,
  history: History,
  options: SwarmOptions,
  random: Seeded,
  start: number,
  tally: Tally,
): Promise<Pause> {
  let disk = drawnCrash(crash.image, random);
  for (let count = 0; count < variants; count++) {
    const drawn = drawnCrash(crash.image, random);
    // A start that did not end adds nothing to what was promised before it.
    disk = crash.isStarting && before.crash === 'power' ? { ...drawn, kind: 'power' } : drawn;
    tally.crashAt(crash.step, crash.isStarting ? 'start' : 'run');
    tally.add(disk.kind === 'process' ? 'killed processes' : 'power cuts');
    if (disk.hasTornSector) tally.add('torn sectors');
    if (disk.hasLostName) tally.add('lost names');
    const state: CrashState = {
      disk: { ...disk, image: disk.image.clone() },
      history,
      at: crash.at,
      server: options.server,
      seed: random.next(),
      boots: 100 + start,
    };
    try {
      await examine(state, disk.kind === 'process' || state.seed % 4 === 0);
    } catch (error) {
      const step = crash.step === undefined ? 'the end' : `${crash.step.operation} ${crash.step.path}`;
      throw new Violation(`crashed at ${step}, ${disk.label}: ${(error as Error).message}`, { cause: error });
    }
  }
  return { image: disk.image, history, at: crash.at, crash: disk.kind };
}
