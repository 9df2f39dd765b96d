// A Whippet whose replies are changed on the way, for tests of the comparer itself: what is changed must be found.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { ownServer, type RunningServer, type ServerSource, whippetCommand } from './server_process.ts';
import type { Generation } from './step.ts';

/** May change the payload of an answer in place. */
export type Alteration = (code: number, payload: Buffer) => void;

/** Whippet behind a relay that alters its answers. */
export function alteredServer(generation: Generation, alter: Alteration): ServerSource {
  const whole = ownServer(whippetCommand(generation));
  return { ...whole, start: async () => behindRelay(await whole.start(), alter) };
}

async function behindRelay(server: RunningServer, alter: Alteration): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const relay = createServer((client) => {
    const upstream = connect({ host: server.host, port: server.port, noDelay: true });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    relayFrames(client, upstream, alter);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    host: '127.0.0.1',
    port: (relay.address() as AddressInfo).port,
    get isRunning() {
      return server.isRunning;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      relay.close();
      await server.stop();
    },
  };
}

/** The comparer has one request under way on each connection, so the code seen last is that of the next answer. */
function relayFrames(client: Socket, upstream: Socket, alter: Alteration): void {
  let code = 0;
  client.on('data', (request: Buffer) => {
    if (request.byteLength >= 8) code = request.readUInt32LE(4);
    upstream.write(request);
  });
  let received = Buffer.alloc(0);
  upstream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.byteLength >= 8 && received.byteLength >= 8 + received.readUInt32LE(4)) {
      const end = 8 + received.readUInt32LE(4);
      if (received.readUInt32LE(0) === 0) alter(code, received.subarray(8, end));
      client.write(received.subarray(0, end));
      received = received.subarray(end);
    }
  });
}
