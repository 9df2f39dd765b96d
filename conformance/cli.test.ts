// The official command line tools of the oldest, the newest classic and the newest generation walk from an empty server to messages that
// outlive a crash. What they print is compared cell by cell: it is all that their users ever see of a server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { listOf, propertiesOf, runTool } from './command_line.ts';
import { MissingToolchain } from './missing_toolchain.ts';
import { type RustProgram, rustBinary } from './rust_build.ts';
import { ServerProcess } from './server_process.ts';

interface Tool {
  readonly name: string;
  readonly program: RustProgram;
  readonly generation: string;
  /** What it calls the first stream, topic and partition. */
  readonly idBase: number;
}

const tools: readonly Tool[] = [
  { name: 'iggy-cli 0.8.3', program: 'iggy_cli_0_8_3', generation: 'v0_4', idBase: 1 },
  { name: 'iggy-cli 0.13.0', program: 'iggy_cli_0_13_0', generation: 'v0_8', idBase: 0 },
  { name: 'iggy-cli 0.14.0', program: 'iggy_cli_0_14_0', generation: 'v0_9', idBase: 0 },
];

const poll = ['message', 'poll', '--consumer', '1', '--offset', '0', '--message-count', '2', '--auto-commit'];
const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;

function whyNarrowed(tool: Tool): string | false {
  if (command !== undefined) return 'narrowed to the bytes of one command';
  return generation !== undefined && generation !== tool.generation && `narrowed to ${generation}`;
}

async function whyMissing(tool: Tool): Promise<string | false> {
  try {
    await rustBinary(tool.program);
    return false;
  } catch (error) {
    if (error instanceof MissingToolchain) return error.message;
    throw error;
  }
}

/** Runs one command of a tool that must succeed; returns what it prints. */
async function run(tool: Tool, server: ServerProcess, words: readonly string[]): Promise<string> {
  return runTool(await rustBinary(tool.program), server.address, words);
}

/** Fails unless `shown` is `expected`; a time stands where the expectation says "time". */
function assertShown(shown: Record<string, string> | undefined, expected: Record<string, string>): void {
  for (const [name, value] of Object.entries(expected))
    if (value === 'time') assert.match(shown?.[name] ?? '', time, `${name} in ${JSON.stringify(shown)}`);
  const times = Object.keys(expected).filter((name) => expected[name] === 'time');
  assert.deepEqual({ ...shown, ...Object.fromEntries(times.map((name) => [name, 'time'])) }, expected);
}

/** A tool with a server of its own. */
interface Walk {
  readonly tool: Tool;
  readonly server: () => ServerProcess;
  readonly iggy: (...words: string[]) => Promise<string>;
}

function makesStream({ tool, iggy }: Walk): void {
  test('stream create dev', async () => {
    assert.match(await iggy('stream', 'create', 'dev'), /^Stream with name: dev.* created$/m);
  });

  test('stream list', async () => {
    const list = listOf(await iggy('stream', 'list'));
    assert.equal(list.length, 1);
    const counts = { 'Size (B)': '0 B', Messages: '0', Topics: '0' };
    assertShown(list[0], { ID: String(tool.idBase), Created: 'time', Name: 'dev', ...counts });
  });

  test('stream get dev', async () => {
    assertShown(propertiesOf(await iggy('stream', 'get', 'dev')), {
      'Stream ID': String(tool.idBase),
      Created: 'time',
      'Stream name': 'dev',
      'Stream size': '0 B',
      'Stream message count': '0',
      'Stream topics count': '0',
    });
  });
}

function makesTopic({ tool, iggy }: Walk): void {
  test('topic create dev sample 2 none', async () => {
    const output = await iggy('topic', 'create', 'dev', 'sample', '2', 'none');
    assert.match(output, /^Topic with name: sample,.* partitions count: 2,.* created in stream with ID: dev$/m);
  });

  test('topic list dev', async () => {
    const list = listOf(await iggy('topic', 'list', 'dev'));
    assert.equal(list.length, 1);
    assertShown(list[0], {
      ID: String(tool.idBase),
      Created: 'time',
      Name: 'sample',
      'Size (B)': '0 B',
      'Max Topic Size (B)': 'unlimited',
      Compression: 'none',
      'Message Expiry (s)': 'unlimited',
      'Messages Count': '0',
      'Partitions Count': '2',
    });
  });

  test('topic get dev sample', async () => {
    assertShown(propertiesOf(await iggy('topic', 'get', 'dev', 'sample')), {
      'Topic id': String(tool.idBase),
      Created: 'time',
      'Topic name': 'sample',
      'Topic size': '0 B',
      Compression: 'none',
      'Message expiry': 'unlimited',
      'Max topic size': 'unlimited',
      'Topic message count': '0',
      'Partitions count': '2',
    });
  });
}

function sendsAndPolls({ tool, server, iggy }: Walk): void {
  let polled: Record<string, string>[];

  for (const text of ['hello world', 'lorem ipsum'])
    test(`message send --partition-id 1 dev sample "${text}"`, async () => {
      const output = await iggy('message', 'send', '--partition-id', '1', 'dev', 'sample', text);
      assert.match(output, /^Sent messages to topic with ID: sample and stream with ID: dev$/m);
    });

  test(`${poll.join(' ')} dev sample 1`, async () => {
    const output = await iggy(...poll, 'dev', 'sample', '1');
    assert.match(output, /\(from partition with ID: 1\)/);
    assert.match(output, /^Polled 2 messages of total size \d+ B/m);
    polled = listOf(output);
    assert.deepEqual(
      polled.map(({ Offset, Length, Payload }) => [Offset, Length, Payload]),
      [
        ['0', '11', 'hello world'],
        ['1', '11', 'lorem ipsum'],
      ],
    );
    assert.equal(new Set(polled.map(({ ID }) => ID)).size, 2, 'every message has an id of its own');
    for (const { ID, Timestamp } of polled) {
      assert.match(ID ?? '', /^[1-9]\d*$/);
      assert.match(Timestamp ?? '', time);
    }
  });

  test('the same poll after kill -9 and a new start', async () => {
    assert.equal(await server().kill(), 'SIGKILL');
    await server().restart();
    assert.deepEqual(listOf(await iggy(...poll, 'dev', 'sample', '1')), polled);
  });

  test('the other tool finds them in the same partition under its own number', async (t) => {
    const other = tools.find((candidate) => candidate !== tool)!;
    const reason = await whyMissing(other);
    if (reason !== false) return t.skip(reason);
    const partition = String(1 - tool.idBase + other.idBase);
    assert.deepEqual(listOf(await run(other, server(), [...poll, 'dev', 'sample', partition])), polled);
  });
}

for (const tool of tools) {
  const skip = whyNarrowed(tool) || (await whyMissing(tool));
  describe(tool.name, { skip }, () => {
    let server: ServerProcess;
    before(async () => {
      server = await ServerProcess.start();
    });
    after(() => server.remove());
    const walk: Walk = { tool, server: () => server, iggy: (...words) => run(tool, server, words) };
    makesStream(walk);
    makesTopic(walk);
    sendsAndPolls(walk);
  });
}
