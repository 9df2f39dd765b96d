//! Payloads that only this generation has, or has in this form.

use crate::codec::Under;
use crate::protocol::requests::{
    consumer_groups::*, consumer_offsets::*, messages::*, streams::*, system::*, topics::*, users::*,
};
use crate::protocol::responses::{
    consumer_groups::*, messages::poll_routing::*, messages::send_messages::*, streams::*, system::*, users::*,
};
use crate::protocol::{AckLevel, ClientVersionInfo, responses::system::describe_options::OptionDescriptor};
use crate::values::{Hex, Read, Show, read_field, show_fields};
use bytes::Bytes;
use json_lines::{Answer, Table, Value, json};
use secrecy::{ExposeSecret, SecretString};

record!(AttachConsumerSessionRequest {
    client_id: "clientId",
    session: "session",
    metadata_watermark: "metadataWatermark",
});
record!(CreateStreamRequest { name: "name", options: "options" });
record!(CreateTopicRequest {
    stream_id: "streamId",
    partitions_count: "partitionsCount",
    name: "name",
    options: "options",
});
record!(CreateUserRequest {
    username: "username",
    password: "password",
    status: "status",
    permissions: "permissions",
    options: "options",
});
record!(DeleteConsumerOffsetRequest {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    ack: "acknowledgement",
});
record!(DescribeOptionsRequest { scope: "scope" });
record!(StoreConsumerOffsetRequest {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    offset: "offset",
    ack: "acknowledgement",
});
record!(SyncConsumerGroupRequest { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
record!(UpdateStreamRequest { stream_id: "streamId", name: "name", options: "options" });
record!(UpdateTopicRequest { stream_id: "streamId", topic_id: "topicId", name: "name", options: "options" });
record!(UpdateUserRequest { user_id: "userId", username: "username", status: "status", options: "options" });

record!(DescribeOptionsResponse { entries: "entries" });
record!(LoginRegisterResponse {
    user_id: "userId",
    session: "session",
    server_protocol_version: "protocolVersion",
    server_version: "serverVersion",
});
record!(OptionDescriptor { key: "key", kind: "kind", default_value: "defaultValue", description: "description" });
record!(PollRoutingResponse { consumer_session: "consumerSession", primary: "primary" });
record!(SendMessagesConfirmationResponse {
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    base_offset: "baseOffset",
});
record!(SendMessagesResponse { confirmations: "confirmations" });
record!(StreamResponse {
    id: "streamId",
    created_at: "createdAt",
    topics_count: "topicsCount",
    size_bytes: "sizeBytes",
    messages_count: "messagesCount",
    name: "name",
    options: "options",
});
record!(SyncConsumerGroupResponse { generation: "generation", partitions: "partitionIds" });
record!(TopicHeader {
    id: "topicId",
    created_at: "createdAt",
    partitions_count: "partitionsCount",
    message_expiry: "messageExpiry",
    compression_algorithm: "compressionAlgorithm",
    max_topic_size: "maxTopicSize",
    size_bytes: "sizeBytes",
    messages_count: "messagesCount",
    name: "name",
    options: "explicitOptions",
    derived_options: "derivedOptions",
});
record!(UserResponse {
    id: "userId",
    created_at: "createdAt",
    status: "status",
    username: "username",
    options: "options",
});

impl Read for AckLevel {
    fn read(value: &Value) -> Answer<Self> {
        Ok(AckLevel::from_code(u8::read(value)?)?)
    }
}

impl Show for AckLevel {
    fn show(&self) -> Value {
        json!(self.as_u8())
    }
}

impl Read for Bytes {
    fn read(value: &Value) -> Answer<Self> {
        Ok(Hex::read(value)?.0.into())
    }
}

impl Show for Bytes {
    fn show(&self) -> Value {
        Hex(self.to_vec()).show()
    }
}

impl Read for SecretString {
    fn read(value: &Value) -> Answer<Self> {
        Ok(SecretString::from(String::read(value)?))
    }
}

impl Show for SecretString {
    fn show(&self) -> Value {
        json!(self.expose_secret())
    }
}

/// Declares how a login is read and shown: the version in front stands among the other fields, and no context is an empty one.
macro_rules! login {
    ($kind:ident { $($field:ident: $name:literal),* $(,)? }) => {
        impl Read for $kind {
            fn read(value: &Value) -> Answer<Self> {
                Ok($kind {
                    version_info: ClientVersionInfo {
                        protocol_version: read_field(value, "protocolVersion")?,
                        sdk_name: read_field(value, "sdkName")?,
                        sdk_version: read_field(value, "sdkVersion")?,
                    },
                    $($field: read_field(value, $name)?,)*
                    client_context: read_field(value, "context")?,
                })
            }
        }
        impl Show for $kind {
            fn show(&self) -> Value {
                show_fields(&[
                    ("protocolVersion", self.version_info.protocol_version.show()),
                    ("sdkName", self.version_info.sdk_name.show()),
                    ("sdkVersion", self.version_info.sdk_version.show()),
                    $(($name, self.$field.show()),)*
                    ("context", json!(self.client_context.as_deref().unwrap_or_default())),
                ])
            }
        }
    };
}
login!(LoginRegisterRequest { username: "username", password: "password" });
login!(LoginRegisterWithPatRequest { token: "token" });

names!(Session "consumerSession", Assignment "assignment");

pub fn register(table: &mut Table) {
    add!(table; "create_user" CreateUserRequest, "update_user" UpdateUserRequest,
        "login_register" LoginRegisterRequest,
        "login_register_with_personal_access_token" LoginRegisterWithPatRequest,
        "store_consumer_offset" StoreConsumerOffsetRequest, "delete_consumer_offset" DeleteConsumerOffsetRequest,
        "create_stream" CreateStreamRequest, "update_stream" UpdateStreamRequest, "create_topic" CreateTopicRequest,
        "update_topic" UpdateTopicRequest, "sync_consumer_group" SyncConsumerGroupRequest,
        "describe_options" DescribeOptionsRequest,
        "attach_consumer_session" Under<AttachConsumerSessionRequest, Session>,
        "get_poll_routing" PollMessagesRequest, "poll_messages_on_primary" PollMessagesRequest,
        "get_consumer_offset_routing" GetConsumerOffsetRequest);
    add!(table; "login_register_response" LoginRegisterResponse,
        "login_register_with_personal_access_token_response" LoginRegisterResponse,
        "describe_options_response" DescribeOptionsResponse, "send_messages_response" SendMessagesResponse,
        "get_poll_routing_response" PollRoutingResponse,
        "get_consumer_offset_routing_response" PollRoutingResponse);
    add_responses!(table; "sync_consumer_group" Under<SyncConsumerGroupResponse, Assignment>);
}
