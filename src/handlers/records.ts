// Catalog objects as the records of answers.
import type * as wire from '../../generated/commands.ts';
import { Transport } from '../../generated/common/transport.ts';
import type { Session } from '../access/session.ts';
import type { Partition } from '../catalog/partition.ts';
import type { Stream } from '../catalog/stream.ts';
import type { Topic } from '../catalog/topic.ts';

export function streamRecord(stream: Stream): wire.Stream {
  return {
    streamId: stream.id,
    createdAt: stream.createdAt,
    topicsCount: stream.topics.size,
    sizeBytes: stream.sizeBytes,
    messagesCount: stream.messagesCount,
    name: stream.name,
  };
}

export function topicRecord(topic: Topic): wire.Topic {
  return {
    topicId: topic.id,
    createdAt: topic.createdAt,
    partitionsCount: topic.partitions.length,
    messageExpiry: topic.messageExpiry,
    compressionAlgorithm: topic.compressionAlgorithm,
    maxTopicSize: topic.maxTopicSize,
    replicationFactor: topic.replicationFactor,
    sizeBytes: topic.sizeBytes,
    messagesCount: topic.messagesCount,
    name: topic.name,
  };
}

export function partitionRecord(partition: Partition): wire.Partition {
  return {
    partitionId: partition.id,
    createdAt: partition.createdAt,
    segmentsCount: partition.segmentsCount,
    currentOffset: partition.log.currentOffset,
    sizeBytes: partition.sizeBytes,
    messagesCount: partition.messagesCount,
  };
}

export function clientRecord(session: Session): wire.ClientInfo {
  return {
    clientId: session.clientId,
    userId: session.userId,
    transport: Transport[session.transport],
    address: session.address,
    consumerGroupsCount: 0,
  };
}
