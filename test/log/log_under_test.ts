// A partition's log over a disk in memory, with a clock that tests set, and messages that say what they are.

import { xxh3 } from '../../src/lib/checksum.ts';
import type { MasterKey } from '../../src/lib/cipher.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { systemRandom } from '../../src/lib/random.ts';
import {
  forEachMessage,
  type MessageBatch,
  messageHeaderSize,
  type StoredMessages,
  StoredMessageView,
} from '../../src/log/batch.ts';
import type { Disk } from '../../src/log/disk.ts';
import type { LogEnvironment, LogIdentity, LogOptions } from '../../src/log/local_log.ts';
import { localStorage, type PartitionFiles } from '../../src/log/local_storage.ts';
import type { OpenFiles } from '../../src/log/open_files.ts';
import type { SpaceGuard } from '../../src/log/space.ts';
import { TailBudget } from '../../src/log/tail.ts';

export class TestClock implements Clock {
  micros = 1_000_000;
  monotonic = 0;

  nowMicros(): number {
    return this.micros;
  }

  monotonicMs(): number {
    return this.monotonic;
  }
}

/** Lets work in the background come to its end: a disk in memory answers within a few turns of the loop. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const identity: LogIdentity = { streamId: 1, topicId: 2, partitionId: 3, incarnation: 0xfeed_0000_0000_0001n };

/** Folder of `identity` below `/data`. */
export const identityFolder = '/data/1-2-3-0000000000000000feed000000000001';

export const firstSegment = `${identityFolder}/00000000000000000000.log`;

export interface TestOptions extends Partial<LogOptions> {
  readonly clock?: Clock;
  readonly tail?: number;
  readonly notices?: string[];
  readonly root?: string;
  readonly masterKey?: MasterKey;
  readonly files?: OpenFiles;
  readonly space?: SpaceGuard;
}

export function environmentOf(disk: Disk, options: TestOptions = {}): LogEnvironment {
  const notices = options.notices ?? [];
  return {
    disk,
    clock: options.clock ?? new TestClock(),
    random: systemRandom(),
    tailBudget: new TailBudget(options.tail ?? 0),
    notice: (text) => notices.push(text),
    masterKey: options.masterKey,
    files: options.files,
    space: options.space,
  };
}

/** Opens what a disk holds of `identity`. */
export function openFiles(disk: Disk, options: TestOptions = {}): Promise<PartitionFiles> {
  const log: LogOptions = { ...options, segmentSize: options.segmentSize ?? 1 << 20, level: options.level ?? 'os' };
  return localStorage(environmentOf(disk, options), options.root ?? '/data').open(identity, log);
}

/** A batch of one message per text. */
export function batchOf(...texts: string[]): MessageBatch {
  const payloads = texts.map((text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(payloads.reduce((sum, payload) => sum + messageHeaderSize + payload.byteLength, 0));
  const view = new DataView(bytes.buffer);
  const message = new StoredMessageView();
  let position = 0;
  for (const payload of payloads) {
    message.wrap(view, position).payloadLength = payload.byteLength;
    bytes.set(payload, position + messageHeaderSize);
    position += message.size;
  }
  return { count: texts.length, bytes };
}

/** A batch of one message per text, each with an id made of its number; 0 is no id. */
export function batchWithIds(ids: readonly number[], text = 'x'): MessageBatch {
  const batch = batchOf(...ids.map((id) => `${text}${id}`));
  const view = new DataView(batch.bytes.buffer);
  const message = new StoredMessageView();
  let position = 0;
  for (const id of ids) {
    message.wrap(view, position).messageId = BigInt(id) << 64n;
    position += message.size;
  }
  return batch;
}

export interface SeenMessage {
  readonly offset: number;
  readonly timestamp: number;
  readonly text: string;
}

/** The messages of a read. Fails when a checksum does not hold. */
export function seen(messages: StoredMessages): SeenMessage[] {
  const list: SeenMessage[] = [];
  forEachMessage(messages, (message, slice) => {
    const bytes = slice.subarray(message.position + StoredMessageView.messageIdAt, message.position + message.size);
    if (xxh3(bytes) !== message.checksum) throw new Error(`message ${message.offset} fails its checksum`);
    if (message.messageId === 0n) throw new Error(`message ${message.offset} has no id`);
    list.push({
      offset: message.offset,
      timestamp: message.timestamp,
      text: new TextDecoder().decode(message.payload),
    });
  });
  if (list.length !== messages.count) throw new Error(`${list.length} messages in a read of ${messages.count}`);
  return list;
}

export async function textsFrom(files: Pick<PartitionFiles, 'log'>, offset = 0): Promise<string[]> {
  return seen(await files.log.read(offset, 1000)).map(({ text }) => text);
}
