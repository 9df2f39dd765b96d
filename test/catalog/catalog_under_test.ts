// A catalog over a disk in memory, and a picture of it that two catalogs are compared by.

import { CompressionAlgorithm } from '../../generated/common/compression_algorithm.ts';
import { type Identifier, IdentifierKind } from '../../generated/common/identifier.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import type { Catalog, TopicSettings } from '../../src/catalog/catalog.ts';
import { openCatalog } from '../../src/catalog/open_catalog.ts';
import type { TopicOption } from '../../src/catalog/topic_options.ts';
import type { Disk } from '../../src/log/disk.ts';
import { environmentOf, type TestOptions } from '../log/log_under_test.ts';
import type { MemoryDisk } from '../log/memory_disk.ts';

export const journalPath = '/data/catalog/00000000000000000000.journal';

export function open(disk: Disk, notices: string[] = [], options: TestOptions = {}): Promise<Catalog> {
  return openCatalog(environmentOf(disk, { ...options, notices }), {
    folder: '/data',
    log: { ...options, segmentSize: options.segmentSize ?? 1 << 20, level: options.level ?? 'os' },
    rootUser: async () => ({
      name: 'iggy',
      passwordHash: 'hash of iggy',
      status: UserStatus.active,
      permissions: undefined,
    }),
  });
}

/** What a process finds that starts after this one died. */
export function afterCrash(disk: MemoryDisk): MemoryDisk {
  const copy = disk.copy();
  copy.files.delete('/data/lock');
  return copy;
}

export function byId(id: number): Identifier {
  return { kind: IdentifierKind.numeric, id };
}

export function byName(name: string): Identifier {
  return { kind: IdentifierKind.name, name };
}

export function settingsOf(name: string, options: readonly TopicOption[] = []): TopicSettings {
  return {
    name,
    compressionAlgorithm: CompressionAlgorithm.none,
    messageExpiry: 2n ** 64n - 1n,
    maxTopicSize: 5n,
    replicationFactor: 1,
    options: [...options],
  };
}

/** Everything a client could see. */
export function pictureOf(catalog: Catalog): unknown {
  return {
    totals: catalog.totals,
    streams: [...catalog.streams].map((stream) => ({
      id: stream.id,
      name: stream.name,
      createdAt: stream.createdAt,
      topics: [...stream.topics].map((topic) => ({
        id: topic.id,
        name: topic.name,
        createdAt: topic.createdAt,
        settings: [topic.compressionAlgorithm, topic.messageExpiry, topic.maxTopicSize, topic.replicationFactor],
        options: topic.options.map((option) => ({ ...option, value: [...option.value] })),
        partitions: topic.partitions.map((partition) => ({
          ...partition.identity,
          createdAt: partition.createdAt,
          next: partition.log.nextOffset,
        })),
        groups: [...topic.consumerGroups],
      })),
    })),
    users: [...catalog.users].map((user) => ({
      ...user,
      tokens: [...user.tokens.values()].map((token) => ({ ...token, digest: [...token.digest] })),
    })),
  };
}
