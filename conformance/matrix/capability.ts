// What a capability of the client matrix is, and how the lines of a client program are judged: the program tells what it saw at each step;
// whether that is right is decided here, the same for every client.
import assert from 'node:assert/strict';
import type { Line } from '../client_process.ts';
import type { OfficialClient } from '../official_clients.ts';

/** Where a client works: a stream with one topic of two partitions, made by `setup`; `partition` is the first as it counts them. */
export interface Place {
  readonly address: string;
  readonly stream: string;
  readonly topic: string;
  readonly partition: number;
}

export interface Capability {
  /** Its column in the table. */
  readonly title: string;
  readonly does: string;
  readonly steps: readonly string[];
  /** Runs what the client offers of it and returns the steps that were right. Throws at the first that was not. */
  readonly run: (client: OfficialClient, place: Place) => Promise<readonly string[]>;
}

type Facts = Readonly<Record<string, unknown>>;

/** What a step must show: exactly these facts, or whatever the function accepts. */
export type Expected = Facts | ((facts: Facts) => void);

/** Fails unless `facts` are as expected. What is null is hidden by this client. */
function assertFacts(facts: Facts, expected: Expected, step: string): void {
  if (typeof expected === 'function') {
    expected(facts);
    return;
  }
  const shown = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
  const wanted = Object.fromEntries(Object.entries(expected).filter(([name]) => facts[name] !== null));
  assert.deepEqual(shown, wanted, `step ${step}`);
}

/** Fails unless every step line is one of `expected` and shows what it must; returns their names. */
export function judge(lines: readonly Line[], expected: Readonly<Record<string, Expected>>): string[] {
  const steps = lines.filter(({ event }) => event === 'step') as unknown as { name: string; facts?: Facts }[];
  return steps
    .filter(({ name }) => name in expected)
    .map(({ name, facts }) => {
      assertFacts(facts ?? {}, expected[name]!, name);
      return name;
    });
}

/** The capability that one verb of the client programs runs through. */
export function verb(
  title: string,
  name: string,
  does: string,
  expect: (context: { name: string; root: number }) => Readonly<Record<string, Expected>>,
): Capability {
  return {
    title,
    does,
    steps: Object.keys(expect({ name: '', root: 0 })),
    run: async (client, place) => {
      if (!client.offers.verbs.includes(name)) return [];
      const own = { ...place, stream: `${place.stream}-${name}`, name: `${client.slug}-${name}-it` };
      if (needsPlace.has(name)) await client.run('setup', { ...own, partitions: 2 });
      // The first user is the root user of every server.
      return judge(await client.run(name, own), expect({ name: own.name, root: client.idBase }));
    },
  };
}

/** Verbs that work in a stream and topic of their own. */
const needsPlace: ReadonlySet<string> = new Set(['topics', 'partitions', 'groups', 'users', 'purge']);
