// A disk whose syncs fail: at level disk nothing is acknowledged from then on, nothing that was is lost, and nothing is created that is not on the disk.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from '../server_process.ts';
import { History } from './history.ts';
import { checkHistory } from './history_check.ts';
import { Load, partitionsCount, payloadOf, snapshotOf } from './load.ts';
import { compile, makeWorkFolder, removeWorkFolder, rigSettings, skipUnless, tell } from './rig.ts';
import { Refused, WireClient } from './wire_client.ts';

const skip = skipUnless({ commands: ['gcc'] });
const sendsCount = 200;

describe('failing syncs', { skip }, () => {
  let folder: string;
  let failFile: string;
  let server: ServerProcess;

  before(async () => {
    folder = makeWorkFolder('sync');
    failFile = join(folder, 'fail');
    const library = await compile('failing_sync.c', join(folder, 'failing_sync.so'), '-shared', '-fPIC');
    server = await ServerProcess.start({
      ...rigSettings,
      IGGY_SYSTEM_PARTITION_ENFORCE_FSYNC: 'true',
      LD_PRELOAD: library,
      WHIPPET_FAIL_FILE: failFile,
    });
  });

  after(async () => {
    await server?.remove();
    removeWorkFolder(folder);
  });

  test('acknowledge nothing at level disk, lose nothing from before', async () => {
    const history = new History();
    const client = await WireClient.open(server.address);
    await client.createTopic(partitionsCount);
    const load = await Load.start(server.address, history, 0);
    await sleep(500);
    writeFileSync(failFile, '');
    // Acknowledged by a sync that ended before the file was there.
    await sleep(100);
    const acknowledgedBefore = history.count('ok');
    let acknowledged = 0;
    for (let index = 0; index < sendsCount; index++)
      if (await isTaken(client.send(index % partitionsCount, [payloadOf(`9.${index}`)]))) acknowledged++;
    assert.equal(await isTaken(client.call('create_stream', { streamId: undefined, name: 'other' })), false);
    await sleep(200);
    assert.equal(acknowledged, 0, 'acknowledged although no sync succeeded');
    assert.equal(history.count('ok'), acknowledgedBefore, 'acknowledged although no sync succeeded');
    await load.stop();
    assert.ok(acknowledgedBefore > 0);
    await server.kill();
    rmSync(failFile);
    await server.restart();
    for (let index = 0; index < sendsCount; index++) history.send(9, index, index % partitionsCount, 0);
    assert.deepEqual(checkHistory(history, await snapshotOf(server.address), 'all').anomalies.slice(0, 10), []);
    const again = await WireClient.open(server.address);
    for (let partition = 0; partition < partitionsCount; partition++)
      await again.send(partition, [payloadOf(`8.${partition}`)]);
    tell(
      `every sync fails with EIO at level disk: ${sendsCount} sends and a new stream asked for, acknowledged 0; ` +
        `${acknowledgedBefore} messages acknowledged before, lost 0 after kill -9`,
    );
  });
});

async function isTaken(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
