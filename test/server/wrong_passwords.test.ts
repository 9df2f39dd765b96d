// Wrong passwords over sockets: whoever is wrong waits, as the configuration says, and nobody else does. How turns are taken is tested in test/access.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RunningServer } from '../../src/server.ts';
import { RawClient } from './raw_client.ts';
import { scratchServer } from './scratch_server.ts';

const scratch = scratchServer({
  WHIPPET_LIMITS_FAILED_LOGINS_PER_SECOND: '1',
  WHIPPET_LIMITS_FAILED_LOGINS_BURST: '1',
});
let server: RunningServer;

before(async () => {
  server = await scratch.start();
});
after(async () => {
  await server.stop();
  scratch.remove();
});

test('a host that is wrong waits; another one, and who is logged in, does not, not even for the name that is tried', async () => {
  const member = await RawClient.loggedIn(server, 'v0_8');
  const strangers = await Promise.all([1, 2, 3].map(() => RawClient.open(server, 'v0_8', '127.0.0.2')));
  const order: string[] = [];
  const note = (who: string) => (status: number) => void order.push(`${who}: ${status}`);
  const began = performance.now();
  const guesses = strangers.map((stranger) => stranger.logIn('iggy', 'wrong').then(note('stranger')));
  await guesses[0];
  const other = await RawClient.open(server, 'v0_8');
  await Promise.all([
    member.ask('get_streams', {}).then(({ status }) => note('member')(status)),
    other.logIn('iggy', 'iggy').then(note('other')),
  ]);
  await Promise.all(guesses);
  assert.ok(performance.now() - began >= 2000, 'the third wrong password is checked two seconds after the first');
  assert.equal(order[0], 'stranger: 42');
  assert.equal(order.at(-1), 'stranger: 42');
  assert.deepEqual(order.toSorted(), ['member: 0', 'other: 0', 'stranger: 42', 'stranger: 42', 'stranger: 42']);
  for (const client of [member, other, ...strangers]) client.close();
});
