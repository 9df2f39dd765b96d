// `pnpm bench`: lists the benches, runs one by name, prints its table or JSON, and keeps a result when asked to.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatReport, type Report } from './report.ts';

interface Bench {
  readonly summary: string;
  run(rounds: number, options: { readonly gib: number }): Promise<Report>;
}

const benches: Readonly<Record<string, Bench>> = {
  codec: {
    summary: 'generated codecs and views against the JavaScript that Kaitai makes of the same spec',
    run: async (rounds) => (await import('./codec.ts')).run(rounds),
  },
  conversion: {
    summary: 'what it costs that one generation reads what another has sent: each with each',
    run: async (rounds) => (await import('./conversion.ts')).run(rounds),
  },
  login: {
    summary: 'what a flood of wrong passwords costs everybody else, and whether the time of a refusal tells who exists',
    run: async (rounds) => (await import('./login.ts')).run(rounds),
  },
  restart: {
    summary: 'time from the start of a server to its first answer, after a clean stop and after a crash',
    run: async (rounds, { gib }) => (await import('./restart.ts')).run(rounds, gib),
  },
};

const help = `Usage: pnpm bench [<name>] [options]

Benches:
${Object.entries(benches)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join('\n')}

Options:
  --rounds N   rounds that count (default 9)
  --gib N      gibibytes of data for restart (default 0.5; the goals are for 10)
  --json       print JSON instead of tables
  --save       also write bench/results/<date>-<name>.txt, and .json with --json
  --help       this text

Without a name: this list. A target that is not met is printed and is no failure: the exit code tells only whether the bench ran.
`;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '9' },
      gib: { type: 'string', default: '0.5' },
      json: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  if (values.help || name === undefined) {
    console.log(help);
    return 0;
  }
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench === undefined || positionals.length > 1) throw new TypeError(`no such bench: ${positionals.join(' ')}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError(`not a number of rounds: ${values.rounds}`);
  const gib = Number(values.gib);
  if (!(gib > 0)) throw new TypeError(`not a number of gibibytes: ${values.gib}`);
  const report = await bench.run(rounds, { gib });
  const text = formatReport(report);
  const json = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(values.json ? json : text);
  if (values.save) {
    save(`${report.startedAt.slice(0, 10)}-${name}.txt`, text);
    if (values.json) save(`${report.startedAt.slice(0, 10)}-${name}.json`, json);
  }
  return 0;
}

function save(file: string, text: string): void {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), text);
  process.stderr.write(`saved bench/results/${file}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`bench: ${error.message}\n\n${help}`);
  process.exitCode = 2;
}
