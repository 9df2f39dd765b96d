// How the catalog changes: a change is checked against all changes before it, written to the journal, and shown to everyone once it is durable.
import type { JournalEntry } from '../../generated/storage/journal_entry.ts';
import type { Clock } from '../lib/clock.ts';
import type { MetadataLog, Snapshots } from './metadata_log.ts';
import { captureState, restoreState } from './snapshot.ts';
import { apply, CatalogState } from './state.ts';

type WithoutPlace<Entry> = Entry extends JournalEntry ? Omit<Entry, 'index' | 'timestamp'> : never;

/** An entry before it has its place in the journal. */
export type Change = WithoutPlace<JournalEntry>;

/** Two copies of the records: what is durable, and what will be once all that is under way is. */
export class Ledger {
  /** What clients see. */
  readonly state = new CatalogState();
  /** What new changes are checked against, so that many can wait for one sync without contradicting each other. */
  readonly planned = new CatalogState();
  readonly #clock: Clock;
  #pending: { readonly entry: JournalEntry; readonly shown: () => void }[] = [];
  #journal: MetadataLog | undefined;
  #applied: (entry: JournalEntry) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the journal may replace its history by. */
  get snapshots(): Snapshots {
    return {
      capture: () => ({ index: this.state.appliedIndex, bytes: captureState(this.state) }),
      restore: (bytes) => {
        restoreState(this.planned, bytes);
        restoreState(this.state, bytes);
      },
    };
  }

  /** Lives that ended and have nothing left on the disk need not be known any more. */
  forgetLives(isOnDisk: (incarnation: bigint) => boolean): void {
    for (const { endedLives } of [this.state, this.planned])
      for (const incarnation of endedLives) if (!isOnDisk(incarnation)) endedLives.delete(incarnation);
  }

  /** Takes an entry of an earlier process. */
  replay(entry: JournalEntry): void {
    apply(this.planned, entry);
    apply(this.state, entry);
  }

  /** Begins taking changes. `applied` is called after each one is visible, in order. */
  start(journal: MetadataLog, applied: (entry: JournalEntry) => void): void {
    this.#journal = journal;
    this.#applied = applied;
  }

  /**
   * Makes a change that the caller has just checked against `planned`, without awaiting in between. `look` sees the catalog as the change left it: when
   * this resolves later ones may be visible, too.
   * @throws LogError `write_failed`, `fenced`, `closed`.
   */
  async commit<Seen = void>(change: Change, look?: () => Seen): Promise<Seen> {
    const entry = {
      ...change,
      index: this.planned.appliedIndex + 1,
      timestamp: this.#clock.nowMicros(),
    } as JournalEntry;
    // Written first: when the disk is full nothing has changed.
    const durable = this.#journal!.append(entry);
    apply(this.planned, entry);
    let seen: Seen | undefined;
    const shown = (): void => {
      seen = look?.();
    };
    this.#pending.push({ entry, shown });
    await durable;
    this.#show(entry.index);
    return seen as Seen;
  }

  /** Durable up to `index` means that every entry before it is, too. */
  #show(index: number): void {
    while (this.#pending.length > 0 && this.#pending[0]!.entry.index <= index) {
      const { entry, shown } = this.#pending.shift()!;
      apply(this.state, entry);
      this.#applied(entry);
      shown();
    }
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }
}
