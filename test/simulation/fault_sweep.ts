// Plays a scenario again and again, and lets one call to the disk after another fail, alone or with all that follow it. Whatever the server says then,
// a good disk afterwards holds what was promised.

import type { DiskImage } from './disk_image.ts';
import { type EnumerateOptions, prepare, type Scenario } from './enumerate.ts';
import { type CrashState, examine, startAndJudge, withoutUnsynced } from './examine.ts';
import type { History } from './history.ts';
import { Seeded } from './seeded.ts';
import type { Fault } from './simulated_disk.ts';
import type { Tally } from './tally.ts';
import { Violation } from './violation.ts';
import { World } from './world.ts';

/** Lets about one call in `stride` fail, beginning at a drawn one. @throws Violation. */
export async function sweepFaults(
  scenario: Scenario,
  options: EnumerateOptions & { readonly stride: number },
): Promise<void> {
  const { seed, stride } = options;
  const random = new Seeded(seed);
  const { judged, image } = await prepare(scenario, seed);
  const { history } = judged;
  const disk = { label: 'before', kind: 'process' as const, image, hasTornSector: false, hasLostName: false };
  const state: CrashState = { disk, history, at: history.now, server: scenario.server, seed, boots: 2 };
  let isReached = true;
  for (let number = 1 + random.below(stride); isReached; number += 1 + random.below(2 * stride - 1)) {
    if (options.isOver?.()) return;
    const isFinal = random.chance(0.5);
    try {
      isReached = await playWithFault(scenario, state, number, isFinal, random, options);
    } catch (error) {
      const what = isFinal ? 'and all later ones fail' : 'fails';
      throw new Violation(`${scenario.name}, call ${number} ${what}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Whether there were so many calls. */
async function playWithFault(
  scenario: Scenario,
  before: CrashState,
  number: number,
  isFinal: boolean,
  random: Seeded,
  { tally }: EnumerateOptions,
): Promise<boolean> {
  let calls = 0;
  const faultAt = (operation: string, noted: () => void): Fault | undefined => {
    calls++;
    if (calls !== number && !(isFinal && calls > number)) return undefined;
    tally.add(`swept faults: ${operation}`);
    noted();
    return faultOf(operation, random);
  };
  // A sync that fails gives up what a process before was promised nothing about; see the scenarios of failing syncs.
  const whileStarting = (operation: string): Fault | undefined =>
    operation === 'sync' ? undefined : faultAt(operation, () => {});
  const started = before.disk.image.clone();
  const world = new World(started, { ...before.server, seed: before.seed, boot: 3, fault: whileStarting });
  // A start on a disk that fails may be refused or see little; it must not change what a later one finds.
  await world.open().catch(() => {});
  world.disk.kill();
  if (calls >= number) {
    await examineAfter(before, started, random, tally);
    return true;
  }
  const image = before.disk.image.clone();
  let isGood = true;
  let history: History | undefined;
  const fault = (operation: string): Fault | undefined =>
    isGood ? undefined : faultAt(operation, () => history?.failed(operation));
  const { client, judged, world: running } = await startAndJudge(before, image, { fault });
  history = judged.history;
  isGood = false;
  await running.scheduler.until(scenario.run(client));
  running.disk.kill();
  await examineAfter({ ...before, history, at: history.now }, image, random, tally);
  return calls >= number;
}

/** Examines what is there once the disk works again, and what a power cut leaves of it. */
async function examineAfter(state: CrashState, image: DiskImage, random: Seeded, tally: Tally): Promise<void> {
  const cut = { ...state.disk, kind: 'power' as const, image: withoutUnsynced(image) };
  await examine({ ...state, disk: { ...state.disk, image }, seed: random.next(), boots: 10 }, true);
  await examine({ ...state, disk: cut, seed: random.next(), boots: 10 }, false);
  tally.add('crash states', 2);
}

function faultOf(operation: string, random: Seeded): Fault {
  switch (operation) {
    case 'sync':
      return { code: 'EIO', staysVisible: random.chance(0.5) };
    case 'write':
      return random.pick([{ code: 'EIO' }, { code: 'ENOSPC' }, { bytes: 1 + random.below(100) }]);
    case 'read':
      return random.pick([{ code: 'EIO' }, { bytes: 1 + random.below(100) }]);
    case 'create':
    case 'makeFolder':
      return { code: random.pick(['EIO', 'ENOSPC', 'EMFILE']) };
    case 'open':
      return { code: random.pick(['EIO', 'EMFILE']) };
    default:
      return { code: 'EIO' };
  }
}
