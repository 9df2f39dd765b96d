// What clients of a server did and saw, through every crash of one data folder: what was sent, answered, read and stored. Whether that is what a
// log may do is judged by history_check.ts.

/** `ok` was acknowledged, `refused` was answered with an error and must never appear, `unknown` was never answered and may appear once. */
export type Outcome = 'ok' | 'refused' | 'unknown';

/** One message of one producer. Its key is in its payload, so that it is known wherever it turns up. */
export interface Sent {
  readonly producer: number;
  readonly sequence: number;
  readonly partition: number;
  /** Milliseconds of one clock for all clients. */
  readonly sentAt: number;
  outcome: Outcome;
  /** When the answer came. */
  endedAt: number;
  /** A fault that was allowed to took it; from then on it must not come back. */
  isGone: boolean;
}

/** A message as it was read. */
export interface Seen {
  readonly offset: number;
  readonly key: string;
  /** Microseconds. */
  readonly timestamp: number;
  /** Whether its bytes are those that the key stands for. */
  readonly isWhole: boolean;
}

/** All of a partition, read from its beginning to its end at rest. */
export interface PartitionView {
  readonly partition: number;
  readonly messages: readonly Seen[];
  /** What a poll says is the last offset. */
  readonly currentOffset: number;
  /** What the topic says it has. */
  readonly messagesCount: number;
}

/** One attempt to store a consumer's offset; each consumer makes one at a time. */
export interface Stored {
  readonly consumer: number;
  readonly partition: number;
  readonly offset: number;
  outcome: Outcome;
}

/** What a stored offset was when asked for at rest. None and 0 are the same: the protocol's answer does not tell them apart. */
export interface StoredView {
  readonly consumer: number;
  readonly partition: number;
  readonly offset: number | undefined;
}

/** A partition and the stored offsets, after a restart. */
export interface Snapshot {
  readonly partitions: readonly PartitionView[];
  readonly stored: readonly StoredView[];
}

/** What a reader got while producers were at work, in its own order. */
export interface Reading {
  readonly reader: number;
  readonly partition: number;
  readonly messages: Seen[];
}

export function keyOf({ producer, sequence }: { readonly producer: number; readonly sequence: number }): string {
  return `${producer}.${sequence}`;
}

/** One data folder's history. Clients add to it while they work; a check takes a snapshot and what it finds becomes known. */
export class History {
  readonly sent = new Map<string, Sent>();
  /** Since the last check. */
  readings: Reading[] = [];
  /** Since the last check, by consumer and partition, in the order of the attempts. */
  readonly stores = new Map<string, Stored[]>();
  /** What the last check found, or allowed, for each partition from offset 0. */
  readonly known = new Map<number, string[]>();
  /** What the last check found stored. */
  readonly knownStored = new Map<string, number | undefined>();

  /** A message that is about to be sent. */
  send(producer: number, sequence: number, partition: number, sentAt: number): Sent {
    const sent: Sent = {
      ...{ producer, sequence, partition, sentAt },
      ...{ outcome: 'unknown', endedAt: Number.POSITIVE_INFINITY, isGone: false },
    };
    this.sent.set(keyOf(sent), sent);
    return sent;
  }

  /** An offset that is about to be stored. */
  store(consumer: number, partition: number, offset: number): Stored {
    const stored: Stored = { consumer, partition, offset, outcome: 'unknown' };
    const name = storedName(stored);
    const attempts = this.stores.get(name);
    if (attempts === undefined) this.stores.set(name, [stored]);
    else attempts.push(stored);
    return stored;
  }

  /** A reader that begins to read a partition. */
  read(reader: number, partition: number): Reading {
    const reading: Reading = { reader, partition, messages: [] };
    this.readings.push(reading);
    return reading;
  }

  count(outcome: Outcome): number {
    let count = 0;
    for (const sent of this.sent.values()) if (sent.outcome === outcome) count++;
    return count;
  }
}

export function storedName({ consumer, partition }: { readonly consumer: number; readonly partition: number }): string {
  return `${consumer} in ${partition}`;
}
