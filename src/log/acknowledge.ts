// The one place that acknowledges appends.
import type { DurabilityProof, Level } from './frame_file.ts';
import type { AppendReceipt } from './partition_log.ts';

const rankOf: Readonly<Record<Level, number>> = { memory: 0, os: 1, disk: 2 };

/** Lets a receipt go out. Takes a proof, which only the file that was written or synced can make. */
export function acknowledge(receipt: AppendReceipt, wanted: Level, proof: DurabilityProof): AppendReceipt {
  if (rankOf[proof.level] < rankOf[wanted] || proof.upTo < receipt.baseOffset + receipt.count)
    throw new Error('an append must not be acknowledged before its level');
  return receipt;
}
