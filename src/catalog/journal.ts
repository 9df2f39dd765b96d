// Opens the catalog's journal: the snapshot that counts, then the parts that came after it, entry by entry. What the changes mean is state.ts.
import { dirname } from 'node:path';
import { decodeJournalEntry, type JournalEntry } from '../../generated/storage/journal_entry.ts';
import { FileKind, type SegmentHeader } from '../../generated/storage/segment_header.ts';
import { Reader } from '../bytes/reader.ts';
import { randomIncarnation } from '../lib/ids.ts';
import { checkpointName, readCheckpoint } from '../log/checkpoint.ts';
import type { DiskFile } from '../log/disk.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { fileHeaderSize, formatVersion, readFileHeader } from '../log/file_header.ts';
import { frameHeaderSize } from '../log/frame.ts';
import { FrameFile, isFinished } from '../log/frame_file.ts';
import { createFrameFile } from '../log/new_file.ts';
import { type FrameVisitor, quarantineFile, quarantineTail, type Scan, scanFrames } from '../log/recovery.ts';
import { contentOf, fileKeyOf } from '../log/sealing.ts';
import { DataFolderError } from './data_folder.ts';
import { type JournalPlace, LocalJournal, partName } from './local_journal.ts';
import type { MetadataLog, Snapshots } from './metadata_log.ts';
import { noSnapshot, readSnapshot } from './snapshot_file.ts';

export type { MetadataLog, Snapshots } from './metadata_log.ts';

const advice = 'restore the file from a backup';

/** A part as it was found. */
interface Part {
  readonly name: string;
  readonly file: DiskFile;
  readonly header: SegmentHeader;
  readonly scan: Scan;
}

type Replay = (entry: JournalEntry) => void;

/**
 * Opens the journal in `folder` and replays what it holds. In a data folder without data (`isNew`) it is made when there is none.
 * @throws DataFolderError when it is damaged where it was once complete, or gone: a catalog with holes must not be served.
 * @throws LogError `wrong_key`, `newer_format`.
 */
export async function openJournal(
  environment: LogEnvironment,
  folder: string,
  isNew: boolean,
  replay: Replay,
  snapshots?: Snapshots,
  partSize?: number,
): Promise<MetadataLog> {
  const { disk } = environment;
  disk.makeFolder(folder);
  await disk.syncFolder(dirname(folder));
  const names = disk.list(folder).map(({ name }) => name);
  for (const name of names) if (name.endsWith('.tmp')) disk.remove(`${folder}/${name}`);
  const snapshot = readSnapshot(environment, folder);
  if (snapshot !== undefined) snapshots?.restore(snapshot.bytes);
  const from = snapshot?.place.index ?? 0;
  const isUsed = !isNew || snapshot !== undefined || names.includes(checkpointName);
  const place: JournalPlace = { environment, folder, snapshots, ...(partSize === undefined ? {} : { partSize }) };

  const all = names.map(baseOf).filter((base) => base !== undefined);
  // Parts that a snapshot has made superfluous are not looked at.
  const bases = all.filter((_, index) => index === all.length - 1 || all[index + 1]! > from);
  if (bases.length > 0 && bases[0]! > from)
    throw new DataFolderError(`${folder}/${partName(from)} is missing, but there is data; ${advice}`);
  const last = await replayParts(environment, folder, bases, isUsed, replay);
  if (last === undefined) {
    if (isUsed) throw new DataFolderError(`${folder}/${partName(from)} is missing, but there is data; ${advice}`);
    return new LocalJournal(place, await createFirst(environment, folder), [0], noSnapshot);
  }
  const { file, header, scan } = last;
  const opened = new FrameFile({ disk }, file, header, scan.end, scan.end.offset);
  const journal = new LocalJournal(
    place,
    opened,
    all.filter((base) => base <= header.baseOffset),
    snapshot?.place ?? noSnapshot,
  );
  const isOld = isFinished(opened, environment) || header.formatVersion < formatVersion;
  if (snapshots !== undefined && (isOld || all.length > 1)) await journal.compact();
  return journal;
}

function baseOf(name: string): number | undefined {
  const match = /^(\d{20})\.journal$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

function createFirst(environment: LogEnvironment, folder: string): Promise<FrameFile> {
  return createFrameFile(environment, folder, partName(0), {
    kind: FileKind.journal,
    incarnation: randomIncarnation(environment.random),
    ...{ streamId: 0, topicId: 0, partitionId: 0, chainStart: 0, baseOffset: 0, baseSize: 0, baseTimestamp: 0 },
    createdAt: environment.clock.nowMicros(),
  });
}

/** Replays parts in order; returns the one to go on in, on the disk and open, or undefined when there is none. */
async function replayParts(
  environment: LogEnvironment,
  folder: string,
  bases: readonly number[],
  isUsed: boolean,
  replay: Replay,
): Promise<Part | undefined> {
  let last: Part | undefined;
  try {
    for (const [index, base] of bases.entries()) {
      const isLast = index === bases.length - 1;
      const part = openPart(environment, folder, base, bases[index + 1], replay);
      if (part === undefined) {
        await dropHeadless(environment, folder, base, isLast ? last : undefined, isUsed || !isLast);
        break;
      }
      if (last !== undefined) {
        if (!isContinued(last, part)) {
          part.file.close();
          await dropUnpromised(environment, folder, last, bases.slice(index));
          break;
        }
        // The process that went on in the next part may have ended before this one was on the disk.
        await finish(environment, folder, last);
        last.file.close();
      }
      last = part;
    }
    if (last === undefined) return undefined;
    await finish(environment, folder, last);
    return last;
  } catch (error) {
    last?.file.close();
    throw error;
  }
}

function isContinued({ scan }: Part, { header }: Part): boolean {
  return scan.end.offset === header.baseOffset && scan.end.chain === header.chainStart;
}

/**
 * A part ends before the next one begins. That is what a power cut leaves during the change from one to the other; nothing in the later parts was
 * promised then, and they are moved away.
 */
async function dropUnpromised(
  environment: LogEnvironment,
  folder: string,
  last: Part,
  later: readonly number[],
): Promise<void> {
  const { disk, notice } = environment;
  for (const base of later) {
    if (
      claimIn(environment, `${folder}/${partName(base)}`, { ...last.header, baseOffset: base }) > last.scan.end.offset
    )
      throw new DataFolderError(`${last.file.path} is damaged after entry ${last.scan.end.offset}; ${advice}`);
  }
  for (const base of [...later].reverse()) {
    const copy = await quarantineFile(disk, folder, partName(base));
    notice(`${folder}/${partName(base)} was never complete and is moved to ${copy}`);
  }
}

/** A part whose header does not hold may be one that never got as far as that; then it goes. */
async function dropHeadless(
  environment: LogEnvironment,
  folder: string,
  base: number,
  before: Part | undefined,
  isUsed: boolean,
): Promise<void> {
  if (before !== undefined) return dropUnpromised(environment, folder, before, [base]);
  const path = `${folder}/${partName(base)}`;
  const file = environment.disk.open(path, 'read');
  const isEmpty = file.size() < fileHeaderSize + frameHeaderSize;
  file.close();
  if (isUsed || !isEmpty) throw new DataFolderError(`${path}: the header is damaged; ${advice}`);
  const copy = await quarantineFile(environment.disk, folder, partName(base));
  environment.notice(`${path} was never complete and is moved to ${copy}`);
}

/** The most that frames in a file say was on the disk. */
function claimIn({ disk }: LogEnvironment, path: string, header: SegmentHeader): number {
  const file = disk.open(path, 'read');
  try {
    let claim = 0;
    const visit: FrameVisitor = (cursor) => {
      claim = Math.max(claim, cursor.header.durableUpTo);
    };
    scanFrames(file, header, 0, visit, { isSalvage: true });
    return claim;
  } finally {
    file.close();
  }
}

/** Reads a part, replaying its entries; undefined when its header is damaged. */
function openPart(
  { disk, masterKey }: LogEnvironment,
  folder: string,
  base: number,
  next: number | undefined,
  replay: Replay,
): Part | undefined {
  const name = partName(base);
  const file = disk.open(`${folder}/${name}`, 'write');
  try {
    const header = readFileHeader(file);
    if (header?.kind !== FileKind.journal || header.baseOffset !== base) {
      file.close();
      return undefined;
    }
    const key = fileKeyOf(header, masterKey, file.path);
    const durable = Math.min(readCheckpoint(disk, folder, header.incarnation), next ?? Number.POSITIVE_INFINITY);
    let expected = base;
    const scan = scanFrames(file, header, durable, (cursor) => {
      // What follows a gap is read only to know that there is one.
      if (cursor.header.baseOffset !== expected++) return;
      const content = contentOf(cursor, key);
      if (content === undefined)
        throw new DataFolderError(
          `${file.path}: entry ${cursor.header.baseOffset} is not what was encrypted there; ${advice}`,
        );
      // The frame's memory is used again; entries keep slices of it.
      replay(decodeJournalEntry(new Reader(content.slice())));
    });
    if (scan.verdict === 'corrupt')
      throw new DataFolderError(
        `${file.path} is damaged after entry ${scan.gaps[0]?.offset ?? scan.end.offset}; ${advice}`,
      );
    return { name, file, header, scan };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Brings a part that was replayed to the disk, and its name. */
async function finish(
  { disk, notice }: LogEnvironment,
  folder: string,
  { file, header, name, scan }: Part,
): Promise<void> {
  if (scan.verdict === 'torn') {
    const copy = await quarantineTail(disk, folder, file, name, scan.end.position);
    notice(`${file.path}: an incomplete change at its end is moved to ${copy}`);
  }
  // What is replayed is shown to clients from now on, so it must not vanish in a power cut, even if it was never acknowledged.
  if (readCheckpoint(disk, folder, header.incarnation) < scan.end.offset)
    await new FrameFile({ disk }, file, header, scan.end, scan.end.offset).syncAgain(0);
  else await file.sync();
  await disk.syncFolder(folder);
}
