// At level `memory`, writes from time to time what partitions hold in memory, so that what comes slowly does not wait for ever.
import { Rounds } from '../lib/rounds.ts';
import type { Timers } from '../lib/timers.ts';
import type { Level } from '../log/partition_log.ts';
import type { Catalog } from './catalog.ts';

export class Saver {
  readonly #catalog: Catalog;
  readonly #rounds: Rounds;
  readonly #level: Level;
  readonly #notice: (text: string) => void;

  /** Raises everything to `level`. */
  constructor(catalog: Catalog, timers: Timers, level: Level, notice: (text: string) => void) {
    this.#catalog = catalog;
    this.#rounds = new Rounds(timers, () => this.#saveAll());
    this.#level = level;
    this.#notice = notice;
  }

  /** Saves every interval from now on. */
  start(intervalMs: number): void {
    this.#rounds.start(intervalMs);
  }

  /** Begins no other round and waits for the one under way. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round over all partitions; the one under way when there is one. Never rejects: what fails is noticed and tried again next time. */
  save(): Promise<void> {
    return this.#rounds.run();
  }

  async #saveAll(): Promise<void> {
    for (const stream of [...this.#catalog.streams]) {
      for (const topic of [...stream.topics]) {
        for (const { id, log } of [...topic.partitions]) {
          if (log.fence !== undefined) continue;
          await log
            .flush(this.#level)
            .catch((error: unknown) =>
              this.#notice(
                `partition ${id} of topic ${topic.name} of stream ${stream.name} could not be saved: ${(error as Error).message}`,
              ),
            );
        }
      }
    }
  }
}
