// Real sockets: binding, budgets, a slow reader, resets, TLS, stopping.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { framingsOf } from '../../src/protocol/framing.ts';
import { generationNames } from '../../src/protocol/index.ts';
import type { Frame } from '../../src/protocol/protocol.ts';
import type { Answer, ConnectionControl, Service } from '../../src/server/connection.ts';
import { Listener, type ListenerOptions } from '../../src/server/listener.ts';
import { frameBytes, wideLimits } from './frames.ts';

interface TestSession {
  isLoggedIn: boolean;
  readonly control: ConnectionControl;
}

const loopback: ListenerOptions = { address: { host: '127.0.0.1', port: 0 } };
const echo = (_: TestSession, { code, payload }: Frame): Answer => ({
  reply: [Buffer.from(`${code}:`), payload],
  close: false,
});

async function open(
  options = loopback,
  limits: Partial<typeof wideLimits> = {},
  handle: Service<TestSession>['handle'] = echo,
) {
  const sessions = new Set<TestSession>();
  const service: Service<TestSession> = {
    framings: framingsOf(generationNames),
    open(control) {
      const session = { isLoggedIn: true, control };
      sessions.add(session);
      return session;
    },
    handle,
    refuse: () => [Buffer.from('refused')],
    closed: (session) => void sessions.delete(session),
  };
  const listener = await Listener.open(options, service, { ...wideLimits, ...limits }, systemClock(), silentLogger);
  return { listener, sessions, port: listener.address.port };
}

async function client(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host, allowHalfOpen: true });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return socket;
}

async function read(socket: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  return text;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 300, 'it never came true');
    await sleep(10);
  }
}

test('port 0 binds a free port and tells it; pipelined requests are answered in order', async () => {
  const { listener, port, sessions } = await open();
  assert.ok(port > 0);
  const socket = await client(port);
  socket.end(Buffer.concat([1, 2, 3].map((code) => frameBytes(code, Buffer.from(`p${code} `)))));
  assert.equal(await read(socket), '1:p1 2:p2 3:p3 ');
  await until(() => sessions.size === 0 && listener.connectionCount === 0);
  await listener.stop();
});

test('an address in use is an error of the start', async () => {
  const { listener, port } = await open();
  await assert.rejects(open({ address: { host: '127.0.0.1', port } }), { code: 'EADDRINUSE' });
  await listener.stop();
});

test('IPv6, and the address of the peer', async (context) => {
  const opened = await open({ address: { host: '::1', port: 0 } }).catch(() => undefined);
  if (opened === undefined) return context.skip('this machine has no IPv6');
  const { listener, port, sessions } = opened;
  const socket = await client(port, '::1');
  await until(() => sessions.size === 1);
  assert.match([...sessions][0]!.control.remoteAddress, /^\[::1\]:\d+$/);
  socket.destroy();
  await listener.stop();
});

test('connections above the budget are dropped and counted, the others go on', async () => {
  const { listener, port, sessions } = await open(loopback, { connectionsMax: 2 });
  const sockets = [await client(port), await client(port)];
  await until(() => sessions.size === 2);
  const third = await client(port);
  assert.equal(await read(third), '');
  await until(() => listener.droppedCount === 1);
  sockets[0]!.end(frameBytes(1, Buffer.from('still here')));
  assert.equal(await read(sockets[0]!), '1:still here');
  for (const socket of sockets) socket.destroy();
  await listener.stop();
});

test('a client that does not read costs no more than the caps', async () => {
  let handled = 0;
  const size = 1_000_000;
  const reply = Buffer.alloc(size);
  const { listener, port } = await open(loopback, { outputSizeMaxBytes: 4_000_000 }, () => {
    handled++;
    return { reply: [reply], close: false };
  });
  const socket = await client(port);
  const count = 100;
  socket.end(Buffer.concat(Array.from({ length: count }, () => frameBytes(1, Buffer.alloc(0)))));
  await sleep(200);
  // The kernel takes some megabytes of its own before the cap is felt.
  assert.ok(handled < 30, `${handled} handled`);
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.byteLength;
  });
  await new Promise((resolve) => socket.once('end', resolve));
  assert.equal(received, count * size);
  await listener.stop();
});

test('resets at any moment leave nothing behind', async () => {
  const { listener, port, sessions } = await open(loopback, {}, async (_, { code }) => {
    await sleep(1);
    return { reply: [Buffer.alloc(100_000, code)], close: false };
  });
  await Promise.all(
    Array.from({ length: 50 }, async (_, at) => {
      const socket = await client(port);
      socket.write(Buffer.concat([frameBytes(1, Buffer.alloc(50)), frameBytes(2, Buffer.alloc(50)).subarray(0, at)]));
      await sleep(at % 5);
      socket.resetAndDestroy();
    }),
  );
  await until(() => sessions.size === 0 && listener.connectionCount === 0);
  await listener.stop();
});

test('stopping finishes the request in hand, ends idle connections and frees the port', async () => {
  const { listener, port } = await open(loopback, {}, async (_, { code }) => {
    await sleep(50);
    return { reply: [Buffer.from(`${code}`)], close: false };
  });
  const [busy, idle] = [await client(port), await client(port)];
  busy.write(frameBytes(7, Buffer.alloc(0)));
  await sleep(20);
  const replies = Promise.all([read(busy).finally(() => busy.end()), read(idle).finally(() => idle.end())]);
  await listener.stop();
  assert.deepEqual(await replies, ['7', '']);
  const again = await open({ address: { host: '127.0.0.1', port } });
  await again.listener.stop();
});

test('stopping does not wait longer than its limit', async () => {
  const { listener, port, sessions } = await open(loopback, { stopDeadlineMs: 50 }, () => new Promise(() => {}));
  const socket = await client(port);
  socket.write(frameBytes(1, Buffer.alloc(0)));
  await until(() => sessions.size === 1);
  const startMs = performance.now();
  await listener.stop();
  assert.ok(performance.now() - startMs < 1000);
  assert.equal(sessions.size, 0);
});

test('a session can close its connection', async () => {
  const { listener, port, sessions } = await open();
  const socket = await client(port);
  await until(() => sessions.size === 1);
  for (const session of sessions) session.control.close('test');
  assert.equal(await read(socket), '');
  socket.destroy();
  await listener.stop();
});

test('TLS carries the same requests; a plain client on that port harms nobody', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'whippet-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  if (made.status !== 0) return context.skip('openssl is not there to make a certificate');
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  const { listener, port } = await open({ ...loopback, tls });
  const plain = await client(port);
  plain.end(frameBytes(1, Buffer.alloc(0)));
  plain.resume();
  const secure = connectTls({ port, host: '127.0.0.1', ca: tls.cert, servername: 'localhost' });
  await new Promise((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
  secure.write(Buffer.concat([frameBytes(1, Buffer.from('a')), frameBytes(2, Buffer.alloc(200_000, 'b'))]));
  let received = 0;
  for await (const chunk of secure) {
    received += chunk.byteLength;
    if (received === 3 + 2 + 200_000) break;
  }
  secure.destroy();
  await listener.stop();
});
