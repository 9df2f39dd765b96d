// Opens a partition's folder: lists segments, checks the sealed ones by their headers and the last one frame by frame, cuts a torn tail into
// quarantine, and fences a partition whose log is damaged. May itself be stopped anywhere and started again.
import { FileKind } from '../../generated/storage/segment_header.ts';
import { readCheckpointEnd } from './checkpoint.ts';
import type { DiskFile } from './disk.ts';
import type { LogEnvironment, LogIdentity, LogOptions } from './environment.ts';
import { fileHeaderSize, readFileHeader } from './file_header.ts';
import { frameHeaderSize } from './frame.ts';
import { LocalLog, type LogContents } from './local_log.ts';
import type { PartitionLog } from './partition_log.ts';
import { type FrameVisitor, quarantineFile, quarantineTail, scanFrames } from './recovery.ts';
import { fileKeyOf } from './sealing.ts';
import { placeOf, Segment, segmentNameOffset } from './segment.ts';

/**
 * Opens the log of one life of a partition. Damage never refuses the opening; see `PartitionLog.fence`.
 * @throws LogError `newer_format`, `wrong_key`.
 */
export async function openLocalLog(
  environment: LogEnvironment,
  options: LogOptions,
  folderOf: (identity: LogIdentity) => string,
  identity: LogIdentity,
): Promise<PartitionLog> {
  const contents = await readFolder(environment, folderOf(identity), identity);
  const log = new LocalLog(environment, options, folderOf, identity, contents);
  const { appendable } = contents;
  const isInDoubt = appendable !== undefined && appendable.durableUpTo < appendable.end.offset;
  // What an earlier process acknowledged may be among what is not shown before it is known to be on the disk.
  if (options.level === 'disk' && isInDoubt) await log.flush('disk').catch(() => {});
  return log;
}

async function readFolder(environment: LogEnvironment, folder: string, identity: LogIdentity): Promise<LogContents> {
  const { disk, notice } = environment;
  const names: string[] = [];
  for (const { name, kind } of disk.list(folder)) {
    if (kind === 'file' && name.endsWith('.tmp')) disk.remove(`${folder}/${name}`);
    else if (kind === 'file' && segmentNameOffset(name) !== undefined) names.push(name);
    else if (!['checkpoint', 'offsets', 'quarantine'].includes(name))
      notice(`${folder}/${name} is not ours and is left alone`);
  }
  const segments: Segment[] = [];
  const problems: string[] = [];
  for (const [index, name] of names.entries()) {
    const segment = await openHeader(environment, folder, name, identity, index === names.length - 1);
    if (segment === undefined) continue;
    if (segment.header === undefined) problems.push(`${segment.path}: the header is damaged`);
    const before = segments.at(-1);
    if (before !== undefined) seal(before, segment);
    segments.push(segment);
  }
  const last = segments.at(-1);
  // Nothing in the file says how far it went, but a clean stop may have.
  if (last !== undefined && last.header === undefined)
    last.endOffset = Math.max(last.endOffset, readCheckpointEnd(disk, folder, identity.incarnation).offset);
  const appendable = last?.header === undefined ? undefined : await recoverLast(environment, folder, last, problems);
  const fence = problems.length === 0 ? undefined : { reason: problems.join('; ') };
  if (fence !== undefined) notice(`partition ${folder} is read-only: ${fence.reason}`);
  return { segments, appendable: fence === undefined ? appendable : undefined, fence };
}

/** The next segment's header says how its predecessor ended. */
function seal(before: Segment, next: Segment): void {
  before.endOffset = next.baseOffset;
  before.endSize = next.header === undefined ? before.baseSize : next.baseSize;
  before.endTimestamp = next.baseTimestamp;
  before.endChain = next.header?.chainStart;
}

/** A segment by its header; undefined when the file was moved away because it never held an acknowledged frame. */
async function openHeader(
  environment: LogEnvironment,
  folder: string,
  name: string,
  identity: LogIdentity,
  isLast: boolean,
): Promise<Segment | undefined> {
  const { disk, notice } = environment;
  const path = `${folder}/${name}`;
  const baseOffset = segmentNameOffset(name)!;
  const file = disk.open(path, 'read');
  let isEmpty: boolean;
  try {
    const header = readFileHeader(file);
    const isOurs =
      header !== undefined &&
      header.kind === FileKind.segment &&
      header.incarnation === identity.incarnation &&
      header.baseOffset === baseOffset;
    if (isOurs) {
      const base = { offset: baseOffset, size: header.baseSize, timestamp: header.baseTimestamp };
      return new Segment(path, header, base, fileKeyOf(header, environment.masterKey, path));
    }
    isEmpty = file.size() < fileHeaderSize + frameHeaderSize;
  } finally {
    file.close();
  }
  // A file takes frames only after its header is on the disk: without frames it is the rest of a roll that never ended.
  if (isLast && isEmpty) {
    notice(`${path} was never complete and is moved to ${await quarantineFile(disk, folder, name)}`);
    return undefined;
  }
  // Its age is not known: searches by time look at it and say that it is damaged.
  return new Segment(path, undefined, { offset: baseOffset, size: 0, timestamp: Number.MAX_SAFE_INTEGER });
}

async function recoverLast(
  environment: LogEnvironment,
  folder: string,
  segment: Segment,
  problems: string[],
): Promise<LogContents['appendable']> {
  const { disk, notice } = environment;
  const header = segment.header!;
  const checkpoint = readCheckpointEnd(disk, folder, header.incarnation);
  const file: DiskFile = disk.open(segment.path, 'write');
  try {
    // What lies before a checkpoint is verified when it is read, as in segments that are full.
    const isKnown = checkpoint.fileChecksum === header.checksum && checkpoint.position <= file.size();
    if (isKnown) segment.resume(checkpoint);
    const visit: FrameVisitor = (cursor, position) =>
      segment.extend(placeOf(cursor, position), cursor.header.count, cursor.header.length);
    const scan = scanFrames(file, header, checkpoint.offset, visit, isKnown ? { from: checkpoint } : {});
    segment.endPosition = scan.end.position;
    if (scan.verdict === 'torn') {
      const name = segment.path.slice(folder.length + 1);
      const copy = await quarantineTail(disk, folder, file, name, scan.end.position);
      notice(`${segment.path}: ${scan.size - scan.end.position} bytes of an incomplete append are moved to ${copy}`);
    }
    if (scan.verdict === 'corrupt') {
      for (const gap of scan.gaps)
        problems.push(`${segment.path}: offsets ${gap.offset} to ${gap.offsetEnd - 1} are damaged`);
      if (scan.end.offset < scan.durableUpTo) {
        problems.push(
          `${segment.path}: offsets ${scan.end.offset} to ${scan.durableUpTo - 1} were on the disk and are gone`,
        );
        segment.endOffset = scan.durableUpTo;
      }
    }
    const durableUpTo = Math.min(scan.durableUpTo, scan.end.offset);
    return { end: scan.end, durableUpTo, isCheckpointed: isKnown && scan.end.position === checkpoint.position };
  } finally {
    file.close();
  }
}
