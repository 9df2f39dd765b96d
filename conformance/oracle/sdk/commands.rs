//! Request payloads that all SDK crates with one struct per command have in common.

use crate::sdk::*;
use crate::values::{Read, Show, read_field, show_fields};
use bytes::Bytes;
use json_lines::{Answer, Table, Value};

record!(ChangePassword { user_id: "userId", current_password: "currentPassword", new_password: "newPassword" });
record!(CreatePartitions { stream_id: "streamId", topic_id: "topicId", partitions_count: "partitionsCount" });
record!(CreatePersonalAccessToken { name: "name", expiry: "expiry" });
record!(CreateUser { username: "username", password: "password", status: "status", permissions: "permissions" });
record!(DeleteConsumerGroup { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(DeletePartitions { stream_id: "streamId", topic_id: "topicId", partitions_count: "partitionsCount" });
record!(DeletePersonalAccessToken { name: "name" });
record!(DeleteStream { stream_id: "streamId" });
record!(DeleteTopic { stream_id: "streamId", topic_id: "topicId" });
record!(DeleteUser { user_id: "userId" });
record!(FlushUnsavedBuffer { stream_id: "streamId", topic_id: "topicId", partition_id: "partitionId", fsync: "fsync" });
record!(GetClient { client_id: "clientId" });
record!(GetClients {});
record!(GetConsumerGroup { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(GetConsumerGroups { stream_id: "streamId", topic_id: "topicId" });
record!(GetConsumerOffset {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
});
record!(GetMe {});
record!(GetPersonalAccessTokens {});
record!(GetSnapshot { compression: "compression", snapshot_types: "types" });
record!(GetStats {});
record!(GetStream { stream_id: "streamId" });
record!(GetStreams {});
record!(GetTopic { stream_id: "streamId", topic_id: "topicId" });
record!(GetTopics { stream_id: "streamId" });
record!(GetUser { user_id: "userId" });
record!(GetUsers {});
record!(JoinConsumerGroup { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(LeaveConsumerGroup { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(LoginUser { username: "username", password: "password", version: "version", context: "context" });
record!(LoginWithPersonalAccessToken { token: "token" });
record!(LogoutUser {});
record!(Ping {});
record!(PollMessages {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    strategy: "strategy",
    count: "count",
    auto_commit: "autoCommit",
});
record!(PurgeStream { stream_id: "streamId" });
record!(PurgeTopic { stream_id: "streamId", topic_id: "topicId" });
record!(StoreConsumerOffset {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    offset: "offset",
});
record!(UpdatePermissions { user_id: "userId", permissions: "permissions" });
record!(UpdateStream { stream_id: "streamId", name: "name" });
record!(UpdateTopic {
    stream_id: "streamId",
    topic_id: "topicId",
    compression_algorithm: "compressionAlgorithm",
    message_expiry: "messageExpiry",
    max_topic_size: "maxTopicSize",
    replication_factor: "replicationFactor",
    name: "name",
});
record!(UpdateUser { user_id: "userId", username: "username", status: "status" });

pub fn encode<T: Read + BytesSerializable>(value: &Value) -> Answer<Vec<u8>> {
    Ok(T::read(value)?.to_bytes().to_vec())
}

pub fn decode<T: Show + BytesSerializable>(payload: Vec<u8>) -> Answer<Value> {
    Ok(T::from_bytes(Bytes::from(payload))?.show())
}

/// Adds each type to the table under its name.
macro_rules! add {
    ($table:ident; $($name:literal $kind:ty),* $(,)?) => {
        $($table.both($name, crate::commands::encode::<$kind>, crate::commands::decode::<$kind>);)*
    };
}
pub(crate) use add;

/// `partition_bytes` is the size of an optional partition id in this generation.
pub fn register(table: &mut Table, partition_bytes: usize) {
    add!(table; "identifier" Identifier, "consumer" Consumer, "partitioning" Partitioning,
        "polling_strategy" PollingStrategy, "permissions" Permissions);
    add!(table; "ping" Ping, "get_stats" GetStats, "get_snapshot" GetSnapshot, "get_me" GetMe,
        "get_client" GetClient, "get_clients" GetClients);
    add!(table; "get_user" GetUser, "get_users" GetUsers, "create_user" CreateUser, "delete_user" DeleteUser,
        "update_user" UpdateUser, "update_permissions" UpdatePermissions, "change_password" ChangePassword,
        "login_user" LoginUser, "logout_user" LogoutUser);
    add!(table; "get_personal_access_tokens" GetPersonalAccessTokens,
        "create_personal_access_token" CreatePersonalAccessToken,
        "delete_personal_access_token" DeletePersonalAccessToken,
        "login_with_personal_access_token" LoginWithPersonalAccessToken);
    add!(table; "poll_messages" PollMessages, "flush_unsaved_buffer" FlushUnsavedBuffer,
        "get_consumer_offset" GetConsumerOffset, "store_consumer_offset" StoreConsumerOffset);
    add!(table; "get_stream" GetStream, "get_streams" GetStreams, "create_stream" CreateStream,
        "delete_stream" DeleteStream, "update_stream" UpdateStream, "purge_stream" PurgeStream);
    add!(table; "get_topic" GetTopic, "get_topics" GetTopics, "create_topic" CreateTopic,
        "delete_topic" DeleteTopic, "update_topic" UpdateTopic, "purge_topic" PurgeTopic,
        "create_partitions" CreatePartitions, "delete_partitions" DeletePartitions);
    add!(table; "get_consumer_group" GetConsumerGroup, "get_consumer_groups" GetConsumerGroups,
        "create_consumer_group" CreateConsumerGroup, "delete_consumer_group" DeleteConsumerGroup,
        "join_consumer_group" JoinConsumerGroup, "leave_consumer_group" LeaveConsumerGroup);
    note_limits(table, partition_bytes);
}

/// Size checks of the crates that are stricter than the layout: they took names for longer than they may be.
fn note_limits(table: &mut Table, partition_bytes: usize) {
    let fixed = [
        ("change_password", 9),
        ("create_personal_access_token", 12),
        ("create_user", 10),
        ("delete_personal_access_token", 4),
        ("delete_topic", 10),
        ("login_with_personal_access_token", 4),
        ("partitioning", 3),
        ("purge_stream", 5),
        ("purge_topic", 10),
    ];
    let with_partition = [
        ("delete_consumer_offset", 11),
        ("get_consumer_offset", 11),
        ("poll_messages", 25),
        ("store_consumer_offset", 19),
    ];
    fixed.iter().for_each(|(name, bytes)| table.refuses_below(name, *bytes));
    with_partition.iter().for_each(|(name, bytes)| table.refuses_below(name, bytes + partition_bytes));
    table.changes(
        "login_user",
        &["version, context: empty and null are one, written as an empty text and read as null"],
    );
}
