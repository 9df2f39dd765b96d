// The thread that hashes: it answers in order, keeps the event loop free, and is replaced when it is lost.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Passwords } from '../../src/access/passwords.ts';

const passwords = new Passwords();
after(() => passwords.close());

test('hashes and checks off the event loop', async () => {
  const hash = await passwords.hash('iggy');
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  const checks = await Promise.all([
    passwords.check('iggy', hash),
    passwords.check('Iggy', hash),
    passwords.check('iggy', undefined),
  ]);
  clearInterval(ticking);
  assert.deepEqual(checks, ['right', 'wrong', 'wrong']);
  assert.ok(turns > 0, 'timers ran meanwhile');
});

test('what waits when the thread ends is refused, what comes later is served', async () => {
  const waiting = [passwords.hash('a'), passwords.check('b', undefined)];
  const refused = Promise.allSettled(waiting);
  await passwords.close();
  assert.deepEqual(
    (await refused).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await passwords.check('c', await passwords.hash('c')), 'right');
});
