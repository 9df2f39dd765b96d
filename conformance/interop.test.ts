// Official clients of all generations on one running server and one data folder, at the same time: each makes its own stream, sends to
// it, and reads by every strategy what all the others sent. Ids and partitions must appear to each as its own generation counts them.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { type GenerationName, type OfficialClient, officialClients } from './official_clients.ts';
import {
  assertSame,
  assertShows,
  type PollCase,
  pollCases,
  readPoll,
  type ShownMessage,
  sentHeaders,
} from './polled.ts';
import { ServerProcess } from './server_process.ts';

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;

/** One client of every generation and language, and every dialect of the oldest: all read what all sent, so their number counts squared. */
const chosen = /^(Rust 0\.(6\.40|10\.0|11\.0)|Python 0\.(2\.6|4\.0|5\.0|6\.0|8\.0|9\.0)|Go 0\.8\.0)$/;
const { clients: installed, missing } =
  command === undefined ? await officialClients((name) => chosen.test(name)) : { clients: [], missing: [] };
const clients = installed.filter(({ offers }) => generation === undefined || offers.generation === generation);
const skip =
  command !== undefined ? 'narrowed to the bytes of one command' : clients.length === 0 && 'no client to test with';

const topic = 'numbers';
const sentCount = 9;
const keptBySender = new Map<OfficialClient, readonly ShownMessage[]>();

/** The client that shows most: headers, ids and timestamps. */
const witness = clients.findLast(({ offers }) => offers.headers) ?? clients.at(-1)!;
const everything: PollCase = { strategy: 'offset', value: 0, count: 200, expected: [...Array(sentCount).keys()] };

/** Stream number of each client as the catalog counts it, from 0. */
const streamIds = new Map<OfficialClient, number>();
let server: ServerProcess;

before(async () => {
  if (skip === false) server = await ServerProcess.start();
});
after(() => server?.remove());

for (const { name, reason } of missing) test(`${name} works with the others`, { skip: reason }, () => {});

/** Where `sender` sends: its own stream, and one of two partitions, so that the number matters. As `seenBy` counts it. */
function home(sender: OfficialClient, seenBy: OfficialClient) {
  return { ...streamOf(sender), partition: (clients.indexOf(sender) % 2) + seenBy.idBase };
}

/** The partition of the same topic that `sender` leaves empty. */
function emptyPartition(sender: OfficialClient, seenBy: OfficialClient) {
  return { ...streamOf(sender), partition: ((clients.indexOf(sender) + 1) % 2) + seenBy.idBase };
}

function streamOf(owner: OfficialClient) {
  return { address: server.address, stream: `from-${owner.slug}`, topic };
}

/** The consumer that `client` polls as; those that can choose take one that nobody else has. */
function consumerOf(client: OfficialClient): number {
  return client.offers.consumer ?? 100 + clients.indexOf(client);
}

/** Runs one subtest per client, all at once. */
async function each(
  t: TestContext,
  wanted: readonly OfficialClient[],
  act: (client: OfficialClient, t: TestContext) => Promise<void>,
): Promise<void> {
  await Promise.all(wanted.map((client) => t.test(client.name, (subtest) => act(client, subtest))));
}

function offering(verb: string): OfficialClient[] {
  return clients.filter(({ offers }) => offers.verbs.includes(verb));
}

function assertOwnCounting(
  lines: readonly Record<string, unknown>[],
  owner: OfficialClient,
  seenBy: OfficialClient,
): number {
  const [stream, shownTopic] = lines;
  assert.equal(stream?.name, `from-${owner.slug}`);
  assert.equal(stream?.topics, 1);
  assert.equal(shownTopic?.name, topic);
  assert.equal(shownTopic?.id, seenBy.idBase, 'the first topic of a stream');
  assert.equal(shownTopic?.partitions, 2);
  const ids = shownTopic?.partitionIds;
  if (ids !== null) assert.deepEqual(ids, [seenBy.idBase, seenBy.idBase + 1]);
  return (stream?.id as number) - seenBy.idBase;
}

test('every client makes a stream and a topic, which get the next free ids', { skip, concurrency: true }, async (t) => {
  await each(t, clients, async (client) => {
    const lines = await client.run('setup', { ...streamOf(client), partitions: 2 });
    streamIds.set(client, assertOwnCounting(lines, client, client));
  });
  const ids = [...streamIds.values()].sort((left, right) => left - right);
  assert.deepEqual(ids, [...clients.keys()]);
});

test('every client sees the streams and topics of the others under its own numbers', {
  skip,
  concurrency: true,
}, async (t) => {
  await each(t, offering('show'), async (reader) => {
    for (const owner of clients) {
      const lines = await reader.run('show', streamOf(owner));
      assert.equal(assertOwnCounting(lines, owner, reader), streamIds.get(owner), `the stream of ${owner.name}`);
    }
  });
});

test('every client sends to a partition under its own number', { skip, concurrency: true }, async (t) => {
  await each(t, clients, async (sender) => {
    const lines = await sender.run('send', { ...home(sender, sender), count: sentCount, seed: sender.slug });
    assert.deepEqual([lines.length, lines[0]?.event, lines[0]?.count], [1, 'sent', sentCount]);
  });
});

test('the log holds what each client sent, in order and with its headers', { skip, concurrency: true }, async (t) => {
  await each(t, clients, async (sender) => {
    const poll = await pollOnce(witness, home(sender, witness), everything);
    const kept = poll.messages;
    assertShows(poll, witness, sender, everything, kept);
    const times = kept.map(({ timestamp }) => timestamp ?? 0);
    assert.deepEqual(
      times.toSorted((left, right) => left - right),
      times,
      'timestamps never go back',
    );
    keptBySender.set(sender, kept);
  });
});

async function pollOnce(
  reader: OfficialClient,
  where: ReturnType<typeof home>,
  { strategy, value, count }: PollCase,
  options: { consumer?: number; auto_commit?: boolean } = {},
) {
  const consumer = options.consumer ?? consumerOf(reader);
  const lines = await reader.run('poll', { ...where, strategy, value, count, ...options, consumer });
  const poll = readPoll(lines);
  for (const shown of [poll.partition, ...poll.messages.map(({ partition }) => partition)])
    if (shown !== null) assert.equal(shown, where.partition, 'the partition under the number it was asked for by');
  return poll;
}

test('every client reads by every strategy what all the others sent', { skip, concurrency: true }, async (t) => {
  await each(t, clients, async (reader, subtest) => {
    for (const sender of clients) {
      const kept = keptBySender.get(sender)!;
      const offered = pollCases(kept).filter(({ strategy }) => reader.offers.strategies.includes(strategy));
      await subtest.test(sender.name, async () => {
        for (const wanted of offered) {
          const poll = await pollOnce(reader, home(sender, reader), wanted);
          assertShows(poll, reader, sender, wanted, kept);
          if (poll.currentOffset !== null) assert.equal(poll.currentOffset, sentCount - 1);
        }
      });
    }
  });
});

test('the partition that nobody sent to is empty', { skip, concurrency: true }, async (t) => {
  await each(t, clients, async (reader) => {
    const sender = clients[(clients.indexOf(reader) + 1) % clients.length]!;
    const poll = await pollOnce(reader, emptyPartition(sender, reader), everything);
    assert.deepEqual(poll.messages, [], sender.name);
  });
});

test('what all send to one partition at once is one log, the same for everybody', {
  skip,
  concurrency: true,
}, async (t) => {
  const place = (client: OfficialClient) => ({ ...streamOf(client), stream: 'crowd', partition: client.idBase });
  await clients[0]!.run('setup', { ...place(clients[0]!), partitions: 1 });
  await Promise.all(clients.map((client) => client.run('send', { ...place(client), count: 6, seed: client.slug })));
  const { messages: log } = await pollOnce(witness, place(witness), everything);
  assert.deepEqual(
    log.map(({ offset }) => offset),
    [...Array(6 * clients.length).keys()],
  );
  for (const sender of clients) {
    const own = log.filter(({ payload }) => payload.startsWith(`${sender.slug}:`));
    assert.deepEqual(
      own.map(({ payload }) => payload),
      [0, 1, 2, 3, 4, 5].map((index) => `${sender.slug}:${index}`),
    );
    if (witness.offers.headers)
      own.forEach(({ headers }, index) => {
        assert.deepEqual(headers, sentHeaders(sender, index));
      });
  }
  await each(t, clients, async (reader) => assertSame(await pollOnce(reader, place(reader), everything), log));
});

/** What clients that hide the code of a refusal say of a missing stream; since 0.9 they miss it themselves where they choose the partition. */
const notFound: Readonly<Record<GenerationName, RegExp>> = {
  v0_4: /^StreamNameNotFound/,
  v0_5: /^StreamNameNotFound/,
  v0_6: /^StreamIdNotFound/,
  v0_8: /^StreamIdNotFound/,
  v0_9: /^(Stream with ID|Resource with key): .*was not found/,
};

test('two refusals leave every connection in step', { skip, concurrency: true }, async (t) => {
  await each(t, clients, async (client) => {
    const lines = await client.run('errors', { ...streamOf(client), seed: client.slug });
    assert.deepEqual(
      lines.map(({ event }) => event),
      ['refused', 'refused', 'alive'],
    );
    // The Rust programs make a stream that exists; the others name one that does not, where old servers had one more code.
    const missingStream = client.idBase === 1 ? 1010 : 1009;
    const wanted = client.name.startsWith('Rust') ? 1012 : missingStream;
    for (const { code, message } of lines.slice(0, 2)) {
      if (code !== null) assert.equal(code, wanted);
      else assert.match(String(message), notFound[client.offers.generation]);
    }
  });
});

test('a client that commits while it polls goes on where it was', { skip, concurrency: true }, async (t) => {
  await each(t, clients, async (client) => {
    const kept = keptBySender.get(client)!;
    for (const expected of [[0, 1, 2, 3], [4, 5, 6, 7], [8], []]) {
      const wanted: PollCase = { strategy: 'next', value: 0, count: 4, expected };
      assertShows(
        await pollOnce(client, home(client, client), wanted, { auto_commit: true }),
        client,
        client,
        wanted,
        kept,
      );
    }
  });
});

/** The clients that poll as `consumer`, because they choose to or cannot do otherwise. SDKs of 0.4 know no number 0. */
function pollingAs(consumer: number): OfficialClient[] {
  return clients.filter(({ offers }) =>
    offers.consumer === undefined ? consumer > 0 || offers.generation !== 'v0_4' : offers.consumer === consumer,
  );
}

for (const consumer of [0, 1]) {
  test(`clients of all generations that share consumer ${consumer} take turns`, { skip }, async (t) => {
    const runners = pollingAs(consumer);
    if (runners.length < 2) return t.skip('fewer than two such clients');
    const owner = clients[0]!;
    const relay = `relay-${consumer}`;
    await owner.run('setup', { ...streamOf(owner), stream: relay, partitions: 2 });
    const at = (client: OfficialClient) => ({ ...streamOf(client), stream: relay, partition: 1 + client.idBase });
    await owner.run('send', { ...at(owner), count: 2 * runners.length, seed: owner.slug });
    for (const [index, runner] of runners.entries()) {
      const expected = [2 * index, 2 * index + 1];
      const wanted: PollCase = { strategy: 'next', value: 0, count: 2, expected };
      assertShows(
        await pollOnce(runner, at(runner), wanted, { auto_commit: true, consumer }),
        runner,
        owner,
        wanted,
        [],
      );
    }
  });
}

test('every client that can store an offset gets it back', { skip, concurrency: true }, async (t) => {
  await each(t, offering('offsets'), async (client) => {
    for (const sender of clients) {
      const where = home(sender, client);
      const [line] = await client.run('offsets', { ...where, consumer: consumerOf(client), offset: 5 });
      const wanted = { event: 'offset', stored: 5, current: sentCount - 1, partition: where.partition };
      assert.deepEqual({ ...line }, wanted, sender.name);
      const expected = [6, 7, 8];
      const next: PollCase = { strategy: 'next', value: 0, count: 10, expected };
      assertShows(await pollOnce(client, where, next), client, sender, next, keptBySender.get(sender)!);
    }
  });
});

async function allOf(reader: OfficialClient, stream: string): Promise<string[][]> {
  const whole: PollCase = { strategy: 'offset', value: 0, count: 100, expected: [] };
  const payloads: string[][] = [];
  for (const index of [0, 1]) {
    const where = { ...streamOf(reader), stream, partition: index + reader.idBase };
    payloads.push((await pollOnce(reader, where, whole)).messages.map(({ payload }) => payload));
  }
  return payloads;
}

test('balanced sends of all generations take turns over the partitions', { skip, concurrency: true }, async (t) => {
  const senders = offering('send_balanced');
  if (senders.length === 0) return t.skip('no client of this generation offers it');
  const stream = 'balanced';
  await clients[0]!.run('setup', { ...streamOf(clients[0]!), stream, partitions: 2 });
  await each(t, senders, async (client) => {
    await client.run('send_balanced', { ...streamOf(client), stream, count: 4, seed: client.slug });
  });
  const partitions = await allOf(senders[0]!, stream);
  // Each client sends two batches of two messages.
  assert.deepEqual(
    partitions.map(({ length }) => length),
    [2 * senders.length, 2 * senders.length],
  );
  const sent = senders.flatMap(({ slug }) => [0, 1, 2, 3].map((index) => `${slug}:${index}`));
  assert.deepEqual(partitions.flat().toSorted(), sent.toSorted());
});

test('one key leads to one partition number, whatever generation sends it', { skip, concurrency: true }, async (t) => {
  const senders = offering('send_key');
  if (senders.length === 0) return t.skip('no client of this generation offers it');
  const stream = 'keyed';
  await clients[0]!.run('setup', { ...streamOf(clients[0]!), stream, partitions: 2 });
  await each(t, senders, async (client) => {
    await client.run('send_key', { ...streamOf(client), stream, key: 'customer-7', count: 4, seed: client.slug });
  });
  const partitions = await allOf(senders[0]!, stream);
  const numbers = senders.map(({ name, slug, idBase }) => {
    const holding = [0, 1].filter((index) => partitions[index]!.some((payload) => payload.startsWith(`${slug}:`)));
    assert.equal(holding.length, 1, `partitions that hold what ${name} sent`);
    // The key's hash gives the number on the wire, 0 standing for the last where numbers begin with 1, as in the references.
    return (holding[0]! + idBase) % 2;
  });
  assert.equal(new Set(numbers).size, 1, `numbers ${numbers} of ${senders.map(({ name }) => name)}`);
});

test('after kill -9 every client finds everything again', { skip, concurrency: true }, async (t) => {
  assert.equal(await server.kill(), 'SIGKILL');
  await server.restart();
  await each(t, clients, async (reader) => {
    for (const sender of clients) {
      const poll = await pollOnce(reader, home(sender, reader), everything);
      assertShows(poll, reader, sender, everything, keptBySender.get(sender)!);
    }
  });
});
