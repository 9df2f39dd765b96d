// Members of a group over any history of joins, leaves, polls and commits: every partition has one owner, and work is shared out evenly in the end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { GroupMembers, revocationTimeoutMs } from '../../src/catalog/group_members.ts';

const clients = [11, 22, 33, 44];

/** Every partition is in exactly one member's list. */
function checkOwners(group: GroupMembers): void {
  const owned = group.list().flatMap(({ partitions }) => partitions);
  const expected = group.size === 0 ? [] : [...Array(group.partitionsCount).keys()];
  assert.deepEqual(
    [...owned].sort((a, b) => a - b),
    expected,
  );
}

function sharesOf(group: GroupMembers): number[] {
  return group.list().map(({ partitions }) => partitions.length);
}

describe('members of a consumer group', () => {
  test('the first member owns everything and polls it in turn', () => {
    const group = new GroupMembers(3);
    group.join(11, 0);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => group.nextPartition(11)),
      [0, 1, 2, 0],
    );
  });

  test('a partition that nothing was polled from moves at once', () => {
    const group = new GroupMembers(4);
    group.join(11, 0);
    group.join(22, 0);
    assert.deepEqual(
      group.list().map(({ partitions }) => partitions),
      [
        [0, 1],
        [2, 3],
      ],
    );
  });

  test('a partition in hand moves when its last message is committed', () => {
    const group = new GroupMembers(2);
    group.join(11, 0);
    group.delivered(1, 9);
    group.join(22, 0);
    assert.deepEqual(sharesOf(group), [2, 0]);
    assert.equal(group.owns(11, 1), false, 'its owner gets no more of it');
    assert.equal(group.nextPartition(22), undefined);
    group.committed(1, 8);
    assert.deepEqual(sharesOf(group), [2, 0]);
    group.committed(1, 9);
    assert.deepEqual(
      group.list().map(({ partitions }) => partitions),
      [[0], [1]],
    );
  });

  test('a partition that was finished with before somebody joins moves at once', () => {
    const group = new GroupMembers(2);
    group.join(11, 0);
    group.delivered(1, 9);
    group.committed(1, 9);
    group.join(22, 0);
    assert.deepEqual(
      group.list().map(({ partitions }) => partitions),
      [[0], [1]],
    );
  });

  test('a partition in hand is taken away after the timeout', () => {
    const group = new GroupMembers(2);
    group.join(11, 0);
    group.delivered(1, 9);
    group.join(22, 1000);
    group.expire(1000 + revocationTimeoutMs - 1);
    assert.equal(group.owns(22, 1), false);
    group.expire(1000 + revocationTimeoutMs);
    assert.equal(group.owns(22, 1), true);
  });

  test('joining again changes nothing, leaving twice tells so', () => {
    const group = new GroupMembers(1);
    assert.equal(group.join(11, 0), group.join(11, 0));
    assert.equal(group.leave(11), true);
    assert.equal(group.leave(11), false);
    assert.equal(group.size, 0);
  });

  test('more members than partitions: the late ones own none and poll none', () => {
    const group = new GroupMembers(2);
    for (const client of clients) group.join(client, 0);
    assert.deepEqual(sharesOf(group), [1, 1, 0, 0]);
    assert.equal(group.nextPartition(44), undefined);
  });

  const step = fc.oneof(
    fc.record({ kind: fc.constant('join' as const), client: fc.constantFrom(...clients) }),
    fc.record({ kind: fc.constant('leave' as const), client: fc.constantFrom(...clients) }),
    fc.record({ kind: fc.constant('poll' as const), client: fc.constantFrom(...clients) }),
    fc.record({ kind: fc.constant('commit' as const), client: fc.nat(7) }),
    fc.record({ kind: fc.constant('resize' as const), client: fc.nat(7) }),
    fc.record({ kind: fc.constant('wait' as const), client: fc.nat(60_000) }),
  );

  test('any history keeps one owner for each partition, and settles to even shares', () => {
    fc.assert(
      fc.property(fc.nat(7), fc.array(step, { maxLength: 40 }), (partitionsCount, steps) => {
        const group = new GroupMembers(partitionsCount);
        let nowMs = 0;
        for (const { kind, client } of steps) {
          if (kind === 'join') group.join(client, nowMs);
          else if (kind === 'leave') group.leave(client);
          else if (kind === 'resize') group.resize(client);
          else if (kind === 'commit') group.committed(client, 5);
          else if (kind === 'wait') {
            nowMs += client;
            group.expire(nowMs);
          } else {
            const partition = group.nextPartition(client);
            if (partition !== undefined) {
              assert.ok(group.owns(client, partition));
              group.delivered(partition, 5);
            }
          }
          checkOwners(group);
        }
        group.expire(nowMs + revocationTimeoutMs);
        checkOwners(group);
        const members = group.list().length;
        for (const { partitions } of group.list())
          assert.ok(partitions.length <= Math.ceil(group.partitionsCount / Math.max(1, members)) + 1);
      }),
      { numRuns: 500 },
    );
  });
});
