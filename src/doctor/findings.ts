// What an examination finds, as values: for the text, for --json, and for the repair.

/** What a finding is of. */
export type FindingKind =
  /** An append that never ended is at the end of a file. The server cuts it off at its next start; so does --repair. */
  | 'torn tail'
  /** Bytes that were once complete are not valid now. */
  | 'damage'
  /** Messages that must have been there are not. */
  | 'missing'
  /** The server would not start. */
  | 'refused start'
  /** A folder of a partition that nothing is known of. */
  | 'unknown partition';

export interface Finding {
  readonly kind: FindingKind;
  /** Path of the file or folder. */
  readonly path: string;
  /** Bytes of the file, the second one exclusive. */
  readonly bytes?: readonly [number, number];
  /** Offsets of messages, the second one exclusive. */
  readonly offsets?: readonly [number, number];
  readonly text: string;
}

export interface PartitionReport {
  readonly streamId: number;
  readonly topicId: number;
  readonly partitionId: number;
  /** Names from the catalog; undefined when it does not know the partition. */
  readonly topic: string | undefined;
  readonly folder: string;
  readonly segments: number;
  /** Of the first message that is kept. */
  readonly firstOffset: number;
  /** The next message gets it. */
  readonly nextOffset: number;
  /** Messages whose frames are valid. */
  readonly messages: number;
  /** Of the files. */
  readonly sizeBytes: number;
  /** Every offset below was on the disk, as far as the files say. */
  readonly durableUpTo: number;
  /** Numbers of the keys that its files are encrypted with, in hexadecimal; files that are plain count as `none`. */
  readonly keys: readonly string[];
  /** Changes of stored offsets in its file of them. */
  readonly offsetChanges: number;
  readonly findings: readonly Finding[];
  /** What is worth knowing and harmless. */
  readonly notes: readonly string[];
}

export interface CatalogReport {
  readonly streams: number;
  readonly topics: number;
  readonly partitions: number;
  readonly users: number;
  /** Index of the last change. */
  readonly lastEntry: number;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

export interface FolderReport {
  readonly folder: string;
  readonly format: number;
  /** Process of the server that has the folder now. What it is writing is read as it is: findings may be of the moment. */
  readonly owner: number | undefined;
  readonly catalog: CatalogReport;
  readonly partitions: readonly PartitionReport[];
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** All findings of a report. */
export function findingsOf({ catalog, partitions, findings }: FolderReport): Finding[] {
  return [...findings, ...catalog.findings, ...partitions.flatMap((partition) => partition.findings)];
}

/** Whether a server would serve a partition read-only, or not all of it. */
export function isDamaged({ findings }: PartitionReport): boolean {
  return findings.some(({ kind }) => kind === 'damage' || kind === 'missing');
}
