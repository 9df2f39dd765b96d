// `kill -9` under load from real sockets, at level os: nothing that was acknowledged is lost, nothing is there twice or out of order, every start works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerProcess } from '../server_process.ts';
import { type CrashTarget, crashRounds } from './crash_rounds.ts';
import { rigSettings, roundsOr, seedOfRun, skipUnless } from './rig.ts';

const killed: CrashTarget = {
  name: 'kill -9 at level os',
  survives: 'all',
  begin: () => ServerProcess.start(rigSettings),
  crash: async (server) => {
    await server.kill();
  },
  end: (server) => server.remove(),
};

test('kill -9 under load loses nothing acknowledged at level os', { skip: skipUnless({}) }, async () => {
  const rounds = roundsOr(200);
  const tally = await crashRounds(killed, rounds, seedOfRun());
  assert.equal(tally.rounds, rounds);
  assert.equal(tally.lost + tally.vanished, 0);
  assert.ok(tally.acknowledged > rounds, 'the rounds were about something');
});
