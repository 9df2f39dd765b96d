// Treats a data folder that no server owns: torn ends go to quarantine, by the same code that a start runs; damaged partitions are moved aside as a
// whole. Nothing is deleted.
import { takeDataFolder } from '../catalog/data_folder.ts';
import { openJournal } from '../catalog/journal.ts';
import { Ledger } from '../catalog/ledger.ts';
import type { Disk } from '../log/disk.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { localStorage, parseFolderName } from '../log/local_storage.ts';
import { type FolderReport, isDamaged, type PartitionReport } from './findings.ts';

export interface Treatment {
  /** Cut torn ends off. */
  readonly repair: boolean;
  /** Move damaged partitions aside. */
  readonly quarantine: boolean;
}

/**
 * Treats what `report` found; returns what was done, one line each.
 * @throws DataFolderError when a server owns the folder.
 */
export async function treatFolder(
  environment: LogEnvironment,
  report: FolderReport,
  treatment: Treatment,
): Promise<string[]> {
  const done: string[] = [];
  const { folder } = report;
  const { release } = await takeDataFolder(environment.disk, folder, (text) => done.push(text));
  try {
    const noting = { ...environment, notice: (text: string) => void done.push(text) };
    if (treatment.quarantine)
      for (const partition of report.partitions.filter(isDamaged))
        done.push(await moveAside(environment.disk, folder, partition));
    if (treatment.repair) await repair(noting, report, treatment.quarantine);
  } finally {
    release();
  }
  return done;
}

async function repair(environment: LogEnvironment, report: FolderReport, areDamagedGone: boolean): Promise<void> {
  const { folder, catalog, partitions } = report;
  const isTorn = ({ findings }: Pick<PartitionReport, 'findings'>): boolean =>
    findings.some(({ kind }) => kind === 'torn tail');
  if (isTorn(catalog) && !catalog.findings.some(({ kind }) => kind === 'refused start')) {
    const ledger = new Ledger(environment.clock);
    const journal = await openJournal(
      environment,
      `${folder}/catalog`,
      false,
      (entry) => ledger.replay(entry),
      ledger.snapshots,
    );
    await journal.close();
  }
  const storage = localStorage(environment, `${folder}/logs`);
  for (const partition of partitions) {
    if (!isTorn(partition) || (areDamagedGone && isDamaged(partition))) continue;
    const identity = parseFolderName(partition.folder.slice(partition.folder.lastIndexOf('/') + 1))!;
    const { log, consumerOffsets } = await storage.open(identity, { segmentSize: 1, level: 'disk' });
    await log.close();
    await consumerOffsets.close();
  }
}

async function moveAside(disk: Disk, folder: string, partition: PartitionReport): Promise<string> {
  const aside = `${folder}/quarantine`;
  disk.makeFolder(aside);
  const name = partition.folder.slice(partition.folder.lastIndexOf('/') + 1);
  const taken = new Set(disk.list(aside).map((entry) => entry.name));
  let number = 0;
  while (taken.has(`${name}.${number}`)) number++;
  disk.rename(partition.folder, `${aside}/${name}.${number}`);
  await disk.syncFolder(aside);
  await disk.syncFolder(`${folder}/logs`);
  await disk.syncFolder(folder);
  return `${partition.folder} is moved to ${aside}/${name}.${number}; the partition starts empty, at offset 0`;
}
