// What the run itself needs on the server: users and tokens to log in with, something for requests to meet, and order kept meanwhile.
import { randomInt } from 'node:crypto';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { protocols } from '../../src/protocol/index.ts';
import type { GenerationName } from '../../src/protocol/protocol.ts';
import { protocolVersion } from '../../src/protocol/v0_9.ts';
import { RawClient } from '../differential/raw_client.ts';
import { Refused, type WireClient } from '../rigs/wire_client.ts';
import { frameFor } from './frames.ts';
import { written } from './subjects.ts';

/** Who a connection is: the first user, one without any right, or nobody. */
export type Role = 'root' | 'outsider' | 'stranger';

/** Tokens by role. */
export type Tokens = Readonly<Record<Exclude<Role, 'stranger'>, string>>;

/** What an SDK of each generation calls itself. */
const versions: Readonly<Record<GenerationName, string>> = {
  v0_4: '0.6.40',
  v0_5: '0.7.0',
  v0_6: '0.8.1',
  v0_8: '0.10.0',
  v0_9: '0.11.0',
};
/** What SDKs of 0.9 begin their logins with. */
const sdk = { protocolVersion, sdkName: 'rust-sdk', sdkVersion: versions.v0_9, context: '' };

const unlimited = 2n ** 64n - 1n;
const alpha = { kind: IdentifierKind.name, name: 'alpha' };
/** Also what the client of the rigs calls its token. */
const streamName = 'rig';
const outsiderName = 'outsider-of-the-fuzzer';

/** A frame of a valid request. */
export function requestFrame(generation: GenerationName, name: string, request: unknown): Uint8Array {
  const { commands } = protocols.byName[generation];
  const [code, { encodeRequest: encode, sizeOfRequest: sizeOf }] = [...commands].find(
    ({ 1: { command } }) => command === name,
  )!;
  return frameFor(generation, code, written({ encode, sizeOf, decode: () => undefined }, request));
}

/** A login without a name, which is refused before any password is looked at, but says which SDK is there. Any frame of 0.9 does. */
export function hello(generation: GenerationName): Uint8Array {
  if (generation === 'v0_9') return requestFrame(generation, 'ping', {});
  return requestFrame(generation, 'login_user', {
    ...{ username: '', password: 'none', version: versions[generation], context: '' },
  });
}

/** The login of a role. */
export function login(generation: GenerationName, tokens: Tokens, role: Exclude<Role, 'stranger'>): Uint8Array {
  const token = tokens[role];
  return generation === 'v0_9'
    ? requestFrame(generation, 'login_register_with_personal_access_token', { ...sdk, token })
    : requestFrame(generation, 'login_with_personal_access_token', { token });
}

/**
 * Makes the stream whose messages are checked at the end. A client of 0.4 may choose its number: one that mutations of small numbers and of
 * boundaries do not meet. Then users and tokens, and a topic with a group for requests to meet.
 */
export async function prepare(port: number, control: WireClient): Promise<Tokens> {
  const old = await RawClient.open(port);
  await old.send(hello('v0_4'));
  const root = await control.createToken();
  await old.send(requestFrame('v0_4', 'login_with_personal_access_token', { token: root }));
  const made = await old.send(
    requestFrame('v0_4', 'create_stream', { streamId: randomInt(1 << 20, 1 << 30), name: streamName }),
  );
  old.close();
  if (made.kind !== 'reply' || made.status !== 0) throw new Error('the stream to be checked could not be made');
  await control.call('create_topic', {
    ...{ streamId: { kind: IdentifierKind.name, name: streamName }, topicId: undefined, partitionsCount: 1 },
    ...{ compressionAlgorithm: 1, messageExpiry: unlimited, maxTopicSize: unlimited },
    ...{ replicationFactor: undefined, name: streamName },
  });
  const [username, password] = [outsiderName, outsiderName];
  await control.call('create_user', { username, password, status: 1, permissions: undefined });
  const outsider = await outsidersToken(port);
  await provide(control);
  return { root, outsider };
}

async function outsidersToken(port: number): Promise<string> {
  const client = await RawClient.open(port);
  await client.send(
    requestFrame('v0_8', 'login_user', {
      ...{ username: outsiderName, password: outsiderName, version: versions.v0_8, context: '' },
    }),
  );
  const reply = await client.send(
    requestFrame('v0_8', 'create_personal_access_token', { name: 'fuzzing', expiry: 0n }),
  );
  client.close();
  if (reply.kind !== 'reply' || reply.status !== 0) throw new Error('the outsider has no token');
  return Buffer.from(reply.payload.subarray(1)).toString();
}

/** Makes what requests are to meet, as far as it is not there. */
async function provide(control: WireClient): Promise<void> {
  const topic = { streamId: alpha, topicId: alpha };
  await unlessRefused(control.call('create_stream', { streamId: undefined, name: 'alpha' }));
  await unlessRefused(
    control.call('create_topic', {
      ...{ streamId: alpha, topicId: undefined, partitionsCount: 3, compressionAlgorithm: 1 },
      ...{ messageExpiry: unlimited, maxTopicSize: unlimited, replicationFactor: undefined, name: 'alpha' },
    }),
  );
  await unlessRefused(control.call('create_consumer_group', { ...topic, groupId: undefined, name: 'crew' }));
}

interface Listed {
  readonly name: string;
  readonly sizeBytes: number;
  readonly streamId: number;
}

const streamsMax = 20;
const sizeMax = 32 << 20;

/** Makes what is missing. Deletes everything first when that is wanted, or when there is so much that a long run would fill the disk. */
export async function tidyUp(control: WireClient, isClearing: boolean): Promise<void> {
  const others = await otherStreams(control);
  if (isClearing || others.length > streamsMax || others.some(({ sizeBytes }) => sizeBytes > sizeMax))
    await clear(control);
  await provide(control);
}

async function otherStreams(control: WireClient): Promise<readonly Listed[]> {
  const { streams } = await control.call<{ streams: readonly Listed[] }>('get_streams', {});
  return streams.filter(({ name }) => name !== streamName);
}

/** Deletes all that the run itself does not need. */
export async function clear(control: WireClient): Promise<void> {
  for (const { streamId } of await otherStreams(control))
    await unlessRefused(control.call('delete_stream', { streamId: { kind: IdentifierKind.numeric, id: streamId } }));
  const { tokens } = await control.call<{ tokens: readonly { name: string }[] }>('get_personal_access_tokens', {});
  for (const { name } of tokens)
    if (name !== streamName) await unlessRefused(control.call('delete_personal_access_token', { name }));
  const { users } = await control.call<{ users: readonly { userId: number; username: string }[] }>('get_users', {});
  for (const { userId, username } of users)
    if (userId > 0 && username !== outsiderName)
      await unlessRefused(control.call('delete_user', { userId: { kind: IdentifierKind.numeric, id: userId } }));
}

/** The fuzzer changes things at the same time: what it was faster with is not an error. */
async function unlessRefused(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
  });
}
