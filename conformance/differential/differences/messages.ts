// Kept differences. Sending, polling and purging messages, and offsets of plain consumers.
import { PartitioningKind } from '../../../generated/common/partitioning.ts';
import { fieldOf, hasBalancedThenGrown, isCommand, isSend } from '../step_traits.ts';
import { type KnownDifference, onlyPaths, statusOf } from './comparison.ts';

/** In the order in which they are tried. */
export const messagesDifferences: readonly KnownDifference[] = [
  {
    id: 'ids-of-messages',
    goesOn: true,
    matches: (comparison) => onlyPaths(comparison, /^value\.messages\.\d+\.messageId$/),
  },
  {
    id: 'two-turns',
    goesOn: false,
    matches: (comparison) =>
      (fieldOf(comparison.step, 'partitioning') as { kind: number } | undefined)?.kind === PartitioningKind.balanced &&
      onlyPaths(comparison, /^value\.confirmations\.0\.(partitionId|baseOffset)$/),
  },
  {
    id: 'empty-key',
    goesOn: false,
    matches: ({ reference, step }) => {
      const { key } = (fieldOf(step, 'partitioning') ?? {}) as { key?: Uint8Array };
      return statusOf(reference) === 20 && key?.byteLength === 0;
    },
  },
  {
    id: 'flush-on-demand',
    goesOn: true,
    matches: ({ reference, step }) => isCommand(step, 'flush_unsaved_buffer') && statusOf(reference) === 5,
  },
  {
    id: 'offset-above-end',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'store_consumer_offset') && reference.kind === 'answered' && statusOf(whippet) === 4100,
  },
  {
    id: 'key-without-partitions',
    goesOn: false,
    matches: ({ reference, whippet, step }) =>
      isSend(step) && reference.kind === 'closed' && statusOf(whippet) === 3007,
  },
  {
    id: 'balanced-after-growth',
    goesOn: false,
    matches: ({ reference, whippet, earlier }) => reference.kind === whippet.kind && hasBalancedThenGrown(earlier),
  },
  {
    id: 'purge-leaves-unsaved',
    goesOn: false,
    matches: ({ earlier, reference, whippet }) =>
      earlier.some((step) => isCommand(step, 'purge_topic') || isCommand(step, 'purge_stream')) &&
      (reference.kind === whippet.kind || statusOf(whippet) === 4100),
  },
  {
    id: 'balanced-without-partitions',
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      isSend(step) && statusOf(reference) === 2010 && statusOf(whippet) === 3007,
  },
];
