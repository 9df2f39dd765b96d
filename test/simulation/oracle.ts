// Judges a catalog against a history: everything that was acknowledged is there, nothing that was deleted is, and what nobody was told of is there in
// whole or not at all. What it finds is what the history goes on from.
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Topic } from '../../src/catalog/topic.ts';
import type { TopicOption } from '../../src/catalog/topic_options.ts';
import { byId } from '../catalog/catalog_under_test.ts';
import { appendsOf, checkLog, type FoundAppend, type Moment } from './check_log.ts';
import { checkOffsets } from './check_offsets.ts';
import {
  type Expected,
  type ExpectedPartition,
  type ExpectedStream,
  type ExpectedTopic,
  expectedAfter,
} from './expected.ts';
import { History } from './history.ts';
import { type Append, isOkAt, isRefusedAt } from './records.ts';
import type { Scheduler } from './scheduler.ts';
import { must, Violation } from './violation.ts';

/** What is known once a start was judged. */
export interface Judged {
  /** Goes on from what was found. */
  readonly history: History;
  /** Keys of topics by the index of the entry that created them. */
  readonly topicKeys: Map<number, number>;
}

/** @throws Violation. */
export async function judge(catalog: Catalog, moment: Moment, scheduler: Scheduler): Promise<Judged> {
  const expected = expectedOf(catalog, moment);
  const { history, at, crash } = moment;
  const next = new History(history.level, expected, history);
  const topicKeys = new Map<number, number>();
  const streams: ExpectedStream[] = [];
  for (const stream of expected.streams) {
    const topics: ExpectedTopic[] = [];
    for (const topic of stream.topics) {
      const live = catalog.stream(byId(stream.id)).topic(byId(topic.id));
      topicKeys.set(live.createdIndex, topic.key);
      const partitions: ExpectedPartition[] = [];
      for (const [index, partition] of topic.partitions.entries()) {
        const { log, consumerOffsets, identity } = live.partition(index);
        const { appends, earliestOnDisk } = await checkLog(log, partition, moment, scheduler);
        const offsets = { consumerOffsets, groups: live.consumerGroups };
        const stores = checkOffsets(offsets, topic, partition, log.nextOffset, moment);
        const slot = next.slot(topic.key, index);
        // At level `disk` a start shows only what is there.
        const level = crash === 'power' || slot.promise.level === 'disk' ? 'disk' : 'os';
        for (const item of appends) {
          const isOnDisk = isOkAt(item.append, at) && history.isOnDisk(item.append, partition.slot, at);
          slot.appends.push(asFound(item, isOnDisk ? 'disk' : level));
        }
        slot.stores.push(...stores);
        Object.assign(slot, { earliest: log.earliestOffset, earliestOnDisk });
        slot.appends.unshift(...deletedFrom(partition, earliestOnDisk, log.earliestOffset, moment));
        next.incarnations.add(identity.incarnation);
        partitions.push({ slot, begunBy: undefined, incarnation: identity.incarnation });
      }
      topics.push({
        ...topic,
        partitions,
        groups: topic.groups.map((group) => ({ ...group, begunBy: undefined })),
        groupsEnded: [],
      });
    }
    streams.push({ ...stream, topics });
  }
  next.base = { ...expected, streams };
  return { history: next, topicKeys };
}

/** Appends that a process deleted and a power cut may bring back. */
function deletedFrom(partition: ExpectedPartition, from: number, to: number, moment: Moment): Append[] {
  return appendsOf(partition, moment).filter(
    (append) => isOkAt(append, moment.at) && append.baseOffset >= from && append.baseOffset < to,
  );
}

/** An append that a start found. It was shown, so it must stay, whether it was acknowledged or not. */
function asFound({ append, baseOffset, bytes }: FoundAppend, level: Append['level']): Append {
  return { ...append, askedAt: 0, answeredAt: 0, outcome: 'ok', baseOffset, bytes, level };
}

/** The model that the catalog agrees with: all changes that were acknowledged, and some first ones of those that were not. */
function expectedOf(catalog: Catalog, { history, at, crash }: Moment): Expected {
  const changes = history.changes.filter((changed) => changed.askedAt <= at && !isRefusedAt(changed, at));
  const certain = changes.findLastIndex((changed) => isOkAt(changed, at)) + 1;
  let expected = history.base;
  for (const changed of changes.slice(0, certain)) expected = expectedAfter(expected, changed, history);
  const first = difference(catalog, expected, history);
  if (first === undefined) return expected;
  if (crash !== 'none') {
    for (const changed of changes.slice(certain)) {
      expected = expectedAfter(expected, changed, history);
      if (difference(catalog, expected, history) === undefined) return expected;
    }
  }
  throw new Violation(`the catalog is not what was acknowledged: ${first}`);
}

/** How a catalog differs from the model; undefined when it does not. */
function difference(catalog: Catalog, expected: Expected, history: History): string | undefined {
  const users = [...catalog.users].map(({ id, name, passwordHash }) => `${id} ${name} ${passwordHash}`);
  const expectedUsers = expected.users.map(({ id, name, password }) => `${id} ${name} ${password}`);
  if (users.join() !== expectedUsers.join()) return `users ${users.join()} instead of ${expectedUsers.join()}`;
  const streams = [...catalog.streams];
  const text = streams.map(({ id, name }) => `${id} ${name}`).join();
  const expectedText = expected.streams.map(({ id, name }) => `${id} ${name}`).join();
  if (text !== expectedText) return `streams ${text} instead of ${expectedText}`;
  for (const [index, stream] of streams.entries()) {
    const topics = [...stream.topics];
    const expectedTopics = expected.streams[index]!.topics;
    const names = topics.map(({ id, name }) => `${id} ${name}`).join();
    const expectedNames = expectedTopics.map(({ id, name }) => `${id} ${name}`).join();
    if (names !== expectedNames) return `topics ${names} instead of ${expectedNames}`;
    for (const [number, topic] of topics.entries()) {
      const found = topicDifference(topic, expectedTopics[number]!, history);
      if (found !== undefined) return `topic ${stream.name}/${topic.name}: ${found}`;
    }
  }
  return undefined;
}

function topicDifference(topic: Topic, expected: ExpectedTopic, history: History): string | undefined {
  const [options, expectedOptions] = [topic.options, expected.options].map(textOfOptions);
  if (options !== expectedOptions) return `options ${options} instead of ${expectedOptions}`;
  const groups = [...topic.consumerGroups].map(({ id, name }) => `${id} ${name}`).join();
  const expectedGroups = expected.groups.map(({ id, name }) => `${id} ${name}`).join();
  if (groups !== expectedGroups) return `groups ${groups} instead of ${expectedGroups}`;
  if (topic.partitions.length !== expected.partitions.length)
    return `${topic.partitions.length} partitions instead of ${expected.partitions.length}`;
  for (const [index, { identity }] of topic.partitions.entries()) {
    const { incarnation } = expected.partitions[index]!;
    const isMeant =
      incarnation === undefined
        ? !history.incarnations.has(identity.incarnation)
        : incarnation === identity.incarnation;
    if (!isMeant) return `partition ${index} is in a life that it should not be in`;
  }
  return undefined;
}

function textOfOptions(options: readonly TopicOption[]): string {
  return options.map(({ key, kind, value }) => `${key} ${kind} ${Buffer.from(value).toString('latin1')}`).join();
}

/** The state that a live catalog must be in; for runs that compare while nothing is under way. */
export async function judgeLive(catalog: Catalog, history: History, scheduler: Scheduler): Promise<void> {
  must(catalog.totals.streams === [...catalog.streams].length, () => 'the totals are wrong');
  await judge(catalog, { history, at: history.now, crash: 'none' }, scheduler);
}
