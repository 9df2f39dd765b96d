// Messages that flow through a topic to a consumer group while its members come and go, with an SDK's own producers and consumers:
// one member reads, another joins, the second dies with a batch in hand, the first reads on to the end.
import type { ClientCommand } from './client_install.ts';
import { type Line, runVerb } from './client_process.ts';
import { RunningClient } from './running_client.ts';

/** One message as a member was handed it. */
export interface Read {
  readonly partition: number;
  readonly offset: number;
  readonly payload: string;
}

/** What a group has stored of one partition, and the partition's last offset; null where there is none. */
export interface GroupOffset {
  readonly partition: number;
  readonly stored: number | null;
  readonly current: number | null;
}

/** What the members of a group read, in the order in which they were handed it, and what they committed. */
export interface GroupFlow {
  readonly survivor: readonly Read[];
  readonly dying: readonly Read[];
  /** While the dying member was held, before the server could notice. */
  readonly atDeath: readonly GroupOffset[];
  readonly atEnd: readonly GroupOffset[];
  /** Requests of members that failed. */
  readonly failures: readonly Line[];
}

/** Where the messages flow. */
export interface Place {
  readonly address: string;
  readonly stream: string;
  readonly topic: string;
  readonly group: string;
  readonly partitions: number;
  /** What the client calls the first partition. */
  readonly first: number;
}

/** What flows: half of it spread evenly over the partitions, half of it as series of which each has its key. */
export const load = { count: 100_000, series: 5 };
/** Whole numbers of the members' batches in each of the producers': every batch of a member is full, and ends at one of these ends. */
const sending = { ...load, batch: 500, send_ms: 80 };
const reading = { batch: 100, work_ms: 4 };
const readBeforeJoin = 10_000;
const readBeforeDeath = 5_000;
/** The one that dies commits whole batches only: it does not live as long as its interval. */
const commitMs = { survivor: 100, dying: 600_000 };

/** Names of the series that producers number their messages in, and how many are in each. */
export function seriesOf({ count, series }: typeof load): Map<string, number> {
  const half = count / 2;
  const keys = Array.from({ length: series }, (_, number) => [`key-${number}`, half / series] as const);
  return new Map([['spread', half], ...keys]);
}

/** Runs the flow to its end. */
export async function runGroupFlow(client: ClientCommand, place: Place): Promise<GroupFlow> {
  const running: RunningClient[] = [];
  const start = (verb: string, keys: Record<string, number>): RunningClient => {
    const started = RunningClient.start(client, verb, { ...place, ...keys });
    running.push(started);
    return started;
  };
  try {
    const producer = start('produce', sending);
    await producer.step('producers_ready');
    const survivor = start('member', { ...reading, commit_ms: commitMs.survivor });
    await survivor.until('in the middle of it', (lines) => lines.length > readBeforeJoin);
    const dying = start('member', { ...reading, commit_ms: commitMs.dying, hold_after: readBeforeDeath });
    await dying.step('holding');
    dying.freeze();
    const atDeath = await groupOffsets(client, place);
    await dying.kill();
    await producer.finish();
    await readToEnd(survivor, readsOf(dying));
    const failures = [survivor, dying].flatMap(({ lines }) => lines.filter(({ event }) => event === 'failed'));
    const atEnd = await groupOffsets(client, place);
    return { survivor: readsOf(survivor), dying: readsOf(dying), atDeath, atEnd, failures };
  } finally {
    await Promise.all(running.map((client) => client.kill()));
  }
}

/** Waits until a member has read what others have not, and has it end. */
async function readToEnd(member: RunningClient, byOthers: readonly Read[]): Promise<void> {
  const seen = new Set(byOthers.map(({ payload }) => payload));
  let known = 0;
  await member.until(`at the end of ${load.count} messages`, (lines) => {
    for (const { event, payload } of lines.slice(known)) if (event === 'read') seen.add(payload as string);
    known = lines.length;
    return seen.size >= load.count;
  });
  await member.finish();
}

async function groupOffsets(client: ClientCommand, place: Place): Promise<GroupOffset[]> {
  return (await runVerb(client, 'group_offsets', { ...place })) as unknown as GroupOffset[];
}

function readsOf({ lines }: RunningClient): Read[] {
  return lines.filter(({ event }) => event === 'read') as unknown as Read[];
}

/** The offsets that a member read of one partition, each time from where to where without a gap. */
export function runsOf(reads: readonly Read[], partition: number): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const { offset } of reads.filter((read) => read.partition === partition)) {
    const current = runs.at(-1);
    if (current !== undefined && offset === current[1] + 1) current[1] = offset;
    else runs.push([offset, offset]);
  }
  return runs;
}
