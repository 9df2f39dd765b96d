//! Response payloads that all generations with a protocol crate have in common, though streams, topics and users in them
//! differ. The crate calls some answers empty that are not (a created user, topic or group); those are paired here with
//! the type that the client reads them with.

use crate::codec::Under;
use crate::protocol::responses::system::get_stats::CacheMetricEntry;
use crate::protocol::responses::{
    clients::*, consumer_groups::*, consumer_offsets::*, personal_access_tokens::*, streams::*, system::*, topics::*,
    users::*,
};
use crate::values::{Hex, Read, Show, read_field, show_fields};
use json_lines::{Answer, Table, Value, json};

record!(PartitionResponse {
    id: "partitionId",
    created_at: "createdAt",
    segments_count: "segmentsCount",
    current_offset: "currentOffset",
    size_bytes: "sizeBytes",
    messages_count: "messagesCount",
});
record!(GetStreamResponse { stream: "stream", topics: "topics" });
record!(GetStreamsResponse { streams: "streams" });
record!(GetTopicResponse { topic: "topic", partitions: "partitions" });
record!(GetTopicsResponse { topics: "topics" });
record!(ConsumerGroupResponse {
    id: "groupId",
    partitions_count: "partitionsCount",
    members_count: "membersCount",
    name: "name",
});
record!(ConsumerGroupDetailsResponse { group: "consumerGroup", members: "members" });
record!(GetConsumerGroupsResponse { groups: "consumerGroups" });
record!(ConsumerOffsetResponse {
    partition_id: "partitionId",
    current_offset: "currentOffset",
    stored_offset: "storedOffset",
});
record!(UserDetailsResponse { user: "user", permissions: "permissions" });
record!(GetUsersResponse { users: "users" });
record!(RawPersonalAccessTokenResponse { token: "token" });
record!(GetPersonalAccessTokensResponse { tokens: "tokens" });
record!(ConsumerGroupInfoResponse { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(ClientDetailsResponse { client: "client", consumer_groups: "consumerGroups" });
record!(GetClientsResponse { clients: "clients" });
record!(ClusterMetadataResponse { name: "name", nodes: "nodes" });
record!(ClusterNodeResponse {
    name: "name",
    ip: "ip",
    tcp_port: "tcpPort",
    quic_port: "quicPort",
    http_port: "httpPort",
    websocket_port: "webSocketPort",
    role: "role",
    status: "status",
});
record!(CacheMetricEntry {
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    hits: "hits",
    misses: "misses",
    hit_ratio: "hitRatio",
});
record!(StatsResponse {
    process_id: "processId",
    cpu_usage: "cpuUsage",
    total_cpu_usage: "totalCpuUsage",
    memory_usage: "memoryUsage",
    total_memory: "totalMemory",
    available_memory: "availableMemory",
    run_time: "runTime",
    start_time: "startTime",
    read_bytes: "readBytes",
    written_bytes: "writtenBytes",
    messages_size_bytes: "messagesSizeBytes",
    streams_count: "streamsCount",
    topics_count: "topicsCount",
    partitions_count: "partitionsCount",
    segments_count: "segmentsCount",
    messages_count: "messagesCount",
    clients_count: "clientsCount",
    consumer_groups_count: "consumerGroupsCount",
    hostname: "hostname",
    os_name: "osName",
    os_version: "osVersion",
    kernel_version: "kernelVersion",
    iggy_server_version: "serverVersion",
    iggy_server_semver: "serverSemver",
    cache_metrics: "cacheMetrics",
    threads_count: "threadsCount",
    free_disk_space: "freeDiskSpace",
    total_disk_space: "totalDiskSpace",
});

impl Read for ConsumerGroupMemberResponse {
    fn read(value: &Value) -> Answer<Self> {
        let partitions: Vec<u32> = read_field(value, "partitionIds")?;
        let partitions_count = u32::try_from(partitions.len())?;
        Ok(ConsumerGroupMemberResponse { id: read_field(value, "memberId")?, partitions_count, partitions })
    }
}

impl Show for ConsumerGroupMemberResponse {
    fn show(&self) -> Value {
        show_fields(&[("memberId", self.id.show()), ("partitionIds", self.partitions.show())])
    }
}

impl Read for PersonalAccessTokenResponse {
    fn read(value: &Value) -> Answer<Self> {
        let expiry: Option<u64> = read_field(value, "expiryAt")?;
        Ok(PersonalAccessTokenResponse { name: read_field(value, "name")?, expiry_at: expiry.unwrap_or(0) })
    }
}

impl Show for PersonalAccessTokenResponse {
    fn show(&self) -> Value {
        let expiry = Some(self.expiry_at).filter(|expiry| *expiry != 0);
        show_fields(&[("name", self.name.show()), ("expiryAt", expiry.show())])
    }
}

/// A client that is not logged in has the highest user id.
impl Read for ClientResponse {
    fn read(value: &Value) -> Answer<Self> {
        Ok(ClientResponse {
            client_id: read_field(value, "clientId")?,
            user_id: read_field::<Option<u32>>(value, "userId")?.unwrap_or(u32::MAX),
            transport: read_field(value, "transport")?,
            address: read_field(value, "address")?,
            consumer_groups_count: read_field(value, "consumerGroupsCount")?,
        })
    }
}

impl Show for ClientResponse {
    fn show(&self) -> Value {
        show_fields(&[
            ("clientId", self.client_id.show()),
            ("userId", Some(self.user_id).filter(|id| *id != u32::MAX).show()),
            ("transport", self.transport.show()),
            ("address", self.address.show()),
            ("consumerGroupsCount", self.consumer_groups_count.show()),
        ])
    }
}

impl Read for GetSnapshotResponse {
    fn read(value: &Value) -> Answer<Self> {
        Ok(GetSnapshotResponse { data: read_field::<Hex>(value, "archive")?.0 })
    }
}

impl Show for GetSnapshotResponse {
    fn show(&self) -> Value {
        json!({ "archive": Hex(self.data.clone()).show() })
    }
}

names!(Details "details", StreamName "stream", GroupName "consumerGroup", OffsetName "consumerOffset");

/// The crate says None for a release number of 0, our spec 0.
fn decode_stats(payload: Vec<u8>) -> Answer<Value> {
    let mut stats = crate::codec::decode::<StatsResponse>(payload)?;
    if stats["serverSemver"].is_null() {
        stats["serverSemver"] = json!(0);
    }
    Ok(stats)
}

pub fn register(table: &mut Table) {
    table.both("get_stats_response", crate::codec::encode::<StatsResponse>, decode_stats);
    add_responses!(table; "get_me" Under<ClientDetailsResponse, Details>, "get_client" Under<ClientDetailsResponse, Details>,
        "get_user" Under<UserDetailsResponse, Details>, "create_user" Under<UserDetailsResponse, Details>,
        "get_stream" GetStreamResponse, "create_stream" Under<StreamResponse, StreamName>,
        "get_topic" GetTopicResponse, "create_topic" GetTopicResponse,
        "get_consumer_group" ConsumerGroupDetailsResponse,
        "create_consumer_group" Under<ConsumerGroupResponse, GroupName>,
        "get_consumer_offset" Under<ConsumerOffsetResponse, OffsetName>);
    add!(table; "get_snapshot_response" GetSnapshotResponse,
        "get_cluster_metadata_response" ClusterMetadataResponse, "get_clients_response" GetClientsResponse,
        "get_users_response" GetUsersResponse,
        "get_personal_access_tokens_response" GetPersonalAccessTokensResponse,
        "create_personal_access_token_response" RawPersonalAccessTokenResponse,
        "get_streams_response" GetStreamsResponse, "get_topics_response" GetTopicsResponse,
        "get_consumer_groups_response" GetConsumerGroupsResponse);
    const COUNTS: &[&str] =
        &["counts in the record must equal the lengths of its lists, else the crate refuses or misreads"];
    for name in ["get_me", "get_client", "get_stream", "get_topic", "create_topic", "get_consumer_group"] {
        table.changes(&format!("{name}_response"), COUNTS);
    }
}
