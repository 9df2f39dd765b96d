// Plays a scenario once and crashes it at every call to the disk, with everything that was not synced lost, kept and torn in every single way.
import { crc32 } from 'node:zlib';
import { Client } from './client.ts';
import { type CrashedDisk, crashedDisks } from './crash.ts';
import { DiskImage } from './disk_image.ts';
import { type CrashState, examine } from './examine.ts';
import { nothingExpected } from './expected.ts';
import { History } from './history.ts';
import { type Judged, judgeLive } from './oracle.ts';
import { Seeded } from './seeded.ts';
import type { DiskOptions, Fault, Step } from './simulated_disk.ts';
import type { Tally } from './tally.ts';
import { must, Violation } from './violation.ts';
import { type ServerOptions, World } from './world.ts';

export type Script = (client: Client) => Promise<void>;

export interface Scenario {
  readonly name: string;
  readonly server: ServerOptions;
  /** What an earlier process did. It is killed afterwards, with everything in the hands of the operating system. */
  readonly before?: Script;
  readonly run: Script;
  /** Makes calls fail while it is played; starts after a crash have a good disk. */
  readonly fault?: () => NonNullable<DiskOptions['fault']>;
  /** Whether calls of its own start fail as well. */
  readonly isFaultyFromStart?: boolean;
  /** Whether the faults leave the running server with less than it acknowledged or showed; only what comes after a crash is judged then. */
  readonly isDamaging?: boolean;
  /** How many starts after a crash are crashed themselves. */
  readonly depth?: number;
}

/** A moment of a run at which it may end. */
interface Point {
  readonly image: DiskImage;
  readonly at: number;
  readonly step: Step | undefined;
  readonly isStarting: boolean;
}

export interface EnumerateOptions {
  readonly seed: number;
  readonly tally: Tally;
  /** Only crashes at this call. */
  readonly step?: number;
  /** Says when to stop early. */
  readonly isOver?: () => boolean;
}

/** Plays `scenario` and examines all its crash states. @throws Violation. */
export async function enumerate(scenario: Scenario, options: EnumerateOptions): Promise<void> {
  const { seed, tally } = options;
  const { judged, image } = await prepare(scenario, seed);
  const points: Point[] = [];
  await play(scenario, scenario.run, image, judged, seed, 2, points);
  tally.add('scenarios');
  tally.add('calls to the disk in scenarios', points.length);
  const seen = new Set<string>();
  const random = new Seeded(seed);
  for (const [number, point] of points.entries()) {
    if (options.step !== undefined && options.step !== number) continue;
    if (options.isOver?.()) return;
    for (const disk of crashedDisks(point.image, point.step, random)) {
      const state: CrashState = {
        disk,
        history: judged.history,
        at: point.at,
        server: scenario.server,
        seed: random.next(),
        boots: 3,
      };
      const where = `${scenario.name}, call ${number} (${textOf(point.step)}), ${disk.label}`;
      await examineOnce(state, point.step, point.isStarting ? 'start' : 'run', scenario.depth ?? 0, where, seen, tally);
    }
  }
}

/** What a scenario finds when it begins. */
export async function prepare(scenario: Scenario, seed: number): Promise<{ judged: Judged; image: DiskImage }> {
  const judged: Judged = { history: new History(scenario.server.level, nothingExpected), topicKeys: new Map() };
  if (scenario.before === undefined) return { judged, image: new DiskImage() };
  const played = await play(scenario, scenario.before, new DiskImage(), judged, seed, 1, undefined);
  return { judged, image: played.disk.image.clone() };
}

/** Starts a server on `image`, plays `script`, and kills it. Notes in `points` every moment at which it could have crashed. */
async function play(
  { server, name, fault, isDamaging, isFaultyFromStart }: Scenario,
  script: Script,
  image: DiskImage,
  judged: Judged,
  seed: number,
  boot: number,
  points: Point[] | undefined,
): Promise<World> {
  const { history } = judged;
  let isStarting = true;
  // While the server starts and while it is judged.
  let isGood = isFaultyFromStart !== true;
  const onStep = (step: Step): void => {
    points?.push({ image: world.disk.image.clone(), at: history.now, step, isStarting });
  };
  const faults = points === undefined ? undefined : fault?.();
  const world: World = new World(image, {
    ...server,
    seed,
    boot,
    onStep,
    ...(faults !== undefined && {
      fault: (operation: string, path: string) =>
        isGood ? undefined : noted(faults(operation, path), operation, history),
    }),
  });
  try {
    const catalog = await world.open();
    isStarting = false;
    isGood = false;
    const client = new Client(catalog, judged, world);
    await world.scheduler.until(script(client));
    isGood = true;
    points?.push({ image: world.disk.image.clone(), at: history.now, step: undefined, isStarting });
    if (isDamaging) return world;
    if (!client.isClosed) await judgeLive(catalog, history, world.scheduler);
    else must(world.disk.openFiles === 0, () => `${world.disk.openFiles} files are left open by a clean stop`);
    return world;
  } catch (error) {
    throw new Violation(`${name}: ${(error as Error).message}`, { cause: error });
  } finally {
    world.disk.kill();
  }
}

function noted(fault: Fault | undefined, operation: string, history: History): Fault | undefined {
  if (fault?.code !== undefined) history.failed(operation);
  return fault;
}

/** Examines a state, unless an equal one was; crashes its start as well, `depth` times over. */
async function examineOnce(
  state: CrashState,
  step: Step | undefined,
  phase: 'start' | 'run' | 'later start',
  depth: number,
  where: string,
  seen: Set<string>,
  tally: Tally,
): Promise<void> {
  const { disk } = state;
  const key = `${state.at} ${disk.kind} ${state.boots} ${keyOf(disk)}`;
  if (seen.has(key)) return;
  seen.add(key);
  tally.crashAt(step, phase);
  tally.add(disk.kind === 'process' ? 'killed processes' : 'power cuts');
  if (disk.hasTornSector) tally.add('torn sectors');
  if (disk.hasLostName) tally.add('lost names');
  const points: { image: DiskImage; step: Step }[] = [];
  const image = depth > 0 ? disk.image.clone() : disk.image;
  let isFirst = true;
  const onStep = (next: Step): void => {
    if (isFirst) points.push({ image: image.clone(), step: next });
  };
  try {
    const isThorough = disk.kind === 'process' || state.seed % 4 === 0;
    await examine({ ...state, disk: { ...disk, image } }, isThorough, depth > 0 ? onStep : undefined);
  } catch (error) {
    throw new Violation(`${where}: ${(error as Error).message}`, { cause: error });
  }
  isFirst = false;
  const random = new Seeded(state.seed);
  for (const point of points) {
    for (const next of crashedDisks(point.image, point.step, random)) {
      // A start after a power cut may lose what only it wrote, and no more: the promises are those of the first crash.
      const kind = disk.kind === 'power' ? 'power' : next.kind;
      const again: CrashState = { ...state, disk: { ...next, kind }, seed: random.next(), boots: state.boots + 1 };
      const text = `${where}, then ${textOf(point.step)}, ${next.label}`;
      await examineOnce(again, point.step, 'later start', depth - 1, text, seen, tally);
    }
  }
}

function textOf(step: Step | undefined): string {
  return step === undefined ? 'at the end' : `${step.operation} ${step.path}`;
}

/** Equal for disks that hold the same. */
function keyOf({ image, kind }: CrashedDisk): string {
  const parts: string[] = [];
  for (const [path, file] of image.files()) {
    parts.push(path, String(file.size), String(crc32(file.content)));
    if (kind === 'process') parts.push(String(file.durableSize), String(crc32(file.durable)), String(file.dirty.size));
  }
  if (kind === 'process') parts.push(String(image.pending.length));
  return parts.join(' ');
}
