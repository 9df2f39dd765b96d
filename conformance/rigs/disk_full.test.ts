// A disk that fills up: refused sends are answered at once, polls go on, nothing acknowledged is lost, and producing goes on when there is space again,
// without a restart.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from '../server_process.ts';
import { History, keyOf, type Sent } from './history.ts';
import { checkHistory } from './history_check.ts';
import { partitionsCount, payloadOf, seenOf, snapshotOf } from './load.ts';
import {
  makeWorkFolder,
  removeWorkFolder,
  rigSettings,
  run,
  skipUnless,
  skipUnlessPossible,
  tell,
  unmountAtExit,
} from './rig.ts';
import { Refused, WireClient } from './wire_client.ts';

const skip =
  skipUnless({ isRoot: true, commands: ['mount', 'umount'] }) ||
  (await skipUnlessPossible(async () => {
    const folder = makeWorkFolder('mount');
    try {
      await run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
      await run('umount', folder);
    } finally {
      removeWorkFolder(folder);
    }
  }));
const refusedWithinMs = 1_000;
const againWithinMs = 5_000;
const diskSize = '24m';
const ballastSize = 8 << 20;

/** One producer that says of each send how it ended and how long that took. */
class Producer {
  readonly #client: WireClient;
  readonly #history: History;
  #sequence = 0;
  slowestRefusalMs = 0;
  refusals = 0;

  constructor(client: WireClient, history: History) {
    this.#client = client;
    this.#history = history;
  }

  /** Sends one batch. Returns whether it was taken. */
  async send(): Promise<boolean> {
    const sentAt = performance.now();
    const partition = this.#sequence % partitionsCount;
    const batch: Sent[] = Array.from({ length: 10 }, () =>
      this.#history.send(0, this.#sequence++ * partitionsCount + partition, partition, sentAt),
    );
    try {
      await this.#client.send(
        partition,
        batch.map((sent) => payloadOf(keyOf(sent))),
      );
      for (const sent of batch) Object.assign(sent, { outcome: 'ok', endedAt: performance.now() });
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refusals++;
      this.slowestRefusalMs = Math.max(this.slowestRefusalMs, performance.now() - sentAt);
      for (const sent of batch) sent.outcome = 'refused';
      return false;
    }
  }

  /** Sends until nothing is taken any more. */
  async fill(): Promise<void> {
    for (let refused = 0; refused < 3 * partitionsCount; ) refused = (await this.send()) ? 0 : refused + 1;
  }

  /** Sends until each partition takes something again; returns how long that took. */
  async untilTaken(): Promise<number> {
    const began = performance.now();
    for (let taken = 0; taken < partitionsCount; ) {
      taken = (await this.send()) ? taken + 1 : 0;
      assert.ok(performance.now() - began < againWithinMs, 'sends are refused though there is space again');
      if (taken === 0) await sleep(50);
    }
    return performance.now() - began;
  }
}

/** Reads from everywhere until told to stop; fails when a poll fails. */
async function readMeanwhile(client: WireClient, history: History, isOver: () => boolean): Promise<number> {
  let polls = 0;
  const reading = Array.from({ length: partitionsCount }, (_, partition) => ({
    next: 0,
    reading: history.read(0, partition),
  }));
  while (!isOver()) {
    for (const [partition, place] of reading.entries()) {
      const { messages } = await client.poll(partition, place.next, 100);
      for (const message of messages) place.reading.messages.push(seenOf(message));
      place.next += messages.length;
      polls++;
    }
    await sleep(10);
  }
  return polls;
}

describe('a full disk', { skip }, () => {
  let folder: string;
  let mount: string;
  let server: ServerProcess;
  let forget: () => void;

  before(async () => {
    folder = makeWorkFolder('full');
    mount = join(folder, 'mount');
    mkdirSync(mount);
    forget = unmountAtExit(mount);
    await run('mount', '-t', 'tmpfs', '-o', `size=${diskSize}`, 'tmpfs', mount);
    server = await ServerProcess.start({ ...rigSettings, IGGY_SYSTEM_SEGMENT_SIZE: '1 MiB' }, join(mount, 'data'));
  });

  after(async () => {
    await server?.remove();
    await run('umount', mount);
    forget();
    removeWorkFolder(folder);
  });

  test('refuses within a second, keeps answering polls, and takes messages again within 5 s of space', async () => {
    const history = new History();
    const client = await WireClient.open(server.address);
    await client.createTopic(partitionsCount);
    const producer = new Producer(client, history);
    let isOver = false;
    const polls = readMeanwhile(await WireClient.open(server.address), history, () => isOver);
    const ballast = join(mount, 'ballast');
    writeFileSync(ballast, Buffer.alloc(ballastSize));
    await producer.fill();
    rmSync(ballast);
    const waitedMs = await producer.untilTaken();
    await producer.fill();
    const taken = history.count('ok');
    isOver = true;
    const pollsCount = await polls;
    assert.ok(producer.slowestRefusalMs <= refusedWithinMs, `a refusal took ${producer.slowestRefusalMs} ms`);
    assert.ok(pollsCount > 0 && producer.refusals > 0);
    const { anomalies } = checkHistory(history, await snapshotOf(server.address), 'all');
    assert.deepEqual(anomalies.slice(0, 10), []);
    await server.kill();
    await server.restart();
    assert.deepEqual(checkHistory(history, await snapshotOf(server.address), 'all').anomalies.slice(0, 10), []);
    tell(
      `full disk of ${diskSize}: ${taken} messages taken, ${producer.refusals} sends refused, the slowest after ` +
        `${producer.slowestRefusalMs.toFixed(1)} ms; ${pollsCount} polls, none failed; taken again ` +
        `${waitedMs.toFixed(0)} ms after there was space; lost 0, also after kill -9 while full`,
    );
  });

  test('lets a full topic be purged, and takes messages again within 5 s', async () => {
    const client = await WireClient.open(server.address);
    const history = new History();
    const producer = new Producer(client, history);
    await producer.fill();
    await client.purge();
    const waited = await producer.untilTaken();
    tell(`full disk of ${diskSize}: purged while full, taken again after ${waited.toFixed(0)} ms`);
  });
});
