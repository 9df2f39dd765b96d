// Frames for live connections: requests of every command that meet what is there, any others the spec allows, and both of them spoiled.
import * as fc from 'fast-check';
import { HeaderKind } from '../../generated/common/header_kind.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { protocolVersion } from '../../src/protocol/v0_9.ts';
import type { Seeded } from '../../test/simulation/seeded.ts';
import { generations } from '../codecs.ts';
import { codeAt, formOf, frameFor, headSizes } from './frames.ts';
import { mutate, noise } from './mutation.ts';
import { type Sample, sampleOf } from './samples.ts';
import { sealSend } from './sealing.ts';
import { soundHead, withSpoiledHead } from './spoiled_heads.ts';
import { type Subject, subjectsOf, written } from './subjects.ts';

/** How often commands are drawn: most of them read or write messages; what waits for a disk or a password hash is rare. */
const weights: Readonly<Record<string, number>> = {
  ...{ get_stats: 2, get_snapshot: 0.01, get_clients: 2, send_messages: 20, poll_messages: 20 },
  ...{ create_user: 0.03, change_password: 0.03, login_user: 0.03, delete_user: 0.1, update_user: 0.2 },
  ...{
    update_permissions: 0.2,
    create_personal_access_token: 0.2,
    delete_personal_access_token: 0.2,
    logout_user: 0.1,
  },
  ...{ create_stream: 0.1, update_stream: 0.03, delete_stream: 0.02, purge_stream: 0.03 },
  ...{ create_topic: 0.1, update_topic: 0.03, delete_topic: 0.02, purge_topic: 0.03, flush_unsaved_buffer: 0.2 },
  ...{ create_partitions: 0.05, delete_partitions: 0.05, delete_segments: 0.2 },
  ...{ create_consumer_group: 0.1, delete_consumer_group: 0.03, login_with_personal_access_token: 0.3 },
  ...{ login_register: 0.03, login_register_with_personal_access_token: 0.3, sync_consumer_group: 2 },
  ...{ describe_options: 1, attach_consumer_session: 1, get_poll_routing: 1, get_consumer_offset_routing: 1 },
};
const usualWeight = 5;
/** Requests drawn to meet what is there, for each command. */
const livelyPerCommand = 40;
/** Larger payloads than this are left to the length bombs. */
const payloadSizeMax = 64 * 1024;

interface DrawnCommand {
  readonly code: number;
  readonly weight: number;
  readonly lively: readonly Sample[];
  readonly any: readonly Sample[];
  readonly isSealed: boolean;
}

/** What clients of one generation send. */
export class Traffic {
  readonly generation: GenerationName;
  readonly #commands: readonly DrawnCommand[];
  readonly #weight: number;
  /** Of the last change. All connections share the numbers, so that they rise on each, with gaps. */
  #request = 1n;

  constructor(generation: GenerationName, seed: number) {
    this.generation = generation;
    this.#commands = subjectsOf([generation], seed).flatMap((subject) => drawnCommand(subject, seed));
    this.#weight = this.#commands.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** One frame whose head is right, with any payload. */
  frame(random: Seeded): Uint8Array {
    const command = this.#drawn(random);
    const isLively = random.chance(0.75);
    const sample = random.pick(isLively ? command.lively : command.any);
    if (random.chance(0.6)) return this.#frame(command.code, sample.bytes, random);
    if (random.chance(0.05))
      return this.#frame(random.next() >>> random.below(32), noise(random.below(80), random), random);
    const other = random.pick(random.chance(0.5) ? command.lively : this.#drawn(random).any);
    const spoiled = mutate(sample, other, random).subarray(0, payloadSizeMax);
    const payload = command.isSealed && random.chance(0.7) ? sealSend(spoiled, random.chance(0.5)) : spoiled;
    const frame = this.#frame(command.code, payload, random);
    return this.generation === 'v0_9' && random.chance(0.2) ? sparedFrame(withSpoiledHead(frame, random)) : frame;
  }

  #frame(code: number, asked: Uint8Array, random: Seeded): Uint8Array {
    const payload = spared(code, asked);
    if (formOf(this.generation) === 'classic') return frameFor(this.generation, code, payload);
    // Now and then one is sent again, or one that nobody sent before.
    const request = random.chance(0.9) ? ++this.#request : BigInt(random.below(Number(this.#request) + 3));
    return frameFor(this.generation, code, payload, soundHead(request, payload, random));
  }

  #drawn(random: Seeded): DrawnCommand {
    let left = (random.next() / 2 ** 32) * this.#weight;
    for (const command of this.#commands) {
      left -= command.weight;
      if (left < 0) return command;
    }
    return this.#commands[0]!;
  }
}

function drawnCommand({ generation, name, codec, samples, request, isSealed }: Subject, seed: number): DrawnCommand[] {
  if (request === undefined) return [];
  const drawn = generations.find((one) => one.name === generation)!.codecs.find((one) => one.name === name)!;
  const values = fc.sample(drawn.values.chain(lively), { seed: seed + 1, numRuns: livelyPerCommand });
  const bytes = values.map((value) => written(drawn, value));
  return [
    {
      code: request.code,
      weight: weights[name] ?? usualWeight,
      lively: bytes.map((payload) => sampleOf(payload, codec.decode, drawn.decodeRegion)),
      any: samples,
      isSealed,
    },
  ];
}

const textOption = (key: string, text: string) => ({ key, kind: HeaderKind.string, value: Buffer.from(text) });
const byName = (name: string) => ({ kind: IdentifierKind.name, name });
const byId = (id: number) => ({ kind: IdentifierKind.numeric, id });
const of = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const places = of<unknown>(
  byName('alpha'),
  byName('alpha'),
  byName('alpha'),
  byName('beta'),
  byId(0),
  byId(1),
  byId(2),
);
const groups = of<unknown>(byName('crew'), byName('crew'), byName('team'), byId(0), byId(1));

/** Values by the name of the field, for those that say what a request is about. A field keeps its kind: a wanted id is a number or absent. */
const livelyFields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  streamId: places,
  topicId: places,
  groupId: groups,
  userId: of<unknown>(byName('mallory'), byName('robert'), byId(3), byId(4)),
  consumer: fc.oneof(fc.record({ kind: of(1), id: of(1, 2).map(byId) }), fc.record({ kind: of(2), id: groups })),
  partitionId: of(0, 1, 2),
  partitioning: of<unknown>(
    { kind: PartitioningKind.balanced },
    { kind: PartitioningKind.messages_key, key: Buffer.from('key') },
    ...[0, 1, 2].map((partitionId) => ({ kind: PartitioningKind.partition_id, partitionId })),
  ),
  strategy: fc.record({ kind: of(...Object.values(PollingKind)), value: of(0n, 0n, 1n, 5n, 100n) }),
  count: of(1, 1, 5, 10, 20),
  offset: fc.integer({ min: 0, max: 20 }),
  name: of('alpha', 'alpha', 'beta', 'gamma', 'crew', 'team'),
  username: of('mallory', 'robert', 'iggy'),
  password: of('secret', 'iggy'),
  currentPassword: of('secret'),
  partitionsCount: of(1, 1, 2, 3),
  segmentsCount: of(1, 2),
  messageExpiry: of(0n, 2n ** 64n - 1n),
  maxTopicSize: of(0n, 2n ** 64n - 1n),
  replicationFactor: of(undefined, 1),
  protocolVersion: of(protocolVersion, protocolVersion, protocolVersion + 3, protocolVersion + 1024),
  consumerSession: fc.record({ clientId: of(7n, 8n), session: fc.bigInt(1n, 60n), metadataWatermark: of(0n) }),
  options: of<unknown>(
    { entries: [] },
    ...['replicated', 'persisted'].map((level) => ({ entries: [textOption('durability', level)] })),
    { entries: [textOption('compression_algorithm', 'none'), textOption('message_expiry', '7days')] },
    { entries: [textOption('nothing_known', 'x')] },
  ),
};

/** The value with those of its fields replaced that have a meaning on the server. */
function lively(value: unknown): fc.Arbitrary<unknown> {
  const fields = Object.entries(value as object).filter(
    ([name, field]) => name in livelyFields && (typeof field !== 'number' || !isWantedId(name)),
  );
  const replaced = fields.map(([name, field]) => [
    name,
    isWantedId(name) && field === undefined ? of(field) : livelyFields[name]!,
  ]);
  return fc
    .record(Object.fromEntries(replaced), { noNullPrototype: true })
    .map((drawn) => ({ ...(value as object), ...drawn }));
}

function isWantedId(name: string): boolean {
  return name === 'streamId' || name === 'topicId' || name === 'groupId';
}

const userChanges = new Set([34, 35, 36, 37]);
/** Ids that root and the users of the fuzzer may have, as any generation shows them. */
const keptIdMax = 2;
const nobody = 77;

/** A frame whose head may have come to ask for something else: its payload leaves that alone as well. */
function sparedFrame(frame: Uint8Array): Uint8Array {
  const code = codeAt(new DataView(frame.buffer), 0, 'replicated');
  frame.set(spared(code, frame.subarray(headSizes.replicated)), headSizes.replicated);
  return frame;
}

/**
 * A payload that leaves alone what the run itself needs: the first user, and the users it logs in as. Everything else may be changed or deleted;
 * the stream that is checked at the end has a name and a number that no mutation finds.
 */
function spared(code: number, payload: Uint8Array): Uint8Array {
  if (!userChanges.has(code) || payload.byteLength < 3) return payload;
  const bytes = Buffer.from(payload);
  const isRoot =
    bytes
      .subarray(2, 2 + bytes[1]!)
      .toString()
      .trim()
      .toLowerCase() === 'iggy';
  if (bytes[0] === IdentifierKind.numeric && bytes.byteLength >= 6 && bytes.readUInt32LE(2) <= keptIdMax)
    bytes.writeUInt32LE(nobody, 2);
  else if (bytes[0] === IdentifierKind.name && isRoot) bytes[2] = 0x6a;
  return bytes;
}
