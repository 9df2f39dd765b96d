// The one place that acknowledges appends.
import type { DurabilityProof, Level } from './frame_file.ts';
import type { AppendReceipt } from './partition_log.ts';

/** Lets a receipt go out. Takes a proof, which only the file that was written or synced can make. */
export function acknowledge(receipt: AppendReceipt, wanted: Level, proof: DurabilityProof): AppendReceipt {
  const isReached = proof.level === 'disk' || wanted === 'os';
  if (!isReached || proof.upTo < receipt.baseOffset + receipt.count)
    throw new Error('an append must not be acknowledged before its level');
  return receipt;
}
