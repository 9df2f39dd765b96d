// The judge of the readers of all generations notices what it is there for: messages that are lost, doubled, out of order or changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Offers, OfficialClient } from '../official_clients.ts';
import { type ShownMessage, sentHeaders } from '../polled.ts';
import { SharedLog } from './shared_log.ts';

const unused = () => {
  throw new Error('nothing is run here');
};

function client(language: string, headers: boolean): OfficialClient {
  const offers: Offers = { verbs: [], strategies: [], headers, ids: headers, generation: 'v0_8' };
  return new OfficialClient(language, '1', { run: unused, start: unused }, offers);
}

const rust = client('Rust', true);
const python = client('Python', false);
const load = { partitions: 2, count: 8, batch: 2 };

/** What a reader of everything is shown: the numbers of the messages that lie in partition 1. */
const [first, second, third] = [2, 3, 6];

function shown(offset: number, index: number, change: Partial<ShownMessage> = {}): ShownMessage {
  const message = { offset, payload: `${rust.slug}:${index}`, id: String(1000 + index), timestamp: 5 + offset };
  return { ...message, headers: sentHeaders(rust, index), partition: 1, ...change };
}

function logOfTwo(): SharedLog {
  const log = new SharedLog([rust, python], load);
  log.assertHolds(rust, 1, shown(0, first));
  log.assertHolds(rust, 1, shown(1, second));
  return log;
}

test('what is shown alike by all is what was sent', () => {
  const log = logOfTwo();
  log.assertHolds(python, 1, shown(1, second, { headers: null, id: null, timestamp: null }));
  log.assertHolds(rust, 1, shown(2, third));
  assert.equal(log.partitionSize, load.count);
});

const faults: Record<string, ShownMessage> = {
  'a message that is lost': shown(3, third),
  'a message that is left out by its producer': shown(2, third + 1),
  'a message that lies there twice': shown(2, second),
  'a message of nobody': shown(2, third, { payload: 'somebody:6' }),
  'a message of another partition': shown(2, 4),
  'another message than others saw': shown(1, first),
  'another payload': shown(2, third, { payload: `${rust.slug}:6 ` }),
  'another header': shown(2, third, { headers: sentHeaders(rust, first) }),
  'no headers': shown(2, third, { headers: null }),
  'another id': shown(2, third, { id: '1' }),
  'another timestamp': shown(1, second, { timestamp: 1 }),
};

for (const [name, message] of Object.entries(faults))
  test(`${name} is noticed`, () => {
    const log = logOfTwo();
    assert.throws(() => log.assertHolds(rust, 1, message), assert.AssertionError);
  });
