// One connection over an in-memory stream: order, backpressure, half-close, deadlines, failures.
import assert from 'node:assert/strict';
import { type Duplex, duplexPair } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { silentLogger } from '../../src/lib/logger.ts';
import { framingsOf } from '../../src/protocol/framing.ts';
import { generationNames } from '../../src/protocol/index.ts';
import { type Answer, Connection, type Service } from '../../src/server/connection.ts';
import type { FrameRefusal } from '../../src/server/frame_reader.ts';
import type { ConnectionLimits } from '../../src/server/limits.ts';
import { frameBytes, headBytes, wideLimits } from './frames.ts';

interface TestSession {
  isLoggedIn: boolean;
}

type Handle = (session: TestSession, code: number, payload: Uint8Array) => Answer | Promise<Answer>;

const answer = (text: string, close = false): Answer => ({ reply: [Buffer.from(text)], close });

/** A connection whose client end the test holds. */
function connect(handle: Handle, limits: Partial<ConnectionLimits> = {}, isLoggedIn = true) {
  const [client, server] = duplexPair({ allowHalfOpen: true });
  const session: TestSession = { isLoggedIn };
  const seen = { refusals: [] as FrameRefusal[], closed: 0 };
  const service: Service<TestSession> = {
    framings: framingsOf(generationNames),
    open: () => session,
    handle: (current, { code, payload }) => handle(current, code, payload),
    refuse(_, refusal) {
      seen.refusals.push(refusal);
      return [Buffer.from('refused')];
    },
    closed: () => void seen.closed++,
  };
  const connection = new Connection(
    server,
    { remoteAddress: 'test', localHost: 'here' },
    service,
    { ...wideLimits, ...limits },
    silentLogger,
    0,
  );
  client.on('error', () => {});
  return { client, server, session, seen, connection };
}

/** Everything the client reads until the server ends or a while has passed without bytes. */
async function readAll(client: Duplex): Promise<string> {
  let text = '';
  client.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => client.once('end', resolve).once('close', resolve));
  return text;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

test('requests are handled one at a time and answered in order, however long each takes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('now', 'soon', 'later'), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 40 }),
      async (delays, chunkSize) => {
        let inHand = 0;
        const { client } = connect((_, code) => {
          assert.equal(inHand++, 0, 'one at a time');
          const done = () => {
            inHand--;
            return answer(`${code},`);
          };
          const delay = delays[code]!;
          if (delay === 'now') return done();
          return delay === 'soon' ? Promise.resolve().then(done) : nextTurn().then(done);
        });
        const stream = Buffer.concat(delays.map((_, code) => frameBytes(code, Buffer.from('x'))));
        for (let at = 0; at < stream.byteLength; at += chunkSize) client.write(stream.subarray(at, at + chunkSize));
        client.end();
        assert.equal(await readAll(client), delays.map((_, code) => `${code},`).join(''));
      },
    ),
    { numRuns: 100 },
  );
});

test('replies of several chunks arrive whole, an empty reply writes nothing', async () => {
  const { client } = connect((_, code) =>
    code === 1
      ? { reply: ['a', 'b', 'c'].map((text) => Buffer.from(text)), close: false }
      : { reply: [], close: false },
  );
  client.write(Buffer.concat([1, 2, 1].map((code) => frameBytes(code, Buffer.alloc(0)))));
  client.end();
  assert.equal(await readAll(client), 'abcabc');
});

test('a client that closes its side still gets every answer, then the end', async () => {
  const { client, seen } = connect(async (_, code) => {
    await sleep(5);
    return answer(`${code},`);
  });
  client.end(Buffer.concat([frameBytes(1, Buffer.alloc(3)), frameBytes(2, Buffer.alloc(3)), headBytes(100, 3)]));
  assert.equal(await readAll(client), '1,2,', 'the unfinished third request is dropped');
  await settle();
  assert.equal(seen.closed, 1);
});

test('a slow reader stops the serving of its requests at the cap', async () => {
  let handled = 0;
  const size = 10_000;
  const { client } = connect(
    () => {
      handled++;
      return { reply: [Buffer.alloc(size)], close: false };
    },
    { outputSizeMaxBytes: 100_000 },
  );
  const count = 200;
  for (let at = 0; at < count; at++) client.write(frameBytes(1, Buffer.alloc(0)));
  client.end();
  await settle();
  // What the stream itself holds on the client's side comes on top of the cap.
  assert.ok(handled * size <= 100_000 + size + 2 * client.readableHighWaterMark, `${handled} handled`);
  let received = 0;
  client.on('data', (chunk: Buffer) => {
    received += chunk.byteLength;
  });
  await new Promise((resolve) => client.once('end', resolve));
  assert.equal(received, count * size);
});

test('before login the output cap holds though it lies below the mark of the stream', async () => {
  let handled = 0;
  const { client } = connect(
    () => {
      handled++;
      return { reply: [Buffer.alloc(4000)], close: false };
    },
    { outputSizeMaxBeforeLoginBytes: 8000 },
    false,
  );
  client.write(Buffer.concat(Array.from({ length: 100 }, () => frameBytes(1, Buffer.alloc(0)))));
  client.end();
  assert.equal((await readAll(client)).length, 400_000);
  assert.equal(handled, 100);
});

test('the socket is not read while many bytes wait behind a request in hand', async () => {
  let release = (_: Answer) => {};
  let handled = 0;
  const { client, server } = connect(
    () => {
      handled++;
      return new Promise((resolve) => {
        release = resolve;
      });
    },
    { waitingSizeMaxBytes: 50_000 },
  );
  const chunk = frameBytes(1, Buffer.alloc(10_000));
  let accepted = 0;
  const feed = () => {
    while (accepted < 100) {
      accepted++;
      if (!client.write(chunk)) return void client.once('drain', feed);
    }
    client.end();
  };
  feed();
  await settle();
  assert.ok(server.isPaused());
  assert.ok(accepted < 25, `${accepted} accepted`);
  const done = readAll(client);
  while (handled < 100) {
    release(answer('.'));
    await nextTurn();
  }
  release(answer('.'));
  assert.equal((await done).length, 100);
});

test('what a frame may hold is decided when its turn comes: a login may be pipelined with a large request', async () => {
  const { client, session, seen } = connect(
    async (current, code, payload) => {
      await sleep(5);
      if (code === 38) current.isLoggedIn = true;
      return answer(`${code}:${payload.byteLength},`);
    },
    {},
    false,
  );
  client.end(Buffer.concat([frameBytes(38, Buffer.alloc(10)), frameBytes(101, Buffer.alloc(100_000))]));
  assert.equal(await readAll(client), '38:10,101:100000,');
  assert.ok(session.isLoggedIn);
  assert.deepEqual(seen.refusals, []);
});

test('a frame that cannot be read is answered once, then the connection ends', async () => {
  for (const bytes of [headBytes(3, 1), headBytes(5000, 1)]) {
    const { client, seen } = connect(() => answer('ok,'), {}, false);
    client.write(Buffer.concat([frameBytes(1, Buffer.alloc(0)), bytes, Buffer.alloc(100_000)]));
    assert.equal(await readAll(client), 'ok,refused');
    assert.equal(seen.refusals.length, 1);
    client.end();
    await settle();
    assert.equal(seen.closed, 1);
  }
});

test('an answer that closes is the last one', async () => {
  const { client } = connect((_, code) => answer(`${code},`, code === 2));
  client.write(Buffer.concat([1, 2, 3].map((code) => frameBytes(code, Buffer.alloc(0)))));
  assert.equal(await readAll(client), '1,2,');
});

test('an unexpected error closes the connection, whether thrown or rejected', async () => {
  const failures: Handle[] = [
    () => {
      throw new Error('bug');
    },
    () => Promise.reject(new Error('bug')),
    () => undefined as unknown as Answer,
  ];
  for (const handle of failures) {
    const { client, seen } = connect(handle);
    client.write(frameBytes(1, Buffer.alloc(0)));
    assert.equal(await readAll(client), '');
    await settle();
    assert.equal(seen.closed, 1);
  }
});

test('an answer that comes after the connection is gone is dropped', async () => {
  let release = (_: Answer) => {};
  const { client, server, seen } = connect(() => new Promise((resolve) => (release = resolve)));
  client.write(frameBytes(1, Buffer.alloc(0)));
  await settle();
  server.destroy(new Error('reset'));
  await settle();
  release(answer('late'));
  await settle();
  assert.equal(seen.closed, 1);
});

test('a flood of small requests leaves turns to others', async () => {
  const { client } = connect(() => answer('.'));
  client.end(Buffer.concat(Array.from({ length: 20_000 }, () => frameBytes(1, Buffer.alloc(0)))));
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  assert.equal((await readAll(client)).length, 20_000);
  isOver = true;
  assert.ok(turns >= 20_000 / 256 - 1, `${turns} turns`);
});

test('deadlines: no login, an unfinished request, unread replies', async () => {
  const idle = connect(() => answer('.'), {}, false);
  idle.connection.checkDeadlines(10_000);
  assert.ok(!idle.server.destroyed);
  idle.connection.checkDeadlines(10_001);
  assert.ok(idle.server.destroyed);

  const pinging = connect(() => answer('.'), {}, false);
  for (const now of [9_000, 18_000, 27_000]) {
    pinging.client.write(frameBytes(1, Buffer.alloc(0)));
    await settle();
    pinging.connection.checkDeadlines(now);
    assert.ok(!pinging.server.destroyed, 'an answer begins the time to log in anew');
  }
  pinging.connection.checkDeadlines(37_001);
  assert.ok(pinging.server.destroyed);

  const loggedIn = connect(() => answer('.'));
  loggedIn.connection.checkDeadlines(1e9);
  assert.ok(!loggedIn.server.destroyed);
  loggedIn.session.isLoggedIn = false;
  loggedIn.connection.checkDeadlines(1e9 + 10_001);
  assert.ok(loggedIn.server.destroyed, 'after logout the login deadline runs again');

  const unfinished = connect(() => answer('.'));
  unfinished.client.write(headBytes(100, 1));
  await settle();
  for (const [now, isOpen] of [
    [1000, true],
    [31_000, true],
    [31_001, false],
  ] as const) {
    unfinished.connection.checkDeadlines(now);
    assert.equal(!unfinished.server.destroyed, isOpen, `at ${now}`);
  }

  const unread = connect(() => ({ reply: [Buffer.alloc(655_360)], close: false }));
  unread.client.write(frameBytes(1, Buffer.alloc(0)));
  await settle();
  for (const [now, isOpen] of [
    [1000, true],
    [35_000, true],
    [42_000, false],
  ] as const) {
    unread.connection.checkDeadlines(now);
    assert.equal(!unread.server.destroyed, isOpen, `at ${now}`);
  }
});

test('a slow handler is no reason to close', async () => {
  const { client, server, connection } = connect(() => new Promise(() => {}), {}, false);
  client.write(Buffer.concat([frameBytes(38, Buffer.alloc(0)), headBytes(50, 1)]));
  await settle();
  for (const now of [10_000, 50_000, 90_000]) connection.checkDeadlines(now);
  assert.ok(!server.destroyed);
});

test('a client that never closes is cut off after the last reply', async () => {
  const { client, server, connection } = connect(() => answer('.', true));
  client.write(frameBytes(1, Buffer.alloc(0)));
  await settle();
  for (const [now, isOpen] of [
    [100, true],
    [2100, true],
    [2101, false],
  ] as const) {
    connection.checkDeadlines(now);
    assert.equal(!server.destroyed, isOpen, `at ${now}`);
  }
});

test('finish answers what was received and ends', async () => {
  const { client, connection } = connect(async (_, code) => {
    await sleep(5);
    return answer(`${code},`);
  });
  client.write(Buffer.concat([1, 2].map((code) => frameBytes(code, Buffer.alloc(0)))));
  await settle();
  connection.finish();
  client.write(frameBytes(3, Buffer.alloc(0)));
  assert.equal(await readAll(client), '1,2,');
});
