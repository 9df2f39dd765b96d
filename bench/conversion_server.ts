// What `pnpm bench conversion` measures over sockets: each generation sends to a partition of its own, then each polls what each has sent.
// Requests are encoded and answers compared with what was sent outside of the measured time.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { ServerProcess } from '../conformance/server_process.ts';
import { ConsumerKind } from '../generated/common/consumer.ts';
import { type Identifier, IdentifierKind } from '../generated/common/identifier.ts';
import { PartitioningKind } from '../generated/common/partitioning.ts';
import { PollingKind } from '../generated/common/polling_strategy.ts';
import { ReplyHeaderView as HeadView } from '../generated/common/reply_header.ts';
import { ReplyHeaderView as LongHeadView } from '../generated/v0_9/reply_header.ts';
import { generationNames } from '../src/protocol/index.ts';
import type { GenerationName } from '../src/protocol/protocol.ts';
import { viewOf } from '../src/protocol/regions.ts';
import { type PlainMessage, polledRegion, sentRegion } from '../test/protocol/sent_batches.ts';
import { RawClient } from '../test/server/raw_client.ts';
import { spread } from './measure.ts';
import type { Grid } from './report.ts';
import { messageCount, payloadSize, plainMessages } from './sample_messages.ts';

/** Requests of one measurement, each of one batch. What all generations send fits into the memory that the server keeps for readers. */
export const batchCount = 32;
/** Requests under way: while the client takes one answer, the server works on the next. */
export const pipelined = 4;
const payloadMegabytes = (batchCount * messageCount * payloadSize) / 1e6;

const named = (name: string): Identifier => ({ kind: IdentifierKind.name, name });
const place = { streamId: named('bench'), topicId: named('bench') };
const consumer = { kind: ConsumerKind.consumer, id: { kind: IdentifierKind.numeric, id: 1 } };
const unlimited = 2n ** 64n - 1n;
const topicSettings = { compressionAlgorithm: 1, messageExpiry: unlimited, maxTopicSize: unlimited };

/** One measurement. */
interface Sample {
  readonly megabytesPerSecond: number;
  readonly serverSecondsPerGigabyte: number;
}

/** What was measured of one producer: its sends, and the polls of each consumer. */
type Row = Record<'send' | GenerationName, Sample[]>;

/** Everybody who takes part, logged in on one server. */
interface Crowd {
  readonly server: ServerProcess;
  readonly clients: Readonly<Record<GenerationName, RawClient>>;
}

/** Speed and cost for each producer and consumer, without and with user headers. */
export async function conversionGrids(rounds: number): Promise<Grid[]> {
  const server = await ServerProcess.start({ IGGY_SYSTEM_LOGGING_LEVEL: 'error' });
  try {
    const clients = {} as Record<GenerationName, RawClient>;
    for (const name of generationNames) clients[name] = await RawClient.loggedIn(at(server), name);
    await clients.v0_8.call('create_stream', { streamId: undefined, name: 'bench' });
    const plain = await measureAll({ server, clients }, plainMessages(false), rounds, 'no headers');
    const headed = await measureAll({ server, clients }, plainMessages(true), rounds, 'a small header each');
    for (const client of Object.values(clients)) client.close();
    return [...plain, ...headed];
  } finally {
    await server.remove();
  }
}

function at({ address }: ServerProcess): Parameters<typeof RawClient.open>[0] {
  const [host, port] = address.split(':') as [string, string];
  return { tcp: { host, port: Number(port) } };
}

async function measureAll(
  crowd: Crowd,
  messages: readonly PlainMessage[],
  rounds: number,
  shape: string,
): Promise<Grid[]> {
  const rows = generationNames.map((): Row => ({ send: [], v0_4: [], v0_5: [], v0_6: [], v0_8: [], v0_9: [] }));
  const regions = generationNames.map((name) => sentRegion(name, messages));
  for (let round = 0; round <= rounds; round++) {
    process.stderr.write(`${shape}: ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}\n`);
    const measured = await measureRound(crowd, messages, regions, round);
    if (round === 0) continue;
    for (const [producer, samples] of measured.entries())
      for (const [column, sample] of Object.entries(samples)) rows[producer]![column as keyof Row].push(sample);
  }
  const size = `1,000 messages of ${payloadSize} bytes a request, ${shape}`;
  return [
    gridOf(`MB/s of payload, ${size}`, rows, ({ megabytesPerSecond }) => megabytesPerSecond),
    gridOf(`processor seconds of the server per GB, ${size}`, rows, (sample) => sample.serverSecondsPerGigabyte),
  ];
}

function gridOf(title: string, rows: readonly Row[], figure: (sample: Sample) => number): Grid {
  return {
    title,
    rows: generationNames.map((name) => `sent by ${name}`),
    columns: ['send', ...generationNames.map((name) => `poll ${name}`)],
    cells: rows.map((row) => ['send' as const, ...generationNames].map((column) => spread(row[column].map(figure)))),
  };
}

/** One sample of everything, on a topic of its own. Who comes first changes with the round. */
async function measureRound(
  crowd: Crowd,
  messages: readonly PlainMessage[],
  regions: readonly Uint8Array[],
  round: number,
): Promise<Record<keyof Row, Sample>[]> {
  const { clients } = crowd;
  const control = clients.v0_8;
  await control.call('create_topic', {
    ...{ streamId: place.streamId, topicId: undefined, partitionsCount: generationNames.length, ...topicSettings },
    ...{ replicationFactor: undefined, name: 'bench' },
  });
  const rows = generationNames.map(() => ({}) as Record<keyof Row, Sample>);
  for (const producer of rotated(round)) {
    const frames = sends(clients[generationNames[producer]!], regions[producer]!, producer);
    rows[producer]!.send = await timed(crowd, generationNames[producer]!, frames, undefined);
  }
  for (const producer of rotated(round)) {
    for (const index of rotated(round + producer)) {
      const name = generationNames[index]!;
      const answerSize = await firstAnswer(clients[name], name, producer, messages, round === 0);
      rows[producer]![name] = await timed(crowd, name, polls(clients[name], producer), answerSize);
    }
  }
  await control.call('delete_topic', place);
  return rows;
}

/** The places of all generations, from another one each time. */
function rotated(turn: number): number[] {
  const count = generationNames.length;
  return Array.from({ length: count }, (_, index) => (index + turn) % count);
}

function sends(client: RawClient, messages: Uint8Array, partitionId: number): Uint8Array[] {
  const partitioning = { kind: PartitioningKind.partition_id, partitionId };
  return Array.from({ length: batchCount }, () => client.frame('send_messages', { ...place, partitioning, messages }));
}

function pollOf(partitionId: number, batch: number): unknown {
  const strategy = { kind: PollingKind.offset, value: BigInt(batch * messageCount) };
  return { ...place, consumer, partitionId, strategy, count: messageCount, autoCommit: false };
}

function polls(client: RawClient, partitionId: number): Uint8Array[] {
  return Array.from({ length: batchCount }, (_, batch) => client.frame('poll_messages', pollOf(partitionId, batch)));
}

/** Bytes of the answer to the first poll, which all others must have too; compares its messages with those sent when asked to. */
async function firstAnswer(
  client: RawClient,
  name: GenerationName,
  partitionId: number,
  messages: readonly PlainMessage[],
  isCompared: boolean,
): Promise<number> {
  const { status, payload } = await client.ask('poll_messages', pollOf(partitionId, 0));
  assert.equal(status, 0);
  if (isCompared) {
    // Behind the partition and its current offset.
    const polled = polledRegion(name, payload.subarray(12));
    assert.deepEqual(polled.map(plainOf), messages.map(plainOf));
  }
  return payload.byteLength;
}

function plainOf({ messageId, payload, headers }: PlainMessage): unknown {
  return [messageId, Buffer.from(payload), headers.map(({ key, value }) => [key, Buffer.from(value)])];
}

/** Sends frames, `pipelined` of them ahead of the answers, each of which must be `answerSize` bytes where that is given. */
async function timed(
  { server, clients }: Crowd,
  name: GenerationName,
  frames: readonly Uint8Array[],
  answerSize: number | undefined,
): Promise<Sample> {
  const client = clients[name];
  const busyBefore = processorSeconds(server.processId);
  const began = performance.now();
  for (const frame of frames.slice(0, pipelined)) client.write(frame);
  for (let answered = 0; answered < frames.length; answered++) {
    const { status, size } = await nextAnswer(client, name);
    if (status !== 0 || (answerSize !== undefined && size !== answerSize))
      throw new Error(`answer ${answered} has status ${status} and ${size} bytes`);
    const next = frames[answered + pipelined];
    if (next !== undefined) client.write(next);
  }
  const seconds = (performance.now() - began) / 1000;
  const busy = processorSeconds(server.processId) - busyBefore;
  return {
    megabytesPerSecond: payloadMegabytes / seconds,
    serverSecondsPerGigabyte: (busy / payloadMegabytes) * 1000,
  };
}

/** An answer without what it says. */
interface Answer {
  readonly status: number;
  /** Bytes behind the head. */
  readonly size: number;
}

/** Takes the answer to the oldest request under way. The client's own way is for one at a time. */
async function nextAnswer(client: RawClient, name: GenerationName): Promise<Answer> {
  const head = await client.take(name === 'v0_9' ? LongHeadView.headerSize : HeadView.headerSize);
  const { status, size } = name === 'v0_9' ? longHead(viewOf(head)) : shortHead(viewOf(head));
  await client.take(size);
  return { status, size };
}

function shortHead(bytes: DataView): Answer {
  const { status, length: size } = new HeadView().wrap(bytes, 0);
  return { status, size };
}

function longHead(bytes: DataView): Answer {
  const { status, frameSize } = new LongHeadView().wrap(bytes, 0);
  return { status, size: frameSize - LongHeadView.headerSize };
}

/** Processor time of all threads of a process so far, to the nanosecond, where `stat` counts in hundredths of a second. */
function processorSeconds(processId: number): number {
  const threads = `/proc/${processId}/task`;
  return readdirSync(threads).reduce((sum, thread) => {
    const [nanoseconds] = readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1e9;
  }, 0);
}
