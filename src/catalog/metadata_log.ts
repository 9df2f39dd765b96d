// What the catalog knows of where its changes are kept. local_journal.ts keeps them on a local disk, memory_metadata_log.ts in memory; a replicated log is
// to fit behind the same interface.
import type { JournalEntry } from '../../generated/storage/journal_entry.ts';

/**
 * Where changes of the catalog are kept. An implementation promises:
 *
 * - **Order.** Entries are replayed in the order of the calls of `append`, without gaps.
 * - **Level.** `append` resolves once the entry and all before it survive a power cut; several share one wait.
 * - **Failure.** An `append` that throws at once left nothing. One that rejects later may or may not be replayed, and nothing is taken after it.
 * - **Idempotence.** Entries carry their index; replaying one twice is the reducer's to ignore.
 * - **History.** Entries may be replaced by a snapshot of what they led to: whoever opens the log gets the snapshot first, then what came after it.
 */
export interface MetadataLog {
  /**
   * Appends an entry and calls nothing back before it is durable.
   * @throws LogError `write_failed`, `fenced`, `closed`.
   */
  append(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

/** The records that entries lead to, as the log sees them. */
export interface Snapshots {
  /** All records as they are now, and the index of the last entry in them. */
  capture(): { readonly index: number; readonly bytes: Uint8Array };
  /** Begins with these records. Called before any entry is replayed. */
  restore(bytes: Uint8Array): void;
}
