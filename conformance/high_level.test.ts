// The high-level producer and consumer group of the Rust SDK 0.6.40, which makes what it needs by itself: every step of the example, to its
// end, and 100,000 messages through a group of which one member dies.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Line, runVerb } from './client_process.ts';
import { contentOf, everythingSent, type GroupFlow, load, runGroupFlow, runsOf } from './group_flow.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { rustBinary } from './rust_build.ts';
import { ServerProcess } from './server_process.ts';

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;

/** All steps of the small example, in order. */
const steps = [
  'client_built',
  'connected_and_logged_in',
  'producer_built',
  'producer_initialised',
  'producer_sent',
  'consumer_built',
  'consumer_group_joined',
  'consumer_received_all',
  'consumer_committed_all',
  'stream_found',
  'logged_out',
  'shut_down',
];
const count = 10;

let program: string | undefined;
let skip: string | false = false;
if (command !== undefined) skip = 'narrowed to the bytes of one command';
else if (generation !== undefined && generation !== 'v0_4') skip = `narrowed to ${generation}`;
else
  program = await rustBinary('client_v0_6_40').catch((error: unknown) => {
    if (!(error instanceof MissingToolchain)) throw error;
    skip = error.message;
    return undefined;
  });

describe('the high-level example of Rust 0.6.40', { skip }, () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.remove());

  const run = (verb: string, keys: Record<string, string | number>, expected: readonly number[]): Promise<Line[]> => {
    const place = { address: server.address, stream: 'high', topic: 'level' };
    return runVerb({ command: program!, args: [] }, verb, { ...place, ...keys }, expected);
  };

  for (const [seed, what] of [
    ['first', 'runs to its end'],
    ['second', 'finds its stream, topic and group when it runs again'],
  ] as const) {
    test(what, async () => {
      const lines = await run('highlevel', { count, seed }, [0]);
      assert.deepEqual(
        lines.map(({ event, name }) => [event, name]),
        steps.map((name) => ['step', name]),
      );
    });
  }

  test('has sent every message of both runs in order', async () => {
    const lines = await run('poll', { partition: 1, strategy: 'first', count: 100 }, [0]);
    const payloads = lines
      .filter(({ event }) => event === 'message')
      .map(({ payload }) => Buffer.from(payload as string, 'hex').toString('utf8'));
    const sent = ['first', 'second'].flatMap((seed) => Array.from({ length: count }, (_, index) => `${seed}:${index}`));
    assert.deepEqual(payloads, sent);
  });
});

describe('100,000 messages through a group that one member joins and dies in', { skip }, () => {
  const partitions = [1, 2, 3, 4];
  let server: ServerProcess;
  let flow: GroupFlow;
  before(async () => {
    server = await ServerProcess.start();
    const place = { address: server.address, stream: 'flow', topic: 'flow', group: 'readers' };
    flow = await runGroupFlow(
      { command: program!, args: [] },
      { ...place, partitions: partitions.length, first: 1 },
      {
        sending: { batch: 500, send_ms: 80, pause_ms: 0 },
        reading: { batch: 100, work_ms: 4 },
        // The one that dies commits whole batches only: it does not live as long as its interval.
        commitMs: { survivor: 100, dying: 600_000 },
        readBeforeDeath: 5_000,
      },
    );
  });
  after(() => server?.remove());

  /** What is stored for the group while the dying member is held. */
  const committedAtDeath = (partition: number): number => {
    const stored = flow.atDeath.find((offset) => offset.partition === partition)?.stored;
    assert.ok(typeof stored === 'number', `partition ${partition} is read and committed by then`);
    return stored;
  };
  const handedOver = (): number[] => partitions.filter((partition) => runsOf(flow.dying, partition).length > 0);

  test('every message is read, and at one place only', () => {
    const read = partitions.flatMap((partition) => contentOf(flow, partition));
    assert.equal(read.length, load.count);
    assert.deepEqual(new Set(read), new Set(everythingSent()));
    assert.deepEqual([...flow.unsent, ...flow.failures], []);
  });

  test('each partition has what one producer sent in its order, and a key is in one partition', () => {
    const homes = new Map<string, Set<number>>();
    for (const partition of partitions) {
      const last = new Map<string, number>();
      for (const payload of contentOf(flow, partition)) {
        const [name = '', number] = payload.split(':');
        assert.ok(Number(number) > (last.get(name) ?? -1), `${payload} after ${last.get(name)} in ${partition}`);
        last.set(name, Number(number));
        homes.set(name, (homes.get(name) ?? new Set()).add(partition));
      }
    }
    for (const [name, home] of homes) assert.equal(home.size, name === 'spread' ? partitions.length : 1, name);
  });

  test('the member that joins takes its share where the owner has left off: nothing is read by both, and nothing by none', () => {
    assert.equal(handedOver().length, partitions.length / 2);
    for (const partition of handedOver()) {
      const [[begin, end] = [], ...later] = runsOf(flow.dying, partition);
      assert.deepEqual(later, [], 'the new owner reads on without a gap');
      assert.equal(runsOf(flow.survivor, partition)[0]?.[1], begin! - 1);
      assert.ok(end! >= committedAtDeath(partition));
    }
  });

  test('after the death the other goes on behind what was committed, and reads no more than the rest again', () => {
    for (const { partition, current } of flow.atEnd) {
      const runs = runsOf(flow.survivor, partition);
      if (!handedOver().includes(partition)) assert.deepEqual(runs, [[0, current]]);
      else assert.deepEqual(runs.slice(1), [[committedAtDeath(partition) + 1, current]]);
    }
    const again = flow.survivor.length + flow.dying.length - load.count;
    const inHand = handedOver().map((partition) => runsOf(flow.dying, partition)[0]![1] - committedAtDeath(partition));
    assert.equal(
      again,
      inHand.reduce((sum, count) => sum + count),
    );
    assert.ok(again > 0, 'the member dies with messages in hand');
  });

  test('in the end everything is committed', () => {
    assert.deepEqual(
      flow.atEnd.map(({ partition }) => partition),
      partitions,
    );
    for (const { stored, current } of flow.atEnd) assert.equal(stored, current);
  });
});
