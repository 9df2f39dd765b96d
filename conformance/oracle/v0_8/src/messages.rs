//! Messages of the protocol crate: whole send_messages payloads, single messages, polled batches.

use crate::primitives::header_block;
use crate::protocol::requests::messages::{RawMessage, SendMessagesEncoder, SendMessagesHeader};
use crate::protocol::responses::messages::PollMessagesResponse;
use crate::protocol::{WireDecode, WireIdentifier, WireMessageIterator, WireMessageView, WirePartitioning};
use crate::values::{Hex, Read, Show, read_field, show_fields};
use bytes::BytesMut;
use json_lines::{Answer, Table, Value, error, json, unsupported};

const INDEX_SIZE: usize = 16;

struct Message {
    id: u128,
    origin_timestamp: u64,
    payload: Vec<u8>,
    headers: Vec<u8>,
}

impl Message {
    fn raw(&self) -> RawMessage<'_> {
        RawMessage {
            id: self.id,
            origin_timestamp: self.origin_timestamp,
            headers: Some(&self.headers[..]).filter(|block| !block.is_empty()),
            payload: &self.payload,
        }
    }
}

impl Read for Message {
    fn read(value: &Value) -> Answer<Self> {
        for name in ["checksum", "offset", "timestamp", "reserved"] {
            if read_field::<Option<u64>>(value, name)?.unwrap_or(0) != 0 {
                return unsupported(format!("the crate always writes 0 for {name}"));
            }
        }
        let headers = match value.get("userHeaders") {
            Some(Value::Null) | None => Vec::new(),
            Some(entries @ Value::Array(_)) => header_block(entries)?,
            Some(block) => Hex::read(block)?.0,
        };
        Ok(Message {
            id: read_field(value, "messageId")?,
            origin_timestamp: read_field(value, "originTimestamp")?,
            payload: read_field::<Hex>(value, "payload")?.0,
            headers,
        })
    }
}

fn show_message(view: &WireMessageView<'_>) -> Value {
    show_fields(&[
        ("checksum", view.checksum().show()),
        ("messageId", view.id().show()),
        ("offset", view.offset().show()),
        ("timestamp", view.timestamp().show()),
        ("originTimestamp", view.origin_timestamp().show()),
        ("payload", Hex(view.payload().to_vec()).show()),
        ("userHeaders", Hex(view.user_headers().to_vec()).show()),
    ])
}

fn show_messages(messages: WireMessageIterator<'_>) -> Answer<Value> {
    let shown: Vec<Value> = messages.map(|view| Ok(show_message(&view?))).collect::<Answer<_>>()?;
    Ok(Value::Array(shown))
}

fn encode_message(value: &Value) -> Answer<Vec<u8>> {
    let message = Message::read(value)?;
    let mut buffer = BytesMut::new();
    message.raw().encode_header(&mut buffer);
    let mut bytes = buffer.to_vec();
    bytes.extend_from_slice(&message.payload);
    bytes.extend_from_slice(&message.headers);
    Ok(bytes)
}

fn decode_message(bytes: Vec<u8>) -> Answer<Value> {
    Ok(show_message(&WireMessageView::new(&bytes)?))
}

fn encode_send(value: &Value) -> Answer<Vec<u8>> {
    let (stream_id, topic_id): (WireIdentifier, WireIdentifier) =
        (read_field(value, "streamId")?, read_field(value, "topicId")?);
    let partitioning: WirePartitioning = read_field(value, "partitioning")?;
    let messages: Vec<Message> = read_field(value, "messages")?;
    let raw: Vec<RawMessage<'_>> = messages.iter().map(Message::raw).collect();
    let mut buffer = BytesMut::new();
    SendMessagesEncoder::encode(&mut buffer, &stream_id, &topic_id, &partitioning, &raw);
    Ok(buffer.to_vec())
}

fn decode_send(bytes: Vec<u8>) -> Answer<Value> {
    let Some((_, rest)) = bytes.split_at_checked(4) else { return error("no metadata length") };
    let (header, size) = SendMessagesHeader::decode(rest)?;
    let start = size + header.messages_count as usize * INDEX_SIZE;
    let Some(region) = rest.get(start..) else { return error("index runs over the end") };
    Ok(json!({
        "streamId": header.stream_id.show(),
        "topicId": header.topic_id.show(),
        "partitioning": header.partitioning.show(),
        "messages": show_messages(WireMessageIterator::new(region, header.messages_count))?,
    }))
}

fn decode_poll_response(bytes: Vec<u8>) -> Answer<Value> {
    let polled = PollMessagesResponse::decode(&bytes)?;
    Ok(json!({
        "partitionId": polled.header.partition_id,
        "currentOffset": polled.header.current_offset.show(),
        "messages": show_messages(polled.messages)?,
    }))
}

pub fn register(table: &mut Table) {
    table.both("message", encode_message, decode_message);
    table.both("send_messages", encode_send, decode_send);
    table.decode("poll_messages_response", decode_poll_response);
    table.lacks("poll_messages_response", "the crate writes the head of the answer but no polled message");
    const LEFT_OUT: &[&str] = &["messages.reserved: not shown"];
    table.changes("message", &["checksum, offset, timestamp, reserved: must be 0 to encode; reserved: not shown"]);
    table.changes("send_messages", LEFT_OUT);
    table.changes("poll_messages_response", LEFT_OUT);
}
