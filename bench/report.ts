// The result of a bench as text: where it ran, one table per comparison, targets met or not.
import type { ComparisonResult, Spread } from './measure.ts';

/** What a bench hands back, and what `--json` prints. */
export interface Report {
  readonly bench: string;
  readonly startedAt: string;
  readonly node: string;
  readonly processor: string;
  readonly rounds: number;
  /** Load averages of one minute, before and after. Above the number of processors, others were running. */
  readonly load: readonly [before: number, after: number];
  readonly notes: readonly string[];
  readonly comparisons: readonly ComparisonResult[];
  /** What is measured by itself, without something to compare it with. */
  readonly figures?: readonly Figure[];
  /** Values of each with each. */
  readonly grids?: readonly Grid[];
}

/** Measured values in rows and columns. */
export interface Grid {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly Spread[])[];
}

/** One measured value, and what it is meant to be. */
export interface Figure extends Spread {
  readonly title: string;
  readonly unit: string;
  readonly goal?: { readonly atMost: number; readonly isMet: boolean };
}

/** The report for people. */
export function formatReport(report: Report): string {
  const { bench, startedAt, node, processor, rounds, load, notes, comparisons, figures = [], grids = [] } = report;
  const head = [
    `bench ${bench}, ${startedAt}`,
    `Node ${node}, ${processor}, load ${load.map((value) => value.toFixed(1)).join(' to ')}`,
    ...(comparisons.length === 0
      ? []
      : [
          `median of ${rounds} interleaved rounds, in processor time of the whole process; ratios are taken within a round`,
        ]),
    ...notes,
  ];
  const measured = figures.length === 0 ? [] : [...formatFigures(figures), ''];
  return [
    ...[...head, ''],
    ...grids.flatMap((grid) => [...formatGrid(grid), '']),
    ...comparisons.flatMap((comparison) => [...formatComparison(comparison), '']),
    ...measured,
  ].join('\n');
}

function formatFigures(figures: readonly Figure[]): string[] {
  return formatTable(
    figures.map(({ title, unit, median, min, max, goal }) => [
      title,
      `${formatNumber(median)} ${unit}`,
      min === max ? '' : `${formatNumber(min)}..${formatNumber(max)}`,
      goal === undefined ? '' : `goal: at most ${goal.atMost} ${unit}: ${goal.isMet ? 'met' : 'NOT MET'}`,
    ]),
  );
}

function formatGrid({ title, rows, columns, cells }: Grid): string[] {
  const lines = cells.map((row, index) => [rows[index]!, ...row.map(formatSpread)]);
  return [title, ...formatTable([['', ...columns], ...lines]).map((line) => `  ${line}`)];
}

function formatSpread(value: Spread): string {
  return `${formatNumber(value.median)} (${formatRange(value)})`;
}

function formatComparison({ title, scores, target }: ComparisonResult): string[] {
  const rows = scores.map(({ contestant, opsPerSecond, nanosecondsPerMessage, ratio }) => [
    contestant,
    formatNumber(opsPerSecond.median),
    formatNumber(nanosecondsPerMessage.median),
    formatNumber(ratio.median),
    formatRange(ratio),
  ]);
  const lines = formatTable([['', 'ops/s', 'ns/message', `× ${scores[0]!.contestant}`, 'min..max'], ...rows]);
  if (target !== undefined) {
    const { contestant, ratio, isMet } = target;
    lines.push(`target: ${contestant} at least ${ratio} × ${scores[0]!.contestant}: ${isMet ? 'met' : 'NOT MET'}`);
  }
  return [title, ...lines.map((line) => `  ${line}`)];
}

/** First column to the left, the others to the right. */
function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   '),
  );
}

function formatRange({ min, max }: Spread): string {
  return `${formatNumber(min)}..${formatNumber(max)}`;
}

function formatNumber(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
