// Ping, who is connected, statistics, and the one node of this cluster.
import { OptionScope } from '../../generated/commands.ts';
import type { Sessions } from '../access/session.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import { describeTopicOptions } from '../catalog/topic_options.ts';
import type { Clock } from '../lib/clock.ts';
import type { MachineFacts } from '../lib/machine_facts.ts';
import type { GenerationRules } from '../protocol/protocol.ts';
import type { HandlersOf } from './handlers_of.ts';
import { clientDetails, clientRecord, nodeRecord, shownSize } from './records.ts';

type Names = 'ping' | 'getStats' | 'getMe' | 'getClient' | 'getClients' | 'getClusterMetadata' | 'describeOptions';

export function systemHandlers(
  catalog: Catalog,
  sessions: Sessions,
  memberships: Memberships,
  clock: Clock,
  machine: () => MachineFacts,
  tcpPort: () => number,
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

    getClusterMetadata(_request, { session }) {
      return { name: 'single-node', nodes: [nodeRecord(session, tcpPort())] };
    },

    describeOptions({ scope }) {
      if (scope !== OptionScope.topic) return { entries: [] };
      return {
        entries: describeTopicOptions().map(({ value, ...entry }) => ({ ...entry, defaultValue: value })),
      };
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
