// The members of one consumer group and which partitions each owns. Pure state: who joins, leaves, polls and commits is told to it, time included.
// Partitions move as in server 0.8: a join takes what is free, and takes from others only what they have finished with.

/** One connected client in a group. */
export interface GroupMember {
  readonly clientId: number;
  /** Number in the group, from 0; not used again while a later one is there. */
  readonly memberId: number;
  /** Partitions owned, in the order they are polled. */
  readonly partitions: readonly number[];
}

/** Time that a member has to finish with a partition before it is taken away, milliseconds. */
export const revocationTimeoutMs = 30_000;

interface Member {
  readonly clientId: number;
  readonly memberId: number;
  partitions: number[];
  cursor: number;
  /** Polled last. */
  current: number | undefined;
}

/** A partition on its way from one member to another. */
interface Revocation {
  readonly from: Member;
  readonly to: Member;
  readonly sinceMs: number;
}

export class GroupMembers {
  readonly #members: Member[] = [];
  /** By partition. */
  readonly #revocations = new Map<number, Revocation>();
  /** Last offset that the owner has in hand, by partition; absent when it has committed all that it was given. */
  readonly #delivered = new Map<number, number>();
  #partitionsCount: number;
  #generation = 0;

  constructor(partitionsCount: number) {
    this.#partitionsCount = partitionsCount;
  }

  get size(): number {
    return this.#members.length;
  }

  /** Grows with every change of the members or of what they own. */
  get generation(): number {
    return this.#generation;
  }

  get partitionsCount(): number {
    return this.#partitionsCount;
  }

  /** In order of member ids. */
  list(): readonly GroupMember[] {
    return this.#members;
  }

  member(clientId: number): GroupMember | undefined {
    return this.#find(clientId);
  }

  /** Adds a client; one that is a member already stays as it is. */
  join(clientId: number, nowMs: number): GroupMember {
    const known = this.#find(clientId);
    if (known !== undefined) return known;
    const memberId = this.#members.reduce((next, member) => Math.max(next, member.memberId + 1), 0);
    const joined: Member = { clientId, memberId, partitions: [], cursor: 0, current: undefined };
    this.#members.push(joined);
    this.#generation++;
    if (this.#members.length === 1) this.#assignAll();
    else this.#offer(joined, nowMs);
    return joined;
  }

  /** Removes a client and assigns everything anew. False when it was no member. */
  leave(clientId: number): boolean {
    const index = this.#members.findIndex((member) => member.clientId === clientId);
    if (index < 0) return false;
    this.#members.splice(index, 1);
    this.#assignAll();
    return true;
  }

  /** The topic has another number of partitions now: everything is assigned anew. */
  resize(partitionsCount: number): void {
    this.#partitionsCount = partitionsCount;
    this.#assignAll();
  }

  /** The member's next partition in turn, undefined when it has none to poll. Partitions that are being taken away are skipped. */
  nextPartition(clientId: number): number | undefined {
    const partition = this.upcomingPartition(clientId);
    if (partition === undefined) return undefined;
    const member = this.#find(clientId)!;
    member.cursor = (member.partitions.indexOf(partition) + 1) % member.partitions.length;
    member.current = partition;
    return partition;
  }

  /** What `nextPartition` would give; the turn stays where it is. */
  upcomingPartition(clientId: number): number | undefined {
    const member = this.#find(clientId);
    if (member === undefined) return undefined;
    const { partitions, cursor } = member;
    for (let tried = 0; tried < partitions.length; tried++) {
      const partition = partitions[(cursor + tried) % partitions.length]!;
      if (!this.#revocations.has(partition)) return partition;
    }
    return undefined;
  }

  /** The partition that a member polled last; undefined before its first poll, and when it is no longer its own. */
  currentPartition(clientId: number): number | undefined {
    const member = this.#find(clientId);
    return member?.current !== undefined && member.partitions.includes(member.current) ? member.current : undefined;
  }

  /** Whether a partition is a member's own, also while it is being taken away: what was polled may still be committed. */
  keeps(clientId: number, partition: number): boolean {
    return this.#find(clientId)?.partitions.includes(partition) === true;
  }

  /** The partitions that a client may poll, undefined when it is no member. */
  ownedBy(clientId: number): number[] | undefined {
    return this.#find(clientId)?.partitions.filter((partition) => !this.#revocations.has(partition));
  }

  /** Whether a client may poll a partition. */
  owns(clientId: number, partition: number): boolean {
    return this.keeps(clientId, partition) && !this.#revocations.has(partition);
  }

  /** The owner was given messages up to `offset`. */
  delivered(partition: number, offset: number): void {
    this.#delivered.set(partition, offset);
  }

  /** The group's offset of a partition was stored: with it the owner may be through with the partition, which moves on if it waits for that. */
  committed(partition: number, offset: number): void {
    const last = this.#delivered.get(partition);
    if (last !== undefined && offset < last) return;
    this.#delivered.delete(partition);
    this.#complete(partition);
  }

  /** Takes away what its owner has not finished with in time. */
  expire(nowMs: number): void {
    for (const [partition, { sinceMs }] of this.#revocations)
      if (nowMs - sinceMs >= revocationTimeoutMs) this.#complete(partition);
  }

  #find(clientId: number): Member | undefined {
    return this.#members.find((member) => member.clientId === clientId);
  }

  /** Partition by partition to member by member, as all generations do when somebody leaves. */
  #assignAll(): void {
    this.#generation++;
    this.#revocations.clear();
    this.#delivered.clear();
    for (const member of this.#members) {
      member.partitions = [];
      member.cursor = 0;
    }
    if (this.#members.length === 0) return;
    for (let partition = 0; partition < this.#partitionsCount; partition++)
      this.#members[partition % this.#members.length]!.partitions.push(partition);
  }

  /** Gives a new member its share: what others own beyond theirs, from the ends of their lists. */
  #offer(joined: Member, nowMs: number): void {
    const share = Math.floor(this.#partitionsCount / this.#members.length);
    const others = this.#members.filter((member) => member !== joined);
    let wanted = share - joined.partitions.length;
    while (wanted > 0) {
      const richest = others.reduce((most, member) => (this.#settled(member) > this.#settled(most) ? member : most));
      if (this.#settled(richest) <= share) return;
      const partition = richest.partitions.findLast((candidate) => !this.#revocations.has(candidate))!;
      this.#revocations.set(partition, { from: richest, to: joined, sinceMs: nowMs });
      if (!this.#delivered.has(partition)) this.#complete(partition);
      wanted--;
    }
  }

  /** Partitions that a member owns and keeps. */
  #settled(member: Member): number {
    return member.partitions.filter((partition) => !this.#revocations.has(partition)).length;
  }

  #complete(partition: number): void {
    const revocation = this.#revocations.get(partition);
    if (revocation === undefined) return;
    this.#generation++;
    this.#revocations.delete(partition);
    this.#delivered.delete(partition);
    const { from, to } = revocation;
    from.partitions = from.partitions.filter((owned) => owned !== partition);
    from.cursor = 0;
    to.partitions = [...to.partitions, partition].sort((a, b) => a - b);
  }
}
