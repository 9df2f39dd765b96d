// Examines the folder of one life of a partition: every frame of every segment, stored offsets, checkpoint, and what else lies there. Changes nothing.
import { FileKind, type SegmentHeader } from '../../generated/storage/segment_header.ts';
import { checkpointName, readCheckpointEnd } from '../log/checkpoint.ts';
import type { Disk } from '../log/disk.ts';
import type { LogIdentity } from '../log/environment.ts';
import { fileHeaderSize, readFileHeader } from '../log/file_header.ts';
import { frameHeaderSize } from '../log/frame.ts';
import { scanFrames } from '../log/recovery.ts';
import { keyText } from '../log/sealing.ts';
import { segmentNameOffset } from '../log/segment.ts';
import { examineFull, examineLast, type SegmentExam } from './examine_segment.ts';
import type { Finding, PartitionReport } from './findings.ts';

/** What an examination is done with. */
export interface Examiner {
  readonly disk: Disk;
  /** Told of bytes as they are read. */
  readonly progress: (bytes: number) => void;
}

interface SegmentFile {
  readonly name: string;
  readonly baseOffset: number;
  readonly size: number;
  /** Undefined when it is damaged. */
  readonly header: SegmentHeader | undefined;
}

/** Examines `folder`. Streams and topics are named by the caller, who knows the catalog. */
export function examinePartition(
  examiner: Examiner,
  folder: string,
  identity: LogIdentity,
  topic: string | undefined,
): PartitionReport {
  const { disk } = examiner;
  const notes: string[] = [];
  const findings: Finding[] = [];
  const segments: SegmentFile[] = [];
  for (const { name, kind } of disk.list(folder)) {
    if (kind === 'file' && segmentNameOffset(name) !== undefined)
      segments.push(readSegment(disk, folder, name, identity));
    else if (name === 'quarantine') notes.push(`${folder}/${name} has ${disk.list(`${folder}/${name}`).length} files`);
    else if (kind === 'file' && name.endsWith('.tmp'))
      notes.push(`${folder}/${name} was never finished; a start removes it`);
    else if (kind !== 'file' || ![checkpointName, 'offsets'].includes(name))
      notes.push(`${folder}/${name} is not ours`);
  }
  const checkpoint = readCheckpointEnd(disk, folder, identity.incarnation);
  if (checkpoint.offset === 0 && disk.readWhole(`${folder}/${checkpointName}`, 4096) !== undefined)
    notes.push(`${folder}/${checkpointName} is not valid: a start reads the whole last file`);
  // What was never complete is moved away by a start, and the file before it is the last one then.
  const kept = segments.filter((segment, index) => index < segments.length - 1 || !isUnfinished(segment));
  for (const { name, size } of segments.slice(kept.length))
    findings.push({
      ...{ kind: 'torn tail', path: `${folder}/${name}`, bytes: [0, size] },
      text: 'a file that was never complete',
    });
  const exams = kept.map((segment, index) =>
    examineFile(examiner, folder, segment, kept[index + 1], checkpoint.offset),
  );
  for (const exam of exams) {
    findings.push(...exam.findings);
    notes.push(...exam.notes);
  }
  const nextOffset = Math.max(0, ...exams.map((exam) => exam.nextOffset));
  const offsets = examineOffsets(examiner, folder, identity, findings);
  return {
    ...{ streamId: identity.streamId, topicId: identity.topicId, partitionId: identity.partitionId, topic, folder },
    segments: segments.length,
    firstOffset: segments[0]?.baseOffset ?? 0,
    nextOffset,
    messages: exams.reduce((sum, { messages }) => sum + messages, 0),
    sizeBytes: segments.reduce((sum, { size }) => sum + size, 0),
    durableUpTo: Math.max(0, ...exams.map((exam) => exam.durableUpTo)),
    keys: keysOf([...segments.map(({ header }) => header), offsets.header]),
    offsetChanges: offsets.changes,
    findings,
    notes,
  };
}

function readSegment(disk: Disk, folder: string, name: string, identity: LogIdentity): SegmentFile {
  const baseOffset = segmentNameOffset(name)!;
  const file = disk.open(`${folder}/${name}`, 'read');
  try {
    const header = readFileHeader(file);
    const isOurs =
      header?.kind === FileKind.segment &&
      header.incarnation === identity.incarnation &&
      header.baseOffset === baseOffset;
    return { name, baseOffset, size: file.size(), header: isOurs ? header : undefined };
  } finally {
    file.close();
  }
}

function examineFile(
  { disk, progress }: Examiner,
  folder: string,
  segment: SegmentFile,
  next: SegmentFile | undefined,
  checkpoint: number,
): SegmentExam {
  const path = `${folder}/${segment.name}`;
  const { header } = segment;
  if (header === undefined) {
    progress(segment.size);
    return headless(path, segment, next?.baseOffset ?? Math.max(segment.baseOffset, checkpoint));
  }
  const file = disk.open(path, 'read');
  try {
    const continuation = next && { offset: next.baseOffset, chain: next.header?.chainStart };
    if (continuation === undefined) return examineLast(file, header, checkpoint, progress);
    return examineFull(file, header, continuation, progress);
  } finally {
    file.close();
  }
}

function isUnfinished({ header, size }: SegmentFile): boolean {
  return header === undefined && size < fileHeaderSize + frameHeaderSize;
}

function headless(path: string, { baseOffset, size }: SegmentFile, nextOffset: number): SegmentExam {
  const finding: Finding = {
    ...{ kind: 'damage', path, bytes: [0, Math.min(size, fileHeaderSize)], offsets: [baseOffset, nextOffset] },
    text: 'the header fails its checksum: nothing in the file can be read',
  };
  return { messages: 0, nextOffset, durableUpTo: baseOffset, findings: [finding], notes: [] };
}

function keysOf(headers: readonly (SegmentHeader | undefined)[]): string[] {
  const ids = headers.flatMap((header) => (header === undefined ? [] : [header.keyId]));
  return [...new Set(ids)].map((id) => (id === 0 ? 'none' : keyText(id)));
}

/** Stored offsets are history: damage costs single changes, and the start goes on without them. Returns how many changes are valid. */
function examineOffsets(
  { disk, progress }: Examiner,
  folder: string,
  identity: LogIdentity,
  findings: Finding[],
): { readonly header: SegmentHeader | undefined; readonly changes: number } {
  const path = `${folder}/offsets`;
  if (!disk.list(folder).some(({ name, kind }) => name === 'offsets' && kind === 'file'))
    return { header: undefined, changes: 0 };
  const file = disk.open(path, 'read');
  try {
    const header = readFileHeader(file);
    if (header?.kind !== FileKind.consumer_offsets || header.incarnation !== identity.incarnation) {
      const text = 'the header fails its checksum: all stored offsets are lost, and the start moves the file away';
      findings.push({ kind: 'damage', path, bytes: [0, Math.min(file.size(), fileHeaderSize)], text });
      return { header: undefined, changes: 0 };
    }
    let changes = 0;
    const scan = scanFrames(
      file,
      header,
      0,
      (cursor) => {
        progress(cursor.header.length);
        changes++;
      },
      { isSalvage: true },
    );
    for (const { from, to } of scan.gaps)
      findings.push({ kind: 'damage', path, bytes: [from, to], text: 'some changes of stored offsets are lost' });
    if (scan.end.position < scan.size)
      findings.push({
        ...{ kind: 'torn tail', path, bytes: [scan.end.position, scan.size] },
        text: 'a change of a stored offset that did not end',
      });
    return { header, changes };
  } finally {
    file.close();
  }
}
