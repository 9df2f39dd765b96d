// Which partition a key's hash names. The remainder is the partition's number on the wire, and generations count from different numbers.

/** Partitions counted from 1, remainder 0 being the last: generations 0.4 and 0.5. */
export function keyedFromOne(hash: number, count: number): number {
  return ((hash % count) + count - 1) % count;
}

/** Partitions counted from 0: generation 0.6 and later. */
export function keyedFromZero(hash: number, count: number): number {
  return hash % count;
}
