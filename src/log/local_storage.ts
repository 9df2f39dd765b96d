// Where the lives of partitions are on the local disk: one folder each, named by ids and incarnation. The catalog says which of them exist.
import { incarnationText } from '../lib/ids.ts';
import { ConsumerOffsets } from './consumer_offsets.ts';
import { LocalLog, type LogEnvironment, type LogIdentity, type LogOptions } from './local_log.ts';
import { openLocalLog } from './open_log.ts';
import type { PartitionStorage } from './partition_storage.ts';

export type { PartitionFiles, PartitionStorage } from './partition_storage.ts';

/** Partitions in folders below `root`. */
export function localStorage(environment: LogEnvironment, options: LogOptions, root: string): PartitionStorage {
  const folderOf = (identity: LogIdentity): string => `${root}/${folderName(identity)}`;
  const { disk, notice } = environment;
  const offsetsOf = (identity: LogIdentity): ConsumerOffsets =>
    new ConsumerOffsets(environment, options, folderOf, identity);
  return {
    create: (identity) => ({
      log: new LocalLog(environment, options, folderOf, identity, {
        segments: [],
        appendable: undefined,
        fence: undefined,
      }),
      consumerOffsets: offsetsOf(identity),
    }),
    async open(identity) {
      const log = await openLocalLog(environment, options, folderOf, identity);
      const consumerOffsets = offsetsOf(identity);
      await consumerOffsets.load(log.nextOffset);
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

function folderName({ streamId, topicId, partitionId, incarnation }: LogIdentity): string {
  return `${streamId}-${topicId}-${partitionId}-${incarnationText(incarnation)}`;
}

function parseFolderName(name: string): LogIdentity | undefined {
  const match = /^(\d{1,10})-(\d{1,10})-(\d{1,10})-([0-9a-f]{32})$/.exec(name);
  if (match === null) return undefined;
  const [streamId, topicId, partitionId] = match.slice(1, 4).map(Number) as [number, number, number];
  return { streamId, topicId, partitionId, incarnation: BigInt(`0x${match[4]}`) };
}
