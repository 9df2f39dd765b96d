// Examines a whole data folder: the catalog, then every partition on the disk, held against what the catalog says exists. Changes nothing.
import { formatOf, ownerOf } from '../catalog/data_folder.ts';
import type { CatalogState } from '../catalog/state.ts';
import type { Disk } from '../log/disk.ts';
import type { LogEnvironment, LogIdentity } from '../log/environment.ts';
import { parseFolderName } from '../log/local_storage.ts';
import { examineCatalog } from './examine_catalog.ts';
import { type Examiner, examinePartition } from './examine_partition.ts';
import type { Finding, FolderReport, PartitionReport } from './findings.ts';

/** The folder cannot be examined. The message says why, to a person. */
export class NotExaminable extends Error {
  override readonly name = 'NotExaminable';
}

/** Bytes read of all that there is to read. */
export type Progress = (read: number, total: number) => void;

/** @throws NotExaminable when `folder` is no data folder of ours. */
export async function examineFolder(
  environment: LogEnvironment,
  folder: string,
  progress: Progress,
): Promise<FolderReport> {
  const { disk } = environment;
  const format = formatOf(disk, folder);
  if (format === undefined)
    throw new NotExaminable(`${folder} is no data folder of Whippet's: it has no file "format" that says so`);
  const owner = ownerOf(disk, folder);
  const catalog = await examineCatalog(environment, `${folder}/catalog`);
  const findings: Finding[] = [];
  const notes: string[] = [];
  const logs = `${folder}/logs`;
  const total = sizeBelow(disk, logs);
  let read = 0;
  const examiner: Examiner = {
    disk,
    progress(bytes) {
      read += bytes;
      progress(read, total);
    },
  };
  const partitions: PartitionReport[] = [];
  const known = catalog.state === undefined ? undefined : topicsOf(catalog.state);
  for (const { name, kind } of disk.list(logs)) {
    const identity = kind === 'folder' ? parseFolderName(name) : undefined;
    const path = `${logs}/${name}`;
    if (identity === undefined) notes.push(`${path} is not ours`);
    else if (catalog.state?.endedLives.has(identity.incarnation))
      notes.push(`${path} is what is left of a partition that was deleted or purged; a start removes it`);
    else {
      const topic = known?.get(identity.incarnation);
      const report = examinePartition(examiner, path, identity, topic);
      partitions.push(topic === undefined && known !== undefined ? withUnknown(report) : report);
    }
  }
  return { folder, format, owner, catalog: catalog.report, partitions, findings, notes };
}

function withUnknown(report: PartitionReport): PartitionReport {
  const text = 'the catalog knows no such partition: the server leaves it alone and does not serve it';
  return { ...report, findings: [{ kind: 'unknown partition', path: report.folder, text }, ...report.findings] };
}

/** "stream/topic" of every partition's life. */
function topicsOf(state: CatalogState): Map<LogIdentity['incarnation'], string> {
  const names = new Map<bigint, string>();
  for (const stream of state.streams)
    for (const topic of stream.topics)
      for (const { incarnation } of topic.partitions) names.set(incarnation, `${stream.name}/${topic.name}`);
  return names;
}

function sizeBelow(disk: Disk, folder: string): number {
  let size = 0;
  for (const { name, kind } of disk.list(folder)) {
    if (kind === 'folder' && name !== 'quarantine') size += sizeBelow(disk, `${folder}/${name}`);
    if (kind !== 'file') continue;
    const file = disk.open(`${folder}/${name}`, 'read');
    size += file.size();
    file.close();
  }
  return size;
}
