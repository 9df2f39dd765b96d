// Kept differences. Consumer groups: their members, whose turn it is, offsets of a group.

import { stepTitle } from '../step.ts';
import {
  fieldOf,
  hasMovedThenClosed,
  hasPolledThenChanged,
  hasSeveralJoins,
  isAboutGroups,
  isByGroup,
  isCommand,
  isOffsetInTurn,
  isPollInTurn,
} from '../step_traits.ts';
import { type KnownDifference, onlyPaths, statusOf } from './comparison.ts';

/** In the order in which they are tried. */
export const groupsDifferences: readonly KnownDifference[] = [
  {
    id: 'partition-left-to-server',
    goesOn: false,
    matches: ({ step }) =>
      (isPollInTurn(step) || /^(store|delete|get)_consumer_offset$/.test(stepTitle(step))) &&
      fieldOf(step, 'partitionId') === undefined,
  },
  {
    id: 'sync-needs-permission',
    goesOn: true,
    matches: ({ reference, whippet, step }) =>
      isCommand(step, 'sync_consumer_group') && reference.kind === 'answered' && statusOf(whippet) === 41,
  },
  {
    id: 'turn-after-changes',
    goesOn: false,
    matches: ({ reference, whippet, step, earlier }) =>
      (isPollInTurn(step) || isOffsetInTurn(step)) &&
      reference.kind !== 'closed' &&
      whippet.kind !== 'closed' &&
      hasPolledThenChanged(earlier),
  },
  {
    id: 'moved-connection-stays-member',
    goesOn: false,
    matches: ({ step, earlier }) => isAboutGroups(step) && hasMovedThenClosed(earlier),
  },
  {
    id: 'member-twice',
    goesOn: true,
    matches: (comparison) =>
      hasSeveralJoins(comparison.earlier) && onlyPaths(comparison, /^value\..*(membersCount$|members\.)/),
  },
  {
    id: 'group-after-resize',
    goesOn: false,
    matches: (comparison) =>
      comparison.earlier.some((step) => /^(create|delete)_partitions$/.test(stepTitle(step))) &&
      (isPollInTurn(comparison.step) ||
        isOffsetInTurn(comparison.step) ||
        onlyPaths(comparison, /^value\.(consumerGroups?\..*partitionsCount|members\..*partitionIds\..*)$/)),
  },
  {
    id: 'members-of-nothing',
    goesOn: false,
    matches: (comparison) =>
      comparison.earlier.some((step) => isCommand(step, 'delete_partitions')) &&
      onlyPaths(comparison, /^value\.members\.\d+\.partitionIds\./),
  },
  {
    id: 'offset-in-turn',
    goesOn: false,
    matches: ({ step, earlier }) => isOffsetInTurn(step) && earlier.some(isPollInTurn),
  },
  {
    id: 'shared-out-again',
    goesOn: true,
    matches: (comparison) =>
      hasSeveralJoins(comparison.earlier) && onlyPaths(comparison, /^value\.members\.\d+\.partitionIds\./),
  },
  {
    id: 'shared-out-again',
    goesOn: false,
    matches: ({ step, earlier }) =>
      (isOffsetInTurn(step) || isPollInTurn(step)) && (hasPolledThenChanged(earlier) || hasSeveralJoins(earlier)),
  },
  {
    id: 'offset-of-group',
    goesOn: true,
    matches: (comparison) =>
      isCommand(comparison.step, 'get_consumer_offset') &&
      isByGroup(comparison.step) &&
      onlyPaths(comparison, /^value\.consumerOffset(\.storedOffset)?$/),
  },
];
