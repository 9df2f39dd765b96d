// Short sequences that show what drawn values meet too rarely, so that a long run meets every kept difference.
import type { CommandName } from '../../generated/commands.ts';
import { alpha, groupOpening } from './group_commands.ts';
import { type Step, step } from './step.ts';
import { byId, byName, u32Max } from './values.ts';

const message = { messageId: 0n, payload: Buffer.from('text'), headers: [] };
const partition = 1;
const send = step('send_messages', {
  ...alpha,
  partitioning: { kind: 2, partitionId: partition },
  messages: [message],
});
const balanced = step('send_messages', { ...alpha, partitioning: { kind: 1 }, messages: [message] });
const create = (name: string): Step => step('create_stream', { streamId: undefined, name });
const login = { username: 'iggy', password: 'iggy', version: '0.6.40', context: '' };
const plain = { kind: 1, id: byId(1) };
const group = { kind: 2, id: byName('crew') };
const inTurn = (command: CommandName, fields: Record<string, unknown>): Step =>
  step(command, { consumer: group, ...alpha, partitionId: undefined, ...fields });
const offsetOf = (consumer: object) => ({ consumer, ...alpha, partitionId: partition });

/** Each follows an opening with a topic. */
export const rarities: readonly (readonly Step[])[] = [
  // A login as the first SDKs sent it.
  [{ kind: 'command', command: 'login_user', request: login, tamper: { kind: 'truncate', missing: 14 } }],
  // A token that expires after the end of the reference's clock.
  [
    step('create_personal_access_token', { name: 'first', expiry: 2n ** 63n }),
    step('get_personal_access_tokens', {}),
    step('login_with_personal_access_token', { token: '@first' }),
  ],
  // Offsets of a group and of a consumer with the same number.
  [
    send,
    send,
    send,
    step('create_consumer_group', { ...alpha, groupId: undefined, name: 'crew' }),
    step('join_consumer_group', { ...alpha, groupId: byName('crew') }),
    step('store_consumer_offset', { ...offsetOf(plain), offset: 0 }),
    step('store_consumer_offset', { ...offsetOf(group), offset: 1 }),
    step('get_consumer_offset', offsetOf(group)),
  ],
  // Balanced sends before and after the topic grows.
  [
    balanced,
    balanced,
    balanced,
    step('create_partitions', { ...alpha, partitionsCount: 2 }),
    balanced,
    balanced,
    step('get_topic', alpha),
  ],
  // All messages there could ever be.
  [
    step('send_messages', {
      ...alpha,
      partitioning: { kind: 2, partitionId: partition },
      messages: [message, message],
    }),
    step('poll_messages', { ...offsetOf(plain), strategy: { kind: 1, value: 1n }, count: u32Max, autoCommit: false }),
  ],
  // A group whose partitions are all gone.
  [
    ...groupOpening,
    step('delete_partitions', { ...alpha, partitionsCount: 3 }),
    step('get_consumer_group', { ...alpha, groupId: byName('crew') }),
  ],
  // Two freed ids, of which one is given again.
  [
    create('beta'),
    create('gamma'),
    step('delete_stream', { streamId: byName('beta') }),
    step('delete_stream', { streamId: byName('gamma') }),
    create('beta'),
  ],
  // Offsets of a member that leaves the partition to the server.
  [
    ...groupOpening,
    inTurn('poll_messages', { strategy: { kind: 1, value: 0n }, count: 5, autoCommit: false }),
    inTurn('poll_messages', { strategy: { kind: 1, value: 0n }, count: 5, autoCommit: false }),
    inTurn('store_consumer_offset', { offset: 0 }),
    inTurn('get_consumer_offset', {}),
  ],
];
