// Polls of a group while something happens to the group.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConsumerKind } from '../../generated/common/consumer.ts';
import { PollingKind } from '../../generated/common/polling_strategy.ts';
import { UserStatus } from '../../generated/common/user_status.ts';
import { rootPermissions } from '../../src/access/permissioner.ts';
import { Session } from '../../src/access/session.ts';
import { Memberships } from '../../src/catalog/memberships.ts';
import { RequestContext } from '../../src/handlers/context.ts';
import { messageHandlers } from '../../src/handlers/messages.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { protocols } from '../../src/protocol/index.ts';
import { byName, open, settingsOf } from '../catalog/catalog_under_test.ts';
import { batchOf } from '../log/log_under_test.ts';
import { MemoryDisk } from '../log/memory_disk.ts';

test('a partition that another member gets while it is read is read by that one only', async () => {
  const catalog = await open(new MemoryDisk());
  const topic = await catalog.createTopic(await catalog.createStream('s'), settingsOf('t'), 2);
  const group = await catalog.createConsumerGroup(topic, 'g');
  for (const { log } of topic.partitions) await log.append(batchOf('a', 'b'));
  const memberships = new Memberships(systemClock());
  const { pollMessages } = messageHandlers(catalog, memberships);
  const record = { name: 'reader', passwordHash: '', status: UserStatus.active, permissions: rootPermissions };
  const user = await catalog.users.create(record);
  const poll = (clientId: number) => {
    const session = new Session(clientId, 'tcp', '127.0.0.1:1', '127.0.0.1', 0);
    session.login = { userId: user.id, createdIndex: user.createdIndex, tokenDigest: undefined };
    return pollMessages(
      {
        consumer: { kind: ConsumerKind.consumer_group, id: byName('g') },
        streamId: byName('s'),
        topicId: byName('t'),
        partitionId: undefined,
        strategy: { kind: PollingKind.next, value: 0n },
        count: 10,
        autoCommit: false,
      },
      new RequestContext('poll_messages', session, protocols.byName.v0_4, catalog.users),
    );
  };

  memberships.join(topic, group, 11);
  const first = await poll(11);
  assert.deepEqual([first.partitionId, first.messages.count], [0, 2]);
  const reading = poll(11);
  memberships.join(topic, group, 22);
  const [old, next] = [await reading, await poll(22)];
  assert.deepEqual([old.partitionId, old.messages.count], [1, 0]);
  assert.deepEqual([next.partitionId, next.messages.count], [1, 2]);
  await catalog.close();
});
