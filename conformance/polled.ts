// What a client program shows of a poll, and what it must show of the messages that another client sent.
import assert from 'node:assert/strict';
import type { Line } from './client_process.ts';
import type { OfficialClient, Strategy } from './official_clients.ts';

/** A message as a client shows it; null stands for what this client hides. */
export interface ShownMessage {
  readonly offset: number;
  readonly payload: string;
  readonly id: string | null;
  readonly timestamp: number | null;
  readonly headers: Readonly<Record<string, readonly [kind: string, hex: string]>> | null;
  readonly partition: number | null;
}

export interface Poll {
  readonly messages: readonly ShownMessage[];
  readonly partition: number | null;
  readonly currentOffset: number | null;
}

/** The message that a line of a client program shows. */
export function readMessage(line: Line): ShownMessage {
  assert.equal(line.event, 'message');
  const { payload, ...shown } = line as unknown as ShownMessage & Line;
  return { ...shown, payload: Buffer.from(payload, 'hex').toString('utf8') };
}

/** The lines of a `poll` verb as one value. */
export function readPoll(lines: readonly Line[]): Poll {
  const summary = lines.at(-1);
  assert.equal(summary?.event, 'polled', 'a poll ends with its summary');
  const messages = lines.slice(0, -1).map(readMessage);
  assert.equal(summary.count, messages.length, 'the summary counts the messages');
  const { partition, currentOffset } = summary as unknown as Poll;
  return { messages, partition, currentOffset };
}

/** What `sender` put into the headers of its message `index`; null when it cannot send headers. */
export function sentHeaders(sender: OfficialClient, index: number, seed = sender.slug): ShownMessage['headers'] {
  if (!sender.offers.headers) return null;
  const value = Buffer.alloc(4);
  value.writeUInt32LE(index);
  // Rust SDKs before 0.9, and tools made of them, fold keys before they send them; all others keep every letter.
  const folds = /^(Rust|CLI)$/.test(sender.language) && sender.offers.generation < 'v0_8';
  const mixedCase = folds ? 'mixed-case' : 'Mixed-Case';
  return {
    origin: ['string', Buffer.from(seed, 'utf8').toString('hex')],
    n: ['uint32', value.toString('hex')],
    [mixedCase]: ['bool', '01'],
  };
}

/**
 * Fails unless `poll`, made by `reader`, shows exactly the messages of `sender` that are expected. They lie at the offsets of their
 * indexes. `kept` is what the log holds, as the first reader that shows everything saw it.
 */
export function assertShows(
  poll: Poll,
  reader: OfficialClient,
  sender: OfficialClient,
  { strategy, value, expected }: PollCase,
  kept: readonly ShownMessage[],
): void {
  assert.deepEqual(
    poll.messages.map(({ offset, payload }) => ({ offset, payload })),
    expected.map((index) => ({ offset: index, payload: `${sender.slug}:${index}` })),
    `${sender.name} polled by ${reader.name}: ${strategy} ${value}`,
  );
  for (const { offset, id, timestamp, headers } of poll.messages) {
    const where = `message ${offset} of ${sender.name} as ${reader.name} shows it`;
    if (sender.offers.ids && id !== null) assert.equal(id, String(1000 + offset), where);
    if (id !== null) assert.equal(id, kept[offset]?.id ?? id, where);
    if (timestamp !== null) assert.equal(timestamp, kept[offset]?.timestamp ?? timestamp, where);
    // A client that sends headers also shows them.
    if (reader.offers.headers) assert.deepEqual(headers, sentHeaders(sender, offset), where);
  }
}

/** Fails unless a poll shows `log`, as far as its client shows anything. */
export function assertSame({ messages }: Poll, log: readonly ShownMessage[]): void {
  const seen = messages.map((message, index) => {
    const shown = Object.entries(message).filter(([field, value]) => value !== null && field !== 'partition');
    return { ...log[index], ...Object.fromEntries(shown) };
  });
  assert.deepEqual(seen, log);
}

/** A poll to make and the indexes of the messages that it must show. */
export interface PollCase {
  readonly strategy: Strategy;
  readonly value: number;
  readonly count: number;
  readonly expected: readonly number[];
}

/** One poll or more of each strategy on a partition that holds `kept` and where no offset is stored. */
export function pollCases(kept: readonly ShownMessage[]): PollCase[] {
  const all = kept.map(({ offset }) => offset);
  const middle = Math.floor(all.length / 2);
  const cases: PollCase[] = [
    { strategy: 'offset', value: 0, count: all.length + 10, expected: all },
    { strategy: 'offset', value: middle, count: 2, expected: all.slice(middle, middle + 2) },
    { strategy: 'offset', value: all.length, count: 2, expected: [] },
    { strategy: 'timestamp', value: 0, count: 2, expected: all.slice(0, 2) },
    { strategy: 'first', value: 0, count: 3, expected: all.slice(0, 3) },
    { strategy: 'last', value: 0, count: 3, expected: all.slice(-3) },
    { strategy: 'next', value: 0, count: 4, expected: all.slice(0, 4) },
  ];
  const timestamp = kept.at(-1)?.timestamp ?? null;
  if (timestamp === null) return cases;
  const recent = kept.filter((message) => message.timestamp! >= timestamp).map(({ offset }) => offset);
  return [...cases, { strategy: 'timestamp', value: timestamp, count: all.length, expected: recent }];
}
