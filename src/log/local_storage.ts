// Where the lives of partitions are on the local disk: one folder each, named by ids and incarnation. The catalog says which of them exist.
import { incarnationText } from '../lib/ids.ts';
import { ConsumerOffsets } from './consumer_offsets.ts';
import { LocalLog, type LogEnvironment, type LogIdentity, type LogOptions } from './local_log.ts';
import { LogError } from './log_error.ts';
import { openLocalLog } from './open_log.ts';
import type { PartitionLog } from './partition_log.ts';
import type { PartitionStorage } from './partition_storage.ts';

export type { PartitionFiles, PartitionStorage } from './partition_storage.ts';

/** Partitions in folders below `root`. */
export function localStorage(environment: LogEnvironment, root: string): PartitionStorage {
  const folderOf = (identity: LogIdentity): string => `${root}/${folderName(identity)}`;
  const { disk, notice } = environment;
  const offsetsOf = (identity: LogIdentity, { level, offsetsLevel }: LogOptions): ConsumerOffsets =>
    new ConsumerOffsets(environment, { level: offsetsLevel ?? level }, folderOf, identity);
  return {
    create: (identity, options) => ({
      log: new LocalLog(environment, options, folderOf, identity, {
        segments: [],
        appendable: undefined,
        fence: undefined,
      }),
      consumerOffsets: offsetsOf(identity, options),
    }),
    async open(identity, options) {
      const consumerOffsets = offsetsOf(identity, options);
      let log: PartitionLog;
      try {
        log = await openLocalLog(environment, options, folderOf, identity);
      } catch (error) {
        // One partition that the disk does not hand over must not keep the others from being served.
        const reason = reasonOf(error, folderOf(identity), notice);
        consumerOffsets.fence(reason);
        const contents = { segments: [], appendable: undefined, fence: { reason }, isUnreadable: true };
        return { log: new LocalLog(environment, options, folderOf, identity, contents), consumerOffsets };
      }
      try {
        await consumerOffsets.load(log.nextOffset);
      } catch (error) {
        consumerOffsets.fence(reasonOf(error, `${folderOf(identity)}/offsets`, notice));
      }
      return { log, consumerOffsets };
    },
    remove: (identity) => disk.removeFolder(folderOf(identity)),
    list() {
      const identities: LogIdentity[] = [];
      for (const { name, kind } of disk.list(root)) {
        const identity = kind === 'folder' ? parseFolderName(name) : undefined;
        if (identity === undefined) notice(`${root}/${name} is not ours and is left alone`);
        else identities.push(identity);
      }
      return identities;
    },
  };
}

/** Why something cannot be read. @throws LogError when that is not for one partition to bear. */
function reasonOf(error: unknown, path: string, notice: (text: string) => void): string {
  if (error instanceof LogError && (error.kind === 'wrong_key' || error.kind === 'newer_format')) throw error;
  const reason = `${path} cannot be read: ${(error as Error).message}`;
  notice(reason);
  return reason;
}

/** Name of the folder of one life of a partition. */
export function folderName({ streamId, topicId, partitionId, incarnation }: LogIdentity): string {
  return `${streamId}-${topicId}-${partitionId}-${incarnationText(incarnation)}`;
}

/** What a folder's name says; undefined when it is not one of ours. */
export function parseFolderName(name: string): LogIdentity | undefined {
  const match = /^(\d{1,10})-(\d{1,10})-(\d{1,10})-([0-9a-f]{32})$/.exec(name);
  if (match === null) return undefined;
  const [streamId, topicId, partitionId] = match.slice(1, 4).map(Number) as [number, number, number];
  return { streamId, topicId, partitionId, incarnation: BigInt(`0x${match[4]}`) };
}
