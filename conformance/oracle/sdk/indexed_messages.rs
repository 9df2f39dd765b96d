//! Messages of the generations with a 56-byte header: sent behind an index, headers after the payload.

use crate::replay::Replay;
use crate::sdk::*;
use crate::values::{Hex, Read, Show, read_field, show_fields};
use bytes::Bytes;
use futures::executor::block_on;
use json_lines::{Answer, Table, Value, json};

/// Fields that a sender leaves to the server may be missing; they are 0 then.
fn or_zero<T: Read + Default>(value: &Value, name: &str) -> Answer<T> {
    Ok(read_field::<Option<T>>(value, name)?.unwrap_or_default())
}

impl Read for IggyMessage {
    fn read(value: &Value) -> Answer<Self> {
        let Hex(payload) = read_field(value, "payload")?;
        let headers = match value.get("userHeaders") {
            Some(Value::Array(_)) => crate::headers::read_headers(&value["userHeaders"])?.to_bytes().to_vec(),
            Some(block) if !block.is_null() => Hex::read(block)?.0,
            _ => Vec::new(),
        };
        let header = IggyMessageHeader {
            checksum: or_zero(value, "checksum")?,
            id: read_field(value, "messageId")?,
            offset: or_zero(value, "offset")?,
            timestamp: or_zero(value, "timestamp")?,
            origin_timestamp: or_zero(value, "originTimestamp")?,
            user_headers_length: u32::try_from(headers.len())?,
            payload_length: u32::try_from(payload.len())?,
        };
        let user_headers = if headers.is_empty() { None } else { Some(Bytes::from(headers)) };
        Ok(IggyMessage { header, payload: Bytes::from(payload), user_headers })
    }
}

impl Show for IggyMessage {
    fn show(&self) -> Value {
        show_fields(&[
            ("checksum", self.header.checksum.show()),
            ("messageId", self.header.id.show()),
            ("offset", self.header.offset.show()),
            ("timestamp", self.header.timestamp.show()),
            ("originTimestamp", self.header.origin_timestamp.show()),
            ("payload", Hex(self.payload.to_vec()).show()),
            ("userHeaders", Hex(self.user_headers.as_ref().map_or_else(Vec::new, |block| block.to_vec())).show()),
        ])
    }
}

fn encode_send(value: &Value) -> Answer<Vec<u8>> {
    let (stream_id, topic_id): (Identifier, Identifier) =
        (read_field(value, "streamId")?, read_field(value, "topicId")?);
    let partitioning: Partitioning = read_field(value, "partitioning")?;
    let messages: Vec<IggyMessage> = read_field(value, "messages")?;
    Ok(SendMessages::bytes(&stream_id, &topic_id, &partitioning, &messages).to_vec())
}

fn decode_poll_response(payload: Vec<u8>) -> Answer<Value> {
    let client = Replay(Bytes::from(payload));
    let (any, consumer) = (Identifier::default(), Consumer::default());
    let polled = block_on(client.poll_messages(&any, &any, None, &consumer, &PollingStrategy::first(), 1, false))?;
    Ok(json!({
        "partitionId": polled.partition_id,
        "currentOffset": polled.current_offset.to_string(),
        "messages": polled.messages.show(),
    }))
}

record!(DeleteConsumerOffset {
    consumer: "consumer",
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
});
record!(DeleteSegments {
    stream_id: "streamId",
    topic_id: "topicId",
    partition_id: "partitionId",
    segments_count: "segmentsCount",
});

pub fn register(table: &mut Table) {
    crate::commands::add!(table; "message" IggyMessage,
        "delete_consumer_offset" DeleteConsumerOffset, "delete_segments" DeleteSegments);
    table.encode("send_messages", encode_send);
    table.decode("poll_messages_response", decode_poll_response);
    table.lacks("send_messages", "the crate cannot read a whole send_messages payload: its from_bytes panics");
    table.lacks("poll_messages_response", "the crate has no encoder for polled messages; the type message has one");
    table.changes("get_stats_response", &["cacheMetrics: sorted by streamId, topicId, partitionId"]);
}
