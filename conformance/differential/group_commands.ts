// Draws commands about consumer groups, whose members are the connections of the scenario, and deletions of segments.
import * as fc from 'fast-check';
import { type Step, step } from './step.ts';
import {
  byId,
  byName,
  counts,
  type DrawnCommand,
  of,
  offsets,
  partitionIds,
  place,
  strategies,
  u32Max,
  weighted,
} from './values.ts';

const names = weighted(
  [8, of('crew', 'team')],
  [1, of('Mixed  Case', ' padded ', '12', 'a', '', ' ', 'a/b', 'x'.repeat(255), 'Ü'.repeat(127))],
);
const groups = weighted<unknown>(
  [8, of('crew', 'crew', 'team').map(byName)],
  [3, of(0, 1, 2).map(byId)],
  [1, of<unknown>(byName('nobody'), byName('CREW'), byId(77), byId(u32Max))],
);
const consumer = fc.record({ kind: of(2), id: groups });
const partitionId = weighted([2, of(undefined)], [1, partitionIds]);
const target = { ...place, groupId: groups };

export const groupCommands: readonly DrawnCommand[] = [
  [2, 'get_consumer_group', target],
  [1, 'get_consumer_groups', place],
  [
    3,
    'create_consumer_group',
    { ...place, groupId: weighted([6, of(undefined)], [1, of(0, 1, 2, 5, u32Max)]), name: names },
  ],
  [1, 'delete_consumer_group', target],
  [4, 'join_consumer_group', target],
  [1, 'leave_consumer_group', target],
  [3, 'sync_consumer_group', target],
  [
    12,
    'poll_messages',
    { consumer, ...place, partitionId, strategy: strategies, count: counts, autoCommit: fc.boolean() },
  ],
  [4, 'store_consumer_offset', { consumer, ...place, partitionId, offset: offsets }],
  [4, 'get_consumer_offset', { consumer, ...place, partitionId }],
  [2, 'delete_consumer_offset', { consumer, ...place, partitionId }],
  [
    1,
    'delete_segments',
    { ...place, partitionId: partitionIds.map((id) => id ?? 0), segmentsCount: of(0, 1, 2, u32Max) },
  ],
];

/** The topic of most openings. */
export const alpha = { streamId: byName('alpha'), topicId: byName('alpha') };

/** Makes the connection a member of the group of the opening. */
export const joinGroup = step('join_consumer_group', { ...alpha, groupId: byName('crew') });

/** A group with this connection in it, and something to poll in two of three partitions. */
export const groupOpening: readonly Step[] = [
  step('create_consumer_group', { ...alpha, groupId: undefined, name: 'crew' }),
  joinGroup,
  ...[1, 2, 2].map((partitionId) =>
    step('send_messages', {
      ...alpha,
      partitioning: { kind: 2, partitionId },
      messages: [{ messageId: 0n, payload: Buffer.from('text'), headers: [] }],
    }),
  ),
];
