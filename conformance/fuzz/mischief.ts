// Clients that do not want an answer: bombs of lengths, bytes one at a time, replies never read, resets, connections that say nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import type { Seeded } from '../../test/simulation/seeded.ts';
import { LiveViolation } from './answers.ts';
import { hello, login, requestFrame, type Tokens } from './fixture.ts';
import { headOf } from './frames.ts';
import type { LiveConnection } from './live_connection.ts';
import { noise } from './mutation.ts';
import { deadlines, frameLimits } from './target_server.ts';
import type { Traffic } from './traffic.ts';

export interface Scene {
  readonly random: Seeded;
  readonly traffic: Traffic;
  readonly tokens: Tokens;
  /** Opens a connection that is judged, and says which SDK is there. */
  open(): Promise<LiveConnection>;
  /** Opens one that says nothing yet; who never says anything is taken for the oldest generation. */
  openSilently(generation?: GenerationName): Promise<LiveConnection>;
}

type Mischief = (scene: Scene) => Promise<void>;

const settleMs = 30_000;
/** What the server's look at deadlines, every half second, and a busy machine add. */
const patienceMs = 15_000;

function ping(generation: GenerationName): Uint8Array {
  return requestFrame(generation, 'ping', {});
}

/** A poll of all messages of the healthy client: small to ask, large to answer. */
function pollOfAll(generation: GenerationName): Uint8Array {
  const rig = { kind: IdentifierKind.name, name: 'rig' };
  return requestFrame(generation, 'poll_messages', {
    ...{ consumer: { kind: ConsumerKind.consumer, id: { kind: IdentifierKind.numeric, id: 1 } } },
    ...{ streamId: rig, topicId: rig, partitionId: protocols.byName[generation].idBase },
    ...{ strategy: { kind: PollingKind.first, value: 0n }, count: 10_000, autoCommit: false },
  });
}

/** All kinds by name. */
export const mischiefs: Readonly<Record<string, Mischief>> = {
  /** Bytes without a form. */
  async garbage({ random, openSilently }) {
    // Zeros at first make it garbage of the newest generation.
    const isNewest = random.chance(0.3);
    const connection = await openSilently(isNewest ? 'v0_9' : 'v0_4');
    connection.mayBeLate = true;
    if (isNewest) connection.send(new Uint8Array(4));
    for (let times = 1 + random.below(4); times > 0; times--) connection.send(noise(1 + random.below(3000), random));
    await connection.settle(settleMs);
    if (!connection.isClosed) connection.leave('destroy');
  },

  /** A length of up to 4 GiB before a login: refused at once. */
  async bombBeforeLogin({ random, openSilently }) {
    const generation = random.pick(['v0_4', 'v0_9'] as const);
    const connection = await openSilently(generation);
    const claim = random.pick([0xffff_ffff, 0x7fff_ffff, 10 << 20, frameLimits.beforeLogin + 1]);
    const head = headOf(generation, random.pick([1, 38, 40, 100, 101, 0xffff_ffff]), claim);
    connection.send(Buffer.concat([head, noise(1024, random)]));
    await connection.settle(settleMs);
    await connection.untilClosed(patienceMs);
  },

  /** As large a frame as is allowed, of which only the beginning comes: ended at the deadline. */
  async unfinished({ random, traffic, tokens, open }) {
    const connection = await open();
    if (random.chance(0.7)) connection.send(login(traffic.generation, tokens, random.pick(['root', 'outsider'])));
    await connection.settle(settleMs);
    const sizeMax = connection.isLoggedIn ? frameLimits.ofSends : frameLimits.beforeLogin;
    const head = headOf(traffic.generation, 101, sizeMax);
    connection.mayBeLate = true;
    connection.send(Buffer.concat([head, noise(random.below(sizeMax > 2000 ? 1024 : 500), random)]));
    await connection.untilClosed(deadlines.loginMs + patienceMs);
  },

  /** Frames one byte at a time are answered like any others. */
  async slowWriter({ random, traffic, tokens, open }) {
    const connection = await open();
    const { generation } = traffic;
    const bytes = Buffer.concat([hello(generation), login(generation, tokens, 'outsider'), ping(generation)]);
    for (let at = 0; at < bytes.byteLength && !connection.isClosed; at++) {
      connection.send(bytes.subarray(at, at + 1));
      if (random.chance(0.2)) await sleep(1);
    }
    await connection.settle(settleMs);
    connection.leave('end');
  },

  /** Asks and asks and reads nothing: the server must stop working for it, and end it. */
  async neverReads({ random, traffic, tokens, open }) {
    const connection = await open();
    const isUser = random.chance(0.7);
    if (isUser) connection.send(login(traffic.generation, tokens, 'root'));
    await connection.settle(settleMs);
    connection.socket.pause();
    connection.mayBeLate = true;
    const question = isUser ? pollOfAll(traffic.generation) : ping(traffic.generation);
    const many = Buffer.concat(Array.from({ length: 2000 }, () => question));
    for (let times = 0; times < 20; times++) connection.socket.write(many);
    await sleep(500 + random.below(3000));
    connection.leave('reset');
  },

  /** Closes its own side: what was asked before is still answered. */
  async halfClose({ random, traffic, open }) {
    const connection = await open();
    const frames = Array.from({ length: random.below(30) }, () => traffic.frame(random));
    for (const frame of frames) if (frame.byteLength <= frameLimits.beforeLogin) connection.send(frame);
    connection.finish();
    await connection.untilClosed(deadlines.loginMs + patienceMs);
  },

  /** Half a frame, then a reset. */
  async reset({ random, traffic, tokens, open }) {
    const connection = await open();
    connection.send(login(traffic.generation, tokens, random.pick(['root', 'outsider'])));
    const frame = traffic.frame(random);
    connection.send(frame.subarray(0, random.below(frame.byteLength)));
    if (random.chance(0.5)) await sleep(random.below(20));
    connection.leave('reset');
  },

  /** Many connections at once that say nothing, or too little for a frame. */
  async silence({ random, openSilently }) {
    const connections = await Promise.all(Array.from({ length: 20 }, () => openSilently()));
    for (const connection of connections)
      if (random.chance(0.5)) connection.send(noise(1 + random.below(3), random).fill(0, 1));
    await sleep(random.below(2000));
    for (const connection of connections) connection.leave(random.pick(['end', 'destroy', 'reset']));
  },
};

/** One drawn mischief. @throws LiveViolation with its name. */
export async function makeMischief(scene: Scene): Promise<string> {
  const name = scene.random.pick(Object.keys(mischiefs));
  try {
    await mischiefs[name]!(scene);
  } catch (error) {
    if (!(error instanceof LiveViolation)) throw error;
    throw new LiveViolation(`${name}: ${error.message}`, { cause: error });
  }
  return name;
}
