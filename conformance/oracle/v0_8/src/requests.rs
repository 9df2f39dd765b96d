//! Request payloads of the protocol crate, except send_messages.

use crate::add;
use crate::values::{Read, Show, read_field, show_fields};
use iggy_protocol_v0_8::requests::{
    consumer_groups::*, consumer_offsets::*, messages::*, partitions::*, personal_access_tokens::*, segments::*,
    streams::*, system::*, topics::*, users::*,
};
use json_lines::{Answer, Table, Value};

/// The number 0 on the wire, null in JSON.
pub fn none_is_zero(value: &Value, name: &str) -> Answer<u8> {
    Ok(read_field::<Option<u8>>(value, name)?.unwrap_or(0))
}

pub fn zero_is_none(number: u8) -> Value {
    Some(number).filter(|number| *number != 0).show()
}

record!(ChangePasswordRequest { user_id: "userId", current_password: "currentPassword", new_password: "newPassword" });
record!(CreateConsumerGroupRequest { stream_id: "streamId", topic_id: "topicId", name: "name" });
record!(CreatePartitionsRequest { stream_id: "streamId", topic_id: "topicId", partitions_count: "partitionsCount" });
record!(CreatePersonalAccessTokenRequest { name: "name", expiry: "expiry" });
record!(CreateStreamRequest { name: "name" });
record!(CreateUserRequest { username: "username", password: "password", status: "status", permissions: "permissions" });
record!(DeleteConsumerGroupRequest { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(DeleteConsumerOffsetRequest {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
});
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
record!(LoginUserRequest { username: "username", password: "password", version: "version", context: "context" });
record!(LoginWithPersonalAccessTokenRequest { token: "token" });
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
record!(StoreConsumerOffsetRequest {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    offset: "offset",
});
record!(UpdatePermissionsRequest { user_id: "userId", permissions: "permissions" });
record!(UpdateStreamRequest { stream_id: "streamId", name: "name" });
record!(UpdateUserRequest { user_id: "userId", username: "username", status: "status" });

impl Read for CreateTopicRequest {
    fn read(value: &Value) -> Answer<Self> {
        Ok(CreateTopicRequest {
            stream_id: read_field(value, "streamId")?,
            partitions_count: read_field(value, "partitionsCount")?,
            compression_algorithm: read_field(value, "compressionAlgorithm")?,
            message_expiry: read_field(value, "messageExpiry")?,
            max_topic_size: read_field(value, "maxTopicSize")?,
            replication_factor: none_is_zero(value, "replicationFactor")?,
            name: read_field(value, "name")?,
        })
    }
}

impl Show for CreateTopicRequest {
    fn show(&self) -> Value {
        show_fields(&[
            ("streamId", self.stream_id.show()),
            ("partitionsCount", self.partitions_count.show()),
            ("compressionAlgorithm", self.compression_algorithm.show()),
            ("messageExpiry", self.message_expiry.show()),
            ("maxTopicSize", self.max_topic_size.show()),
            ("replicationFactor", zero_is_none(self.replication_factor)),
            ("name", self.name.show()),
        ])
    }
}

impl Read for UpdateTopicRequest {
    fn read(value: &Value) -> Answer<Self> {
        Ok(UpdateTopicRequest {
            stream_id: read_field(value, "streamId")?,
            topic_id: read_field(value, "topicId")?,
            compression_algorithm: read_field(value, "compressionAlgorithm")?,
            message_expiry: read_field(value, "messageExpiry")?,
            max_topic_size: read_field(value, "maxTopicSize")?,
            replication_factor: none_is_zero(value, "replicationFactor")?,
            name: read_field(value, "name")?,
        })
    }
}

impl Show for UpdateTopicRequest {
    fn show(&self) -> Value {
        show_fields(&[
            ("streamId", self.stream_id.show()),
            ("topicId", self.topic_id.show()),
            ("compressionAlgorithm", self.compression_algorithm.show()),
            ("messageExpiry", self.message_expiry.show()),
            ("maxTopicSize", self.max_topic_size.show()),
            ("replicationFactor", zero_is_none(self.replication_factor)),
            ("name", self.name.show()),
        ])
    }
}

pub fn register(table: &mut Table) {
    add!(table; "ping" PingRequest, "get_stats" GetStatsRequest, "get_snapshot" GetSnapshotRequest,
        "get_cluster_metadata" GetClusterMetadataRequest, "get_me" GetMeRequest, "get_client" GetClientRequest,
        "get_clients" GetClientsRequest);
    add!(table; "get_user" GetUserRequest, "get_users" GetUsersRequest, "create_user" CreateUserRequest,
        "delete_user" DeleteUserRequest, "update_user" UpdateUserRequest,
        "update_permissions" UpdatePermissionsRequest, "change_password" ChangePasswordRequest,
        "login_user" LoginUserRequest, "logout_user" LogoutUserRequest);
    add!(table; "get_personal_access_tokens" GetPersonalAccessTokensRequest,
        "create_personal_access_token" CreatePersonalAccessTokenRequest,
        "delete_personal_access_token" DeletePersonalAccessTokenRequest,
        "login_with_personal_access_token" LoginWithPersonalAccessTokenRequest);
    add!(table; "poll_messages" PollMessagesRequest, "flush_unsaved_buffer" FlushUnsavedBufferRequest,
        "get_consumer_offset" GetConsumerOffsetRequest, "store_consumer_offset" StoreConsumerOffsetRequest,
        "delete_consumer_offset" DeleteConsumerOffsetRequest);
    add!(table; "get_stream" GetStreamRequest, "get_streams" GetStreamsRequest, "create_stream" CreateStreamRequest,
        "delete_stream" DeleteStreamRequest, "update_stream" UpdateStreamRequest, "purge_stream" PurgeStreamRequest);
    add!(table; "get_topic" GetTopicRequest, "get_topics" GetTopicsRequest, "create_topic" CreateTopicRequest,
        "delete_topic" DeleteTopicRequest, "update_topic" UpdateTopicRequest, "purge_topic" PurgeTopicRequest,
        "create_partitions" CreatePartitionsRequest, "delete_partitions" DeletePartitionsRequest,
        "delete_segments" DeleteSegmentsRequest);
    add!(table; "get_consumer_group" GetConsumerGroupRequest, "get_consumer_groups" GetConsumerGroupsRequest,
        "create_consumer_group" CreateConsumerGroupRequest, "delete_consumer_group" DeleteConsumerGroupRequest,
        "join_consumer_group" JoinConsumerGroupRequest, "leave_consumer_group" LeaveConsumerGroupRequest);
    table.changes(
        "login_user",
        &["version, context: empty and null are one, written as an empty text and read as null"],
    );
}
