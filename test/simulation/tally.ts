// What a simulation has seen. A run that looks at too little must not pass: floors say how much of everything there has to be.
import type { Step } from './simulated_disk.ts';

export class Tally {
  readonly counts = new Map<string, number>();

  add(what: string, count = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  get(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** Notes where a crash came. */
  crashAt(step: Step | undefined, phase: 'start' | 'run' | 'later start'): void {
    this.add('crash states');
    if (phase !== 'run') this.add('crashes during recovery');
    if (phase === 'later start') this.add('crashes during the recovery from a crash');
    if (step === undefined) return;
    for (const [what, operation, path] of places)
      if (operation.test(step.operation) && path.test(step.path)) this.add(what);
  }

  /** Everything that fell short of `floors`. */
  shortOf(floors: Readonly<Record<string, number>>): string[] {
    return Object.entries(floors)
      .filter(([what, floor]) => this.get(what) < floor)
      .map(([what, floor]) => `${what}: ${this.get(what)}, at least ${floor} are wanted`);
  }

  toString(): string {
    return [...this.counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([what, count]) => `  ${String(count).padStart(9)} ${what}`)
      .join('\n');
  }
}

const places: readonly [what: string, operation: RegExp, path: RegExp][] = [
  ['crashes during a message write', /^write$/, /\/logs\/.*\.log$/],
  ['crashes during a metadata append', /^(write|sync)$/, /\/catalog\/.*\.journal$/],
  ['crashes during a segment sync', /^sync$/, /\.log$/],
  ['crashes during rotation', /^(create|remove)$|^syncFolder$/, /\/logs\/[^/]*(\/0*[1-9]\d*\.log)?$/],
  ['crashes while stored offsets are written', /^(write|sync|create|rename)$/, /\/offsets(\.tmp)?$/],
  ['crashes while files of the deleted are removed', /^(remove|removeFolder)$/, /\/logs\/[^/]*(\/[^/]*)?$/],
  ['crashes during a quarantine', /./, /\/quarantine/],
  ['crashes at a checkpoint', /./, /\/checkpoint/],
  ['crashes at the lock', /./, /\/lock/],
];

/** What a whole run must have seen at least. */
export const floors: Readonly<Record<string, number>> = {
  scenarios: 40,
  'crash states': 5_000,
  'crashes during recovery': 1_000,
  'crashes during the recovery from a crash': 500,
  'crashes during rotation': 200,
  'crashes during a metadata append': 300,
  'crashes during a message write': 300,
  'crashes during a segment sync': 300,
  'crashes while stored offsets are written': 200,
  'crashes while files of the deleted are removed': 100,
  'crashes during a quarantine': 50,
  'crashes at a checkpoint': 50,
  'killed processes': 1_000,
  'power cuts': 3_000,
  'torn sectors': 500,
  'lost names': 200,
  'swept faults: write': 10,
  'swept faults: sync': 5,
  'swept faults: create': 1,
  'long runs': 1,
  'runs that were equal when played twice': 1,
};

/** What a run must have seen that ended before it had done everything. */
export const floorsOfSlowRun: Readonly<Record<string, number>> = {
  scenarios: 5,
  'crash states': 500,
  'crashes during recovery': 100,
  'crashes during a metadata append': 20,
  'killed processes': 100,
  'power cuts': 300,
  'torn sectors': 20,
  'lost names': 20,
  'long runs': 1,
  'runs that were equal when played twice': 1,
};
