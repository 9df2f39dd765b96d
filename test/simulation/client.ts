// Uses a simulated server as connections do, and notes what it asked for and was told. What it names may be gone: then it asks for nothing.
import type { Identifier } from '../../generated/common/identifier.ts';
import { IdentifierKind } from '../../generated/common/identifier.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Partition } from '../../src/catalog/partition.ts';
import type { Stream } from '../../src/catalog/stream.ts';
import type { Topic } from '../../src/catalog/topic.ts';
import { forEachMessage } from '../../src/log/batch.ts';
import { OffsetOwner } from '../../src/log/consumer_offsets.ts';
import { LogError } from '../../src/log/log_error.ts';
import { settingsOf } from '../catalog/catalog_under_test.ts';
import { auditAcknowledged, auditSealed } from './audit.ts';
import type { History } from './history.ts';
import type { Judged } from './oracle.ts';
import { type Append, type Asked, type Change, type Changed, never, type Outcome, type Slot } from './records.ts';
import { bytesOf, readMessage } from './sent_messages.ts';
import type { SimulatedDisk } from './simulated_disk.ts';
import { must, Violation } from './violation.ts';
import type { ServerOptions, World } from './world.ts';

/** One partition, as a connection that was told of it holds on to it. */
export interface Target {
  readonly slot: Slot;
  readonly topic: Topic;
  readonly partition: Partition;
}

export class Client {
  readonly catalog: Catalog;
  readonly history: History;
  isClosed = false;
  readonly #disk: SimulatedDisk;
  readonly #topicKeys: Map<number, number>;
  readonly #notices: readonly string[];
  readonly #server: ServerOptions;

  constructor(catalog: Catalog, judged: Judged, { disk, notices, server }: World) {
    this.catalog = catalog;
    this.history = judged.history;
    this.#topicKeys = judged.topicKeys;
    this.#disk = disk;
    this.#notices = notices;
    this.#server = server;
  }

  topic(path: string): Topic | undefined {
    const [stream, topic] = path.split('/') as [string, string];
    return this.#stream(stream)?.findTopic(named(topic));
  }

  #stream(name: string): Stream | undefined {
    return this.catalog.findStream(named(name));
  }

  /** Partition `index` of `stream/topic` as it is now. */
  target(path: string, index = 0): Target | undefined {
    const topic = this.topic(path);
    const partition = topic?.partitions[index];
    if (topic === undefined || partition === undefined) return undefined;
    return { slot: this.history.slot(this.#topicKeys.get(topic.createdIndex)!, index), topic, partition };
  }

  get targets(): Target[] {
    return [...this.catalog.streams].flatMap((stream) =>
      [...stream.topics].flatMap((topic) =>
        topic.partitions.flatMap((_, index) => this.target(`${stream.name}/${topic.name}`, index) ?? []),
      ),
    );
  }

  /** Appends one batch. */
  async append(target: Target | undefined, count = 1, size = 24): Promise<void> {
    if (target === undefined) return;
    const { slot, partition } = target;
    const append = this.history.append(slot, count, size, (batch) => this.#bytesOf(batch, count, size));
    await this.#ask(
      append,
      () => partition.log.append({ count, bytes: append.bytes }),
      (receipt) => {
        append.baseOffset = receipt.baseOffset;
        append.timestamp = receipt.timestamp;
        if (this.#server.isEncrypted) auditSealed(this.#disk, slot, append);
        else if (slot.promise.level !== 'memory') auditAcknowledged(this.#disk, this.history, slot, append);
        // The log may keep this memory; what it does to it later must not change what was acknowledged.
        append.bytes = append.bytes.slice();
      },
    );
  }

  #bytesOf(batch: number, count: number, size: number): Uint8Array {
    return bytesOf(batch, count, size, this.#server.deduplication !== undefined);
  }

  /** Sends a batch again, as a client does that was not told that it is there. A server that drops duplicates takes nothing of it. */
  async resend({ slot, partition }: Target, { batch, count, size }: Append): Promise<void> {
    const bytes = this.#bytesOf(batch, count, size);
    await this.#ask(
      this.history.asked(),
      () => partition.log.append({ count, bytes }),
      (receipt) => must(receipt.count === 0, () => `${slot.name}: batch ${batch} is taken again`),
    );
  }

  /** Sends again what was acknowledged last. */
  async resendLast(target: Target | undefined): Promise<void> {
    // After a purge it is new, and in a partition that was deleted and made again; when its segment is gone it may be.
    const ends = (kind: string): boolean => kind.startsWith('purge_') || kind === 'delete_partitions';
    const end = this.history.changes.findLast(({ change }) => ends(change.kind));
    const last = target?.slot.appends.findLast(({ outcome }) => outcome === 'ok');
    if (last !== undefined && last.baseOffset < target!.partition.log.earliestOffset) return;
    if (end !== undefined && last !== undefined && end.answeredAt > last.askedAt) return;
    if (target !== undefined && last !== undefined) await this.resend(target, last);
  }

  /** Reads what there is. It must still be there after whatever the server promises to survive. */
  async look(target: Target | undefined): Promise<void> {
    if (target === undefined) return;
    const { slot, partition } = target;
    const read = await partition.log.read(0, 1000).catch((error: unknown) => {
      if (!(error instanceof LogError)) throw error;
    });
    if (this.#disk.isDead || read === undefined) return;
    this.history.now++;
    forEachMessage(read, (message, slice) => {
      const { batch } = readMessage(message, slice);
      const append = slot.appends.find((one) => one.batch === batch);
      if (append !== undefined) append.seenAt = Math.min(append.seenAt, this.history.now);
    });
  }

  /** Deletes up to `count` of the oldest full segments. */
  async deleteSegments(target: Target | undefined, count = 1): Promise<void> {
    if (target === undefined) return;
    const { slot, topic, partition } = target;
    const { log } = partition;
    const isAlone = [...slot.appends, ...slot.deletions].every(({ answeredAt }) => answeredAt !== never);
    const last = log.sealedSegments.slice(0, count).at(-1);
    const deletion = this.history.deletion(slot, isAlone ? (last?.endOffset ?? log.earliestOffset) : never);
    const deleteThem = () => this.catalog.deleteSegments(topic, partition.id, count);
    await this.#ask(deletion, deleteThem, () => {
      // One that is under way may have removed what is not gone for good yet.
      if (slot.deletions.some((other) => other !== deletion && other.answeredAt === never)) return;
      deletion.reached = log.earliestOffset;
      const { reached, upTo } = deletion;
      const isOther = this.history.changes.some(({ answeredAt }) => answeredAt > deletion.askedAt);
      must(!isAlone || isOther || reached === upTo, () => `${slot.name}: begins at ${reached}, not at ${upTo}`);
    });
  }

  /** Appends until it is taken: a log whose disk works again must not stay closed. */
  async mustTake(target: Target): Promise<void> {
    for (let attempt = 0; attempt < 20; attempt++) {
      await this.append(target);
      if (target.slot.appends.at(-1)!.outcome === 'ok' || this.#disk.isDead) return;
      // Gives what goes on behind it some time.
      await target.partition.log.flush('os').catch(() => {});
    }
    throw new Violation(`${target.slot.name} takes no messages although the disk works: ${target.partition.log.fence}`);
  }

  async store(target: Target | undefined, consumerId: number, offset: number): Promise<void> {
    if (target === undefined) return;
    const owner = OffsetOwner.consumer;
    const store = this.history.store(target.slot, owner, consumerId, offset);
    await this.#ask(store, () => target.partition.consumerOffsets.store(owner, consumerId, offset));
  }

  /** Stores the offset of the group of this name, if there is one. */
  async storeForGroup(target: Target | undefined, group: string, offset: number): Promise<void> {
    const found = target?.topic.findConsumerGroup(named(group));
    if (target === undefined || found === undefined) return;
    const owner = OffsetOwner.consumer_group;
    const store = this.history.store(target.slot, owner, found.id, offset);
    await this.#ask(store, () => target.partition.consumerOffsets.store(owner, found.createdIndex, offset));
  }

  async forget(target: Target | undefined, consumerId: number): Promise<void> {
    if (target === undefined) return;
    const owner = OffsetOwner.consumer;
    const store = this.history.store(target.slot, owner, consumerId, undefined);
    await this.#ask(store, () => target.partition.consumerOffsets.delete(owner, consumerId));
  }

  async flush(target: Target | undefined): Promise<void> {
    if (target === undefined) return;
    // Stored offsets are not flushed with messages, so only an append is raised by this.
    const flush = this.history.flush(target.slot);
    await this.#ask(flush, () => target.partition.log.flush('disk'));
  }

  /** Stops the server cleanly. */
  async close(): Promise<void> {
    this.isClosed = true;
    const flush = this.history.flush(undefined);
    const told = this.#notices.length;
    // A partition that is fenced stays as it is.
    const isFenced = this.targets.some(({ partition }) => partition.log.fence !== undefined);
    await this.#ask(flush, async () => {
      // A stop that is not clean says so with the disk's own error.
      await this.catalog.close().catch((error: unknown) => Promise.reject(LogError.from('fenced', error)));
      // A partition that could not be brought to the disk does not keep the others from it, so only a notice tells.
      if (isFenced || this.#notices.length > told)
        throw new LogError('fenced', 'not everything was brought to the disk');
    });
  }

  /** Makes a change of the catalog. */
  async change(change: Change): Promise<void> {
    const ask = this.#change(change);
    if (ask === undefined) return;
    const changed = this.history.change(change);
    await this.#ask(changed, ask, () => this.#learn(changed));
  }

  #change(change: Change): (() => Promise<unknown>) | undefined {
    const { catalog } = this;
    if ('user' in change) return this.#changeUser(change);
    const stream = this.#stream(change.stream);
    if (change.kind === 'create_stream')
      return stream === undefined ? () => catalog.createStream(change.stream) : undefined;
    if (stream === undefined) return undefined;
    switch (change.kind) {
      case 'delete_stream':
        return () => catalog.deleteStream(stream);
      case 'purge_stream':
        return () => catalog.purgeStream(stream);
      case 'rename_stream':
        return this.#stream(change.to) === undefined ? () => catalog.updateStream(stream, change.to) : undefined;
    }
    const topic = stream.findTopic(named(change.topic));
    if (change.kind === 'create_topic')
      return topic === undefined
        ? () => catalog.createTopic(stream, settingsOf(change.topic, change.options), change.partitions)
        : undefined;
    return topic === undefined ? undefined : this.#changeTopic(stream, topic, change);
  }

  #changeTopic(
    stream: Stream,
    topic: Topic,
    change: Extract<Change, { topic: string }>,
  ): (() => Promise<unknown>) | undefined {
    const { catalog } = this;
    switch (change.kind) {
      case 'delete_topic':
        return () => catalog.deleteTopic(topic);
      case 'purge_topic':
        return () => catalog.purgeTopic(topic);
      case 'rename_topic':
        return stream.findTopic(named(change.to)) === undefined
          ? () => catalog.updateTopic(topic, { ...topic.settings, name: change.to })
          : undefined;
      case 'create_partitions':
        return () => catalog.createPartitions(topic, change.partitions);
      case 'delete_partitions':
        return topic.partitions.length >= change.partitions
          ? () => catalog.deletePartitions(topic, change.partitions)
          : undefined;
      case 'create_group':
        return topic.findConsumerGroup(named(change.group)) === undefined
          ? () => catalog.createConsumerGroup(topic, change.group)
          : undefined;
      case 'delete_group': {
        const group = topic.findConsumerGroup(named(change.group));
        return group === undefined ? undefined : () => catalog.deleteConsumerGroup(topic, group);
      }
      case 'create_topic':
        return undefined;
    }
  }

  #changeUser(change: Extract<Change, { user: string }>): (() => Promise<unknown>) | undefined {
    const { users } = this.catalog;
    const user = users.named(change.user);
    if (change.kind === 'create_user') {
      const created = { name: change.user, passwordHash: 'secret', status: UserStatus.active, permissions: undefined };
      return user === undefined ? () => users.create(created) : undefined;
    }
    if (user === undefined) return undefined;
    return change.kind === 'delete_user' ? () => users.delete(user) : () => users.setPasswordHash(user, change.to);
  }

  /** Notes which lives a change began. */
  #learn(changed: Changed): void {
    const { change } = changed;
    if (!('stream' in change)) return;
    const stream = this.#stream(change.stream);
    if (stream === undefined) return;
    for (const topic of stream.topics) {
      if (change.kind === 'create_topic' && topic.name === change.topic)
        this.#topicKeys.set(topic.createdIndex, changed.askedAt);
      const isMeant = change.kind === 'purge_stream' || ('topic' in change && change.topic === topic.name);
      if (!isMeant) continue;
      for (const [index, { identity }] of topic.partitions.entries()) {
        if (this.history.incarnations.has(identity.incarnation)) continue;
        this.history.incarnations.add(identity.incarnation);
        changed.incarnations.set(
          this.history.slot(this.#topicKeys.get(topic.createdIndex)!, index),
          identity.incarnation,
        );
      }
    }
  }

  /** Asks, and notes the answer unless the server died meanwhile. */
  async #ask<Answer>(asked: Asked, ask: () => Promise<Answer>, learn?: (answer: Answer) => void): Promise<void> {
    try {
      const answer = await ask();
      if (this.#disk.isDead) return;
      learn?.(answer);
      this.history.answered(asked, 'ok');
    } catch (error) {
      if (this.#disk.isDead) return;
      if (error instanceof Violation) throw error;
      this.history.answered(asked, outcomeOf(error, asked));
    }
  }
}

/** What an error promises: see `PartitionLog` and `MetadataLog`. */
function outcomeOf(error: unknown, asked: Asked): Outcome {
  if (error instanceof IggyError) return 'refused';
  if (!(error instanceof LogError)) throw new Violation(`an error of another kind: ${(error as Error).stack}`);
  if (error.kind === 'fenced') return 'unknown';
  // Of stored offsets and deletions only success is promised.
  return 'consumerId' in asked || 'upTo' in asked ? 'unknown' : 'refused';
}

function named(name: string): Identifier {
  return { kind: IdentifierKind.name, name };
}
