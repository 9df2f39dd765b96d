// What one long run does is drawn from its seed: which things happen at all, how often, how large everything is, and how the disk behaves. Most
// things are off in most runs, so that each run goes deep into a few.
import type { TopicOption } from '../../src/catalog/topic_options.ts';
import { number, text } from '../catalog/sent_options.ts';
import type { Level } from './records.ts';
import { Seeded } from './seeded.ts';
import type { Fault } from './simulated_disk.ts';
import type { ServerOptions } from './world.ts';

/** What a client may do, with how often it does it. */
export type Weights = Readonly<Record<string, number>>;

export interface SwarmOptions {
  readonly server: ServerOptions;
  readonly starts: number;
  readonly actions: number;
  /** Actions under way at the same time. */
  readonly atOnce: number;
  readonly sizeMax: number;
  readonly countMax: number;
  readonly latencyMax: number;
  /** Calls to the disk before a crash, at most. */
  readonly crashWithin: number;
  /** Seconds by which the clock is off at a start, at most. */
  readonly clockOff: number;
  readonly weights: Weights;
  /** What topics are created with, one of these each; empty when no topic asks for anything. */
  readonly topicOptions: readonly (readonly TopicOption[])[];
  /** Chances that a call of a kind fails while the disk is bad. */
  readonly faults: Weights;
}

const actions = [
  'append',
  'burst',
  'store',
  'forget',
  'store for a group',
  'flush',
  'create stream',
  'delete stream',
  'purge stream',
  'create topic',
  'delete topic',
  'purge topic',
  'create partitions',
  'delete partitions',
  'create group',
  'delete group',
  'rename topic',
  'create user',
  'delete user',
] as const;

export function drawOptions(seed: number): SwarmOptions {
  const random = new Seeded(seed);
  const level: Level = random.pick(['os', 'disk']);
  const weights: Record<string, number> = { append: 1 + random.below(10), 'create topic': 1 };
  for (const action of actions) if (random.chance(0.45)) weights[action] = random.pick([0.2, 1, 1, 3]);
  const features = drawFeatures(new Seeded(seed ^ 0x2545f491), weights);
  const faults: Record<string, number> = {};
  const isBad = random.chance(0.4);
  for (const fault of Object.keys(faultKinds))
    if (isBad && random.chance(0.4)) faults[fault] = random.pick([0.01, 0.05, 0.2]);
  return {
    server: {
      level,
      segmentSize: 4096 + random.pick([200, 400, 1000, 3000, 1 << 20]),
      tail: random.pick([0, 0, 2000, 1 << 20]),
      ...features,
    },
    starts: 2 + random.below(5),
    actions: random.pick([5, 20, 60]),
    atOnce: random.pick([1, 2, 4, 8]),
    sizeMax: random.pick([8, 40, 200, 1500]),
    countMax: random.pick([1, 3, 6]),
    latencyMax: random.pick([1, 10, 1000]),
    crashWithin: random.pick([10, 40, 150, 400]),
    clockOff: random.pick([0, 0, 1, 3600, 86_400 * 365]),
    weights,
    topicOptions: drawTopicOptions(new Seeded(seed ^ 0x1b873593)),
    faults,
  };
}

/** In some runs topics ask for more than the server gives, or for segments of another size. Drawn apart, too. */
function drawTopicOptions(random: Seeded): TopicOption[][] {
  if (random.chance(0.6)) return [];
  const kinds = [
    text('consumer_offset_durability', 'persisted'),
    text('durability', 'persisted'),
    number('segment_size', 4096n + BigInt(random.pick([200, 800, 5000]))),
  ];
  return Array.from({ length: 3 }, () => kinds.filter(() => random.chance(0.5)));
}

/** What not every server does. Drawn apart, so that seeds keep what they draw besides. */
function drawFeatures(random: Seeded, weights: Record<string, number>): Partial<ServerOptions> {
  if (random.chance(0.3)) weights['delete segments'] = random.pick([0.2, 1, 3]);
  const remembers = random.chance(0.3);
  if (remembers) weights.resend = random.pick([0.2, 1, 3]);
  return {
    ...(random.chance(0.15) && { level: 'memory' }),
    isEncrypted: random.chance(0.2),
    ...(remembers && { deduplication: { maxEntries: 0, expiryMs: 0 } }),
    ...(random.chance(0.4) && { journalPartSize: 4096 + random.pick([100, 300, 1000]) }),
  };
}

/** Failures by name: the calls they are of, and how those end. */
const faultKinds: Readonly<Record<string, { readonly operation: RegExp; readonly fault: (random: Seeded) => Fault }>> =
  {
    'full disk': { operation: /^(write|create|makeFolder|place)$/, fault: () => ({ code: 'ENOSPC' }) },
    'no descriptors': { operation: /^(create|open)$/, fault: () => ({ code: 'EMFILE' }) },
    'short write': { operation: /^write$/, fault: (random) => ({ bytes: 1 + random.below(300) }) },
    'failed write': { operation: /^write$/, fault: () => ({ code: 'EIO' }) },
    'failed sync': {
      operation: /^sync$/,
      fault: (random) => ({ code: 'EIO', staysVisible: random.chance(0.5) }),
    },
    'failed folder sync': { operation: /^syncFolder$/, fault: () => ({ code: 'EIO' }) },
    'failed truncate': { operation: /^truncate$/, fault: () => ({ code: 'EIO' }) },
    'failed rename': { operation: /^rename$/, fault: () => ({ code: 'EIO' }) },
    'failed remove': { operation: /^(remove|removeFolder)$/, fault: () => ({ code: 'EIO' }) },
    'short read': { operation: /^read$/, fault: (random) => ({ bytes: 1 + random.below(300) }) },
  };

/** Calls fail as the options say, in bad times that come and go. */
export function faultsOf(options: SwarmOptions, random: Seeded): (operation: string) => Fault | undefined {
  let isBad = false;
  return (operation) => {
    if (random.chance(0.1)) isBad = !isBad;
    if (!isBad) return undefined;
    for (const [name, chance] of Object.entries(options.faults)) {
      const kind = faultKinds[name]!;
      if (kind.operation.test(operation) && random.chance(chance)) return kind.fault(random);
    }
    return undefined;
  };
}
