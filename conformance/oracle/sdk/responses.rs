//! Response payloads, read by the client of the crate as if a server had sent them.

use crate::replay::Replay;
use crate::sdk::*;
use crate::values::{Hex, Show, show_fields};
use bytes::Bytes;
use futures::executor::block_on;
use json_lines::{Answer, Table, Value, json};

shown!(Partition {
    id: "partitionId",
    created_at: "createdAt",
    segments_count: "segmentsCount",
    current_offset: "currentOffset",
    size: "sizeBytes",
    messages_count: "messagesCount",
});
shown!(Topic {
    id: "topicId",
    created_at: "createdAt",
    partitions_count: "partitionsCount",
    message_expiry: "messageExpiry",
    compression_algorithm: "compressionAlgorithm",
    max_topic_size: "maxTopicSize",
    replication_factor: "replicationFactor",
    size: "sizeBytes",
    messages_count: "messagesCount",
    name: "name",
});
shown!(Stream {
    id: "streamId",
    created_at: "createdAt",
    topics_count: "topicsCount",
    size: "sizeBytes",
    messages_count: "messagesCount",
    name: "name",
});
shown!(ConsumerGroup {
    id: "groupId",
    partitions_count: "partitionsCount",
    members_count: "membersCount",
    name: "name",
});
shown!(ConsumerGroupMember { id: "memberId", partitions: "partitionIds" });
shown!(ConsumerGroupInfo { stream_id: "streamId", topic_id: "topicId", group_id: "groupId" });
shown!(ConsumerOffsetInfo {
    partition_id: "partitionId",
    current_offset: "currentOffset",
    stored_offset: "storedOffset",
});
shown!(UserInfo { id: "userId", created_at: "createdAt", status: "status", username: "username" });
shown!(IdentityInfo { user_id: "userId" });
shown!(PersonalAccessTokenInfo { name: "name", expiry_at: "expiryAt" });
shown!(RawPersonalAccessToken { token: "token" });

impl Show for TopicDetails {
    fn show(&self) -> Value {
        let topic = show_fields(&[
            ("topicId", self.id.show()),
            ("createdAt", self.created_at.show()),
            ("partitionsCount", self.partitions_count.show()),
            ("messageExpiry", self.message_expiry.show()),
            ("compressionAlgorithm", self.compression_algorithm.show()),
            ("maxTopicSize", self.max_topic_size.show()),
            ("replicationFactor", self.replication_factor.show()),
            ("sizeBytes", self.size.show()),
            ("messagesCount", self.messages_count.show()),
            ("name", self.name.show()),
        ]);
        json!({ "topic": topic, "partitions": self.partitions.show() })
    }
}

impl Show for StreamDetails {
    fn show(&self) -> Value {
        let stream = show_fields(&[
            ("streamId", self.id.show()),
            ("createdAt", self.created_at.show()),
            ("topicsCount", self.topics_count.show()),
            ("sizeBytes", self.size.show()),
            ("messagesCount", self.messages_count.show()),
            ("name", self.name.show()),
        ]);
        json!({ "stream": stream, "topics": self.topics.show() })
    }
}

impl Show for ConsumerGroupDetails {
    fn show(&self) -> Value {
        let group = show_fields(&[
            ("groupId", self.id.show()),
            ("partitionsCount", self.partitions_count.show()),
            ("membersCount", self.members_count.show()),
            ("name", self.name.show()),
        ]);
        json!({ "consumerGroup": group, "members": self.members.show() })
    }
}

impl Show for UserInfoDetails {
    fn show(&self) -> Value {
        let user = show_fields(&[
            ("userId", self.id.show()),
            ("createdAt", self.created_at.show()),
            ("status", self.status.show()),
            ("username", self.username.show()),
        ]);
        json!({ "user": user, "permissions": self.permissions.show() })
    }
}

fn client_fields(id: u32, user: Option<u32>, transport: &str, address: &str, groups: u32) -> Value {
    let transport = match transport {
        "TCP" => 1,
        "QUIC" => 2,
        _ => 0,
    };
    json!({
        "clientId": id, "userId": user, "transport": transport, "address": address, "consumerGroupsCount": groups,
    })
}

impl Show for ClientInfo {
    fn show(&self) -> Value {
        client_fields(self.client_id, self.user_id, &self.transport, &self.address, self.consumer_groups_count)
    }
}

impl Show for ClientInfoDetails {
    fn show(&self) -> Value {
        let client =
            client_fields(self.client_id, self.user_id, &self.transport, &self.address, self.consumer_groups_count);
        json!({ "client": client, "consumerGroups": self.consumer_groups.show() })
    }
}

fn any() -> Identifier {
    Identifier::default()
}

/// The answer of a `get` that may find nothing: null then, with the lists of the record empty.
fn found<T: Show>(value: Option<T>, record: &str, list: Option<&str>) -> Value {
    let mut shown = match value {
        Some(inner) if list.is_some() => inner.show(),
        Some(inner) => json!({ record: inner.show() }),
        None => json!({ record: null }),
    };
    if let Some(name) = list.filter(|name| shown.get(*name).is_none()) {
        shown[name] = json!([]);
    }
    shown
}

/// Adds response decoders: `|client| expression` is what the client of the crate does with the answer.
macro_rules! replies {
    ($table:ident; $($name:literal |$client:ident| $body:expr),* $(,)?) => {
        $($table.decode(concat!($name, "_response"), |payload: Vec<u8>| -> Answer<Value> {
            let $client = Replay(Bytes::from(payload));
            Ok($body)
        });)*
    };
}

pub fn register(table: &mut Table) {
    replies!(table;
        "get_stats" |client| block_on(client.get_stats())?.show(),
        "get_me" |client| json!({ "details": block_on(client.get_me())?.show() }),
        "get_client" |client| found(block_on(client.get_client(1))?, "details", None),
        "get_clients" |client| json!({ "clients": block_on(client.get_clients())?.show() }),
        "get_user" |client| found(block_on(client.get_user(&any()))?, "details", None),
        "get_users" |client| json!({ "users": block_on(client.get_users())?.show() }),
        "create_user" |client| {
            json!({ "details": block_on(client.create_user("user", "word", UserStatus::Active, None))?.show() })
        },
        "login_user" |client| block_on(client.login_user("user", "word"))?.show(),
        "get_personal_access_tokens" |client| {
            json!({ "tokens": block_on(client.get_personal_access_tokens())?.show() })
        },
        "create_personal_access_token" |client| {
            block_on(client.create_personal_access_token("name", IggyExpiry::NeverExpire))?.show()
        },
        "login_with_personal_access_token" |client| {
            block_on(client.login_with_personal_access_token("token"))?.show()
        },
        "get_snapshot" |client| {
            let snapshot = block_on(client.snapshot(SnapshotCompression::Stored, vec![]))?;
            json!({ "archive": Hex(snapshot.0).show() })
        },
    );
    replies!(table;
        "get_stream" |client| found(block_on(client.get_stream(&any()))?, "stream", Some("topics")),
        "get_streams" |client| json!({ "streams": block_on(client.get_streams())?.show() }),
        "create_stream" |client| json!({ "stream": block_on(create_stream(&client))?.show()["stream"] }),
        "get_topic" |client| found(block_on(client.get_topic(&any(), &any()))?, "topic", Some("partitions")),
        "get_topics" |client| json!({ "topics": block_on(client.get_topics(&any()))?.show() }),
        "create_topic" |client| block_on(create_topic(&client))?.show(),
        "get_consumer_group" |client| {
            found(block_on(client.get_consumer_group(&any(), &any(), &any()))?, "consumerGroup", Some("members"))
        },
        "get_consumer_groups" |client| {
            json!({ "consumerGroups": block_on(client.get_consumer_groups(&any(), &any()))?.show() })
        },
        "create_consumer_group" |client| {
            json!({ "consumerGroup": block_on(create_consumer_group(&client))?.show()["consumerGroup"] })
        },
        "get_consumer_offset" |client| {
            let consumer = Consumer::new(any());
            let offset = block_on(client.get_consumer_offset(&consumer, &any(), &any(), Some(1)))?;
            found(offset, "consumerOffset", None)
        },
    );
    note_changes(table);
    crate::permissions::note_changes(table);
}

fn note_changes(table: &mut Table) {
    const SORTED_TOPICS: &[&str] = &["topics: sorted by topicId", "topics.messageExpiry: 0 becomes never"];
    const TOPIC: &[&str] = &[
        "topic.messageExpiry: 0 becomes never",
        "topic.partitionsCount: the number of partitions",
        "partitions: sorted by partitionId",
    ];
    table.changes("get_stream_response", SORTED_TOPICS);
    table.changes("get_topics_response", SORTED_TOPICS);
    table.changes("get_topic_response", TOPIC);
    table.changes("create_topic_response", TOPIC);
    table.changes("get_streams_response", &["streams: sorted by streamId"]);
    table.changes("get_users_response", &["users: sorted by userId"]);
    table.changes("get_clients_response", &["clients: sorted by clientId", "clients.transport: 0 unless TCP or QUIC"]);
    table.changes(
        "get_me_response",
        &["details.consumerGroups: sorted by groupId", "details.client.transport: 0 unless TCP or QUIC"],
    );
    table.changes(
        "get_client_response",
        &["details.consumerGroups: sorted by groupId", "details.client.transport: 0 unless TCP or QUIC"],
    );
    table.changes("get_personal_access_tokens_response", &["tokens: sorted by name"]);
    table.changes("get_consumer_groups_response", &["consumerGroups: sorted by groupId"]);
    table.changes("get_consumer_group_response", &["members: sorted by memberId"]);
}
