// What the clients of a long run do: one drawn action after another, several at once.
import type { TopicOption } from '../../src/catalog/topic_options.ts';
import type { Client, Target } from './client.ts';
import type { Change } from './records.ts';
import type { Seeded } from './seeded.ts';
import type { SwarmOptions } from './swarm_options.ts';

const streams = ['a', 'b'];
const topics = ['t', 'u', 'v'];
const groups = ['g', 'h'];
const users = ['ann', 'bob'];

export class Actor {
  readonly #client: Client;
  readonly #options: SwarmOptions;
  readonly #random: Seeded;
  readonly #underWay = new Set<Promise<void>>();
  /** What was found to be wrong while actions were under way. */
  #failure: { readonly error: unknown } | undefined;
  /** Changes of what exists, and what they would disturb, come one after another; everything else goes on beside them. */
  #changing: Promise<void> = Promise.resolve();

  constructor(client: Client, options: SwarmOptions, random: Seeded) {
    this.#client = client;
    this.#options = options;
    this.#random = random;
  }

  /** Does everything that one start of a server sees. */
  async play(): Promise<void> {
    for (let count = 0; count < this.#options.actions; count++) {
      while (this.#underWay.size >= this.#options.atOnce) await Promise.race(this.#underWay);
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#start(this.#act(this.#draw()));
    }
    await this.settled();
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.race(this.#underWay);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #start(action: Promise<void>): void {
    const running = action
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  #draw(): string {
    const entries = Object.entries(this.#options.weights);
    let left = (this.#random.next() / 4294967296) * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [action, weight] of entries) {
      left -= weight;
      if (left < 0) return action;
    }
    return 'append';
  }

  async #act(action: string): Promise<void> {
    const random = this.#random;
    const target = this.#target();
    const client = this.#client;
    switch (action) {
      case 'append':
        return this.#append(target);
      case 'burst':
        await Promise.all(Array.from({ length: 2 + random.below(4) }, () => this.#append(target)));
        return;
      case 'store':
        return client.store(target, random.below(3), random.below(20));
      case 'forget':
        return client.forget(target, random.below(3));
      case 'store for a group':
        return client.storeForGroup(target, random.pick(groups), random.below(20));
      case 'flush':
        return client.flush(target);
      case 'delete segments':
        return client.deleteSegments(target, 1 + random.below(3));
      case 'resend':
        return this.#inTurn(() => client.resendLast(this.#target()));
      default:
        return this.#change(this.#drawChange(action));
    }
  }

  #target(): Target | undefined {
    const { targets } = this.#client;
    return targets.length === 0 ? undefined : this.#random.pick(targets);
  }

  #append(target: Target | undefined): Promise<void> {
    const { countMax, sizeMax } = this.#options;
    return this.#client.append(target, 1 + this.#random.below(countMax), this.#random.below(sizeMax));
  }

  #change(change: Change): Promise<void> {
    return this.#inTurn(() => this.#client.change(change));
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(action);
    this.#changing = changed.catch(() => {});
    return changed;
  }

  #drawTopicOptions(): readonly TopicOption[] {
    const { topicOptions } = this.#options;
    return topicOptions.length === 0 ? [] : this.#random.pick(topicOptions);
  }

  #drawChange(action: string): Change {
    const random = this.#random;
    const [stream, topic, user] = [random.pick(streams), random.pick(topics), random.pick(users)];
    const partitions = 1 + random.below(2);
    const group = random.pick(groups);
    switch (action) {
      case 'delete stream':
        return { kind: 'delete_stream', stream };
      case 'purge stream':
        return { kind: 'purge_stream', stream };
      case 'create topic':
        return this.#client.catalog.totals.streams === 0
          ? { kind: 'create_stream', stream }
          : { kind: 'create_topic', stream, topic, partitions, options: this.#drawTopicOptions() };
      case 'delete topic':
        return { kind: 'delete_topic', stream, topic };
      case 'purge topic':
        return { kind: 'purge_topic', stream, topic };
      case 'create partitions':
        return { kind: 'create_partitions', stream, topic, partitions };
      case 'delete partitions':
        return { kind: 'delete_partitions', stream, topic, partitions };
      case 'create group':
        return { kind: 'create_group', stream, topic, group };
      case 'delete group':
        return { kind: 'delete_group', stream, topic, group };
      case 'rename topic':
        return { kind: 'rename_topic', stream, topic, to: random.pick(topics) };
      case 'create user':
        return { kind: 'create_user', user };
      case 'delete user':
        return { kind: 'delete_user', user };
      default:
        return { kind: 'create_stream', stream };
    }
  }
}
