// Who is a member of which consumer group now. Kept in memory only: members are connections, and do not outlive the process.
import type { Clock } from '../lib/clock.ts';
import { GroupMembers } from './group_members.ts';
import type { ConsumerGroup, Topic } from './topic.ts';

/** One group a client is in. */
export interface Membership {
  readonly topic: Topic;
  readonly group: ConsumerGroup;
}

interface LiveGroup extends Membership {
  readonly members: GroupMembers;
}

export class Memberships {
  readonly #clock: Clock;
  /** By the group's `createdIndex`, which no two groups share, also not one that follows another under its name. */
  readonly #groups = new Map<number, LiveGroup>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The members of a group, with the topic's partitions as they are now and overdue partitions taken away. */
  of(topic: Topic, group: ConsumerGroup): GroupMembers {
    // A group that has become empty is kept: its generation goes on.
    const known = this.#groups.get(group.createdIndex);
    if (known === undefined) return new GroupMembers(topic.partitions.length);
    const { members } = known;
    if (members.partitionsCount !== topic.partitions.length) members.resize(topic.partitions.length);
    members.expire(this.#clock.monotonicMs());
    return members;
  }

  join(topic: Topic, group: ConsumerGroup, clientId: number): void {
    const members = this.of(topic, group);
    members.join(clientId, this.#clock.monotonicMs());
    this.#groups.set(group.createdIndex, { topic, group, members });
  }

  /** False when the client was no member. */
  leave(topic: Topic, group: ConsumerGroup, clientId: number): boolean {
    const members = this.of(topic, group);
    return members.leave(clientId);
  }

  /** The client is gone: it leaves every group. */
  leaveAll(clientId: number): void {
    for (const { topic, group, members } of [...this.#groups.values()]) {
      if (members.member(clientId) !== undefined) this.leave(topic, group, clientId);
    }
  }

  /** The groups a client is in. */
  ofClient(clientId: number): Membership[] {
    return [...this.#groups.values()].filter(({ members }) => members.member(clientId) !== undefined);
  }

  /** A group was deleted. */
  forget(group: ConsumerGroup): void {
    this.#groups.delete(group.createdIndex);
  }

  /** A topic was deleted with its groups. */
  forgetTopic(topic: Topic): void {
    for (const group of topic.consumerGroups) this.forget(group);
  }
}
