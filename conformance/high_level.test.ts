// The high-level producer and consumer group of the Rust SDK 0.6.40, which makes what it needs by itself: every step of the example, to its end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Line, runVerb } from './client_process.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { rustBinary } from './rust_build.ts';
import { ServerProcess } from './server_process.ts';

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;

/** All steps of the example, in order. */
const steps = [
  'client_built',
  'connected_and_logged_in',
  'producer_built',
  'producer_initialised',
  'producer_sent',
  'consumer_built',
  'consumer_group_joined',
  'consumer_received_all',
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
