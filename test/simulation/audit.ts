// Looks over the shoulder of every acknowledgement: at the moment a batch is acknowledged its bytes, and those of all before it, have reached the
// level that was promised.

import { messageHeaderSize } from '../../src/log/batch.ts';
import { type DiskImage, FileNode } from './disk_image.ts';
import type { History } from './history.ts';
import { type Append, never, type Slot } from './records.ts';
import type { SimulatedDisk } from './simulated_disk.ts';
import { must } from './violation.ts';

/** @throws Violation. */
export function auditAcknowledged(disk: SimulatedDisk, history: History, slot: Slot, append: Append): void {
  // A life that is ending, or a segment that is deleted, may be gone from the disk before its last appends are answered.
  const ends = [...slot.deletions, ...history.changes.filter(({ change }) => /^(purge|delete)_/.test(change.kind))];
  if (ends.some(({ answeredAt }) => answeredAt > append.askedAt)) return;
  const before = slot.appends[slot.appends.indexOf(append) - 1];
  // Whether the one before was answered or still waits: what is in the log before a batch comes to every level before it.
  // What a disk gave up before it was at level `disk` is nobody's fault.
  const { level } = slot.promise;
  const isGivenUp = level === 'os' && history.gaveUpAt !== never;
  const isBeforeDue =
    before !== undefined &&
    !isGivenUp &&
    (before.outcome === 'ok' || before.answeredAt === never) &&
    !ends.some(({ answeredAt }) => answeredAt > before.askedAt);
  for (const due of isBeforeDue ? [before, append] : [append]) {
    must(
      holds(disk.image, due.bytes, level === 'disk'),
      () => `${slot.name}: batch ${append.batch} is acknowledged while batch ${due.batch} is not at level ${level}`,
    );
  }
}

/** Of what is encrypted nothing can be read on the disk. @throws Violation. */
export function auditSealed(disk: SimulatedDisk, slot: Slot, append: Append): void {
  const first = append.bytes.subarray(0, append.bytes.byteLength / append.count);
  const payload = first.subarray(messageHeaderSize);
  // A few bytes may be anywhere.
  must(
    !holds(disk.image, payload.byteLength < 24 ? first : payload, false),
    () => `${slot.name}: batch ${append.batch} can be read on the disk`,
  );
}

function holds(image: DiskImage, bytes: Uint8Array, isOnDisk: boolean): boolean {
  const seen = isOnDisk
    ? image.afterCut(
        () => false,
        (file) => new FileNode(file.durable, file.durableSize),
      )
    : image;
  return [...seen.files().values()].some(({ content }) =>
    Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes(bytes),
  );
}
