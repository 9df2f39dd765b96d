// The high-level producer and consumer group of the Rust SDK 0.6.40, which makes what it needs by itself, and how far it comes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Line, runVerb } from './client_process.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { rustBinary } from './rust_build.ts';
import { ServerProcess } from './server_process.ts';

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;

/** The steps of the example up to consumer groups, which this server does not offer yet. */
const stepsBeforeGroups = [
  'client_built',
  'connected_and_logged_in',
  'producer_built',
  'producer_initialised',
  'producer_sent',
  'consumer_built',
];
const refusal = 'consumer_group_joined: Invalid response: 5: Feature unavailable)';
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

  test('comes to its consumer group, which is refused as unavailable', async () => {
    const lines = await run('highlevel', { count, seed: 'first' }, [1]);
    const steps = lines.filter(({ event }) => event === 'step').map(({ name }) => name);
    assert.deepEqual(steps, stepsBeforeGroups);
    assert.deepEqual(lines.at(-1), { event: 'error', message: refusal });
  });

  test('finds its stream and topic when it runs again', async () => {
    const lines = await run('highlevel', { count, seed: 'second' }, [1]);
    assert.deepEqual(lines.at(-1), { event: 'error', message: refusal });
  });

  test('has sent every message of both runs in order', async () => {
    const lines = await run('poll', { partition: 1, strategy: 'first', count: 100 }, [0]);
    const payloads = lines
      .filter(({ event }) => event === 'message')
      .map(({ payload }) => Buffer.from(payload as string, 'hex').toString('utf8'));
    const sent = ['first', 'second'].flatMap((seed) => Array.from({ length: count }, (_, index) => `${seed}:${index}`));
    assert.deepEqual(payloads, sent);
  });
});
