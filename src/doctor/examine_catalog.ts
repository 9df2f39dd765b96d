// Examines the catalog by opening its journal as a start would, on a disk that only seems to change: what the start says, or why it refuses.
import { DataFolderError } from '../catalog/data_folder.ts';
import { openJournal } from '../catalog/journal.ts';
import { Ledger } from '../catalog/ledger.ts';
import type { CatalogState } from '../catalog/state.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { LogError } from '../log/log_error.ts';
import { DryDisk } from './dry_disk.ts';
import type { CatalogReport, Finding } from './findings.ts';

export interface CatalogExam {
  readonly report: CatalogReport;
  /** As far as it could be read; undefined when the start would be refused. */
  readonly state: CatalogState | undefined;
}

/** Examines `folder`, that of the catalog. */
export async function examineCatalog(environment: LogEnvironment, folder: string): Promise<CatalogExam> {
  const notices: string[] = [];
  const dry = { ...environment, disk: new DryDisk(environment.disk), notice: (text: string) => notices.push(text) };
  const ledger = new Ledger(environment.clock);
  const findings: Finding[] = [];
  try {
    const journal = await openJournal(dry, folder, false, (entry) => ledger.replay(entry), ledger.snapshots);
    await journal.close();
  } catch (error) {
    const isExpected = error instanceof DataFolderError || error instanceof LogError;
    if (!isExpected) throw error;
    findings.push({ kind: 'refused start', path: folder, text: error.message });
  }
  // What a start moves away was never complete; everything else that it says is for information.
  const [moved, notes] = [notices.filter(isMoved), notices.filter((text) => !isMoved(text))];
  for (const text of moved) findings.push({ kind: 'torn tail', path: folder, text: `a start would report: ${text}` });
  const { state } = ledger;
  const topics = [...state.streams].flatMap((stream) => [...stream.topics]);
  const report = {
    streams: state.streams.size,
    topics: topics.length,
    partitions: topics.reduce((sum, { partitions }) => sum + partitions.length, 0),
    users: state.users.size,
    lastEntry: state.appliedIndex,
    findings,
    notes,
  };
  return { report, state: findings.some(({ kind }) => kind === 'refused start') ? undefined : state };
}

function isMoved(notice: string): boolean {
  return notice.includes(' moved to ');
}
