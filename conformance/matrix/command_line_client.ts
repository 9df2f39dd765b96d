// The official command line tools as clients of the matrix: a verb is some runs of the tool, and its lines are what the tables show.
// What needs one connection for several requests is not theirs: members of groups, two refusals, a restart.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line } from '../client_process.ts';
import { listOf, propertiesOf, rootLogin, runTool, tableOf } from '../command_line.ts';
import { type GenerationName, type Keys, OfficialClient } from '../official_clients.ts';

function toPartition(partition: number): readonly string[] {
  return ['--partition-id', String(partition)];
}

/** One verb under way: the tool on the server it was given, and the lines that it has seen. */
class Walk {
  readonly lines: Line[] = [];
  readonly stream: string;
  readonly topic: string;
  readonly name: string;
  readonly keys: Keys;
  readonly #program: string;

  constructor(program: string, keys: Keys) {
    this.#program = program;
    this.keys = keys;
    [this.stream, this.topic, this.name] = [String(keys.stream), String(keys.topic), String(keys.name)];
  }

  run(...words: string[]): Promise<string> {
    return runTool(this.#program, String(this.keys.address), words);
  }

  /** Whether a command succeeds with another login. */
  async works(login: readonly string[], ...words: string[]): Promise<boolean> {
    return runTool(this.#program, String(this.keys.address), words, login).then(
      () => true,
      () => false,
    );
  }

  step(name: string, facts: Record<string, unknown> = {}): void {
    this.lines.push({ event: 'step', name, facts });
  }

  async topicProperty(name: string): Promise<number> {
    return Number(propertiesOf(await this.run('topic', 'get', this.stream, this.topic))[name]);
  }

  /** Sends `count` messages in one request. They have the headers of the first: one run of the tool knows one set. */
  async send(first: number, where = toPartition(Number(this.keys.partition)), count = 1): Promise<void> {
    const seed = String(this.keys.seed);
    const headers = `origin:string:${seed},n:uint32:${first},Mixed-Case:bool:true`;
    const payloads = Array.from({ length: count }, (_, index) => `${seed}:${first + index}`);
    await this.run('message', 'send', ...where, '--headers', headers, this.stream, this.topic, ...payloads);
  }
}

async function session(walk: Walk): Promise<void> {
  await walk.run('ping', '--count', '1');
  walk.step('connect');
  walk.step('ping');
  const { 'User ID': user } = propertiesOf(await walk.run('me'));
  walk.step('login', { user: Number(user) });
}

async function setup(walk: Walk): Promise<void> {
  await walk.run('stream', 'create', walk.stream);
  await walk.run('topic', 'create', walk.stream, walk.topic, String(walk.keys.partitions), 'none');
}

async function streams(walk: Walk): Promise<void> {
  const renamed = `${walk.name}-renamed`;
  await walk.run('stream', 'create', walk.name);
  walk.step('create');
  const shown = propertiesOf(await walk.run('stream', 'get', walk.name));
  walk.step('get', { name: shown['Stream name'], topics: Number(shown['Stream topics count']) });
  const isListed = listOf(await walk.run('stream', 'list')).some(({ Name }) => Name === walk.name);
  walk.step('list', { found: isListed });
  await walk.run('stream', 'update', walk.name, renamed);
  walk.step('update', { name: propertiesOf(await walk.run('stream', 'get', renamed))['Stream name'] });
  await walk.run('stream', 'delete', renamed);
  walk.step('delete', { found: !(await walk.run('stream', 'get', renamed)).includes('was not found') });
}

async function topics(walk: Walk): Promise<void> {
  const renamed = `${walk.name}-renamed`;
  await walk.run('topic', 'create', walk.stream, walk.name, '3', 'none');
  walk.step('create');
  const shown = propertiesOf(await walk.run('topic', 'get', walk.stream, walk.name));
  walk.step('get', { name: shown['Topic name'], partitions: Number(shown['Partitions count']) });
  const isListed = listOf(await walk.run('topic', 'list', walk.stream)).some(({ Name }) => Name === walk.name);
  walk.step('list', { found: isListed });
  await walk.run('topic', 'update', walk.stream, walk.name, renamed, 'none', '1h');
  const updated = propertiesOf(await walk.run('topic', 'get', walk.stream, renamed));
  walk.step('update', { name: updated['Topic name'], hourKept: updated['Message expiry'] === '1h' });
  await walk.run('topic', 'delete', walk.stream, renamed);
  walk.step('delete', { found: !(await walk.run('topic', 'get', walk.stream, renamed)).includes('was not found') });
}

async function partitions(walk: Walk): Promise<void> {
  await walk.run('partition', 'create', walk.stream, walk.topic, '2');
  walk.step('create', { partitions: await walk.topicProperty('Partitions count') });
  await walk.run('partition', 'delete', walk.stream, walk.topic, '1');
  walk.step('delete', { partitions: await walk.topicProperty('Partitions count') });
}

/** Sends message by message unless told the size of batches; the first to `partition`, and so on over `partitions` of them. */
async function sendAll(walk: Walk, where?: readonly string[]): Promise<void> {
  const { partition, partitions = 1, batch = 1, count } = walk.keys;
  for (let first = 0; first < Number(count); first += Number(batch)) {
    const turn = (first / Number(batch)) % Number(partitions);
    const size = Math.min(Number(batch), Number(count) - first);
    await walk.send(first, where ?? toPartition(Number(partition) + turn), size);
  }
  walk.lines.push({ event: 'sent', count: Number(count) });
}

/** A header as the client programs show it: its kind, and its value as bytes. */
function header(kind: string, value: string): [string, string] {
  if (kind === 'bool') return [kind, value === 'true' ? '01' : '00'];
  if (kind !== 'uint32') return [kind, Buffer.from(value, 'utf8').toString('hex')];
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Number(value));
  return [kind, bytes.toString('hex')];
}

async function poll(walk: Walk): Promise<void> {
  const { partition, consumer, count, strategy, value } = walk.keys;
  const how = strategy === 'offset' ? ['--offset', String(value)] : [`--${strategy}`];
  const commit = walk.keys.auto_commit === true ? ['--auto-commit'] : [];
  const options = [
    '--consumer',
    String(consumer),
    ...how,
    ...commit,
    '--message-count',
    String(count),
    '--show-headers',
  ];
  const output = await walk.run('message', 'poll', ...options, walk.stream, walk.topic, String(partition));
  const [titles = [], ...rows] = tableOf(output);
  // With headers there is a second line of titles, their kinds.
  const kinds = titles.some((title) => title.startsWith('Header: ')) ? rows.shift()! : [];
  for (const row of rows) {
    const cells = Object.fromEntries(titles.map((title, index) => [title, row[index]!]));
    const headers = titles.flatMap((title, index) =>
      kinds[index] && row[index] !== ''
        ? [[title.slice('Header: '.length), header(kinds[index], row[index]!)] as const]
        : [],
    );
    walk.lines.push({
      event: 'message',
      offset: Number(cells.Offset),
      payload: Buffer.from(cells.Payload!, 'utf8').toString('hex'),
      id: cells.ID!,
      timestamp: null,
      headers: headers.length === 0 ? null : Object.fromEntries(headers),
      partition,
    });
  }
  walk.lines.push({ event: 'polled', partition, currentOffset: null, count: rows.length });
}

async function offsets(walk: Walk): Promise<void> {
  const { consumer, partition, offset } = walk.keys;
  const where = [String(consumer), walk.stream, walk.topic, String(partition)];
  await walk.run('consumer-offset', 'set', ...where, String(offset));
  const shown = propertiesOf(await walk.run('consumer-offset', 'get', ...where));
  const [stored, current] = [Number(shown['Stored offset']), Number(shown['Current offset'])];
  walk.lines.push({ event: 'offset', stored, current, partition: Number(shown['Partition ID']) });
}

async function groups(walk: Walk): Promise<void> {
  const where = [walk.stream, walk.topic];
  await walk.run('consumer-group', 'create', ...where, walk.name);
  const shown = propertiesOf(await walk.run('consumer-group', 'get', ...where, walk.name));
  const [members, count] = [Number(shown['Members count']), Number(shown['Partitions count'])];
  walk.step('create', { name: shown['Consumer group name'], members, partitions: count });
  const list = () => walk.run('consumer-group', 'list', ...where).then(listOf);
  const isListed = async () => (await list()).some(({ Name }) => Name === walk.name);
  walk.step('list', { found: await isListed() });
  await walk.run('consumer-group', 'delete', ...where, walk.name);
  walk.step('delete', { found: await isListed() });
}

async function users(walk: Walk): Promise<void> {
  const renamed = `${walk.name}-renamed`;
  const as = (user: string, password: string) => ['--username', user, '--password', password];
  const get = async (user: string) => tableOf(await walk.run('user', 'get', user)).slice(1);
  const property = (rows: string[][], name: string) => rows.find(([title]) => title === name)?.[1];
  await walk.run('user', 'create', walk.name, 'secret-1', '--global-permissions', 'read_streams');
  const created = await get(walk.name);
  walk.step('create', { name: property(created, 'Username'), active: property(created, 'Status') === 'active' });
  const listed = async (name: string) =>
    listOf(await walk.run('user', 'list')).some(({ Username }) => Username === name);
  walk.step('list', { found: await listed(walk.name) });
  const user = as(walk.name, 'secret-1');
  const reads = await walk.works(user, 'stream', 'list');
  walk.step('login', { reads, creates: await walk.works(user, 'stream', 'create', walk.name) });
  await walk.run('user', 'permissions', walk.name, '--global-permissions', 'manage_streams');
  if (await walk.works(user, 'stream', 'create', walk.name)) walk.step('permissions');
  await walk.run('stream', 'delete', walk.name);
  await walk.run('user', 'password', walk.name, 'secret-1', 'secret-2');
  const old = await walk.works(user, 'stream', 'list');
  walk.step('password', { old, new: await walk.works(as(walk.name, 'secret-2'), 'stream', 'list') });
  await walk.run('user', 'status', walk.name, 'inactive');
  await walk.run('user', 'name', walk.name, renamed);
  const updated = await get(renamed);
  const login = await walk.works(as(renamed, 'secret-2'), 'stream', 'list');
  walk.step('update', { name: property(updated, 'Username'), active: property(updated, 'Status') === 'active', login });
  await walk.run('user', 'delete', renamed);
  walk.step('delete', { found: await listed(renamed) });
}

async function tokens(walk: Walk): Promise<void> {
  const token = (await walk.run('--quiet', 'pat', 'create', walk.name, 'none')).trim();
  walk.step('create');
  walk.step('list', { found: listOf(await walk.run('pat', 'list')).some(({ Name }) => Name === walk.name) });
  walk.step('login', { reads: await walk.works(['--token', token], 'stream', 'list') });
  // 0.14.0 deletes it at the server, then fails where there is no keyring that may hold it, too.
  await walk.works(rootLogin, 'pat', 'delete', walk.name);
  walk.step('delete', { refused: !(await walk.works(['--token', token], 'stream', 'list')) });
}

async function system(walk: Walk): Promise<void> {
  const stats = Object.fromEntries(tableOf(await walk.run('stats')) as [string, string][]);
  const counts = Number(stats['Streams Count']) > 0 && Number(stats['Clients Count']) > 0;
  walk.step('stats', { hostname: null, counts });
  walk.step('me', { user: Number(propertiesOf(await walk.run('me'))['User ID']) });
  walk.step('clients', { found: listOf(await walk.run('client', 'list')).length > 0 });
  const folder = await mkdtemp(join(tmpdir(), 'whippet-snapshot-'));
  try {
    await walk.run('snapshot', '--out-dir', folder, '--snapshot-types', 'test');
    const [file] = readdirSync(folder);
    walk.step('snapshot', { zip: readFileSync(join(folder, file!)).subarray(0, 2).toString() === 'PK' });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The command that deletes segments ends in a panic of the tool itself. */
async function purge(walk: Walk): Promise<void> {
  const three = async () => {
    for (const index of [0, 1, 2]) await walk.send(index);
  };
  const partition = String(walk.keys.partition);
  await three();
  await walk.run('message', 'flush', walk.stream, walk.topic, partition, '--fsync');
  walk.step('flush', { messages: await walk.topicProperty('Topic message count') });
  await walk.run('topic', 'purge', walk.stream, walk.topic);
  walk.step('topic', { messages: await walk.topicProperty('Topic message count') });
  await three();
  await walk.run('stream', 'purge', walk.stream);
  walk.step('stream', { messages: await walk.topicProperty('Topic message count') });
}

/** A tool as a client. */
export function commandLineClient(release: string, program: string, generation: GenerationName): OfficialClient {
  const verbs: Readonly<Record<string, (walk: Walk) => Promise<void>>> = {
    ...{ session, setup, streams, topics, partitions, poll, offsets, groups, users, tokens, system, purge },
    send: (walk) => sendAll(walk),
    // From 0.14.0 on the tool takes the turns, and each run of it begins with the first partition.
    ...(generation < 'v0_9' && { send_balanced: (walk: Walk) => sendAll(walk, []) }),
    send_key: (walk) => sendAll(walk, ['--message-key', String(walk.keys.key)]),
  };
  const run = async (verb: string, keys: Keys): Promise<Line[]> => {
    const walk = new Walk(program, keys);
    await verbs[verb]!(walk);
    return walk.lines;
  };
  const start = (verb: string) => {
    throw new Error(`a command line tool ends with its command: it has no ${verb}`);
  };
  return new OfficialClient(
    'CLI',
    release,
    { run, start },
    {
      verbs: Object.keys(verbs),
      strategies: ['offset', 'first', 'last', 'next'],
      headers: true,
      ids: false,
      generation,
    },
  );
}
