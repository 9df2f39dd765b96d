// Level `memory`: batches are acknowledged while they are in memory only, and handed to the operating system many at a time.
import type { DurabilityProof, FrameAppend, FrameFile, Level } from './frame_file.ts';

/** What a log holds in memory at most before it writes: it writes as soon as either is reached. */
export interface SaveAfter {
  readonly messages: number;
  readonly bytes: number;
}

/** What decides how far an append goes at once. */
export interface AppendRules {
  /** How far an append must come before it is acknowledged. */
  readonly level: Level;
  /** Asked at level `memory` only; without it every batch is written at once. */
  readonly saveAfter?: SaveAfter | undefined;
}

/** Appends a frame as far as its level asks for at once. @throws LogError as `FrameFile.append`. */
export function appendAt(file: FrameFile, frame: FrameAppend, { level, saveAfter }: AppendRules): DurabilityProof {
  if (level !== 'memory' || saveAfter === undefined) return file.append(frame);
  const { count, size } = file.held;
  const isDue = count + frame.count >= saveAfter.messages || size + frame.body.byteLength >= saveAfter.bytes;
  return isDue ? file.append(frame) : file.hold(frame);
}
