// `pnpm bench codec`: reads and writes one large send and one large poll answer of two generations, each in several ways.
import { cpus, loadavg } from 'node:os';
import { comparisonsV04 } from './codec_v0_4.ts';
import { comparisonsV08 } from './codec_v0_8.ts';
import { measure } from './measure.ts';
import type { Report } from './report.ts';

const notes = [
  'walk: from the bytes of a batch to offset, lengths, size and position of the payload of each message; read: the same from the whole',
  '  request or answer. All readers were first checked to read the same values. Kaitai and the object decoder make an object per',
  '  message; a view reads in place, and only what is asked for: made for each batch, or one shared by all batches.',
  'write: a buffer of the exact size, filled once. Kaitai does not write in JavaScript: the measure is a copy of the finished bytes.',
];

/** Measures all comparisons of both generations. */
export async function run(rounds: number): Promise<Report> {
  const startedAt = new Date().toISOString();
  const before = loadavg()[0]!;
  const comparisons = measure([...(await comparisonsV08()), ...(await comparisonsV04())], rounds, (round) =>
    process.stderr.write(round === 0 ? 'warming up\n' : `round ${round} of ${rounds}\n`),
  );
  const processors = cpus();
  return {
    bench: 'codec',
    startedAt,
    node: process.versions.node,
    processor: `${processors.length} × ${processors[0]!.model.trim()}`,
    rounds,
    load: [before, loadavg()[0]!],
    notes,
    comparisons,
  };
}
