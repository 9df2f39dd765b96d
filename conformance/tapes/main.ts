// `pnpm conformance record`: makes a tape of a run against an official server, or plays tapes on Whippet.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { referenceCommand } from '../differential/server_process.ts';
import { commandTables, type Generation } from '../differential/step.ts';
import { faultsOf } from './faults.ts';
import { emptied, processesOf, type Servers } from './fresh_servers.ts';
import { masks } from './masks.ts';
import { programme, Recorder, serverOf } from './recorder.ts';
import { Replay } from './replay.ts';
import { describe, summaryOf } from './report.ts';
import { readTape, type Tape, type TapeScenario, tapeFormat, writeTape } from './tape.ts';

const help = `Usage: pnpm conformance record --reference-bin PATH | --reference HOST:PORT --generation NAME --out FILE [options]
       pnpm conformance record --check FILE ...

A tape is what an official server answered to scenarios written by hand and to drawn ones: each request and reply as bytes and decoded, one
JSON line a step. Without what is secret or of one run only; the tape's first line says what stands there instead.
The tapes of conformance/tapes/ are played on Whippet in every run of \`pnpm conformance\`.

  --reference-bin PATH   an official server's program, started on fresh data for each scenario; settings that it needs are read from env.txt
                         beside it. It writes every message to its disk at once
  --reference HOST:PORT  a running official server whose root is iggy with the password iggy. It must be empty, is emptied before each scenario
                         and left empty; better with IGGY_SYSTEM_PARTITION_MESSAGES_REQUIRED_TO_SAVE=1
  --generation NAME      its wire generation: ${Object.keys(commandTables).join(', ')}
  --out FILE             the tape
  --cases N              drawn scenarios behind those written by hand (default 15)
  --seed S               which ones (default 1)
  --check FILE ...       plays tapes on Whippet instead and compares its answers, field by field
  --json                 with --check: the result as JSON
  --help                 this text

Exit status: 0 recorded, or no unexplained difference; 1 a difference or a failure; 2 wrong use.
`;

/** Runs the mode. Returns the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parsed(args);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (values.check && positionals.length > 0) return check(positionals, values.json);
  const { 'reference-bin': bin, generation = '', out } = values;
  const [, host, port] = /^(.+):(\d+)$/.exec(values.reference ?? '') ?? [];
  const [cases, seed] = [Number(values.cases), Number(values.seed)];
  const isComplete = (bin === undefined) !== (host === undefined) && out !== undefined && generation in commandTables;
  if (!isComplete || positionals.length > 0 || !(cases >= 0) || !Number.isSafeInteger(seed)) {
    process.stderr.write(
      'whippet: --generation, --out and either --reference-bin or --reference are needed, or --check; --help tells more\n',
    );
    return 2;
  }
  const name = generation as Generation;
  const servers =
    bin === undefined
      ? await emptied({ host: host!, port: Number(port) }, name)
      : processesOf(await referenceCommand(bin, true), name);
  try {
    const source = bin === undefined ? '--reference HOST:PORT' : `--reference-bin ${basename(bin)}`;
    const options = `--generation ${name} --out ${basename(out)} --cases ${cases} --seed ${seed}`;
    const command = `pnpm conformance record ${source} ${options}`;
    return await record(servers, name, { out, cases, seed, command });
  } finally {
    await servers.end();
  }
}

function parsed(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  return parseArgs({
    args: [...args],
    options: {
      ...{ reference: string, 'reference-bin': string, generation: string, out: string },
      ...{ cases: { ...string, default: '15' }, seed: { ...string, default: '1' } },
      ...{ check: flag, json: flag, help: { ...flag, short: 'h' } },
    },
    allowPositionals: true,
  });
}

interface Wanted {
  readonly out: string;
  readonly cases: number;
  readonly seed: number;
  /** What repeats the recording. */
  readonly command: string;
}

async function record(servers: Servers, generation: Generation, wanted: Wanted): Promise<number> {
  const { out, cases, seed, command } = wanted;
  const recorder = new Recorder(servers, generation);
  const scenarios: TapeScenario[] = [];
  for (const scenario of programme(generation, cases, seed)) scenarios.push(await recorder.record(scenario));
  const tape: Tape = {
    header: {
      ...{ format: tapeFormat, generation, server: serverOf(scenarios) },
      recorded: new Date().toISOString().slice(0, 10),
      command,
      ...{ seed, cases, scenarios: scenarios.length, steps: scenarios.flatMap(({ steps }) => steps).length, masks },
    },
    scenarios,
  };
  writeTape(out, tape);
  const { server, steps } = tape.header;
  process.stdout.write(`${out}: server ${server}, ${scenarios.length} scenarios, ${steps} steps\n`);
  const faults = faultsOf(tape);
  for (const fault of faults) process.stdout.write(`fault: ${fault}\n`);
  return faults.length === 0 ? 0 : 1;
}

async function check(files: readonly string[], isJson: boolean): Promise<number> {
  const results = [];
  for (const file of files) {
    const tape = readTape(file);
    const replay = await new Replay(tape.header.generation).play(tape);
    results.push({ tape: basename(file), faults: faultsOf(tape), replay });
  }
  const shown = isJson ? `${JSON.stringify(results.map(summaryOf), undefined, 2)}\n` : results.map(describe).join('\n');
  process.stdout.write(shown);
  return results.every(({ faults, replay }) => faults.length === 0 && replay.divergences.length === 0) ? 0 : 1;
}
