// Makes the file of a new segment.
import { FileKind } from '../../generated/storage/segment_header.ts';
import type { LogEnvironment, LogIdentity } from './environment.ts';
import { createFrameFile, type FrameEnd, type FrameFile } from './frame_file.ts';
import { Segment } from './segment.ts';

/** Creates `folder/name`, durably, for the messages that follow `base`. What stands there is what an attempt that failed could not take away again. */
export async function createSegment(
  environment: LogEnvironment,
  { streamId, topicId, partitionId, incarnation }: LogIdentity,
  folder: string,
  name: string,
  base: Omit<FrameEnd, 'position'>,
): Promise<{ readonly file: FrameFile; readonly segment: Segment }> {
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
  const segment = new Segment(file.path, file.header, base);
  segment.endPosition = file.end.position;
  return { file, segment };
}
