// The client matrix as the table of the README: generation × client × capability. Releases of a language that show the same share a row.
import type { Cell, Row } from './run.ts';
import { columns } from './run.ts';

const begin = '<!-- clients: written by `pnpm conformance clients --write-readme` -->';
const end = '<!-- end of clients -->';

const legend = `What each client's API offers, all on one server and one data folder. ✓ all of it passes, 2/5 so many of its steps are offered and pass, – none is
offered, (✓) after a restart of the server the caller logs in again or takes a new client. \`pnpm conformance clients --help\` explains the columns.`;

/** A cell in one word: everything, some of the steps, nothing offered, or failed. */
export function shown({ steps, passed, by, problem }: Cell): string {
  if (problem !== undefined) return 'FAILED';
  if (passed.length === 0) return '–';
  if (passed.length < steps.length) return `${passed.length}/${steps.length}`;
  return by === undefined || by === 'itself' ? '✓' : '(✓)';
}

/** The cells of a row in the order of the columns. */
export function cellsOf({ cells }: Row): string[] {
  return columns.map((title) => shown(cells.get(title)!));
}

/** The whole table in Markdown, generations in order. */
export function table(rows: readonly Row[]): string {
  const grouped = new Map<string, { head: string[]; releases: string[]; cells: string[] }>();
  const inOrder = rows.toSorted((left, right) =>
    left.client.offers.generation.localeCompare(right.client.offers.generation),
  );
  for (const row of inOrder) {
    const { language, release, offers } = row.client;
    const cells = cellsOf(row);
    const key = [offers.generation, language, ...cells].join('|');
    const group = grouped.get(key) ?? { head: [`\`${offers.generation}\``, language], releases: [], cells };
    group.releases.push(release);
    grouped.set(key, group);
  }
  const lines = [...grouped.values()].map(({ head: [generation, language], releases, cells }) =>
    lineOf([generation!, `${language} ${releases.join(', ')}`, ...cells]),
  );
  const rule = lineOf(['---', '---', ...columns.map(() => ':-:')]);
  return [lineOf(['generation', 'client', ...columns]), rule, ...lines].join('\n');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The cells that the README shows of each client, by its name. */
export function tableOf(readme: string): Map<string, string[]> {
  const lines = part(readme)
    .text.split('\n')
    .filter((line) => line.startsWith('|'));
  const found = new Map<string, string[]>();
  for (const line of lines.slice(2)) {
    const [, client, ...cells] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [language, ...releases] = client!.split(/,? /);
    for (const release of releases) found.set(`${language} ${release}`, cells);
  }
  return found;
}

/** The README with `text` as its table. */
export function withTable(readme: string, text: string): string {
  const { from, to } = part(readme);
  return `${readme.slice(0, from)}\n${legend}\n\n${text}\n${readme.slice(to)}`;
}

function part(readme: string): { from: number; to: number; text: string } {
  const from = readme.indexOf(begin) + begin.length;
  const to = readme.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`README.md lacks the lines ${begin} and ${end}`);
  return { from, to, text: readme.slice(from, to).trim() };
}
