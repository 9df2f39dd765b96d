// Clients that fall silent: stale after 1.2 intervals, refused from then on, no longer listed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session, Sessions } from '../../src/access/session.ts';
import { watchHeartbeats } from '../../src/server/heartbeats.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

test('a session is stale when its last ping is older than 1.2 intervals', () => {
  let nowMs = 0;
  let tick = (): void => {};
  const clock = { nowMicros: () => 0, monotonicMs: () => nowMs };
  const timers = {
    every: (_intervalMs: number, task: () => void) => {
      tick = task;
      return () => {};
    },
  };
  const sessions = new Sessions();
  const gone: number[] = [];
  const silent = new Session(1, 'tcp', 'a', '127.0.0.1', 0);
  const lively = new Session(2, 'tcp', 'b', '127.0.0.1', 0);
  for (const session of [silent, lively]) sessions.add(session);
  watchHeartbeats(sessions, clock, timers, 1000, ({ clientId }) => gone.push(clientId));
  nowMs = 1200;
  tick();
  assert.deepEqual(gone, []);
  lively.heartbeatAtMs = 1200;
  nowMs = 1201;
  tick();
  assert.deepEqual([gone, silent.isStale, lively.isStale, sessions.count], [[1], true, false, 1]);
});

test('a stale client is refused with 30 and let go', async () => {
  const scratch = scratchServer({ IGGY_HEARTBEAT_ENABLED: 'true', IGGY_HEARTBEAT_INTERVAL: '200 ms' });
  const server = await scratch.start();
  try {
    const client = await RawClient.loggedIn(server, 'v0_8');
    const other = await RawClient.open(server, 'v0_8');
    // On a slow machine a witness may fall silent too before it has looked; then another one looks.
    const listedCount = async (): Promise<number> => {
      const witness = await RawClient.loggedIn(server, 'v0_8').catch(() => undefined);
      const answer = await witness?.call<{ clients: unknown[] }>(22, {}).catch(() => undefined);
      witness?.close();
      return answer?.clients.length ?? Number.POSITIVE_INFINITY;
    };
    while ((await listedCount()) > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await assert.rejects(client.call(201, {}), /status 30/);
    assert.ok(await client.isClosed());
    await assert.rejects(other.call(1, {}), /status 100/);
  } finally {
    await server.stop();
    scratch.remove();
  }
});
