// `pnpm conformance compare`: compares Whippet with an official server that is started for it, or with one that already runs.
import { help, type Options, parseOptions, UsageError } from './options.ts';
import { Pair } from './pair.ts';
import { probeGeneration } from './probe.ts';
import { jsonReport, textReport } from './report.ts';
import { compare } from './run.ts';
import { ownServer, referenceCommand, type ServerSource, serverAt, whippetCommand } from './server_process.ts';
import { type Contents, Side } from './side.ts';
import type { Generation } from './step.ts';

/** Runs `pnpm conformance compare` with the words behind it; gives the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === undefined) {
      process.stdout.write(help);
      return 0;
    }
    return await run(options);
  } catch (error) {
    const { message, code = '' } = error as Error & { code?: string };
    if (!(error instanceof UsageError) && !code.startsWith('ERR_PARSE_ARGS')) throw error;
    process.stderr.write(`whippet: ${message}; --help tells more\n`);
    return 2;
  }
}

async function run(options: Options): Promise<number> {
  const source = await sourceOf(options);
  const generation = options.generation ?? (await generationOf(source));
  const reference = new Side(source, generation);
  const whippet = new Side(ownServer(whippetCommand(generation), source.root), generation);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  if (!source.isOurs) await refuseUnlessEmpty(reference, options.mayEmpty);
  const pair = new Pair(reference, whippet, generation);
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const note = (line: string) => process.stderr.write(`whippet: ${line}\n`);
  const report = options.isJson ? jsonReport(generation, write) : textReport(generation, write, note);
  try {
    const tally = await compare(pair, generation, { ...options, signal: interrupted.signal }, report);
    return tally.differences === 0 && tally.neverMet.length === 0 ? 0 : 1;
  } finally {
    await pair.stop();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
}

async function sourceOf({ reference, bin, root, savesAtOnce }: Options): Promise<ServerSource> {
  if (reference !== undefined) return serverAt(reference.host, reference.port, root);
  return ownServer(await referenceCommand(bin!, savesAtOnce));
}

async function generationOf(source: ServerSource): Promise<Generation> {
  const server = await source.start();
  try {
    const generation = await probeGeneration(server.host, server.port, source.root);
    if (generation !== undefined) return generation;
  } finally {
    await server.stop();
  }
  throw new UsageError('the server does not tell which generation it speaks: give --generation');
}

/** A server that somebody named may be the wrong one: nothing is deleted unless it was said. */
async function refuseUnlessEmpty(reference: Side, mayEmpty: boolean): Promise<void> {
  const { streams, users, tokens }: Contents = await reference.contents();
  if (mayEmpty || streams.length + users.length + tokens.length === 0) return;
  reference.leave();
  throw new UsageError(
    `the server is not empty: ${streams.length} streams, ${users.length} users beside root, ${tokens.length} tokens of root. ` +
      'Comparing deletes all of them: say --empty-it if it may',
  );
}
