// What is not compared as it is, because it differs between any two servers by its nature. Each mask has a name and shows something else instead.
import type { Names } from './names.ts';

interface Mask {
  readonly name: string;
  /** What stands in for the value. */
  readonly shows: string;
  /** Fields of any answer, by their names in the spec's TypeScript form. */
  readonly fields: readonly string[];
  shown(value: unknown, names: Names): unknown;
}

/** Every mask there is. */
export const masks: readonly Mask[] = [
  { name: 'clock', shows: 'whether it is set', fields: ['createdAt', 'timestamp'], shown: presence },
  {
    name: 'expiry',
    shows: 'never, or some time',
    fields: ['expiryAt'],
    shown: (value) => (value === undefined ? 'never' : 'some time'),
  },
  {
    name: 'checksum over a clock',
    shows: 'whether it is set (0.4: the checksum, which covers the payload only)',
    fields: ['checksum'],
    shown: (value) => (typeof value === 'bigint' ? presence(value) : value),
  },
  {
    name: 'drawn message id',
    shows: 'the id, where the producer gave one',
    fields: ['messageId'],
    shown: (value) => ((value as bigint) >= 1n << 64n ? 'generated' : value),
  },
  {
    name: 'drawn token',
    shows: 'its length',
    fields: ['token'],
    shown: (value) => `${(value as string).length} characters`,
  },
  { name: 'drawn client id', shows: 'whether it is set', fields: ['clientId'], shown: presence },
  { name: 'member number', shows: 'whether it is 0', fields: ['memberId'], shown: presence },
  {
    name: 'address',
    shows: "which of the comparer's connections it is; those of others are left out",
    fields: ['address'],
    shown: (value, names) => names.ofConnection(value as string) ?? presence(value),
  },
  {
    name: 'user id',
    shows: 'the name of the user; older releases never give an id again, later ones give the one freed last',
    fields: ['userId'],
    shown: (value, names) => names.ofUser(value) ?? presence(value),
  },
  { name: 'number of a session', shows: 'whether it is set', fields: ['session'], shown: presence },
  {
    name: 'generation of a group',
    shows: 'whether it is 0',
    fields: ['generation'],
    shown: presence,
  },
  {
    name: 'options of one release',
    shows: 'the options that the first and the last releases of 0.9 have',
    fields: ['derivedOptions', 'entries'],
    shown: withoutDurability,
  },
  { name: 'bound port', shows: 'whether it is set', fields: ['tcpPort'], shown: presence },
  {
    name: 'process and machine',
    shows: 'nothing',
    fields: [
      ...['processId', 'cpuUsage', 'totalCpuUsage', 'memoryUsage', 'totalMemory', 'availableMemory', 'runTime'],
      ...['startTime', 'readBytes', 'writtenBytes', 'hostname', 'osName', 'osVersion', 'kernelVersion'],
      ...['serverVersion', 'serverSemver', 'threadsCount', 'freeDiskSpace', 'totalDiskSpace'],
    ],
    shown: () => 'masked',
  },
  {
    name: 'number of clients',
    shows: "nothing: connections whose task died stay in an official server's list",
    fields: ['clientsCount'],
    shown: () => 'masked',
  },
  { name: 'cache', shows: 'nothing', fields: ['cacheMetrics'], shown: () => 'masked' },
];

const masksByField = new Map(masks.flatMap((mask) => mask.fields.map((field) => [field, mask] as const)));

/** Whether values of this field are shown in another form. */
export function maskOf(field: string): Mask | undefined {
  return masksByField.get(field);
}

/** The masks as lines for people. */
export function listOfMasks(): string {
  return masks.map(({ name, shows, fields }) => `  ${name} (${fields.join(', ')}): ${shows}`).join('\n');
}

const durabilities: readonly string[] = ['enforce_fsync', 'durability', 'consumer_offset_durability'];

/** Options, or what tells of them, by key; the descriptions are for people. */
function withoutDurability(value: unknown): unknown {
  const entries = (Array.isArray(value) ? value : (value as { entries: unknown[] }).entries) as readonly ShownOption[];
  return entries
    .filter(({ key }) => !durabilities.includes(key))
    .map(
      ({ key, kind, value, defaultValue }) => `${key}: ${kind} ${Buffer.from(value ?? defaultValue!).toString('hex')}`,
    )
    .sort();
}

interface ShownOption {
  readonly key: string;
  readonly kind: number;
  readonly value?: Uint8Array;
  readonly defaultValue?: Uint8Array;
}

function presence(value: unknown): unknown {
  return value === undefined || value === 0 || value === 0n || value === '' ? value : 'some';
}
