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
  /** What the producers could not send. */
  readonly unsent: readonly Line[];
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

/** How it is sent and read. */
export interface Pace {
  /** Messages in a request of the producers. Whole numbers of the members' batches, so that each of those is full and ends where one of these does. */
  readonly sending: { readonly batch: number; readonly send_ms: number; readonly pause_ms: number };
  readonly reading: { readonly batch: number; readonly work_ms: number };
  /** How often each member commits what it has read, besides at the ends of its batches. */
  readonly commitMs: { readonly survivor: number; readonly dying: number };
  readonly readBeforeDeath: number;
  /** Happens when the second member has read so much. */
  readonly midway?: { readonly afterRead: number; readonly happens: () => Promise<void> };
}

const readBeforeJoin = 10_000;

/** Names of the series that producers number their messages in, and how many are in each. */
function seriesOf({ count, series }: typeof load): Map<string, number> {
  const half = count / 2;
  const keys = Array.from({ length: series }, (_, number) => [`key-${number}`, half / series] as const);
  return new Map([['spread', half], ...keys]);
}

/** Runs the flow to its end. */
export async function runGroupFlow(client: ClientCommand, place: Place, pace: Pace): Promise<GroupFlow> {
  const { sending, reading, commitMs, readBeforeDeath, midway } = pace;
  const running: RunningClient[] = [];
  const start = (verb: string, keys: Record<string, number>): RunningClient => {
    const started = RunningClient.start(client, verb, { ...place, ...keys });
    running.push(started);
    return started;
  };
  try {
    const producer = start('produce', { ...load, ...sending });
    await producer.step('producers_ready');
    const survivor = start('member', { ...reading, commit_ms: commitMs.survivor });
    await survivor.until('in the middle of it', (lines) => lines.length > readBeforeJoin);
    const dying = start('member', { ...reading, commit_ms: commitMs.dying, hold_after: readBeforeDeath });
    if (midway !== undefined) {
      await dying.until('under way', (lines) => lines.length > midway.afterRead);
      await midway.happens();
    }
    await dying.step('holding');
    dying.freeze();
    const atDeath = await groupOffsets(client, place);
    await dying.kill();
    await producer.finish();
    await readToEnd(survivor, readsOf(dying));
    const failures = [producer, survivor, dying].map(({ lines }) => lines.filter(({ event }) => event === 'failed'));
    const atEnd = await groupOffsets(client, place);
    const [unsent = [], ...unread] = failures;
    return { survivor: readsOf(survivor), dying: readsOf(dying), atDeath, atEnd, unsent, failures: unread.flat() };
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

/** A partition's payloads by offset, as members were handed them. */
export function contentOf({ survivor, dying }: GroupFlow, partition: number): string[] {
  const content: string[] = [];
  for (const { offset, payload, ...read } of [...survivor, ...dying]) {
    if (read.partition !== partition) continue;
    if ((content[offset] ?? payload) !== payload)
      throw new Error(`offset ${offset} of partition ${partition} was ${content[offset]} and ${payload}`);
    content[offset] = payload;
  }
  return content;
}

/** Every payload that the producers sent. */
export function everythingSent(): string[] {
  return [...seriesOf(load)].flatMap(([name, count]) =>
    Array.from({ length: count }, (_, number) => `${name}:${number}`),
  );
}
