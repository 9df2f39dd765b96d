// The capabilities of the client matrix that are about messages: what one verb sends, another must read back.
import assert from 'node:assert/strict';
import type { OfficialClient, Strategy } from '../official_clients.ts';
import { type Poll, readPoll, sentHeaders } from '../polled.ts';
import type { Capability, Place } from './capability.ts';

const sentCount = 6;
const strategies: readonly Strategy[] = ['offset', 'timestamp', 'first', 'last', 'next'];

/** The consumer that a client polls as where nothing shall be stored under it before. */
const consumerOf = (client: OfficialClient, number: number) => client.offers.consumer ?? number;

/** What `client` sent to its stream, as text and in order. */
export function sentBy(client: OfficialClient): string[] {
  return Array.from({ length: sentCount }, (_, index) => `${client.slug}:${index}`);
}

async function pollAll(client: OfficialClient, place: Place): Promise<Poll> {
  return pollOnce(client, place, 'offset', 100);
}

async function pollOnce(client: OfficialClient, place: Place, strategy: Strategy, count: number): Promise<Poll> {
  const consumer = consumerOf(client, 20);
  const keys = { ...place, strategy, value: 0, count, consumer, auto_commit: false };
  return readPoll(await client.run('poll', keys));
}

const payloads = ({ messages }: Poll) => messages.map(({ payload }) => payload);

/** How many messages of `seed` lie in each of the two partitions. */
async function spread(client: OfficialClient, place: Place, seed: string): Promise<number[]> {
  const counts: number[] = [];
  for (const partition of [place.partition, place.partition + 1]) {
    const found = payloads(await pollAll(client, { ...place, partition }));
    counts.push(found.filter((text) => text.startsWith(`${seed}:`)).length);
  }
  return counts;
}

/** Goes first: what it sends is what the others read. */
export const send: Capability = {
  title: 'send',
  does: 'to a partition, in turns, by key',
  steps: ['partition', 'balanced', 'key'],
  run: async (client, place) => {
    await client.run('setup', { ...place, partitions: 2 });
    await client.run('send', { ...place, count: sentCount, seed: client.slug });
    assert.deepEqual(payloads(await pollAll(client, place)), sentBy(client));
    const passed = ['partition'];
    const elsewhere = { ...place, stream: `${place.stream}-spread` };
    await client.run('setup', { ...elsewhere, partitions: 2 });
    if (client.offers.verbs.includes('send_balanced')) {
      await client.run('send_balanced', { ...elsewhere, count: 4, seed: 'balanced' });
      assert.deepEqual(await spread(client, elsewhere, 'balanced'), [2, 2], 'two batches, two partitions');
      passed.push('balanced');
    }
    if (client.offers.verbs.includes('send_key')) {
      await client.run('send_key', { ...elsewhere, key: 'customer-7', count: 4, seed: 'keyed' });
      const counts = await spread(client, elsewhere, 'keyed');
      assert.deepEqual(counts.toSorted(), [0, 4], 'one key, one partition');
      passed.push('key');
    }
    return passed;
  },
};

export const headers: Capability = {
  title: 'headers',
  does: 'user headers of three kinds',
  steps: ['headers'],
  run: async (client, place) => {
    if (!client.offers.headers) return [];
    const { messages } = await pollAll(client, place);
    assert.deepEqual(
      messages.map(({ headers }) => headers),
      sentBy(client).map((_, index) => sentHeaders(client, index)),
    );
    return ['headers'];
  },
};

export const ids: Capability = {
  title: 'ids',
  does: 'message ids of its choice',
  steps: ['ids'],
  run: async (client, place) => {
    if (!client.offers.ids) return [];
    const { messages } = await pollAll(client, place);
    assert.deepEqual(
      messages.map(({ id }) => id),
      sentBy(client).map((_, index) => String(1000 + index)),
    );
    return ['ids'];
  },
};

export const poll: Capability = {
  title: 'poll',
  does: 'by offset, timestamp, first, last and next',
  steps: strategies,
  run: async (client, place) => {
    const all = sentBy(client);
    const offered = strategies.filter((strategy) => client.offers.strategies.includes(strategy));
    for (const strategy of offered) {
      const shown = payloads(await pollOnce(client, place, strategy, 2));
      assert.deepEqual(shown, strategy === 'last' ? all.slice(-2) : all.slice(0, 2), strategy);
    }
    return offered;
  },
};

export const commit: Capability = {
  title: 'commit',
  does: 'polls go on where the last one committed',
  steps: ['auto-commit'],
  run: async (client, place) => {
    if (!client.offers.strategies.includes('next')) return [];
    const seen: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const keys = { ...place, strategy: 'next', value: 0, count: 2, consumer: consumerOf(client, 21) };
      seen.push(...payloads(readPoll(await client.run('poll', { ...keys, auto_commit: true }))));
    }
    assert.deepEqual(seen, sentBy(client));
    return ['auto-commit'];
  },
};

export const offsets: Capability = {
  title: 'offsets',
  does: 'stores, gets and deletes a consumer offset',
  steps: ['store', 'get', 'delete'],
  run: async (client, place) => {
    const passed: string[] = [];
    const keys = { ...place, consumer: consumerOf(client, 22) };
    if (client.offers.verbs.includes('offsets')) {
      const [line] = await client.run('offsets', { ...keys, offset: 3 });
      const wanted = { event: 'offset', stored: 3, current: sentCount - 1, partition: place.partition };
      assert.deepEqual({ ...line }, wanted);
      passed.push('store', 'get');
    }
    if (client.offers.verbs.includes('delete_offset')) {
      const [line] = await client.run('delete_offset', keys);
      assert.deepEqual(line?.facts, { found: false });
      passed.push('delete');
    }
    return passed;
  },
};

export const errors: Capability = {
  title: 'errors',
  does: 'two refusals, then the connection still serves',
  steps: ['refused twice', 'alive'],
  run: async (client, place) => {
    if (!client.offers.verbs.includes('errors')) return [];
    const lines = await client.run('errors', { ...place, seed: client.slug });
    assert.deepEqual(
      lines.map(({ event }) => event),
      ['refused', 'refused', 'alive'],
    );
    return ['refused twice', 'alive'];
  },
};
