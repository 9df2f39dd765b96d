// A client of generation 0.8 that keeps many requests under way on one connection, as producers do that want a crash to find them at work.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { CommandName } from '../../generated/commands.ts';
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { type Identifier, IdentifierKind } from '../../generated/common/identifier.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { type Message, MessageView } from '../../generated/v0_8/messages/message.ts';
import { encodeMessageBatch, sizeOfMessageBatch } from '../../generated/v0_8/messages/message_batch.ts';
import { decodePolledBatch } from '../../generated/v0_8/messages/polled_batch.ts';
import { commands } from '../../generated/v0_8/protocol.ts';
import { Reader } from '../../src/bytes/reader.ts';
import { Writer } from '../../src/bytes/writer.ts';

/** The server answered with an error. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(command: string, status: number) {
    super(`${command} was refused with status ${status}`);
    this.status = status;
  }
}

/** The connection ended before the answer came: what was asked may have happened or not. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** A polled message, and what a poll says of the partition. */
export interface Polled {
  readonly messages: readonly Message[];
  readonly currentOffset: number;
}

interface Waiting {
  readonly resolve: (payload: Buffer) => void;
  readonly reject: (error: Error) => void;
  readonly command: string;
}

const codes = new Map([...commands].map(([code, { command }]) => [command, code]));
const unlimited = 2n ** 64n - 1n;

/** The one topic that rigs use. */
const name = 'rig';
const stream: Identifier = { kind: IdentifierKind.name, name };
const topic: Identifier = { kind: IdentifierKind.name, name };

export class WireClient {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  readonly #waiting: Waiting[] = [];
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => this.#end());
    socket.on('close', () => this.#end());
  }

  /** Connects to `host:port` and logs in as the first user: with a token, which is quick, or with the password. @throws Unanswered */
  static async open(address: string, token?: string): Promise<WireClient> {
    const at = address.lastIndexOf(':');
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), noDelay: true });
    await once(socket, 'connect').catch((cause: unknown) => {
      throw new Unanswered('the server does not listen', { cause });
    });
    const client = new WireClient(socket);
    if (token !== undefined) await client.call('login_with_personal_access_token', { token });
    else await client.call('login_user', { username: 'iggy', password: 'iggy', version: '0.10.0', context: '' });
    return client;
  }

  /** A token to log in with, which never expires. */
  async createToken(): Promise<string> {
    const { token } = await this.call<{ token: string }>('create_personal_access_token', { name: 'rig', expiry: 0n });
    return token;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends a request behind those under way and resolves to its answer. @throws Refused, Unanswered */
  async call<Response>(commandName: CommandName, request: unknown): Promise<Response> {
    const code = codes.get(commandName)!;
    const command = commands.get(code)!;
    const size = command.sizeOfRequest(request);
    const writer = new Writer(8 + size);
    writer.u32(4 + size);
    writer.u32(code);
    command.encodeRequest(writer, request);
    const payload = await new Promise<Buffer>((resolve, reject) => {
      if (this.#isClosed) return reject(new Unanswered(`${commandName}: the connection is closed`));
      this.#waiting.push({ resolve, reject, command: commandName });
      this.#socket.write(writer.bytes);
    });
    return command.decodeResponse(new Reader(payload)) as Response;
  }

  async createTopic(partitionsCount: number): Promise<void> {
    await this.call('create_stream', { streamId: undefined, name });
    await this.call('create_topic', {
      ...{ streamId: stream, topicId: undefined, partitionsCount, compressionAlgorithm: 1, messageExpiry: unlimited },
      ...{ maxTopicSize: unlimited, replicationFactor: undefined, name },
    });
  }

  /** Messages of each partition, as the topic counts them. */
  async messagesCounts(): Promise<number[]> {
    const { partitions } = await this.call<{ partitions: { messagesCount: number }[] }>('get_topic', {
      streamId: stream,
      topicId: topic,
    });
    return partitions.map(({ messagesCount }) => messagesCount);
  }

  async send(partitionId: number, payloads: readonly Uint8Array[]): Promise<void> {
    await this.call('send_messages', {
      ...{ streamId: stream, topicId: topic, messages: batchOf(payloads) },
      partitioning: { kind: PartitioningKind.partition_id, partitionId },
    });
  }

  async poll(partitionId: number, offset: number, count: number): Promise<Polled> {
    const answer = await this.call<{ currentOffset: number; messages: Uint8Array }>('poll_messages', {
      ...{ consumer: consumerOf(0), streamId: stream, topicId: topic, partitionId, count, autoCommit: false },
      strategy: { kind: PollingKind.offset, value: BigInt(offset) },
    });
    const { messages } = decodePolledBatch(new Reader(answer.messages));
    return { messages, currentOffset: answer.currentOffset };
  }

  async storeOffset(consumer: number, partitionId: number, offset: number): Promise<void> {
    await this.call('store_consumer_offset', {
      ...{ consumer: consumerOf(consumer), streamId: stream, topicId: topic, partitionId, offset },
    });
  }

  /** Undefined when the consumer has none. */
  async storedOffset(consumer: number, partitionId: number): Promise<number | undefined> {
    const answer = await this.call<{ consumerOffset: { storedOffset: number } | undefined }>('get_consumer_offset', {
      ...{ consumer: consumerOf(consumer), streamId: stream, topicId: topic, partitionId },
    });
    return answer.consumerOffset?.storedOffset;
  }

  async purge(): Promise<void> {
    await this.call('purge_topic', { streamId: stream, topicId: topic });
  }

  close(): void {
    this.#socket.destroy();
    this.#end();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.byteLength === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (this.#received.byteLength >= 8) {
      const end = 8 + this.#received.readUInt32LE(4);
      if (this.#received.byteLength < end) return;
      const status = this.#received.readUInt32LE(0);
      const { resolve, reject, command } = this.#waiting.shift()!;
      if (status === 0) resolve(this.#received.subarray(8, end));
      else reject(new Refused(command, status));
      this.#received = this.#received.subarray(end);
    }
  }

  #end(): void {
    this.#isClosed = true;
    for (const { reject, command } of this.#waiting.splice(0))
      reject(new Unanswered(`${command}: the connection ended`));
  }
}

function consumerOf(id: number): unknown {
  return { kind: ConsumerKind.consumer, id: { kind: IdentifierKind.numeric, id: id + 1 } };
}

function batchOf(payloads: readonly Uint8Array[]): Uint8Array {
  let end = 0;
  const indexes = payloads.map((payload) => {
    end += MessageView.headerSize + payload.byteLength;
    return { offset: 0, endPosition: end, timestamp: 0n };
  });
  const messages = payloads.map((payload) => ({
    ...{ checksum: 0n, messageId: 0n, offset: 0, timestamp: 0, originTimestamp: 0n, reserved: 0n },
    ...{ payload, userHeaders: new Uint8Array(0) },
  }));
  const writer = new Writer(sizeOfMessageBatch({ indexes, messages }));
  encodeMessageBatch(writer, { indexes, messages });
  return writer.bytes;
}
