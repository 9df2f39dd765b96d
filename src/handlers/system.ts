// Ping, who is connected, statistics, and the one node of this cluster.
import { NodeRole, NodeStatus } from '../../generated/commands.ts';
import type { Sessions } from '../access/session.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { Clock } from '../lib/clock.ts';
import type { MachineFacts } from '../lib/machine_facts.ts';
import type { GenerationRules } from '../protocol/protocol.ts';
import type { HandlersOf } from './handlers_of.ts';
import { clientDetails, clientRecord, shownSize } from './records.ts';

/** Where this server is reached, for clients that ask for the cluster's nodes. Ports of transports that are off are 0. */
export interface NodeAddress {
  readonly ip: string;
  readonly tcpPort: number;
}

type Names = 'ping' | 'getStats' | 'getMe' | 'getClient' | 'getClients' | 'getClusterMetadata';

export function systemHandlers(
  catalog: Catalog,
  sessions: Sessions,
  memberships: Memberships,
  clock: Clock,
  machine: () => MachineFacts,
  address: () => NodeAddress,
): HandlersOf<Names> {
  return {
    ping(_request, context) {
      context.session.heartbeatAtMs = clock.monotonicMs();
    },

    getStats(_request, context) {
      context.authorize();
      return { ...machine(), ...counters(catalog, context.rules), clientsCount: sessions.count, cacheMetrics: [] };
    },

    getMe(_request, context) {
      return { details: clientDetails(context.session, memberships.ofClient(context.session.clientId)) };
    },

    getClient({ clientId }, context) {
      context.authorize();
      const session = sessions.get(clientId);
      return { details: session && clientDetails(session, memberships.ofClient(clientId)) };
    },

    getClients(_request, context) {
      context.authorize();
      return {
        clients: sessions.list().map((session) => clientRecord(session, memberships.ofClient(session.clientId).length)),
      };
    },

    getClusterMetadata() {
      const { ip, tcpPort } = address();
      const node = {
        name: 'iggy-node',
        ip,
        tcpPort,
        quicPort: 0,
        httpPort: 0,
        webSocketPort: 0,
        role: NodeRole.leader,
        status: NodeStatus.healthy,
      };
      return { name: 'single-node', nodes: [node] };
    },
  };
}

function counters({ totals }: Catalog, rules: GenerationRules) {
  const { sizeBytes, messages } = totals;
  return {
    messagesSizeBytes: shownSize({ sizeBytes, messagesCount: messages }, rules),
    streamsCount: totals.streams,
    topicsCount: totals.topics,
    partitionsCount: totals.partitions,
    segmentsCount: totals.segments,
    messagesCount: messages,
    consumerGroupsCount: totals.consumerGroups,
  };
}
