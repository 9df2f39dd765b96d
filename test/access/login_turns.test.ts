// Turns at checking passwords: fair between hosts and between names, slower for hosts that fail, and never more waiting than allowed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { IggyError } from '../../generated/errors.ts';
import { LoginTurns } from '../../src/access/login_turns.ts';
import type { Timers } from '../../src/lib/timers.ts';

const limits = {
  failedLoginsPerSecond: 10,
  failedLoginsBurst: 3,
  connectionsBeforeLoginMax: 1000,
  connectionsBeforeLoginPerAddressMax: 256,
};

/** Turns over a clock that the test sets, and what was done in them. */
class Bench {
  nowMs = 1_000;
  readonly done: string[] = [];
  readonly #alarms = new Set<{ readonly atMs: number; readonly ring: () => void }>();
  readonly turns: LoginTurns;

  constructor(settings = limits) {
    const timers: Timers = {
      every: (intervalMs, ring) => {
        const alarm = { atMs: this.nowMs + intervalMs, ring };
        this.#alarms.add(alarm);
        return () => this.#alarms.delete(alarm);
      },
    };
    this.turns = new LoginTurns(settings, { nowMicros: () => 0, monotonicMs: () => this.nowMs }, timers);
  }

  /** Asks for a check that takes no time. */
  ask(host: string, name: string, isRight: boolean): Promise<string> {
    return this.turns
      .take(host, name, async () => {
        this.done.push(`${host} ${name}`);
        if (!isRight) throw new IggyError('invalid_credentials');
      })
      .then(
        () => 'in',
        (error: IggyError) => error.status,
      );
  }

  async pass(ms: number): Promise<void> {
    for (let end = this.nowMs + ms; this.nowMs < end; this.nowMs++) {
      for (const alarm of [...this.#alarms]) if (alarm.atMs <= this.nowMs) alarm.ring();
      await nextTurn();
    }
  }
}

test('checks are done one at a time', async () => {
  const { turns } = new Bench();
  let inHand = 0;
  const work = async () => {
    assert.equal(inHand++, 0);
    await nextTurn();
    inHand--;
  };
  await Promise.all(Array.from({ length: 20 }, (_, at) => turns.take(`host ${at % 3}`, `name ${at % 2}`, work)));
  assert.equal(inHand, 0);
});

test('turns go round between hosts, and between the names of a host', async () => {
  const bench = new Bench({ ...limits, failedLoginsPerSecond: 0 });
  const asked = ['a x', 'a x', 'a x', 'a y', 'b x', 'b z'].map((text) => {
    const [host, name] = text.split(' ') as [string, string];
    return bench.ask(host, name, false);
  });
  await Promise.all(asked);
  assert.deepEqual(bench.done, ['a x', 'a x', 'b x', 'a y', 'b z', 'a x']);
});

test('a host fails as often as its burst in a row, then ten times a second', async () => {
  const bench = new Bench();
  const attempts = Array.from({ length: 60 }, () => bench.ask('stranger', 'iggy', false));
  await bench.pass(50);
  assert.equal(bench.done.length, 3);
  await bench.pass(1_000);
  assert.equal(bench.done.length, 13);
  await bench.pass(5_000);
  assert.equal(bench.done.length, 60);
  assert.deepEqual(new Set(await Promise.all(attempts)), new Set(['invalid_credentials']));
});

test('good logins cost a host nothing', async () => {
  const bench = new Bench();
  for (let round = 0; round < 50; round++) assert.equal(await bench.ask('host', 'iggy', true), 'in');
});

test('under a flood, another host is served at once, and another user of the same host at the next turn', async () => {
  const bench = new Bench();
  for (let round = 0; round < 200; round++) void bench.ask('stranger', 'iggy', false);
  await bench.pass(100);
  const elsewhere = bench.ask('host', 'iggy', true);
  await nextTurn();
  assert.equal(await elsewhere, 'in', 'the name that a stranger tries is not locked out');
  let same = 'waiting';
  void bench.ask('stranger', 'somebody', true).then((answer) => {
    same = answer;
  });
  await bench.pass(250);
  assert.equal(same, 'in');
});

test('a failure is forgotten with time', async () => {
  const bench = new Bench();
  for (let round = 0; round < 3; round++) await bench.ask('host', 'iggy', false);
  await bench.pass(300);
  const before = bench.done.length;
  const again = [1, 2, 3].map(() => bench.ask('host', 'iggy', false));
  await Promise.all(again);
  assert.equal(bench.done.length, before + 3);
});

test('too much waiting is told to try again: of one host, and in all', async () => {
  const bench = new Bench();
  const never = () => new Promise<void>(() => {});
  const ask = (host: string) => void bench.turns.take(host, 'iggy', never);
  // The first is being done and waits no more.
  for (let count = 0; count < 257; count++) ask('10.0.0.1');
  assert.throws(() => ask('10.0.0.1'), { status: 'disconnected' });
  for (let count = 0; count < 744; count++) ask(`10.0.1.${count}`);
  assert.throws(() => ask('10.0.0.9'), { status: 'disconnected' });
});

test('an IPv6 network of 64 bits is one host', async () => {
  const bench = new Bench();
  const attempts = ['[2001:db8:1:2::1]', '[2001:db8:1:2::2]', '[2001:db8:1:2:3:4:5:6]', '[2001:db8:1:2::7]'];
  for (const address of attempts) void bench.ask(address, 'iggy', false);
  await bench.pass(20);
  assert.equal(bench.done.length, 3);
  void bench.ask('[2001:db8:1:3::1]', 'iggy', false);
  void bench.ask('[::1]', 'iggy', false);
  await nextTurn();
  assert.equal(bench.done.length, 5);
});
