// Scenarios about messages: sent by every partitioning, polled by every strategy, with ids and headers; offsets; flushes and segments.
import type { Message } from '../differential/messages.ts';
import { afterwards, caseStart, step } from '../differential/step.ts';
import {
  balanced,
  byKey,
  consumer,
  fromFirst,
  fromLast,
  fromNext,
  fromOffset,
  fromTimestamp,
  message,
  opening,
  place,
  poll,
  type Script,
  send,
  toPartition,
} from './script.ts';

const orders = place('shop', 'orders');
const nowhere = place('shop', 'nothing');
const headers: Message['headers'] = [
  { key: 'origin', value: 'web' },
  { key: 'k', value: 'x'.repeat(255) },
];

export const messageScripts: readonly Script[] = [
  {
    title: 'polls by every strategy',
    steps: (first) => [
      ...opening(orders, 2),
      poll(orders, first, fromFirst, 5),
      poll(orders, first, fromLast, 5),
      poll(orders, first, fromNext, 5),
      send(orders, toPartition(first), ['a', 'b', 'c']),
      send(orders, toPartition(first), ['d', 'e']),
      poll(orders, first, fromFirst, 2),
      poll(orders, first, fromLast, 2),
      poll(orders, first, fromLast, 100),
      poll(orders, first, fromOffset(1n), 3),
      poll(orders, first, fromOffset(4n), 3),
      poll(orders, first, fromOffset(5n), 3),
      poll(orders, first, fromTimestamp(0n), 3),
      poll(orders, first, fromTimestamp(caseStart), 10),
      poll(orders, first, fromTimestamp(afterwards), 10),
      poll(orders, first, fromNext, 2, { autoCommit: true }),
      poll(orders, first, fromNext, 2, { autoCommit: true }),
      poll(orders, first, fromNext, 2, { autoCommit: true }),
      poll(orders, first, fromNext, 2, { autoCommit: true }),
      poll(orders, first + 1, fromFirst, 5),
      poll(orders, undefined, fromFirst, 5),
    ],
  },
  {
    title: 'sends by every partitioning',
    steps: (first) => [
      ...opening(orders, 3),
      send(orders, balanced, ['first in turn']),
      send(orders, balanced, ['second in turn']),
      send(orders, balanced, ['third in turn']),
      send(orders, balanced, ['first again']),
      send(orders, byKey('customer 1'), ['by key', 'by key too']),
      send(orders, byKey('customer 2'), ['by another key']),
      send(orders, byKey('customer 1'), ['by the first key again']),
      step('get_topic', orders),
      ...[0, 1, 2].map((partition) => poll(orders, first + partition, fromFirst, 10)),
    ],
  },
  {
    title: 'sends and polls of what is not there',
    steps: (first) => [
      ...opening(orders, 1),
      send(orders, toPartition(first + 7), ['to no partition']),
      send(nowhere, balanced, ['to no topic']),
      send(place('nothing', 'orders'), balanced, ['to no stream']),
      poll(orders, first + 7, fromFirst, 1),
      poll(nowhere, first, fromFirst, 1),
      poll(place('nothing', 'orders'), first, fromFirst, 1),
      poll(orders, first, fromFirst, 1),
    ],
  },
  {
    title: 'ids and headers come back as they were sent',
    steps: (first) => [
      ...opening(orders, 1),
      send(orders, toPartition(first), [
        message('with an id', 7n),
        message('with a large id', 2n ** 63n),
        message('with the id of another', 7n),
        message('with headers', 0n, headers),
        message('with both', 8n, headers.slice(0, 1)),
      ]),
      poll(orders, first, fromFirst, 10),
      poll(orders, first, fromOffset(3n), 1),
    ],
  },
  {
    title: 'a large message and a large batch',
    steps: (first) => [
      ...opening(orders, 1),
      send(orders, toPartition(first), ['x'.repeat(1_000)]),
      send(
        orders,
        toPartition(first),
        Array.from({ length: 25 }, (_, index) => `message ${index}`),
      ),
      poll(orders, first, fromOffset(0n), 1),
      poll(orders, first, fromOffset(1n), 15),
      poll(orders, first, fromOffset(16n), 100),
      step('get_topic', orders),
    ],
  },
  {
    title: 'offsets of consumers are stored, read and deleted',
    steps: (first) => {
      const at = { ...orders, partitionId: first };
      return [
        ...opening(orders, 2),
        step('get_consumer_offset', { consumer: consumer(1), ...at }),
        send(orders, toPartition(first), ['a', 'b', 'c', 'd']),
        step('store_consumer_offset', { consumer: consumer(1), ...at, offset: 1 }),
        step('store_consumer_offset', { consumer: consumer('named'), ...at, offset: 2 }),
        step('get_consumer_offset', { consumer: consumer(1), ...at }),
        step('get_consumer_offset', { consumer: consumer('named'), ...at }),
        step('get_consumer_offset', { consumer: consumer(2), ...at }),
        poll(orders, first, fromNext, 1),
        poll(orders, first, fromNext, 10, { consumer: consumer('named') }),
        poll(orders, first, fromNext, 2, { consumer: consumer(2), autoCommit: true }),
        step('get_consumer_offset', { consumer: consumer(2), ...at }),
        step('store_consumer_offset', { consumer: consumer(1), ...at, offset: 0 }),
        poll(orders, first, fromNext, 10),
        step('store_consumer_offset', { consumer: consumer(1), ...orders, partitionId: first + 7, offset: 0 }),
        step('store_consumer_offset', { consumer: consumer(1), ...nowhere, partitionId: first, offset: 0 }),
        step('get_consumer_offset', { consumer: consumer(1), ...orders, partitionId: first + 1 }),
        step('get_consumer_offset', { consumer: consumer(1), ...nowhere, partitionId: first }),
        step('delete_consumer_offset', { consumer: consumer(1), ...at }),
        step('delete_consumer_offset', { consumer: consumer(1), ...at }),
        step('get_consumer_offset', { consumer: consumer(1), ...at }),
        poll(orders, first, fromNext, 1),
      ];
    },
  },
  {
    title: 'an offset above the last message',
    steps: (first) => [
      ...opening(orders, 1),
      send(orders, toPartition(first), ['a', 'b']),
      step('store_consumer_offset', { consumer: consumer(1), ...orders, partitionId: first, offset: 2 }),
    ],
  },
  {
    title: 'partitions are flushed',
    steps: (first) => [
      ...opening(orders, 1),
      send(orders, toPartition(first), ['a', 'b']),
      step('flush_unsaved_buffer', { ...orders, partitionId: first, fsync: false }),
      step('flush_unsaved_buffer', { ...orders, partitionId: first, fsync: true }),
      poll(orders, first, fromFirst, 10),
      step('flush_unsaved_buffer', { ...orders, partitionId: first + 7, fsync: true }),
      step('flush_unsaved_buffer', { ...nowhere, partitionId: first, fsync: true }),
    ],
  },
  {
    title: 'segments of nothing, and none of a partition',
    steps: (first) => [
      ...opening(orders, 1),
      send(orders, toPartition(first), ['a', 'b']),
      step('delete_segments', { ...orders, partitionId: first + 7, segmentsCount: 1 }),
      step('delete_segments', { ...nowhere, partitionId: first, segmentsCount: 1 }),
      poll(orders, first, fromFirst, 10),
      step('get_topic', orders),
      // What 0.6 leaves after this is not to be polled.
      step('delete_segments', { ...orders, partitionId: first, segmentsCount: 0 }),
    ],
  },
];
