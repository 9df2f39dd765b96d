//! Identifiers, consumers, partitioning, strategies, permissions and header blocks of the protocol crate, the same in all generations that have one.

use crate::protocol::{
    WireConsumer, WireGlobalPermissions, WireIdentifier, WireName, WirePartitioning, WirePermissions,
    WirePollingStrategy, WireStreamPermissions, WireTopicPermissions, WireUserHeaders, encode_user_headers,
};
use crate::values::{Hex, Read, Show, read_field, show_fields};
use bytes::BytesMut;
use json_lines::{Answer, Table, Value, error, json, list};

impl Read for WireName {
    fn read(value: &Value) -> Answer<Self> {
        Ok(WireName::new(String::read(value)?)?)
    }
}

impl Show for WireName {
    fn show(&self) -> Value {
        json!(self.as_str())
    }
}

impl Read for WireIdentifier {
    fn read(value: &Value) -> Answer<Self> {
        match read_field::<u8>(value, "kind")? {
            1 => Ok(WireIdentifier::Numeric(read_field(value, "id")?)),
            2 => Ok(WireIdentifier::String(read_field(value, "name")?)),
            other => error(format!("identifier kind {other}")),
        }
    }
}

impl Show for WireIdentifier {
    fn show(&self) -> Value {
        match self {
            WireIdentifier::Numeric(id) => json!({ "kind": 1, "id": id }),
            WireIdentifier::String(name) => json!({ "kind": 2, "name": name.as_str() }),
        }
    }
}

record!(WireConsumer { kind: "kind", id: "id" });
record!(WirePollingStrategy { kind: "kind", value: "value" });

impl Read for WirePartitioning {
    fn read(value: &Value) -> Answer<Self> {
        match read_field::<u8>(value, "kind")? {
            1 => Ok(WirePartitioning::Balanced),
            2 => Ok(WirePartitioning::PartitionId(read_field(value, "partitionId")?)),
            3 => Ok(WirePartitioning::MessagesKey(read_field::<Hex>(value, "key")?.0)),
            other => error(format!("partitioning kind {other}")),
        }
    }
}

impl Show for WirePartitioning {
    fn show(&self) -> Value {
        match self {
            WirePartitioning::Balanced => json!({ "kind": 1 }),
            WirePartitioning::PartitionId(id) => json!({ "kind": 2, "partitionId": id }),
            WirePartitioning::MessagesKey(key) => json!({ "kind": 3, "key": Hex(key.clone()).show() }),
        }
    }
}

record!(WirePermissions { global: "global", streams: "streams" });
record!(WireGlobalPermissions {
    manage_servers: "manageServers",
    read_servers: "readServers",
    manage_users: "manageUsers",
    read_users: "readUsers",
    manage_streams: "manageStreams",
    read_streams: "readStreams",
    manage_topics: "manageTopics",
    read_topics: "readTopics",
    poll_messages: "pollMessages",
    send_messages: "sendMessages",
});
record!(WireStreamPermissions {
    stream_id: "streamId",
    manage_stream: "manageStream",
    read_stream: "readStream",
    manage_topics: "manageTopics",
    read_topics: "readTopics",
    poll_messages: "pollMessages",
    send_messages: "sendMessages",
    topics: "topics",
});
record!(WireTopicPermissions {
    topic_id: "topicId",
    manage_topic: "manageTopic",
    read_topic: "readTopic",
    poll_messages: "pollMessages",
    send_messages: "sendMessages",
});

/// A header block from a list of entries.
pub fn header_block(entries: &Value) -> Answer<Vec<u8>> {
    let Some(entries) = entries.as_array() else { return error(format!("not a list of headers: {entries}")) };
    let entries: Vec<(u8, Vec<u8>, u8, Vec<u8>)> = entries
        .iter()
        .map(|entry| {
            let Hex(key) = read_field(entry, "key")?;
            let Hex(value) = read_field(entry, "value")?;
            Ok((read_field(entry, "keyKind")?, key, read_field(entry, "valueKind")?, value))
        })
        .collect::<Answer<_>>()?;
    let borrowed: Vec<(u8, &[u8], u8, &[u8])> =
        entries.iter().map(|(key_kind, key, kind, value)| (*key_kind, &key[..], *kind, &value[..])).collect();
    let mut block = BytesMut::new();
    encode_user_headers(&borrowed, &mut block);
    Ok(block.to_vec())
}

fn encode_headers(value: &Value) -> Answer<Vec<u8>> {
    list(value, "entries")?;
    header_block(&value["entries"])
}

fn decode_headers(payload: Vec<u8>) -> Answer<Value> {
    let headers = WireUserHeaders::from_slice(&payload)?;
    let entries = headers.iter().map(|entry| {
        json!({
            "keyKind": entry.key_kind.0,
            "key": Hex(entry.key.to_vec()).show(),
            "valueKind": entry.value_kind.0,
            "value": Hex(entry.value.to_vec()).show(),
        })
    });
    Ok(json!({ "entries": entries.collect::<Vec<_>>() }))
}

pub fn register(table: &mut Table) {
    add!(table; "identifier" WireIdentifier, "consumer" WireConsumer, "partitioning" WirePartitioning,
        "polling_strategy" WirePollingStrategy, "permissions" WirePermissions);
    table.both("user_headers", encode_headers, decode_headers);
}
