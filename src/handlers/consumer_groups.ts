// Consumer groups: create, delete, get, list, join, leave. Partitions are shared out in src/catalog/group_members.ts.
import type * as wire from '../../generated/commands.ts';
import type { Identifier } from '../../generated/common/identifier.ts';
import { IggyError } from '../../generated/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { GroupMember } from '../catalog/group_members.ts';
import type { Memberships } from '../catalog/memberships.ts';
import type { ConsumerGroup, Topic } from '../catalog/topic.ts';
import type { HandlersOf } from './handlers_of.ts';

type Names =
  | 'getConsumerGroup'
  | 'getConsumerGroups'
  | 'createConsumerGroup'
  | 'deleteConsumerGroup'
  | 'joinConsumerGroup'
  | 'leaveConsumerGroup'
  | 'syncConsumerGroup';

export function consumerGroupHandlers(catalog: Catalog, memberships: Memberships): HandlersOf<Names> {
  const findTopic = (streamId: Identifier, topicId: Identifier): Topic => catalog.stream(streamId).topic(topicId);
  const topicToRead = (streamId: Identifier, topicId: Identifier, isNeeded: boolean): Topic | undefined =>
    isNeeded ? findTopic(streamId, topicId) : catalog.findStream(streamId)?.findTopic(topicId);
  const record = (topic: Topic, group: ConsumerGroup): wire.ConsumerGroup => ({
    groupId: group.id,
    partitionsCount: topic.partitions.length,
    membersCount: memberships.of(topic, group).size,
    name: group.name,
  });
  return {
    getConsumerGroup({ streamId, topicId, groupId }, context) {
      const { groupsNeedTheirTopic } = context.rules;
      const topic = topicToRead(streamId, topicId, groupsNeedTheirTopic);
      const group = topic?.findConsumerGroup(groupId);
      if (topic !== undefined && (group !== undefined || groupsNeedTheirTopic))
        context.authorize(topic.streamId, topic.id);
      else context.nothingToAuthorize();
      if (topic === undefined || group === undefined) return { consumerGroup: undefined, members: [] };
      const members = memberships.of(topic, group).list();
      return {
        consumerGroup: record(topic, group),
        members: members.map((member) => memberRecord(member, context.rules.membersAreShownByClientId)),
      };
    },

    getConsumerGroups({ streamId, topicId }, context) {
      const { missingParentListsNothing, groupsNeedTheirTopic } = context.rules;
      const topic = topicToRead(streamId, topicId, groupsNeedTheirTopic || !missingParentListsNothing);
      if (topic === undefined) {
        context.nothingToAuthorize();
        return { consumerGroups: [] };
      }
      context.authorize(topic.streamId, topic.id);
      return { consumerGroups: [...topic.consumerGroups].map((group) => record(topic, group)) };
    },

    async createConsumerGroup({ streamId, topicId, groupId, name }, context) {
      const topic = findTopic(streamId, topicId);
      context.authorize(topic.streamId, topic.id);
      const group = await catalog.createConsumerGroup(topic, name, groupId);
      return { consumerGroup: record(topic, group) };
    },

    async deleteConsumerGroup({ streamId, topicId, groupId }, context) {
      const topic = findTopic(streamId, topicId);
      context.authorize(topic.streamId, topic.id);
      const group = topic.consumerGroup(groupId);
      await catalog.deleteConsumerGroup(topic, group);
      memberships.forget(group);
    },

    joinConsumerGroup({ streamId, topicId, groupId }, context) {
      const topic = findTopic(streamId, topicId);
      context.authorize(topic.streamId, topic.id);
      memberships.join(topic, topic.consumerGroup(groupId), context.session.memberClientId);
    },

    leaveConsumerGroup({ streamId, topicId, groupId }, context) {
      const topic = findTopic(streamId, topicId);
      context.authorize(topic.streamId, topic.id);
      const wasMember = memberships.leave(topic, topic.consumerGroup(groupId), context.session.memberClientId);
      if (!wasMember && !context.rules.strangersMayLeaveGroups) throw new IggyError('consumer_group_member_not_found');
    },

    // Whoever is no member, be it of a group that is not there, has nothing.
    syncConsumerGroup({ streamId, topicId, groupId }, context) {
      const topic = catalog.findStream(streamId)?.findTopic(topicId);
      if (topic === undefined) {
        context.nothingToAuthorize();
        return { assignment: undefined };
      }
      context.authorize(topic.streamId, topic.id);
      const group = topic.findConsumerGroup(groupId);
      if (group === undefined) return { assignment: undefined };
      const members = memberships.of(topic, group);
      const partitionIds = members.ownedBy(context.session.memberClientId);
      return { assignment: partitionIds && { generation: members.generation, partitionIds } };
    },
  };
}

function memberRecord(
  { clientId, memberId, partitions }: GroupMember,
  isShownByClientId: boolean,
): wire.ConsumerGroupMember {
  return { memberId: isShownByClientId ? clientId : memberId, partitionIds: [...partitions] };
}
