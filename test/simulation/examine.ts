// One crash state: starts the real engine on a disk that a crash left and judges what it finds, starts it again to see that nothing is left to do,
// and uses it.

import type { Deduplication } from '../../src/log/environment.ts';
import { checkNonces } from './check_nonces.ts';
import type { Client } from './client.ts';
import { Client as SimulatedClient, type Target } from './client.ts';
import type { CrashedDisk, CrashKind } from './crash.ts';
import type { DiskImage } from './disk_image.ts';
import type { History } from './history.ts';
import { type Judged, judge, judgeLive } from './oracle.ts';
import type { DiskOptions, Step } from './simulated_disk.ts';
import { must } from './violation.ts';
import { type ServerOptions, World } from './world.ts';

/** What a crash left of a server, and what its clients know. */
export interface CrashState {
  readonly disk: CrashedDisk;
  readonly history: History;
  readonly at: number;
  readonly server: ServerOptions;
  readonly seed: number;
  /** Starts before this one. */
  readonly boots: number;
}

export interface Examined {
  readonly judged: Judged;
  /** The disk after the start. */
  readonly image: DiskImage;
  readonly trace: number;
}

/** Starts a server and judges it. `watching` sees the calls of the start, and may make them fail. */
export async function startAndJudge(
  state: CrashState,
  image: DiskImage,
  watching: Pick<DiskOptions, 'onStep' | 'fault'> = {},
): Promise<Examined & { readonly client: Client; readonly world: World }> {
  const { history, at, server, seed, boots } = state;
  const world = new World(image, { ...server, seed, boot: boots + 1, ...watching });
  const catalog = await world.open();
  // Judging reads, and reads must not hide what a start wrote.
  const after = world.disk.image.clone();
  if (server.isEncrypted) checkNonces(world.disk.image);
  const judged = await judge(catalog, { history, at, crash: state.disk.kind }, world.scheduler);
  const client = new SimulatedClient(catalog, judged, world);
  return { judged, image: after, trace: world.disk.trace, client, world };
}

/** @throws Violation. */
export async function examine(state: CrashState, isThorough: boolean, onStep?: (step: Step) => void): Promise<void> {
  const first = await startAndJudge(state, state.disk.image, onStep === undefined ? {} : { onStep });
  first.world.disk.kill();
  if (state.disk.kind === 'process' && isThorough) await cutPowerAfterStart(state, first);
  const again = nextState(state, first.judged.history, first.image, 'process');
  const second = await startAndJudge(again, again.disk.image.clone());
  const notices = second.world.notices.filter((text) => !/did not stop cleanly/.test(text));
  must(notices.length === 0, () => `a second start still finds something to do: ${notices.join('; ')}`);
  // An encrypted journal goes on in a new part after every start, for counters must not come again.
  const left = state.server.isEncrypted ? /\/(lock|catalog\/)/ : /\/lock/;
  const change = differenceOf(first.image, second.image, left);
  must(change === undefined, () => `a second start changes the disk: ${change}`);
  const { client, world } = second;
  await world.scheduler.until(useAgain(client, again.server));
  await judgeLive(client.catalog, client.history, world.scheduler);
  if (!isThorough) {
    world.disk.kill();
    return;
  }
  await endAndStartOnceMore(again, client, world);
}

/** What exists was shown by a start, so it must not vanish afterwards, even if nobody was ever told that it was created. */
async function cutPowerAfterStart(state: CrashState, { judged, image }: Examined): Promise<void> {
  const left = withoutUnsynced(image);
  const { world } = await startAndJudge(nextState(state, judged.history, left, 'power'), left);
  world.disk.kill();
}

export function withoutUnsynced(image: DiskImage): DiskImage {
  return image.afterCut(
    () => false,
    (file) => file.afterCut(file.durableSize, () => 0),
  );
}

/** Every partition takes messages and offsets, and there can be new ones. */
async function useAgain(client: Client, { deduplication }: ServerOptions): Promise<void> {
  const { targets } = client;
  for (const target of targets.slice(0, 3)) {
    if (deduplication !== undefined) await resendRemembered(client, target, deduplication);
    await client.append(target, 2);
    await client.store(target, 5, 1);
  }
  await client.change({ kind: 'create_stream', stream: 'later' });
  const { outcomes } = { outcomes: [...client.history.changes, ...targets.flatMap(({ slot }) => slot.appends)] };
  must(
    outcomes.every(({ outcome }) => outcome === 'ok'),
    () => 'the server does not take what it is given after a start',
  );
}

/** Whoever was not told that a batch is there sends it again; nothing of what a start found is taken twice. */
async function resendRemembered(client: Client, target: Target, { maxEntries }: Deduplication): Promise<void> {
  let ids = 0;
  const there = target.slot.appends.filter(({ baseOffset }) => baseOffset >= target.slot.earliest);
  for (const append of there.reverse()) {
    ids += append.count;
    if (maxEntries > 0 && ids > maxEntries) break;
    await client.resend(target, append);
  }
}

/** What was acknowledged after a recovery is as safe as before it, and the server can stop. */
async function endAndStartOnceMore(state: CrashState, client: Client, world: World): Promise<void> {
  const isClean = state.seed % 3 === 0;
  if (isClean) {
    await world.scheduler.until(client.close());
    must(world.disk.openFiles === 0, () => `${world.disk.openFiles} files are left open by a clean stop`);
  }
  world.disk.kill();
  const { image } = world.disk;
  const isSynced = isClean || state.server.level === 'disk';
  const left = isSynced ? withoutUnsynced(image) : image.clone();
  const kind = isSynced ? 'power' : 'process';
  const third = await startAndJudge(nextState(state, client.history, left, kind), left);
  third.world.disk.kill();
}

function nextState(state: CrashState, history: History, image: DiskImage, kind: CrashKind): CrashState {
  const disk = { label: 'next', kind, image, hasTornSector: false, hasLostName: false };
  return { ...state, disk, history, at: history.now, boots: state.boots + 1 };
}

/** The first file that differs; paths with `left` are left out. */
function differenceOf(before: DiskImage, after: DiskImage, left: RegExp): string | undefined {
  const [a, b] = [before, after].map((image) => new Map([...image.files()].filter(([path]) => !left.test(path))));
  for (const path of new Set([...a!.keys(), ...b!.keys()])) {
    const [from, to] = [a!.get(path), b!.get(path)];
    if (from === undefined || to === undefined) return `${path} ${from === undefined ? 'appeared' : 'is gone'}`;
    if (Buffer.compare(from.content, to.content) !== 0) return `${path} changed`;
  }
  return undefined;
}
