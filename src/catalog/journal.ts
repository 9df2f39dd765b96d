// The catalog's journal: every change in a checksummed frame, on the disk before anyone is told that it happened. What the changes mean is state.ts.
import { FrameLayout } from '../../generated/storage/batch_header.ts';
import {
  decodeJournalEntry,
  encodeJournalEntry,
  type JournalEntry,
  sizeOfJournalEntry,
} from '../../generated/storage/journal_entry.ts';
import { FileKind } from '../../generated/storage/segment_header.ts';
import { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';
import { randomIncarnation } from '../lib/ids.ts';
import { checkpointName, readCheckpoint, writeCheckpoint } from '../log/checkpoint.ts';
import type { DiskFile } from '../log/disk.ts';
import { frameHeaderSize } from '../log/frame.ts';
import { createFrameFile, FrameFile, fileHeaderSize, readFileHeader } from '../log/frame_file.ts';
import type { LogEnvironment } from '../log/local_log.ts';
import { quarantineFile, quarantineTail, scanFrames } from '../log/recovery.ts';
import { DataFolderError } from './data_folder.ts';

const fileName = '00000000000000000000.journal';

/**
 * Where changes of the catalog are kept. An implementation promises:
 *
 * - **Order.** Entries are replayed in the order of the calls of `append`, without gaps.
 * - **Level.** `append` resolves once the entry and all before it survive a power cut; several share one wait.
 * - **Failure.** An `append` that throws at once left nothing. One that rejects later may or may not be replayed, and nothing is taken after it.
 * - **Idempotence.** Entries carry their index; replaying one twice is the reducer's to ignore.
 */
export interface MetadataLog {
  /**
   * Appends an entry and calls nothing back before it is durable.
   * @throws LogError `write_failed`, `fenced`, `closed`.
   */
  append(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

class LocalJournal implements MetadataLog {
  readonly #environment: LogEnvironment;
  readonly #folder: string;
  readonly #file: FrameFile;

  constructor(environment: LogEnvironment, folder: string, file: FrameFile) {
    this.#environment = environment;
    this.#folder = folder;
    this.#file = file;
  }

  append(entry: JournalEntry): Promise<void> {
    const writer = new Writer(sizeOfJournalEntry(entry));
    encodeJournalEntry(writer, entry);
    this.#file.append({ count: 1, timestamp: entry.timestamp, layout: FrameLayout.journal_entry, body: writer.bytes });
    return this.#synced();
  }

  async #synced(): Promise<void> {
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file.close();
    const { header, durableUpTo } = this.#file;
    await writeCheckpoint(this.#environment.disk, this.#folder, header.incarnation, durableUpTo);
  }
}

/**
 * Opens the journal in `folder` and replays what it holds. In a data folder without data (`isNew`) it is made when there is none.
 * @throws DataFolderError when it is damaged where it was once complete, or gone: a catalog with holes must not be served.
 */
export async function openJournal(
  environment: LogEnvironment,
  folder: string,
  isNew: boolean,
  replay: (entry: JournalEntry) => void,
): Promise<MetadataLog> {
  const { disk, notice } = environment;
  disk.makeFolder(folder);
  await disk.syncFolder(folder.slice(0, folder.lastIndexOf('/')));
  for (const { name } of disk.list(folder)) if (name.endsWith('.tmp')) disk.remove(`${folder}/${name}`);
  const isUsed = !isNew || disk.list(folder).some(({ name }) => name === checkpointName);
  if (disk.list(folder).some(({ name }) => name === fileName)) {
    const file = disk.open(`${folder}/${fileName}`, 'write');
    const opened = await openExisting(environment, folder, file, replay);
    if (opened !== undefined) return new LocalJournal(environment, folder, opened);
    file.close();
    if (isUsed) throw new DataFolderError(`${file.path}: the header is damaged; restore the file from a backup`);
    notice(`${file.path} was never complete and is moved to ${await quarantineFile(disk, folder, fileName)}`);
  }
  if (isUsed)
    throw new DataFolderError(`${folder}/${fileName} is missing, but there is data; restore the file from a backup`);
  const file = await createFrameFile(environment, folder, fileName, {
    kind: FileKind.journal,
    incarnation: randomIncarnation(environment.random),
    streamId: 0,
    topicId: 0,
    partitionId: 0,
    chainStart: 0,
    baseOffset: 0,
    baseSize: 0,
    baseTimestamp: 0,
    createdAt: environment.clock.nowMicros(),
  });
  return new LocalJournal(environment, folder, file);
}

/** Undefined when the file never held an entry. */
async function openExisting(
  environment: LogEnvironment,
  folder: string,
  file: DiskFile,
  replay: (entry: JournalEntry) => void,
): Promise<FrameFile | undefined> {
  const { disk, notice } = environment;
  try {
    const header = readFileHeader(file);
    if (header?.kind !== FileKind.journal) {
      if (file.size() < fileHeaderSize + frameHeaderSize) return undefined;
      throw new DataFolderError(`${file.path}: the header is damaged; restore the file from a backup`);
    }
    let next = 0;
    const scan = scanFrames(file, header, readCheckpoint(disk, folder, header.incarnation), (cursor) => {
      // What follows a gap is read only to know that there is one.
      if (cursor.header.baseOffset !== next++) return;
      // The frame's memory is used again; entries keep slices of it.
      replay(decodeJournalEntry(new Reader(cursor.body.slice())));
    });
    if (scan.verdict === 'corrupt')
      throw new DataFolderError(
        `${file.path} is damaged after entry ${scan.gaps[0]?.offset ?? scan.end.offset}; restore the file from a backup`,
      );
    if (scan.verdict === 'torn')
      notice(
        `${file.path}: an incomplete change at its end is moved to ${await quarantineTail(disk, folder, file, fileName, scan.end.position)}`,
      );
    // What is replayed is shown to clients from now on, so it must not vanish in a power cut, even if it was never acknowledged.
    await file.sync();
    return new FrameFile(file, header, scan.end, scan.end.offset);
  } catch (error) {
    file.close();
    throw error;
  }
}
