// Data folders for the bench of restarts, written by the engine itself: many partitions that hold some gigabytes, stopped cleanly or left as by a crash.
import { rmSync } from 'node:fs';
import { CompressionAlgorithm } from '../generated/common/compression_algorithm.ts';
import { UserStatus } from '../generated/common/user_status.ts';
import type { Catalog } from '../src/catalog/catalog.ts';
import { openCatalog } from '../src/catalog/open_catalog.ts';
import { systemClock } from '../src/lib/clock.ts';
import { systemRandom } from '../src/lib/random.ts';
import { type MessageBatch, messageHeaderSize, StoredMessageView } from '../src/log/batch.ts';
import { systemDisk } from '../src/log/disk.ts';
import { OpenFiles } from '../src/log/open_files.ts';
import { TailBudget } from '../src/log/tail.ts';

export const gibibyte = 2 ** 30;
const partitionsCount = 1000;
const partitionsPerTopic = 100;
const messageSize = 1024;
const messagesPerBatch = 256;
const unlimited = 2n ** 64n - 1n;
/** As in a server; beyond it files are parked. */
const openFilesMax = 500;

function openAt(folder: string): Promise<Catalog> {
  return openCatalog(
    {
      disk: systemDisk(),
      clock: systemClock(),
      random: systemRandom(),
      tailBudget: new TailBudget(0),
      notice: () => {},
      files: new OpenFiles(openFilesMax),
    },
    {
      folder,
      log: { segmentSize: gibibyte, level: 'os' },
      rootUser: async () => ({
        ...{ name: 'iggy', passwordHash: 'nobody logs in', status: UserStatus.active, permissions: undefined },
      }),
    },
  );
}

/** Makes a folder with 1,000 partitions that hold `bytes` together, and stops cleanly. */
export async function fillFolder(folder: string, bytes: number): Promise<void> {
  const catalog = await openAt(folder);
  const stream = await catalog.createStream('restart');
  for (let index = 0; index < partitionsCount / partitionsPerTopic; index++) {
    const settings = {
      ...{ name: `topic ${index}`, compressionAlgorithm: CompressionAlgorithm.none, messageExpiry: unlimited },
      ...{ maxTopicSize: unlimited, replicationFactor: 1, options: [] },
    };
    await catalog.createTopic(stream, settings, partitionsPerTopic);
  }
  await append(catalog, bytes);
  await catalog.close();
}

/** Appends `bytes` more over all partitions and leaves the folder as a process does that dies then. Everything stays in the system's memory. */
export async function appendAndCrash(folder: string, bytes: number): Promise<void> {
  const catalog = await openAt(folder);
  await append(catalog, bytes);
  // Without a close there is no checkpoint of it; only the lock must go, because this process lives on.
  rmSync(`${folder}/lock`);
}

async function append(catalog: Catalog, bytes: number): Promise<void> {
  const partitions = [...catalog.streams].flatMap(({ topics }) => [...topics].flatMap((topic) => topic.partitions));
  const batchSize = messagesPerBatch * (messageHeaderSize + messageSize);
  for (let written = 0, index = 0; written < bytes; written += batchSize, index++)
    await partitions[index % partitions.length]!.log.append(newBatch());
}

function newBatch(): MessageBatch {
  const bytes = new Uint8Array(messagesPerBatch * (messageHeaderSize + messageSize)).fill(0x2e);
  const view = new DataView(bytes.buffer);
  const message = new StoredMessageView();
  for (let position = 0; position < bytes.byteLength; position += messageHeaderSize + messageSize) {
    bytes.fill(0, position, position + messageHeaderSize);
    message.wrap(view, position).payloadLength = messageSize;
  }
  return { count: messagesPerBatch, bytes };
}
