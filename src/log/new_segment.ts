// Makes the file of a new segment.
import { FileKind } from '../../generated/storage/segment_header.ts';
import type { Disk } from './disk.ts';
import type { LogEnvironment, LogIdentity } from './environment.ts';
import type { FrameEnd, FrameFile } from './frame_file.ts';
import { createFrameFile } from './new_file.ts';
import { fileKeyOf } from './sealing.ts';
import { Segment, segmentName } from './segment.ts';

const temporarySuffix = '.tmp';

/**
 * Creates the segment that follows `base`, durably; with `isTemporary` under a name that no start reads, until it is put in place. What stands there is
 * what an attempt that failed could not take away again.
 */
export async function createSegment(
  environment: LogEnvironment,
  { streamId, topicId, partitionId, incarnation }: LogIdentity,
  folder: string,
  base: Omit<FrameEnd, 'position'>,
  isTemporary: boolean,
): Promise<{ readonly file: FrameFile; readonly segment: Segment }> {
  const name = `${segmentName(base.offset)}${isTemporary ? temporarySuffix : ''}`;
  environment.disk.remove(`${folder}/${name}`);
  const file = await createFrameFile(environment, folder, name, {
    ...{ streamId, topicId, partitionId, incarnation },
    kind: FileKind.segment,
    chainStart: base.chain,
    baseOffset: base.offset,
    baseSize: base.size,
    baseTimestamp: base.timestamp,
    createdAt: environment.clock.nowMicros(),
  });
  const segment = new Segment(file.path, file.header, base, fileKeyOf(file.header, environment.masterKey, file.path));
  segment.endPosition = file.end.position;
  return { file, segment };
}

/** Gives a temporary segment its own name, in place of whatever has it now. The caller syncs the folder. */
export function putInPlace(disk: Disk, file: FrameFile, segment: Segment): void {
  const path = segment.path.slice(0, -temporarySuffix.length);
  disk.rename(segment.path, path);
  segment.path = path;
  file.path = path;
}
