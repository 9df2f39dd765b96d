// Which segments may go. Pure: only full segments, only from the oldest on. Deleting them is the log's own.

/** A full segment: nothing is appended to it any more. */
export interface SealedSegment {
  readonly baseOffset: number;
  /** Offset after its last message. */
  readonly endOffset: number;
  /** Bytes of its messages. */
  readonly sizeBytes: number;
  /** Of its last message, in microseconds. */
  readonly endTimestamp: number;
}

/** How many of the oldest segments hold nothing younger than `timestamp`. */
export function countOlder(segments: readonly SealedSegment[], timestamp: number): number {
  const kept = segments.findIndex(({ endTimestamp }) => endTimestamp > timestamp);
  return kept < 0 ? segments.length : kept;
}

/** How many of the oldest segments of each log have to go so that at least `excess` bytes do, the oldest of all first. */
export function countToFree(logs: readonly (readonly SealedSegment[])[], excess: number): number[] {
  const counts = logs.map(() => 0);
  for (let left = excess; left > 0; ) {
    let oldest: { readonly log: number; readonly segment: SealedSegment } | undefined;
    for (const [log, segments] of logs.entries()) {
      const segment = segments[counts[log]!];
      if (segment !== undefined && (oldest === undefined || segment.endTimestamp < oldest.segment.endTimestamp))
        oldest = { log, segment };
    }
    if (oldest === undefined) break;
    counts[oldest.log]!++;
    left -= oldest.segment.sizeBytes;
  }
  return counts;
}
