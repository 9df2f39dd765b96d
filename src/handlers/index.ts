// All handlers of this server. Every command is named: a command that is new in the spec is missing here until someone decides what it does.
import type { Clock } from '../lib/clock.ts';
import type { MachineFacts } from '../lib/machine_facts.ts';
import { consumerGroupHandlers } from './consumer_groups.ts';
import { consumerOffsetHandlers } from './consumer_offsets.ts';
import type { ServerHandlers } from './handlers_of.ts';
import { messageHandlers } from './messages.ts';
import { tokenHandlers } from './personal_access_tokens.ts';
import { routingHandlers } from './routing.ts';
import { segmentHandlers } from './segments.ts';
import { type SnapshotParts, snapshotHandlers } from './snapshot.ts';
import { streamHandlers } from './streams.ts';
import { systemHandlers } from './system.ts';
import { type TopicDefaults, topicHandlers } from './topics.ts';
import { type UserServices, userHandlers } from './users.ts';

export interface HandlerServices extends UserServices {
  readonly clock: Clock;
  readonly machine: () => MachineFacts;
  /** Where this server is reached over TCP; 0 when it is not. */
  readonly tcpPort: () => number;
  readonly snapshotParts: SnapshotParts;
  readonly topicDefaults: TopicDefaults;
  readonly tokensPerUserMax: number;
}

/** The handlers over these services. */
export function createHandlers(services: HandlerServices): ServerHandlers {
  const { catalog, sessions, memberships, clock, machine, tcpPort, snapshotParts, topicDefaults, tokensPerUserMax } =
    services;
  return {
    ...systemHandlers(catalog, sessions, memberships, clock, machine, tcpPort),
    ...routingHandlers(catalog, sessions, tcpPort),
    ...snapshotHandlers(snapshotParts, clock),
    ...userHandlers(services),
    ...tokenHandlers(services, clock, tokensPerUserMax),
    ...streamHandlers(catalog, memberships),
    ...topicHandlers(catalog, memberships, topicDefaults),
    ...messageHandlers(catalog, memberships),
    ...consumerOffsetHandlers(catalog, memberships),
    ...consumerGroupHandlers(catalog, memberships),
    ...segmentHandlers(catalog),
  };
}
