// A scenario written by hand, and short ways to write its steps. Ids and partitions count from 1 in some generations and from 0 in others.
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { PartitioningKind } from '../../generated/common/partitioning.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import type { Message } from '../differential/messages.ts';
import { type Step, step } from '../differential/step.ts';
import { byId, byName } from '../differential/values.ts';

export interface Script {
  readonly title: string;
  /** The steps for a generation whose ids count from `first`. */
  steps(first: number): readonly Step[];
}

/** A topic by the names of its stream and its own. */
export type Place = Readonly<Record<'streamId' | 'topicId', ReturnType<typeof byName>>>;

type Fields = Record<string, unknown>;

/** The connection is root from here on. */
export const logIn: Step = step('login_with_personal_access_token', { token: '@comparer' });

export function place(stream: string, topic: string): Place {
  return { streamId: byName(stream), topicId: byName(topic) };
}

export function createStream(name: string): Step {
  return step('create_stream', { streamId: undefined, name });
}

export function createTopic(stream: string, name: string, partitionsCount: number, settings: Fields = {}): Step {
  return step('create_topic', {
    ...{ streamId: byName(stream), topicId: undefined, partitionsCount },
    ...{ compressionAlgorithm: 1, messageExpiry: 0n, maxTopicSize: 0n, replicationFactor: undefined, name },
    ...settings,
  });
}

/** Root, with a stream and a topic in it. */
export function opening(at: Place, partitionsCount: number): Step[] {
  return [logIn, createStream(at.streamId.name), createTopic(at.streamId.name, at.topicId.name, partitionsCount)];
}

/** A message with a text, and the id and headers that are given. */
export function message(text: string, messageId = 0n, headers: Message['headers'] = []): Message {
  return { messageId, payload: Buffer.from(text), headers };
}

export const balanced = { kind: PartitioningKind.balanced };
export const toPartition = (partitionId: number) => ({ kind: PartitioningKind.partition_id, partitionId });
export const byKey = (key: string) => ({ kind: PartitioningKind.messages_key, key: Buffer.from(key) });

export function send(at: Place, partitioning: unknown, messages: readonly (Message | string)[]): Step {
  const all = messages.map((one) => (typeof one === 'string' ? message(one) : one));
  return step('send_messages', { ...at, partitioning, messages: all });
}

export const consumer = (id: number | string) => ({ kind: ConsumerKind.consumer, id: identifier(id) });
export const group = (id: number | string) => ({ kind: ConsumerKind.consumer_group, id: identifier(id) });

export function identifier(id: number | string): unknown {
  return typeof id === 'number' ? byId(id) : byName(id);
}

export const fromOffset = (offset: bigint) => ({ kind: PollingKind.offset, value: offset });
export const fromTimestamp = (timestamp: bigint) => ({ kind: PollingKind.timestamp, value: timestamp });
export const fromFirst = { kind: PollingKind.first, value: 0n };
export const fromLast = { kind: PollingKind.last, value: 0n };
export const fromNext = { kind: PollingKind.next, value: 0n };

export function poll(at: Place, partitionId: number | undefined, strategy: unknown, count: number, more: Fields = {}) {
  return step('poll_messages', {
    ...{ consumer: consumer(1), ...at, partitionId, strategy, count, autoCommit: false },
    ...more,
  });
}

/** A password login, which is slow in every server. */
export function passwordLogin(username: string, password: string): Step {
  return step('login_user', { username, password, version: '0.6.40', context: '' });
}
