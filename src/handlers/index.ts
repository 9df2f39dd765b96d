// All handlers of this server. Every command is named: a command that is new in the spec is missing here until someone decides what it does.
import type { Passwords } from '../access/passwords.ts';
import type { Sessions } from '../access/session.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { Clock } from '../lib/clock.ts';
import type { MachineFacts } from '../lib/machine_facts.ts';
import { consumerGroupHandlers } from './consumer_groups.ts';
import { consumerOffsetHandlers } from './consumer_offsets.ts';
import type { ServerHandlers } from './handlers_of.ts';
import { messageHandlers } from './messages.ts';
import { tokenHandlers } from './personal_access_tokens.ts';
import { segmentHandlers } from './segments.ts';
import { type SnapshotParts, snapshotHandlers } from './snapshot.ts';
import { streamHandlers } from './streams.ts';
import { type NodeAddress, systemHandlers } from './system.ts';
import { type TopicDefaults, topicHandlers } from './topics.ts';
import { userHandlers } from './users.ts';

export interface HandlerServices {
  readonly catalog: Catalog;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly memberships: Memberships;
  readonly clock: Clock;
  readonly machine: () => MachineFacts;
  readonly address: () => NodeAddress;
  readonly snapshotParts: SnapshotParts;
  readonly topicDefaults: TopicDefaults;
  readonly tokensPerUserMax: number;
}

/** The handlers over these services. */
export function createHandlers(services: HandlerServices): ServerHandlers {
  const {
    catalog,
    sessions,
    passwords,
    memberships,
    clock,
    machine,
    address,
    snapshotParts,
    topicDefaults,
    tokensPerUserMax,
  } = services;
  return {
    ...systemHandlers(catalog, sessions, memberships, clock, machine, address),
    ...snapshotHandlers(snapshotParts, clock),
    ...userHandlers(catalog, sessions, passwords),
    ...tokenHandlers(catalog, clock, tokensPerUserMax),
    ...streamHandlers(catalog, memberships),
    ...topicHandlers(catalog, memberships, topicDefaults),
    ...messageHandlers(catalog, memberships),
    ...consumerOffsetHandlers(catalog, memberships),
    ...consumerGroupHandlers(catalog, memberships),
    ...segmentHandlers(catalog),
  };
}
