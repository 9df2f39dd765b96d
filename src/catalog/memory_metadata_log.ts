// The catalog's changes in memory: every one counts at once, and none survives the process.
import { LogError } from '../log/log_error.ts';
import type { MetadataLog } from './metadata_log.ts';

/** A log that keeps nothing: the records that its entries led to are all there is. */
export function memoryMetadataLog(): MetadataLog {
  let isClosed = false;
  return {
    append(): Promise<void> {
      if (isClosed) throw new LogError('closed', 'the catalog is closed');
      return Promise.resolve();
    },
    async close(): Promise<void> {
      isClosed = true;
    },
  };
}
