// What is known of a partition's folder once it was looked through.
import type { FrameEnd } from './frame_file.ts';
import type { Segment } from './segment.ts';

/** What opening found in a folder. */
export interface LogContents {
  readonly segments: Segment[];
  /** The end of the last segment, when it takes appends. */
  readonly appendable: Appendable | undefined;
  readonly fence: Fence | undefined;
  /** Whether nothing could be read, so that nothing is known of what there is. */
  readonly isUnreadable?: boolean;
}

/** Why a log takes no appends, and from which offset on a failed sync left in doubt what there is. */
export interface Fence {
  readonly reason: string;
  readonly doubtFrom?: number | undefined;
}

/** Where the last segment takes appends. */
export interface Appendable {
  readonly end: FrameEnd;
  readonly durableUpTo: number;
  /** Whether the checkpoint says so, too. */
  readonly isCheckpointed: boolean;
}
