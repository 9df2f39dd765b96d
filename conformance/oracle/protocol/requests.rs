//! Request payloads that all generations with a protocol crate have in common.

use crate::protocol::requests::{
    consumer_groups::*, consumer_offsets::*, messages::*, partitions::*, personal_access_tokens::*, segments::*,
    streams::*, system::*, topics::*, users::*,
};
use crate::values::{Read, Show, read_field, show_fields};
use json_lines::{Answer, Table, Value};

record!(ChangePasswordRequest { user_id: "userId", current_password: "currentPassword", new_password: "newPassword" });
record!(CreateConsumerGroupRequest { stream_id: "streamId", topic_id: "topicId", name: "name" });
record!(CreatePartitionsRequest { stream_id: "streamId", topic_id: "topicId", partitions_count: "partitionsCount" });
record!(CreatePersonalAccessTokenRequest { name: "name", expiry: "expiry" });
record!(DeleteConsumerGroupRequest { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(DeletePartitionsRequest { stream_id: "streamId", topic_id: "topicId", partitions_count: "partitionsCount" });
record!(DeletePersonalAccessTokenRequest { name: "name" });
record!(DeleteSegmentsRequest {
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    segments_count: "segmentsCount",
});
record!(DeleteStreamRequest { stream_id: "streamId" });
record!(DeleteTopicRequest { stream_id: "streamId", topic_id: "topicId" });
record!(DeleteUserRequest { user_id: "userId" });
record!(FlushUnsavedBufferRequest {
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    fsync: "fsync",
});
record!(GetClientRequest { client_id: "clientId" });
record!(GetClientsRequest {});
record!(GetClusterMetadataRequest {});
record!(GetConsumerGroupRequest { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(GetConsumerGroupsRequest { stream_id: "streamId", topic_id: "topicId" });
record!(GetConsumerOffsetRequest {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
});
record!(GetMeRequest {});
record!(GetPersonalAccessTokensRequest {});
record!(GetSnapshotRequest { compression: "compression", snapshot_types: "types" });
record!(GetStatsRequest {});
record!(GetStreamRequest { stream_id: "streamId" });
record!(GetStreamsRequest {});
record!(GetTopicRequest { stream_id: "streamId", topic_id: "topicId" });
record!(GetTopicsRequest { stream_id: "streamId" });
record!(GetUserRequest { user_id: "userId" });
record!(GetUsersRequest {});
record!(JoinConsumerGroupRequest { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(LeaveConsumerGroupRequest { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(LogoutUserRequest {});
record!(PingRequest {});
record!(PollMessagesRequest {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    strategy: "strategy",
    count: "count",
    auto_commit: "autoCommit",
});
record!(PurgeStreamRequest { stream_id: "streamId" });
record!(PurgeTopicRequest { stream_id: "streamId", topic_id: "topicId" });
record!(UpdatePermissionsRequest { user_id: "userId", permissions: "permissions" });

pub fn register(table: &mut Table) {
    add!(table; "ping" PingRequest, "get_stats" GetStatsRequest, "get_snapshot" GetSnapshotRequest,
        "get_cluster_metadata" GetClusterMetadataRequest, "get_me" GetMeRequest, "get_client" GetClientRequest,
        "get_clients" GetClientsRequest);
    add!(table; "get_user" GetUserRequest, "get_users" GetUsersRequest, "delete_user" DeleteUserRequest,
        "update_permissions" UpdatePermissionsRequest, "change_password" ChangePasswordRequest,
        "logout_user" LogoutUserRequest, "get_personal_access_tokens" GetPersonalAccessTokensRequest,
        "create_personal_access_token" CreatePersonalAccessTokenRequest,
        "delete_personal_access_token" DeletePersonalAccessTokenRequest);
    add!(table; "poll_messages" PollMessagesRequest, "flush_unsaved_buffer" FlushUnsavedBufferRequest,
        "get_consumer_offset" GetConsumerOffsetRequest);
    add!(table; "get_stream" GetStreamRequest, "get_streams" GetStreamsRequest, "delete_stream" DeleteStreamRequest,
        "purge_stream" PurgeStreamRequest, "get_topic" GetTopicRequest, "get_topics" GetTopicsRequest,
        "delete_topic" DeleteTopicRequest, "purge_topic" PurgeTopicRequest,
        "create_partitions" CreatePartitionsRequest, "delete_partitions" DeletePartitionsRequest,
        "delete_segments" DeleteSegmentsRequest);
    add!(table; "get_consumer_group" GetConsumerGroupRequest, "get_consumer_groups" GetConsumerGroupsRequest,
        "create_consumer_group" CreateConsumerGroupRequest, "delete_consumer_group" DeleteConsumerGroupRequest,
        "join_consumer_group" JoinConsumerGroupRequest, "leave_consumer_group" LeaveConsumerGroupRequest);
}
