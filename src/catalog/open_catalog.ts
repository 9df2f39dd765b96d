// Puts the catalog together: the data folder, the journal and what it replays, the partitions behind it, and the first user.
import type { JournalEntry } from '../../generated/storage/journal_entry.ts';
import type { LogEnvironment, LogOptions } from '../log/local_log.ts';
import { localStorage } from '../log/local_storage.ts';
import { LogError } from '../log/log_error.ts';
import type { MemoryEnvironment } from '../log/memory_log.ts';
import { memoryStorage } from '../log/memory_storage.ts';
import type { PartitionStorage } from '../log/partition_storage.ts';
import { SpaceGuard } from '../log/space.ts';
import { Catalog } from './catalog.ts';
import { DataFolderError, takeDataFolder } from './data_folder.ts';
import { openJournal } from './journal.ts';
import { Ledger } from './ledger.ts';
import { LiveCatalog } from './live.ts';
import { memoryMetadataLog } from './memory_metadata_log.ts';
import type { MetadataLog } from './metadata_log.ts';
import { type NewUser, Users } from './users.ts';

export interface CatalogOptions {
  /** The data folder. */
  readonly folder: string;
  readonly log: LogOptions;
  /** Bytes of the journal after which a snapshot is taken; 4 MiB when not given. */
  readonly journalPartSize?: number | undefined;
  /** Asked for the first user when there is none; gets id 0. */
  readonly rootUser: () => Promise<NewUser>;
}

/**
 * Opens the data folder, recovering whatever the last process left.
 * @throws DataFolderError when it is in use, of a newer format, encrypted with another key, or its journal is damaged.
 */
export async function openCatalog(given: LogEnvironment, options: CatalogOptions): Promise<Catalog> {
  const { disk, clock, notice } = given;
  const folder = await takeDataFolder(disk, options.folder, notice);
  const environment = { ...given, space: given.space ?? new SpaceGuard(disk, clock, folder.path, notice) };
  try {
    const logs = `${folder.path}/logs`;
    disk.makeFolder(logs);
    const ledger = new Ledger(clock);
    const isNew = disk.list(logs).length === 0;
    const replay = (entry: JournalEntry): void => ledger.replay(entry);
    const { snapshots } = ledger;
    const place = `${folder.path}/catalog`;
    const journal = await openJournal(environment, place, isNew, replay, snapshots, options.journalPartSize);
    const storage = localStorage(environment, logs);
    // What was unlinked stays so before it is forgotten.
    await disk.syncFolder(logs);
    const onDisk = new Set(storage.list().map(({ incarnation }) => incarnation));
    ledger.forgetLives((incarnation) => onDisk.has(incarnation));
    return await assemble(environment, ledger, journal, storage, options, folder.release);
  } catch (error) {
    folder.release();
    // What a person can put right is said without a stack.
    if (error instanceof LogError && (error.kind === 'wrong_key' || error.kind === 'newer_format'))
      throw new DataFolderError(error.message);
    throw error;
  }
}

/** A catalog that is only in memory: for tests and for use inside another process. */
export function openMemoryCatalog(
  environment: MemoryEnvironment,
  options: Omit<CatalogOptions, 'folder'>,
): Promise<Catalog> {
  const ledger = new Ledger(environment.clock);
  const storage = memoryStorage(environment);
  return assemble(environment, ledger, memoryMetadataLog(), storage, options, () => {});
}

/** Puts the parts together, once the ledger has replayed all that the journal holds. */
async function assemble(
  environment: MemoryEnvironment,
  ledger: Ledger,
  journal: MetadataLog,
  storage: PartitionStorage,
  options: Omit<CatalogOptions, 'folder'>,
  release: () => void,
): Promise<Catalog> {
  const live = new LiveCatalog(ledger.state, storage, options.log, environment);
  await live.load();
  const users = new Users(ledger);
  users.load();
  ledger.start(journal, (entry) => {
    live.applied(entry);
    users.applied(entry);
  });
  if (users.size === 0) await users.create(await options.rootUser());
  return new Catalog(environment.random, ledger, live, users, release);
}
