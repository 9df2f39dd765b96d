// The client matrix in CI: every official client through all that it offers on one server, and the table of the README is what came out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { matrixClients } from './clients.ts';
import { columns, type Row, runMatrix } from './run.ts';
import { whippet } from './server.ts';
import { cellsOf, table, tableOf, withTable } from './table.ts';

const { WHIPPET_GENERATION: generation, WHIPPET_COMMAND: command } = process.env;
const narrowed = command !== undefined || generation !== undefined;
const { clients, missing } = narrowed ? { clients: [], missing: [] } : await matrixClients();
const skip = narrowed ? 'narrowed to a part' : clients.length === 0 && 'no client to test with';

describe('the client matrix', { skip }, () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  let rows: Row[] = [];
  before(async () => {
    const server = await whippet();
    try {
      rows = await runMatrix(clients, server, () => {});
    } finally {
      await server.remove();
    }
  });

  for (const { name, reason } of missing) test(name, { skip: reason }, () => {});

  for (const [index, { name }] of clients.entries())
    test(name, () => {
      const { cells } = rows[index]!;
      assert.deepEqual([...cells.keys()].toSorted(), columns.toSorted());
      const problems = [...cells].filter(([, { problem }]) => problem !== undefined);
      assert.deepEqual(
        problems.map(([title, { problem }]) => `${title}: ${problem}`),
        [],
      );
    });

  test('the README shows what came out', () => {
    const shown = tableOf(readme);
    for (const row of rows) assert.deepEqual(shown.get(row.client.name), cellsOf(row), row.client.name);
    if (missing.length === 0) assert.equal(withTable(readme, table(rows)), readme);
  });
});
