// Puts the catalog together: the data folder, the journal and what it replays, the partitions behind it, and the first user.
import type { LogEnvironment, LogOptions } from '../log/local_log.ts';
import { localStorage } from '../log/local_storage.ts';
import { Catalog } from './catalog.ts';
import { takeDataFolder } from './data_folder.ts';
import { openJournal } from './journal.ts';
import { Ledger } from './ledger.ts';
import { LiveCatalog } from './live.ts';
import { type NewUser, Users } from './users.ts';

export interface CatalogOptions {
  /** The data folder. */
  readonly folder: string;
  readonly log: LogOptions;
  /** Asked for the first user when there is none; gets id 0. */
  readonly rootUser: () => Promise<NewUser>;
}

/**
 * Opens the data folder, recovering whatever the last process left.
 * @throws DataFolderError when it is in use, of a newer format, or its journal is damaged.
 */
export async function openCatalog(environment: LogEnvironment, options: CatalogOptions): Promise<Catalog> {
  const { disk, clock, notice } = environment;
  const folder = await takeDataFolder(disk, options.folder, notice);
  try {
    const logs = `${folder.path}/logs`;
    disk.makeFolder(logs);
    const ledger = new Ledger(clock);
    const isNew = disk.list(logs).length === 0;
    const journal = await openJournal(environment, `${folder.path}/catalog`, isNew, (entry) => ledger.replay(entry));
    const live = new LiveCatalog(ledger.state, localStorage(environment, options.log, logs), notice);
    await live.load();
    const users = new Users(ledger);
    users.load();
    ledger.start(journal, (entry) => {
      live.applied(entry);
      users.applied(entry);
    });
    if (users.size === 0) await users.create(await options.rootUser());
    return new Catalog(environment, ledger, live, users, folder.release);
  } catch (error) {
    folder.release();
    throw error;
  }
}
