// `pnpm conformance clients`: every official client through everything that it offers, on one fresh server, printed as a table.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { capabilities, restart } from './capabilities.ts';
import { matrixClients } from './clients.ts';
import { type Cell, columns, type Row, runMatrix } from './run.ts';
import { whippet } from './server.ts';
import { shown, table, withTable } from './table.ts';

const readme = join(import.meta.dirname, '..', '..', 'README.md');

const help = `Usage: pnpm conformance clients [options]

Runs every official client of the registries through all that its API offers: against a fresh Whippet, all of them on one data
folder, which is started again in the end while they stay. Prints the table generation × client × capability.

  --client NAME     only clients whose name begins so, such as "Rust" or "Python 0.8.0"; may be given more than once
  --address A:PORT  a server that runs already, which must be fresh; without the restart. Choose clients of its generation
  --json            one JSON object on stdout, with every step that passed, instead of the table
  --write-readme    puts the table into README.md; needs every client
  --help            this text

Columns:
${[...capabilities, restart].map(({ title, does, steps }) => `  ${title.padEnd(12)} ${does}${steps.length > 1 ? ` (${steps.length} steps)` : ''}`).join('\n')}

In a cell: ✓ all steps, 2/5 those that the client offers, – it offers none, FAILED, (✓) after the restart its caller had to log in or
connect again. Exit status: 0 nothing failed, 1 a cell failed, 2 wrong use.
`;

/** Runs `pnpm conformance clients` with the words behind it. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      client: { type: 'string', multiple: true, default: [] },
      address: { type: 'string' },
      json: { type: 'boolean', default: false },
      'write-readme': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const begins = values.client;
  const { clients, missing } = await matrixClients(
    (name) => begins.length === 0 || begins.some((word) => name.startsWith(word)),
  );
  for (const { name, reason } of missing) process.stderr.write(`whippet: SKIP: ${name}: ${reason}\n`);
  if (clients.length === 0 || (values['write-readme'] && (begins.length > 0 || missing.length > 0))) {
    process.stderr.write(
      clients.length === 0 ? 'whippet: there is no such client\n' : 'whippet: --write-readme needs every client\n',
    );
    return 2;
  }
  const server = values.address === undefined ? await whippet() : { address: values.address, remove: async () => {} };
  try {
    const rows = await runMatrix(clients, server, tell);
    if (values.json) process.stdout.write(`${JSON.stringify({ clients: rows.map(asJson) }, undefined, 2)}\n`);
    else process.stdout.write(`${table(rows)}\n`);
    const failed = rows.some(({ cells }) => [...cells.values()].some(({ problem }) => problem !== undefined));
    if (values['write-readme'] && !failed) writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), table(rows)));
    return failed ? 1 : 0;
  } finally {
    await server.remove();
  }
}

function tell({ name }: Row['client'], title: string, cell: Cell): void {
  if (cell.problem !== undefined) process.stderr.write(`${name}: ${title}: ${cell.problem}\n`);
}

function asJson({ client, cells }: Row) {
  const capabilitiesOf = columns.map(
    (title) => [title, { shown: shown(cells.get(title)!), ...cells.get(title)! }] as const,
  );
  return {
    client: client.name,
    generation: client.offers.generation,
    capabilities: Object.fromEntries(capabilitiesOf),
  };
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
