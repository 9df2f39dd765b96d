// The checker of the fault rigs must see what is wrong: planted histories, each with one fault, and good ones that look like faults but are none.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { History, type Outcome, type Seen, type Snapshot } from '../../conformance/rigs/history.ts';
import { checkHistory, type Rule, type Survives } from '../../conformance/rigs/history_check.ts';

/** Producer 0 sent 0.0 to 0.4 one after another, each acknowledged before the next, and 0.5 that was not answered; then the server died. */
function goodHistory(): History {
  const history = new History();
  for (let sequence = 0; sequence < 6; sequence++) {
    const sent = history.send(0, sequence, 0, 10 * sequence);
    if (sequence === 5) continue;
    sent.outcome = 'ok';
    sent.endedAt = 10 * sequence + 5;
  }
  return history;
}

const seen = (offset: number, key: string): Seen => ({ offset, key, timestamp: 1000 + offset, isWhole: true });

function goodMessages(count = 5): Seen[] {
  return Array.from({ length: count }, (_, offset) => seen(offset, `0.${offset}`));
}

function snapshotOf(messages: Seen[], storedOffset?: number): Snapshot {
  const currentOffset = Math.max(0, messages.length - 1);
  return {
    partitions: [{ partition: 0, messages, currentOffset, messagesCount: messages.length }],
    stored: [{ consumer: 0, partition: 0, offset: storedOffset }],
  };
}

function rulesOf(history: History, snapshot: Snapshot, survives: Survives = 'all'): Rule[] {
  return [...new Set(checkHistory(history, snapshot, survives).anomalies.map(({ rule }) => rule))];
}

/** A history, what is there after the crash, and what the checker must say. */
interface Planted {
  readonly rules: readonly Rule[];
  readonly survives?: Survives;
  plant(history: History): Snapshot;
}

/** Replaces one message. */
function withMessage(index: number, change: Partial<Seen>): Snapshot {
  return snapshotOf(goodMessages().map((message, at) => (at === index ? { ...message, ...change } : message)));
}

const planted: Readonly<Record<string, Planted>> = {
  'an acknowledged message at the end is lost': { rules: ['lost'], plant: () => snapshotOf(goodMessages(4)) },
  'all is lost': { rules: ['lost'], plant: () => snapshotOf([]) },
  'bytes are other than sent': { rules: ['changed bytes'], plant: () => withMessage(2, { isWhole: false }) },
  'something was never sent': {
    rules: ['invented'],
    plant: () => snapshotOf([...goodMessages(), seen(5, '9.9')]),
  },
  'a refused message is there': {
    rules: ['invented'],
    plant(history) {
      history.sent.get('0.5')!.outcome = 'refused';
      return snapshotOf(goodMessages(6));
    },
  },
  'a message of another partition is there': {
    rules: ['invented'],
    plant(history) {
      history.send(1, 0, 1, 0);
      return snapshotOf([...goodMessages(), seen(5, '1.0')]);
    },
  },
  'a message is there twice': { rules: ['duplicate'], plant: () => snapshotOf([...goodMessages(), seen(5, '0.4')]) },
  'an offset is left out': {
    rules: ['gap'],
    plant: () =>
      snapshotOf(
        goodMessages().map((message) => ({ ...message, offset: message.offset + (message.offset > 2 ? 1 : 0) })),
      ),
  },
  'the current offset is not that of the last message': {
    rules: ['wrong counter'],
    plant() {
      const snapshot = snapshotOf(goodMessages());
      return { ...snapshot, partitions: [{ ...snapshot.partitions[0]!, currentOffset: 5 }] };
    },
  },
  'the topic counts wrong': {
    rules: ['wrong counter'],
    plant() {
      const snapshot = snapshotOf(goodMessages());
      return { ...snapshot, partitions: [{ ...snapshot.partitions[0]!, messagesCount: 4 }] };
    },
  },
  'two messages of a producer changed places': {
    rules: ['reordered'],
    plant: () => snapshotOf([0, 1, 3, 2, 4].map((sequence, offset) => seen(offset, `0.${sequence}`))),
  },
  'a message comes before one that was acknowledged before it was sent': {
    rules: ['reordered'],
    plant(history) {
      Object.assign(history.send(1, 0, 0, 100), { outcome: 'ok', endedAt: 110 });
      return snapshotOf([seen(0, '1.0'), ...[0, 1, 2, 3, 4].map((sequence) => seen(sequence + 1, `0.${sequence}`))]);
    },
  },
  'timestamps go back': { rules: ['back in time'], plant: () => withMessage(3, { timestamp: 5 }) },
  'another message is where one was after the last crash': {
    rules: ['moved'],
    plant(history) {
      history.known.set(0, ['0.0', '0.5']);
      return snapshotOf(goodMessages());
    },
  },
  'another message is where a reader saw one': {
    rules: ['moved'],
    plant(history) {
      history.read(7, 0).messages.push(seen(4, '0.5'));
      return snapshotOf(goodMessages());
    },
  },
  'what a reader saw is gone': {
    rules: ['moved'],
    plant(history) {
      history.read(7, 0).messages.push(...goodMessages(6));
      return snapshotOf(goodMessages());
    },
  },
  'a reader skipped an offset': {
    rules: ['skipped by a reader'],
    plant(history) {
      history.read(7, 0).messages.push(seen(1, '0.1'), seen(3, '0.3'));
      return snapshotOf(goodMessages());
    },
  },
  'a reader was thrown back': {
    rules: ['skipped by a reader'],
    plant(history) {
      history.read(7, 0).messages.push(seen(3, '0.3'), seen(2, '0.2'));
      return snapshotOf(goodMessages());
    },
  },
  'a reader got wrong bytes': {
    rules: ['changed bytes'],
    plant(history) {
      history.read(7, 0).messages.push({ ...seen(1, '0.1'), isWhole: false });
      return snapshotOf(goodMessages());
    },
  },
  'an acknowledged stored offset is lost': {
    rules: ['wrong stored offset'],
    plant(history) {
      for (const offset of [1, 3]) history.store(0, 0, offset).outcome = 'ok';
      return snapshotOf(goodMessages(), 1);
    },
  },
  'a stored offset was never stored': {
    rules: ['wrong stored offset'],
    plant(history) {
      history.store(0, 0, 1).outcome = 'ok';
      return snapshotOf(goodMessages(), 2);
    },
  },
  'a stored offset is beyond the log': {
    rules: ['wrong stored offset'],
    survives: 'prefix',
    plant(history) {
      history.store(0, 0, 4).outcome = 'ok';
      return snapshotOf(goodMessages(2), 4);
    },
  },
  'something in front of what is left is missing': {
    rules: ['hole'],
    survives: 'prefix',
    plant: () => snapshotOf([0, 2, 3].map((sequence, offset) => seen(offset, `0.${sequence}`))),
  },
  'what an earlier power cut took comes back': {
    rules: ['invented', 'moved'],
    survives: 'prefix',
    plant(history) {
      checkHistory(history, snapshotOf(goodMessages(3)), 'prefix');
      Object.assign(history.send(1, 0, 0, 100), { outcome: 'ok', endedAt: 110 });
      checkHistory(history, snapshotOf([...goodMessages(3), seen(3, '1.0')]), 'prefix');
      return snapshotOf(goodMessages(4));
    },
  },
  'a power cut took an acknowledged message though acknowledgements waited for the disk': {
    rules: ['lost'],
    survives: 'all',
    plant: () => snapshotOf(goodMessages(4)),
  },
};

describe('the checker of histories', () => {
  for (const [name, { rules, survives, plant }] of Object.entries(planted)) {
    test(`says so when ${name}`, () => {
      const history = goodHistory();
      const snapshot = plant(history);
      assert.deepEqual(rulesOf(history, snapshot, survives).sort(), [...rules].sort());
    });
  }

  test('has nothing to say of what is right', () => {
    for (const count of [5, 6]) {
      for (const survives of ['all', 'prefix'] as const)
        assert.deepEqual(
          rulesOf(goodHistory(), snapshotOf(goodMessages(count)), survives),
          [],
          'unanswered may be there or not',
        );
    }
  });

  test('lets a power cut take an end of what was not on the disk, and counts it', () => {
    const history = goodHistory();
    history.read(7, 0).messages.push(...goodMessages(6));
    const verdict = checkHistory(history, snapshotOf(goodMessages(2)), 'prefix');
    assert.deepEqual(verdict, { anomalies: [], lost: 3, vanished: 4 });
  });

  test('lets nothing take what was seen, where acknowledgements waited for it', () => {
    const history = goodHistory();
    history.read(7, 0).messages.push(...goodMessages(6));
    assert.deepEqual(rulesOf(history, snapshotOf(goodMessages(5)), 'all'), ['moved']);
  });

  test('takes the last acknowledged stored offset, or any unanswered one after it', () => {
    const outcomes: readonly Outcome[] = ['ok', 'ok', 'unknown', 'unknown'];
    for (const [offset, isFine] of [
      [0, false],
      [1, true],
      [2, true],
      [3, true],
      [4, false],
    ] as const) {
      const history = goodHistory();
      for (const [index, outcome] of outcomes.entries()) history.store(0, 0, index).outcome = outcome;
      assert.equal(rulesOf(history, snapshotOf(goodMessages(), offset)).length === 0, isFine, `offset ${offset}`);
    }
  });
});
