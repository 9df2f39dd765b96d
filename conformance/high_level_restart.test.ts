// The high-level producers and consumer groups of Rust SDKs that find a server again: 100,000 messages through a group of which one member
// joins and dies, while the server itself is killed and started again on what it left.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { contentOf, everythingSent, type GroupFlow, load, runGroupFlow } from './group_flow.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { type RustProgram, rustBinary } from './rust_build.ts';
import { ServerProcess } from './server_process.ts';

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;

interface Sdk {
  readonly release: string;
  readonly program: RustProgram;
  readonly generation: string;
  /** Whether its consumer, given a partition that it had before, goes on where it was, and not where another member committed since. */
  readonly resumesItsOwn: boolean;
}

const sdks: readonly Sdk[] = [
  { release: '0.10.0', program: 'client_v0_10_0', generation: 'v0_8', resumesItsOwn: false },
  { release: '0.11.0', program: 'client_v0_11_0', generation: 'v0_9', resumesItsOwn: true },
];

const partitions = [0, 1, 2, 3];
const batch = 100;

async function whyMissing(sdk: Sdk): Promise<string | false> {
  if (command !== undefined) return 'narrowed to the bytes of one command';
  if (generation !== undefined && generation !== sdk.generation) return `narrowed to ${generation}`;
  try {
    await rustBinary(sdk.program);
    return false;
  } catch (error) {
    if (error instanceof MissingToolchain) return error.message;
    throw error;
  }
}

for (const sdk of sdks) {
  const title = `100,000 messages of Rust ${sdk.release} through a group, while the server is killed and started again`;
  describe(title, { skip: await whyMissing(sdk) }, () => {
    let server: ServerProcess;
    let flow: GroupFlow;
    before(async () => {
      // Clients look for the server where it was.
      server = await ServerProcess.start({ IGGY_TCP_ADDRESS: `127.0.0.1:${await freePort()}` });
      flow = await flowThrough(server, sdk);
    });
    after(() => server?.remove());
    keepsWhatWasSent(() => flow);
    handsItOnInOrder(sdk, () => flow);
  });
}

async function flowThrough(server: ServerProcess, { program }: Sdk): Promise<GroupFlow> {
  const place = { address: server.address, stream: 'flow', topic: 'flow', group: 'readers' };
  const midway = {
    afterRead: 5_000,
    happens: async () => {
      await server.kill();
      await server.restart();
    },
  };
  return runGroupFlow(
    { command: await rustBinary(program), args: [] },
    { ...place, partitions: partitions.length, first: 0 },
    {
      sending: { batch, send_ms: 1, pause_ms: 80 },
      reading: { batch, work_ms: 4 },
      commitMs: { survivor: 100, dying: 100 },
      readBeforeDeath: 15_000,
      midway,
    },
  );
}

function keepsWhatWasSent(flowOf: () => GroupFlow): void {
  test('nothing that was sent is lost, and nothing of a partition is left out', (t) => {
    const flow = flowOf();
    assert.deepEqual(flow.unsent, []);
    assert.deepEqual(new Set(partitions.flatMap((partition) => contentOf(flow, partition))), new Set(everythingSent()));
    for (const { partition, current } of flow.atEnd)
      assert.equal(Object.keys(contentOf(flow, partition)).length, current! + 1, `all of partition ${partition}`);
    t.diagnostic(`requests of members that failed: ${flow.failures.length}`);
  });

  test('what is in the log twice is one request of a producer, whose answer the crash kept back', (t) => {
    const flow = flowOf();
    const places = new Map<string, number>();
    for (const payload of partitions.flatMap((partition) => contentOf(flow, partition)))
      places.set(payload, (places.get(payload) ?? 0) + 1);
    const twice = [...places].filter(([, count]) => count > 1);
    assert.ok(twice.every(([, count]) => count === 2));
    const numbersOf = (isSpread: boolean): string[][] =>
      twice.map(([payload]) => payload.split(':')).filter(([name]) => (name === 'spread') === isSpread);
    for (const again of [numbersOf(true), numbersOf(false)]) {
      const numbers = again.map(([, number]) => Number(number)).sort((a, b) => a - b);
      assert.ok(new Set(again.map(([name]) => name)).size <= 1, 'one series');
      assert.equal(numbers.length % batch, 0, 'a whole request');
      assert.equal((numbers.at(-1) ?? -1) - (numbers[0] ?? 0) + 1, numbers.length, 'in one piece');
    }
    t.diagnostic(`messages in the log twice: ${twice.length}`);
  });

  test('each partition has what one producer sent in its order', () => {
    const flow = flowOf();
    const stepsBack = new Map<string, number>();
    for (const partition of partitions) {
      const last = new Map<string, number>();
      for (const payload of contentOf(flow, partition)) {
        const [name = '', number] = payload.split(':');
        if (Number(number) <= (last.get(name) ?? -1)) stepsBack.set(name, (stepsBack.get(name) ?? 0) + 1);
        last.set(name, Number(number));
      }
    }
    // The one request that was sent again may follow itself.
    for (const [name, count] of stepsBack) assert.equal(count, 1, name);
  });
}

function handsItOnInOrder({ resumesItsOwn }: Sdk, flowOf: () => GroupFlow): void {
  test('each member reads each partition forwards', () => {
    const flow = flowOf();
    for (const reads of [flow.survivor, flow.dying]) {
      const last = new Map<number, number>();
      for (const { partition, offset } of reads) {
        assert.ok(offset > (last.get(partition) ?? -1), `${offset} after ${last.get(partition)} in ${partition}`);
        last.set(partition, offset);
      }
    }
  });

  test('both read no more than what they had in hand when the server or a member died', (t) => {
    const flow = flowOf();
    const places = flow.atEnd.reduce((sum, { current }) => sum + current! + 1, 0);
    const again = flow.survivor.length + flow.dying.length - places;
    // A batch in hand and one whose commit is under way: of both members at the crash, of one at its death.
    const inHand = 3 * 2 * batch;
    const most = resumesItsOwn ? flow.dying.length + inHand : inHand;
    assert.ok(again <= most, `${again} messages were read by both`);
    t.diagnostic(`messages that both read: ${again} of ${load.count}`);
  });

  test('in the end everything is committed', () => {
    const flow = flowOf();
    assert.deepEqual(
      flow.atEnd.map(({ partition }) => partition),
      partitions,
    );
    for (const { stored, current } of flow.atEnd) assert.equal(stored, current);
  });
}

/** A port that nobody listens on and that no outgoing connection gets, so that it is still free after a restart. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 10_000); ; port++) {
    const probe = createServer().listen(port, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
