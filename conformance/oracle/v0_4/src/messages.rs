//! Messages of this generation: sent without an index, headers before the payload.

use crate::headers::{Headers, read_headers};
use crate::replay::Replay;
use crate::sdk::*;
use crate::values::{Hex, Read, Show, read_field, show_fields};
use bytes::{Bytes, BytesMut};
use futures::executor::block_on;
use json_lines::{Answer, Table, Value, json, optional};

fn headers_of(value: &Value) -> Answer<Option<Headers>> {
    let given = optional(value, "userHeaders").filter(|block| **block != json!("") && **block != json!([]));
    given.map(read_headers).transpose()
}

fn header_block(headers: &Option<Headers>) -> Value {
    Hex(headers.as_ref().map_or_else(Vec::new, |headers| headers.to_bytes().to_vec())).show()
}

impl Read for Message {
    fn read(value: &Value) -> Answer<Self> {
        let Hex(payload) = read_field(value, "payload")?;
        Ok(Message::new(Some(read_field(value, "messageId")?), Bytes::from(payload), headers_of(value)?))
    }
}

impl Show for Message {
    fn show(&self) -> Value {
        show_fields(&[
            ("messageId", self.id.show()),
            ("userHeaders", header_block(&self.headers)),
            ("payload", Hex(self.payload.to_vec()).show()),
        ])
    }
}

record!(SendMessages {
    stream_id: "streamId",
    topic_id: "topicId",
    partitioning: "partitioning",
    messages: "messages"
});

impl Read for PolledMessage {
    fn read(value: &Value) -> Answer<Self> {
        let Hex(payload) = read_field(value, "payload")?;
        Ok(PolledMessage::create(
            read_field(value, "offset")?,
            MessageState::from_code(read_field(value, "state")?)?,
            read_field(value, "timestamp")?,
            read_field(value, "messageId")?,
            Bytes::from(payload),
            read_field(value, "checksum")?,
            headers_of(value)?,
        ))
    }
}

impl Show for PolledMessage {
    fn show(&self) -> Value {
        show_fields(&[
            ("offset", self.offset.show()),
            ("state", json!(self.state.as_code())),
            ("timestamp", self.timestamp.show()),
            ("messageId", self.id.show()),
            ("checksum", self.checksum.show()),
            ("userHeaders", header_block(&self.headers)),
            ("payload", Hex(self.payload.to_vec()).show()),
        ])
    }
}

fn encode_polled(value: &Value) -> Answer<Vec<u8>> {
    let mut bytes = BytesMut::new();
    PolledMessage::read(value)?.extend(&mut bytes);
    Ok(bytes.to_vec())
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

pub fn register(table: &mut Table) {
    crate::commands::add!(table; "message" Message, "send_messages" SendMessages);
    table.encode("polled_message", encode_polled);
    table.decode("poll_messages_response", decode_poll_response);
    table.changes(
        "poll_messages_response",
        &[
            "messages: sorted by offset; a last message without payload is left out",
            "messages.userHeaders: entries in hash order",
        ],
    );
    table.changes("message", &["messageId: 0 becomes a new one", "userHeaders: entries in hash order"]);
    table.changes(
        "send_messages",
        &["messages.messageId: 0 becomes a new one", "messages.userHeaders: entries in hash order"],
    );
}
