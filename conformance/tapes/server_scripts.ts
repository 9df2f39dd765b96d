// Scenarios about the server itself: its clients, its counters, its cluster, a snapshot, and bytes that are no request.
import { SnapshotCompression } from '../../generated/common/snapshot_compression.ts';
import { SnapshotType } from '../../generated/common/snapshot_type.ts';
import { clientIdOfConnection, on, step } from '../differential/step.ts';
import { u32Max } from '../differential/values.ts';
import { logIn, opening, place, type Script, send, toPartition } from './script.ts';

const orders = place('shop', 'orders');

function snapshot(compression: number, types: readonly number[]) {
  return step('get_snapshot', { compression, types });
}

export const serverScripts: readonly Script[] = [
  {
    title: 'clients see themselves and each other',
    steps: () => [
      logIn,
      ...on(1, [logIn]),
      ...on(2, [step('ping', {})]),
      step('get_me', {}),
      ...on(1, [step('get_me', {})]),
      step('get_clients', {}),
      step('get_client', { clientId: clientIdOfConnection(1) }),
      step('get_client', { clientId: clientIdOfConnection(2) }),
      step('get_client', { clientId: u32Max }),
      { kind: 'close', connection: 1 },
      step('get_clients', {}),
    ],
  },
  {
    title: 'counters follow what exists',
    steps: (first) => [
      logIn,
      step('get_stats', {}),
      ...opening(orders, 3).slice(1),
      send(orders, toPartition(first), ['a', 'b', 'c']),
      step('create_consumer_group', { ...orders, groupId: undefined, name: 'crew' }),
      step('get_stats', {}),
      step('delete_stream', { streamId: orders.streamId }),
      step('get_stats', {}),
    ],
  },
  {
    title: 'the server describes its cluster and itself',
    steps: () => [
      step('ping', {}),
      logIn,
      step('get_cluster_metadata', {}),
      snapshot(SnapshotCompression.deflated, []),
      snapshot(SnapshotCompression.stored, [SnapshotType.test]),
      snapshot(SnapshotCompression.deflated, [SnapshotType.test, SnapshotType.resource_usage]),
    ],
  },
  {
    title: 'a code that no command has',
    steps: () => [logIn, { kind: 'raw', code: 99, payload: Buffer.from('any') }, step('ping', {})],
  },
  {
    title: 'a request that ends too early',
    steps: () => [logIn, { kind: 'raw', code: 202, payload: Buffer.from([200]) }, step('ping', {})],
  },
];
