// Rounds of one rig: load, crash, start, read everything, judge. A few folders one after another, each through many crashes, so that what one recovery
// left is what the next one finds.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { examineFolder } from '../../src/doctor/examine.ts';
import { findingsOf } from '../../src/doctor/findings.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { systemDisk } from '../../src/log/disk.ts';
import { TailBudget } from '../../src/log/tail.ts';
import type { ServerProcess } from '../server_process.ts';
import { History } from './history.ts';
import { checkHistory, type Survives } from './history_check.ts';
import { Load, partitionsCount, randomOf, snapshotOf } from './load.ts';
import { tell } from './rig.ts';
import { WireClient } from './wire_client.ts';

/** What crashes, and how. */
export interface CrashTarget {
  readonly name: string;
  /** What a crash of this kind must leave. */
  readonly survives: Survives;
  /** Starts a server on a folder that is new. */
  begin(folder: number): Promise<ServerProcess>;
  /** Crashes the server under load; afterwards `restart` works again. */
  crash(server: ServerProcess, random: (below: number) => number): Promise<void>;
  /** Removes server and folder. */
  end(server: ServerProcess): Promise<void>;
}

/** What all rounds came to. */
export interface Tally {
  rounds: number;
  acknowledged: number;
  refusedOrUnknown: number;
  starts: number;
  startMsMax: number;
  lost: number;
  vanished: number;
}

/** Rounds on one data folder. */
const roundsPerFolder = 10;
const loadMsMin = 20;
const loadMsMax = 400;

/** Runs `rounds` rounds. Fails at the first anomaly, saying which round of which seed. */
export async function crashRounds(target: CrashTarget, rounds: number, seed: number): Promise<Tally> {
  const tally: Tally = {
    rounds: 0,
    acknowledged: 0,
    refusedOrUnknown: 0,
    starts: 0,
    startMsMax: 0,
    lost: 0,
    vanished: 0,
  };
  const random = randomOf(seed);
  const began = performance.now();
  for (let folder = 0; tally.rounds < rounds; folder++) {
    const history = new History();
    const server = await target.begin(folder);
    try {
      const token = await createTopic(server);
      for (let round = 0; round < roundsPerFolder && tally.rounds < rounds; round++) {
        await oneRound(target, { server, token, history, random }, round, tally).catch((error: Error) => {
          const where = `${target.name}, seed ${seed}, folder ${folder}, round ${round}`;
          throw new Error(`${where}: ${error.message}\n${server.log}`, { cause: error });
        });
        if (tally.rounds % 100 === 0) tell(`${target.name}: ${describe(tally, performance.now() - began)}`);
      }
      await server.kill();
      await examine(server.folder);
    } finally {
      await target.end(server);
    }
    tally.acknowledged += history.count('ok');
    tally.refusedOrUnknown += history.sent.size - history.count('ok');
  }
  tell(`${target.name}: ${describe(tally, performance.now() - began)} seed ${seed}`);
  return tally;
}

/** Makes the topic of all rounds, and a token to log in with, which must survive like everything else. */
async function createTopic(server: ServerProcess): Promise<string> {
  const client = await WireClient.open(server.address);
  await client.createTopic(partitionsCount);
  const token = await client.createToken();
  client.close();
  return token;
}

/** The doctor agrees: after all its crashes nothing in a folder is damaged, torn ends apart. */
async function examine(folder: string): Promise<void> {
  const environment = {
    ...{ disk: systemDisk(), clock: systemClock(), random: systemRandom(), tailBudget: new TailBudget(0) },
    notice: () => {},
  };
  const report = await examineFolder(environment, folder, () => {});
  assert.deepEqual(
    findingsOf(report).filter(({ kind }) => kind !== 'torn tail'),
    [],
  );
}

/** What the rounds on one folder share. */
interface FolderRun {
  readonly server: ServerProcess;
  readonly token: string;
  readonly history: History;
  readonly random: (below: number) => number;
}

async function oneRound(target: CrashTarget, run: FolderRun, round: number, tally: Tally): Promise<void> {
  const { server, token, history, random } = run;
  const load = await Load.start(server.address, history, round * Load.producers, token);
  await sleep(loadMsMin + random(loadMsMax - loadMsMin));
  const isCleanStop = random(16) === 0;
  if (isCleanStop) assert.equal(await server.stop(), 0);
  else await target.crash(server, random);
  await load.stop();
  if (random(8) === 0) await crashDuringStart(target, server, random, tally);
  const began = performance.now();
  await server.restart();
  tally.starts++;
  tally.startMsMax = Math.max(tally.startMsMax, performance.now() - began);
  const verdict = checkHistory(history, await snapshotOf(server.address, token), isCleanStop ? 'all' : target.survives);
  assert.deepEqual(verdict.anomalies.slice(0, 10), []);
  tally.rounds++;
  tally.lost += verdict.lost;
  tally.vanished += verdict.vanished;
}

/** Crashes the server again at some moment of its start. */
async function crashDuringStart(
  target: CrashTarget,
  server: ServerProcess,
  random: (below: number) => number,
  tally: Tally,
): Promise<void> {
  const typicalMs = tally.startMsMax === 0 ? 600 : tally.startMsMax;
  const starting = server.restart().catch(() => {
    // It was ended before it listened, as is meant here.
  });
  await sleep(typicalMs / 3 + random(Math.ceil(typicalMs)));
  await target.crash(server, random);
  await starting;
}

function describe(tally: Tally, ms: number): string {
  const number = (value: number): string => Math.round(value).toLocaleString('en-US');
  return [
    `${number(tally.rounds)} rounds in ${number(ms / 1000)} s,`,
    `${number(tally.starts)} starts, none failed, the slowest ${number(tally.startMsMax)} ms;`,
    `${number(tally.acknowledged)} messages acknowledged in finished folders, ${number(tally.refusedOrUnknown)} not;`,
    `lost ${number(tally.lost)}; seen before they were acknowledged and gone ${number(tally.vanished)};`,
    'duplicate 0, reordered 0, wrong 0.',
  ].join(' ');
}
