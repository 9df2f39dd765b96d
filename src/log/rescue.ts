// After a failed sync nothing that was written since the last good one is known to be on the disk, and asking again proves nothing: the system may
// have dropped the pages. So all of it is written once more, into a new file, which takes the place of the end of the old one.
import { FrameLayout } from '../../generated/storage/batch_header.ts';
import type { Clock } from '../lib/clock.ts';
import type { LogEnvironment } from './environment.ts';
import { isBodySound } from './frame.ts';
import { type FrameEnd, type FrameFile, lowIncarnation } from './frame_file.ts';
import { LogError } from './log_error.ts';
import { createSegment, putInPlace } from './new_segment.ts';
import { ReadWindow } from './read_window.ts';
import { contentOf } from './sealing.ts';
import type { Segment } from './segment.ts';
import type { Tail } from './tail.ts';

/** Milliseconds between attempts. */
const againAfterMs = 5_000;

/** Attempts to leave a fence: one at once, later ones when somebody asks, not too often. */
export class Rescue {
  readonly #clock: Clock;
  readonly #attempt: () => Promise<void>;
  #endedAtMs = 0;
  running: Promise<void> | undefined;

  /** `attempt` never rejects. */
  constructor(clock: Clock, attempt: () => Promise<void>) {
    this.#clock = clock;
    this.#attempt = attempt;
  }

  start(): void {
    this.running ??= this.#attempt().finally(() => {
      this.running = undefined;
      this.#endedAtMs = this.#clock.monotonicMs();
    });
  }

  startAgain(): void {
    if (this.#clock.monotonicMs() - this.#endedAtMs >= againAfterMs) this.start();
  }
}

/** The messages of one frame. */
interface Content {
  readonly count: number;
  readonly timestamp: number;
  readonly body: Uint8Array;
}

/**
 * Writes what `broken` holds beyond its durable end into a new segment, whose content is on the disk when this resolves; its name is for the caller to sync. Messages come from memory, else from
 * the old file, verified. Until the new file has its name the old one is what a start finds, so this may stop anywhere.
 * @throws LogError `corrupted` when a message is in neither place; the disk's error when the new file fails, too.
 */
export async function rescueSuffix(
  environment: LogEnvironment,
  folder: string,
  old: Segment,
  broken: FrameFile,
  tail: Tail,
): Promise<{ readonly file: FrameFile; readonly segment: Segment }> {
  const from = broken.durableEnd;
  // Taken before anything awaits: memory may be needed by others meanwhile.
  const inMemory = tail.framesFrom(from.offset);
  const { file, segment } = await createSegment(environment, broken.header, folder, from, true);
  try {
    const onDiskEnd = inMemory[0]?.baseOffset ?? broken.end.offset;
    const reading = framesOnDisk(environment, old, from, onDiskEnd, broken.end.position);
    for await (const content of reading) appendTo(file, segment, content);
    for (const content of inMemory) appendTo(file, segment, content);
    if (file.end.offset !== broken.end.offset) throw new LogError('corrupted', `${old.path} ends too early`);
    await file.sync();
    putInPlace(environment.disk, file, segment);
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
  return { file, segment };
}

function appendTo(file: FrameFile, segment: Segment, { count, timestamp, body }: Content): void {
  const { offset, position } = file.end;
  file.append({ count, timestamp, layout: FrameLayout.messages, body });
  const { chain } = file.end;
  segment.extend({ offset, position, timestamp, headerChecksum: chain }, count, file.end.position - position);
}

/** The frames of `segment` from an end that is on the disk up to an offset, each verified. */
async function* framesOnDisk(
  { disk }: LogEnvironment,
  segment: Segment,
  from: FrameEnd,
  offsetEnd: number,
  positionEnd: number,
): AsyncGenerator<Content> {
  if (from.offset >= offsetEnd) return;
  // Through a new descriptor: the old one has reported its failure and is done with.
  const file = disk.open(segment.path, 'read');
  try {
    const window = new ReadWindow(file, positionEnd, lowIncarnation(segment.header!.incarnation));
    let { position, offset, chain } = from;
    while (offset < offsetEnd) {
      const cursor = await window.frame(position);
      const isSound =
        cursor !== undefined &&
        cursor.header.previousChecksum === chain &&
        cursor.header.baseOffset === offset &&
        isBodySound(cursor);
      if (!isSound)
        throw new LogError('corrupted', `${segment.path}: offset ${offset} is neither in memory nor on the disk`);
      const body = contentOf(cursor, segment.key);
      if (body === undefined) throw new LogError('corrupted', `${segment.path}: offset ${offset} cannot be decrypted`);
      const { count, timestamp, length, headerChecksum } = cursor.header;
      yield { count, timestamp, body };
      position += length;
      offset += count;
      chain = headerChecksum;
    }
  } finally {
    file.close();
  }
}
