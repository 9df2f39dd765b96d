// Runs the client matrix: every client through every capability on one server, some at a time, and at the end all of them through a
// restart of it that they stay for.
import type { Line } from '../client_process.ts';
import type { OfficialClient } from '../official_clients.ts';
import { capabilities, restart } from './capabilities.ts';
import type { Place } from './capability.ts';
import { sentBy } from './messages.ts';

/** What a client showed of one capability. */
export interface Cell {
  readonly steps: readonly string[];
  /** Those of the steps that the client offers and that were right. */
  readonly passed: readonly string[];
  /** How the client came back after a restart: `itself`, or what its caller had to do again. */
  readonly by?: string;
  /** What went wrong; then the run has failed. */
  readonly problem?: string;
}

/** A client and its cells by the title of their columns. */
export interface Row {
  readonly client: OfficialClient;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** The server that the matrix runs against. */
export interface MatrixServer {
  readonly address: string;
  /** Starts it again at the same address; absent where that is not ours to do. */
  readonly restart?: () => Promise<void>;
}

/** The titles of all columns. */
export const columns: readonly string[] = [...capabilities.map(({ title }) => title), restart.title];

/** More at once gain nothing on two cores. */
const atOnce = 3;

/** Runs all clients; `told` hears of each cell as soon as it is known. */
export async function runMatrix(
  clients: readonly OfficialClient[],
  server: MatrixServer,
  told: (client: OfficialClient, title: string, cell: Cell) => void,
): Promise<Row[]> {
  const rows = clients.map((client) => ({ client, cells: new Map<string, Cell>() }));
  const waiting = [...rows];
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      for (const { title, steps, run } of capabilities) {
        const cell = await tried(steps, () => run(row.client, placeOf(row.client, server)));
        row.cells.set(title, cell);
        told(row.client, title, cell);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await throughRestart(rows, server, told);
  return rows;
}

function placeOf(client: OfficialClient, { address }: MatrixServer): Place {
  return { address, stream: `of-${client.slug}`, topic: 'matrix', partition: client.idBase };
}

async function tried(steps: readonly string[], run: () => Promise<readonly string[]>): Promise<Cell> {
  try {
    return { steps, passed: await run() };
  } catch (error) {
    return { steps, passed: [], problem: (error as Error).message };
  }
}

async function throughRestart(
  rows: readonly { client: OfficialClient; cells: Map<string, Cell> }[],
  server: MatrixServer,
  told: (client: OfficialClient, title: string, cell: Cell) => void,
): Promise<void> {
  const { title, steps } = restart;
  // Every program that runs is ended with this process, and here many run at once.
  process.setMaxListeners(process.getMaxListeners() + rows.length);
  const staying = rows
    .filter(({ client }) => server.restart !== undefined && client.offers.verbs.includes('restart'))
    .map(({ client, cells }) => ({
      client,
      cells,
      running: client.start('restart', { ...placeOf(client, server), timeout: 60 }),
    }));
  const isWaiting = ({ event }: Line) => event === 'waiting';
  // Who does not come as far as to wait fails below, where it is asked to go on.
  await Promise.all(
    staying.map(({ running }) => running.until('waiting', (lines) => lines.some(isWaiting)).catch(() => {})),
  );
  await server.restart?.();
  await Promise.all(
    staying.map(async ({ client, cells, running }) => {
      const cell = await tried(steps, async () => {
        await running.finish().finally(() => running.kill());
        return restart.judge(running.lines, sentBy(client));
      });
      const after = running.lines.find(({ name }) => name === 'after')?.facts as { by?: string } | undefined;
      cells.set(title, { ...cell, ...(after?.by !== undefined && { by: after.by }) });
    }),
  );
  for (const { client, cells } of rows) {
    if (!cells.has(title)) cells.set(title, { steps, passed: [] });
    told(client, title, cells.get(title)!);
  }
}
