//! Permissions, and the maps of the crates, which write their entries in hash order.

use crate::sdk::*;
use crate::values::{Read, Show, read_field, show_fields};
use json_lines::{Answer, Table, Value, json, unsupported};

/// A map of this many entries meets a wanted order soon: one of 720 orders.
const MAX_ENTRIES: usize = 6;
pub const MAX_TRIES: usize = 20_000;

/// A map that iterates in the order of `entries`. The crates seed every map anew, so another try gives another order.
pub fn in_order<K, V, M>(entries: &[(K, V)]) -> Answer<M>
where
    K: Clone + PartialEq,
    V: Clone,
    M: FromIterator<(K, V)>,
    for<'a> &'a M: IntoIterator<Item = (&'a K, &'a V)>,
{
    if entries.len() > MAX_ENTRIES {
        return unsupported("the crate writes entries in hash order: too many are given to meet the wanted one");
    }
    for _ in 0..MAX_TRIES {
        let map: M = entries.iter().cloned().collect();
        let keys: Vec<&K> = (&map).into_iter().map(|(key, _)| key).collect();
        if keys.len() != entries.len() {
            return unsupported("the crate keeps entries in a map: no key may occur twice");
        }
        if keys.into_iter().eq(entries.iter().map(|(key, _)| key)) {
            return Ok(map);
        }
    }
    unsupported("the crate writes entries in hash order, and did not meet the wanted one")
}

record!(GlobalPermissions {
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

record!(TopicPermissions {
    manage_topic: "manageTopic",
    read_topic: "readTopic",
    poll_messages: "pollMessages",
    send_messages: "sendMessages",
});

impl Read for StreamPermissions {
    fn read(value: &Value) -> Answer<Self> {
        let topics: Vec<(PermissionKey, TopicPermissions)> = keyed(value, "topics", "topicId")?;
        Ok(StreamPermissions {
            manage_stream: read_field(value, "manageStream")?,
            read_stream: read_field(value, "readStream")?,
            manage_topics: read_field(value, "manageTopics")?,
            read_topics: read_field(value, "readTopics")?,
            poll_messages: read_field(value, "pollMessages")?,
            send_messages: read_field(value, "sendMessages")?,
            topics: if topics.is_empty() { None } else { Some(in_order(&topics)?) },
        })
    }
}

impl Show for StreamPermissions {
    fn show(&self) -> Value {
        show_fields(&[
            ("manageStream", self.manage_stream.show()),
            ("readStream", self.read_stream.show()),
            ("manageTopics", self.manage_topics.show()),
            ("readTopics", self.read_topics.show()),
            ("pollMessages", self.poll_messages.show()),
            ("sendMessages", self.send_messages.show()),
            ("topics", sorted(self.topics.iter().flatten(), "topicId")),
        ])
    }
}

impl Read for Permissions {
    /// No entry becomes "no map": the crates write an empty map in a way that nobody can read.
    fn read(value: &Value) -> Answer<Self> {
        let streams: Vec<(PermissionKey, StreamPermissions)> = keyed(value, "streams", "streamId")?;
        Ok(Permissions {
            global: read_field(value, "global")?,
            streams: if streams.is_empty() { None } else { Some(in_order(&streams)?) },
        })
    }
}

impl Show for Permissions {
    fn show(&self) -> Value {
        json!({ "global": self.global.show(), "streams": sorted(self.streams.iter().flatten(), "streamId") })
    }
}

pub fn note_changes(table: &mut Table) {
    const SORTED: &[&str] = &["permissions: streams sorted by streamId, topics by topicId"];
    for name in ["permissions", "create_user", "update_permissions", "get_user_response", "create_user_response"] {
        table.changes(name, SORTED);
    }
}

fn keyed<T: Read>(value: &Value, name: &str, key: &str) -> Answer<Vec<(PermissionKey, T)>> {
    json_lines::list(value, name)?
        .iter()
        .map(|entry| Ok((read_field::<u32>(entry, key)? as PermissionKey, T::read(entry)?)))
        .collect()
}

fn sorted<'a, T: Show + 'a>(entries: impl Iterator<Item = (&'a PermissionKey, &'a T)>, name: &str) -> Value {
    let mut entries: Vec<(PermissionKey, &T)> = entries.map(|(key, entry)| (*key, entry)).collect();
    entries.sort_by_key(|(key, _)| *key);
    let shown = entries.into_iter().map(|(key, entry)| {
        let mut object = entry.show();
        object[name] = json!(key);
        object
    });
    Value::Array(shown.collect())
}
