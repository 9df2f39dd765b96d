// Clients of all generations on one topic of one server at the same time: each sends to all its partitions while each reads everything
// that all send. Nothing may be missing, twice, out of order or changed. Each reads through its own consumer group, but for those that
// cannot: the tools end after each poll and only poll as consumers, and Python 0.4.0 has no groups. They read as a consumer of their own
// that polls with `next` and commits on the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Place, readAll, readsThroughGroup } from './all_generations/reader.ts';
import { type Load, SharedLog } from './all_generations/shared_log.ts';
import { matrixClients } from './matrix/clients.ts';
import type { OfficialClient } from './official_clients.ts';
import { ServerProcess } from './server_process.ts';

const names = [
  'Rust 0.6.40',
  'Rust 0.10.0',
  'Rust 0.11.0',
  'Python 0.4.0',
  'Python 0.8.0',
  'Python 0.9.0',
  'CLI 0.8.3',
  'CLI 0.13.0',
  'CLI 0.14.0',
];
const load: Load = { partitions: 4, count: 10_000, batch: 500 };

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;
const narrowed = generation ?? command;
const { clients, missing } = await matrixClients((name) => narrowed === undefined && names.includes(name));
const skip = narrowed !== undefined ? `narrowed to ${narrowed}` : clients.length < 2 && 'fewer than two clients here';

test('all of them are known here, and installed unless this machine lacks what they need', {
  skip: narrowed !== undefined && skip,
}, () => {
  assert.deepEqual([...clients, ...missing].map(({ name }) => name).sort(), names.toSorted());
});

for (const { name, reason } of missing) test(`${name} takes part`, { skip: reason }, () => {});

test('each of them sends 10,000 messages and reads those of all, each once and in order', {
  skip,
}, async (t) => {
  const server = await ServerProcess.start();
  t.after(() => server.remove());
  const place = { address: server.address, stream: 'all', topic: 'generations' };
  await clients[0]!.run('setup', { ...place, partitions: load.partitions });
  const log = new SharedLog(clients, load);
  const began = performance.now();
  const stopping = new AbortController();
  const done = async (what: string, action: Promise<unknown>): Promise<void> => {
    try {
      await action;
      t.diagnostic(`${what} after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    } catch (error) {
      // The first failure is the one to tell; what the others do has no meaning any more.
      stopping.abort(error);
    }
  };
  await Promise.all(
    clients.flatMap((client) => [
      done(`${client.name} has sent`, send(client, place, log.seedOf(client))),
      done(`${client.name} has read ${how(client)}`, readAll(client, place, log, stopping.signal)),
    ]),
  );
  stopping.signal.throwIfAborted();
  await assertCommitted(place, log);
});

async function send(client: OfficialClient, place: Place, seed: string): Promise<void> {
  const lines = await client.run('send', { ...place, ...load, partition: client.idBase, seed });
  assert.equal(lines.at(-1)?.count, load.count);
}

function how(client: OfficialClient): string {
  return readsThroughGroup(client) ? 'through its group' : 'as a consumer: it cannot stay in a group';
}

/** Every group has stored its last offsets, which are the last ones of the partitions. */
async function assertCommitted(place: Place, log: SharedLog): Promise<void> {
  const witness = clients.find(({ name }) => name === 'Rust 0.10.0');
  if (witness === undefined) return;
  const last = log.partitionSize - 1;
  for (const group of clients.filter(readsThroughGroup).map(({ slug }) => slug)) {
    const stored = await witness.run('group_offsets', {
      ...place,
      group,
      first: witness.idBase,
      partitions: load.partitions,
    });
    const expected = stored.map(({ partition }) => ({ event: 'offset', partition, stored: last, current: last }));
    assert.equal(stored.length, load.partitions);
    assert.deepEqual(stored, expected, `offsets of the group ${group}`);
  }
}
