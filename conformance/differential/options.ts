// The command line of `pnpm conformance compare`: its help, and its words as values.
import { parseArgs } from 'node:util';
import { listOfMasks } from './masks.ts';
import type { RunOptions } from './run.ts';
import { codeOf, commandTables, connectionsMax, type Generation } from './step.ts';

export const help = `Usage: pnpm conformance compare --reference HOST:PORT | --reference-bin PATH [options]

Draws command sequences (valid, boundary and malformed values; several connections and users), runs each on an official server and on Whippet,
and compares the decoded answers field by field. What differs is shrunk to the shortest sequence. Whippet is started for the run and removed.

  --reference HOST:PORT  a running official server with its default settings. It must hold nothing but its root user, nobody else may use it
                         meanwhile, and it is left as empty as it was. Its root user is not touched
  --empty-it             the server at HOST:PORT may hold something: delete all its streams, other users and root's tokens
  --username, --password its root user; else IGGY_ROOT_USERNAME, IGGY_ROOT_PASSWORD; else iggy, iggy
  --reference-bin PATH   an official server's program, started on fresh data in a folder of its own; settings that it needs are read from
                         env.txt beside it
  --generation NAME      wire generation: v0_4 (0.4.72), v0_5 (0.5.0), v0_6 (0.6.0), v0_8 (0.7, 0.8.0), v0_9 (0.9). Without it the server is asked

  --cases N              sequences to run at most (default 500)
  --commands N           go on until so many commands were compared, however many sequences that takes
  --steps N              most commands of one sequence after its opening (default 25)
  --connections N        connections of a sequence at most: 1 to ${connectionsMax} (default ${connectionsMax})
  --seed S               repeat an earlier run
  --only A,B             draw these commands only, by their spec names
  --save-at-once         --reference-bin writes every message at once, so that what it does to unsaved ones does not end cases early
  --survey               go on after a difference; in the end show one case of each kind
  --json                 one JSON object per line: event progress, difference or summary
  --help                 this text

Differences kept on purpose are listed in conformance/known_failures.txt and explained in conformance/DIFFERENCES.md. In a run of 100,000 commands
or more, one that is listed and was never met fails the run, too.

Not compared as they are (masks), and what is compared instead:
${listOfMasks()}

Exit status: 0 no unexplained difference, 1 a difference, 2 wrong use.
`;

/** What the command line asks for. */
export interface Options extends RunOptions {
  readonly reference: { readonly host: string; readonly port: number } | undefined;
  readonly bin: string | undefined;
  readonly root: { readonly username: string; readonly password: string };
  readonly mayEmpty: boolean;
  readonly generation: Generation | undefined;
  readonly savesAtOnce: boolean;
  readonly isJson: boolean;
}

/** Wrong use; the text says what is wrong. */
export class UsageError extends Error {}

/** The words as values, or undefined when help is asked for. @throws UsageError */
export function parseOptions(args: readonly string[]): Options | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  const { reference, 'reference-bin': bin, generation } = values;
  if ((reference === undefined) === (bin === undefined))
    throw new UsageError('exactly one of --reference HOST:PORT and --reference-bin PATH is needed');
  if (generation !== undefined && !(generation in commandTables))
    throw new UsageError(`there is no generation ${generation}: ${Object.keys(commandTables).join(', ')}`);
  const commands = count('commands', values.commands, 1);
  return {
    reference: reference === undefined ? undefined : address(reference),
    bin,
    root: {
      username: values.username ?? process.env.IGGY_ROOT_USERNAME ?? 'iggy',
      password: values.password ?? process.env.IGGY_ROOT_PASSWORD ?? 'iggy',
    },
    mayEmpty: values['empty-it'],
    generation: generation as Generation | undefined,
    savesAtOnce: values['save-at-once'],
    isJson: values.json,
    seed: count('seed', values.seed, 0) ?? Date.now() % 2 ** 31,
    cases: count('cases', values.cases, 1) ?? (commands === undefined ? 500 : Number.POSITIVE_INFINITY),
    commands: commands ?? Number.POSITIVE_INFINITY,
    steps: count('steps', values.steps, 1) ?? 25,
    connections: Math.min(connectionsMax, count('connections', values.connections, 1) ?? connectionsMax),
    only: onlyCommands(values.only),
    isSurvey: values.survey,
  };
}

function parsed(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ reference: string, 'reference-bin': string, generation: string, username: string, password: string },
      ...{ cases: string, commands: string, steps: string, connections: string, seed: string, only: string },
      ...{ 'empty-it': flag, 'save-at-once': flag, survey: flag, json: flag, help: { ...flag, short: 'h' } },
    },
  });
  return values;
}

function address(text: string): { host: string; port: number } {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (host === undefined) throw new UsageError(`--reference ${text}: not HOST:PORT`);
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

function count(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new UsageError(`--${name} ${text}: not a whole number from ${least} on`);
  return value;
}

function onlyCommands(text = ''): ReadonlySet<string> {
  const names = text.split(',').filter((part) => part !== '');
  const unknown = names.find((name) => codeOf(name as never) === undefined);
  if (unknown !== undefined) throw new UsageError(`--only: there is no command ${unknown}`);
  return new Set(names);
}
