//! Payloads that only this generation has in this form.

use crate::protocol::requests::{consumer_offsets::*, personal_access_tokens::*, streams::*, topics::*, users::*};
use crate::protocol::responses::{streams::*, users::*};
use crate::values::{Read, Show, read_field, show_fields};
use json_lines::{Answer, Table, Value};

record!(CreateStreamRequest { name: "name" });
record!(CreateUserRequest { username: "username", password: "password", status: "status", permissions: "permissions" });
record!(DeleteConsumerOffsetRequest {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
});
record!(LoginUserRequest { username: "username", password: "password", version: "version", context: "context" });
record!(LoginWithPersonalAccessTokenRequest { token: "token" });
record!(StoreConsumerOffsetRequest {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    offset: "offset",
});
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

record!(StreamResponse {
    id: "streamId",
    created_at: "createdAt",
    topics_count: "topicsCount",
    size_bytes: "sizeBytes",
    messages_count: "messagesCount",
    name: "name",
});
record!(TopicHeader {
    id: "topicId",
    created_at: "createdAt",
    partitions_count: "partitionsCount",
    message_expiry: "messageExpiry",
    compression_algorithm: "compressionAlgorithm",
    max_topic_size: "maxTopicSize",
    replication_factor: "replicationFactor",
    size_bytes: "sizeBytes",
    messages_count: "messagesCount",
    name: "name",
});
record!(UserResponse { id: "userId", created_at: "createdAt", status: "status", username: "username" });
record!(IdentityResponse { user_id: "userId" });

/// The number 0 on the wire, null in JSON.
pub fn none_is_zero(value: &Value, name: &str) -> Answer<u8> {
    Ok(read_field::<Option<u8>>(value, name)?.unwrap_or(0))
}

pub fn zero_is_none(number: u8) -> Value {
    Some(number).filter(|number| *number != 0).show()
}

pub fn register(table: &mut Table) {
    add!(table; "create_user" CreateUserRequest, "update_user" UpdateUserRequest, "login_user" LoginUserRequest,
        "login_with_personal_access_token" LoginWithPersonalAccessTokenRequest,
        "store_consumer_offset" StoreConsumerOffsetRequest, "delete_consumer_offset" DeleteConsumerOffsetRequest,
        "create_stream" CreateStreamRequest, "update_stream" UpdateStreamRequest, "create_topic" CreateTopicRequest,
        "update_topic" UpdateTopicRequest, "login_user_response" IdentityResponse,
        "login_with_personal_access_token_response" IdentityResponse);
    table.changes(
        "login_user",
        &["version, context: empty and null are one, written as an empty text and read as null"],
    );
}
