// Catalog objects as the records of answers.
import type * as wire from '../../generated/commands.ts';
import { NodeRole, NodeStatus } from '../../generated/commands.ts';
import { Transport } from '../../generated/common/transport.ts';
import type { Session } from '../access/session.ts';
import type { Membership } from '../catalog/memberships.ts';
import type { Partition } from '../catalog/partition.ts';
import type { Stream } from '../catalog/stream.ts';
import type { Topic } from '../catalog/topic.ts';
import { messageHeaderSize } from '../log/batch.ts';
import type { GenerationRules } from '../protocol/protocol.ts';
import { noOptions } from './options.ts';

/** Bytes of messages as a generation counts them: their payloads and headers, and its own overhead of each. */
export function shownSize(
  { sizeBytes, messagesCount }: { readonly sizeBytes: number; readonly messagesCount: number },
  { messageOverhead }: GenerationRules,
): number {
  return sizeBytes - messagesCount * (messageHeaderSize - messageOverhead);
}

/** This server as the only node of its cluster, at the address that the client reached. Ports of transports that are off are 0. */
export function nodeRecord({ localHost: ip }: Session, tcpPort: number): wire.ClusterNode {
  return {
    name: 'iggy-node',
    ip,
    tcpPort,
    quicPort: 0,
    httpPort: 0,
    webSocketPort: 0,
    role: NodeRole.leader,
    status: NodeStatus.healthy,
  };
}

export function streamRecord(stream: Stream, rules: GenerationRules): wire.Stream {
  return {
    streamId: stream.id,
    createdAt: stream.createdAt,
    topicsCount: stream.topics.size,
    sizeBytes: shownSize(stream, rules),
    messagesCount: stream.messagesCount,
    name: stream.name,
    options: noOptions,
  };
}

export function topicRecord(topic: Topic, rules: GenerationRules): wire.Topic {
  return {
    topicId: topic.id,
    createdAt: topic.createdAt,
    partitionsCount: topic.partitions.length,
    messageExpiry: topic.messageExpiry,
    compressionAlgorithm: topic.compressionAlgorithm,
    maxTopicSize: topic.maxTopicSize,
    replicationFactor: topic.replicationFactor,
    sizeBytes: shownSize(topic, rules),
    messagesCount: topic.messagesCount,
    name: topic.name,
    explicitOptions: { entries: [...topic.options] },
    derivedOptions: { entries: topic.derivedOptions },
  };
}

export function partitionRecord(partition: Partition, rules: GenerationRules): wire.Partition {
  return {
    partitionId: partition.id,
    createdAt: partition.createdAt,
    segmentsCount: partition.segmentsCount,
    currentOffset: partition.log.currentOffset,
    sizeBytes: shownSize(partition, rules),
    messagesCount: partition.messagesCount,
  };
}

export function clientRecord(session: Session, consumerGroupsCount: number): wire.ClientInfo {
  return {
    clientId: session.clientId,
    userId: session.userId,
    transport: Transport[session.transport],
    address: session.address,
    consumerGroupsCount,
  };
}

export function clientDetails(session: Session, memberships: readonly Membership[]): wire.ClientDetails {
  return {
    client: clientRecord(session, memberships.length),
    consumerGroups: memberships.map(({ topic, group }) => ({
      streamId: topic.streamId,
      topicId: topic.id,
      groupId: group.id,
    })),
  };
}
