// Partitions in memory, gone with the process.
import type { LogIdentity, LogOptions } from './environment.ts';
import { type MemoryEnvironment, MemoryLog } from './memory_log.ts';
import { MemoryOffsets } from './memory_offsets.ts';
import type { PartitionFiles, PartitionStorage } from './partition_storage.ts';

/** Partitions that nothing is left of once the process ends. */
export function memoryStorage(environment: MemoryEnvironment): PartitionStorage {
  const create = (_: LogIdentity, options: LogOptions): PartitionFiles => ({
    log: new MemoryLog(environment, options),
    consumerOffsets: new MemoryOffsets(),
  });
  return {
    create,
    open: async (identity, options) => create(identity, options),
    remove: async () => {},
    list: (): LogIdentity[] => [],
  };
}
