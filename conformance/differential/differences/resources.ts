// Kept differences. Streams, topics and partitions, and what is told about them and the server.
import { differences } from '../outcome.ts';
import { type Generation, type Step, stepTitle } from '../step.ts';
import { fieldOf, isCommand } from '../step_traits.ts';
import { type KnownDifference, onlyPaths, statusOf } from './comparison.ts';

/** Where an answer shows the settings of a topic, and what differs beside them. */
const settingsShown: Partial<Record<Generation, RegExp>> = {
  v0_6: /\.(messageExpiry|maxTopicSize|sizeBytes)$/,
  v0_9: /\.(messageExpiry|maxTopicSize|sizeBytes|(explicit|derived)Options\..*)$/,
};

/** In the order in which they are tried. */
export const resourcesDifferences: readonly KnownDifference[] = [
  {
    id: 'update-topic-own-name',
    goesOn: false,
    matches: ({ reference, step }) => isCommand(step, 'update_topic') && statusOf(reference) === 2013,
  },
  {
    id: 'partition-numbers-after-delete',
    goesOn: false,
    matches: (comparison) =>
      comparison.earlier.some((step) => isCommand(step, 'delete_partitions')) &&
      (statusOf(comparison.whippet) === 3007 || onlyPaths(comparison, /\.partitionId$/)),
  },
  {
    id: 'segments-drift',
    goesOn: false,
    matches: ({ reference, earlier }) =>
      statusOf(reference) === 10008 && earlier.some((step) => isCommand(step, 'delete_segments')),
  },
  {
    id: 'segments-drift',
    goesOn: true,
    matches: (comparison) =>
      onlyPaths(comparison, /^value\.(segmentsCount|messagesSizeBytes)$/) ||
      (comparison.earlier.some((step) => isCommand(step, 'delete_segments')) &&
        onlyPaths(comparison, /\.segmentsCount$/)),
  },
  {
    id: 'white-space-name',
    goesOn: false,
    matches: ({ whippet, step }) =>
      [1013, 2014, 5005].includes(statusOf(whippet)) && /^\s+$/.test(String(fieldOf(step, 'name'))),
  },
  {
    id: 'rename-by-name',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'update_topic') && statusOf(reference) === 2011 && whippet.kind === 'answered',
  },
  {
    id: 'deleted-partitions-counted',
    goesOn: true,
    matches: (comparison) =>
      comparison.earlier.some((step) => /^delete_(partitions|topic|stream)$/.test(stepTitle(step))) &&
      onlyPaths(comparison, /\.(messagesCount|sizeBytes|messagesSizeBytes|segmentsCount)$/),
  },
  {
    id: 'sizes',
    goesOn: true,
    matches: (comparison) => {
      const lines = differences(comparison.reference, comparison.whippet);
      const batchHeader = comparison.generation === 'v0_9' ? 256 : 24;
      return lines.every((line) => isSavedBatches(line, batchHeader, comparison.earlier));
    },
  },
  {
    id: 'update-topic-defaults',
    goesOn: false,
    matches: (comparison) =>
      (isCommand(comparison.step, 'update_topic') && statusOf(comparison.whippet) === 1019) ||
      (comparison.earlier.some((step) => isCommand(step, 'update_topic')) &&
        onlyPaths(comparison, settingsShown[comparison.generation] ?? /\.(messageExpiry|maxTopicSize)$/)),
  },
  {
    id: 'segments-of-new-topic',
    goesOn: true,
    matches: (comparison) =>
      isCommand(comparison.step, 'create_topic') && onlyPaths(comparison, /^value\.partitions\.\d+\.segmentsCount$/),
  },
  {
    id: 'ports-of-transports',
    goesOn: true,
    matches: (comparison) => onlyPaths(comparison, /^value\.nodes\.0\.(tcp|quic|http|webSocket)Port$/),
  },
  {
    id: 'order-of-freed-ids',
    goesOn: false,
    matches: (comparison) =>
      onlyPaths(comparison, /^value\.(stream\.streamId|topic\.topicId)$/) &&
      comparison.earlier.filter((step) => isCommand(step, 'delete_stream') || isCommand(step, 'delete_topic')).length >
        1,
  },
];

/** Whether a size differs by what a release adds to each saved batch. With user headers, sizes are those of the stored form. */
function isSavedBatches(line: string, batchHeader: number, earlier: readonly Step[]): boolean {
  const found = /^\S*[sS]ize(Bytes)?: reference (\d+), whippet (\d+)$/.exec(line);
  if (found === null) return false;
  const hasHeaders = earlier.some((step) => {
    const messages = fieldOf(step, 'messages') as { headers: unknown[] }[] | undefined;
    return messages?.some(({ headers }) => headers.length > 0) === true;
  });
  const more = Number(found[2]) - Number(found[3]);
  return hasHeaders || (more > 0 && more % batchHeader === 0);
}
