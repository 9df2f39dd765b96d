// `pnpm bench conversion`: what it costs that clients of one generation read what those of another have sent. Over sockets, each producer with
// each consumer; and inside one process, each generation's way to the stored layout and back.
import { cpus, loadavg } from 'node:os';
import { layoutComparisons } from './conversion_layouts.ts';
import { batchCount, conversionGrids, pipelined } from './conversion_server.ts';
import { measure } from './measure.ts';
import type { Report } from './report.ts';

const notes = [
  'over sockets: MB/s by the clock, medians of alternating rounds (min..max). The server is a process of its own at its defaults; one process has',
  `  a connection of each generation. A sample is ${batchCount} requests, ${pipelined} of them under way at a time, encoded before; of answers only status and size`,
  '  are looked at, their messages once before all rounds. Polls find what was just sent in memory. Where the server needs least, in polls',
  '  by 0.8, MB/s is what the client can take.',
  'in one process: what becomes of a batch between socket and log, without the log; 0.8 is stored as it comes.',
];

/** Measures everything. */
export async function run(rounds: number): Promise<Report> {
  const startedAt = new Date().toISOString();
  const before = loadavg()[0]!;
  const grids = await conversionGrids(rounds);
  const comparisons = measure(layoutComparisons(), rounds, (round) =>
    process.stderr.write(`in one process: ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}\n`),
  );
  const processors = cpus();
  return {
    ...{ bench: 'conversion', startedAt, node: process.versions.node, rounds, comparisons, grids },
    notes: [`pnpm bench conversion --rounds ${rounds}`, ...notes],
    processor: `${processors.length} × ${processors[0]!.model.trim()}`,
    load: [before, loadavg()[0]!],
  };
}
