//! Messages of the protocol crate: whole sends, single messages, and polls of which the oracle stamps the batches as a server
//! does, with the crate's own header and checksum. All checksums are verified by the crate.

use crate::protocol::batch::{
    BATCH_HEADER_SIZE, BatchHeader, BatchRef, MAX_TIMESTAMP_DELTA_MICROS, decode_batch_slice,
};
use crate::protocol::requests::messages::{RawMessage, SendMessagesEncoder, SendMessagesHeader};
use crate::protocol::responses::messages::PollMessagesResponse;
use crate::protocol::responses::messages::poll_messages::PollMessagesResponseHeader;
use crate::protocol::{WireDecode, WireEncode, WireIdentifier, WirePartitioning};
use crate::values::{Hex, Read, Show, read_field, show_fields};
use bytes::BytesMut;
use json_lines::{Answer, Table, Value, error, json};

struct Message {
    id: u128,
    offset: u64,
    timestamp: u64,
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
        Ok(Message {
            id: read_field(value, "messageId")?,
            offset: read_field::<Option<u64>>(value, "offset")?.unwrap_or(0),
            timestamp: read_field::<Option<u64>>(value, "timestamp")?.unwrap_or(0),
            origin_timestamp: read_field(value, "originTimestamp")?,
            payload: read_field::<Hex>(value, "payload")?.0,
            headers: read_field::<Hex>(value, "userHeaders")?.0,
        })
    }
}

fn decode_message(bytes: Vec<u8>) -> Answer<Value> {
    let header = BatchHeader::new(0, 0, (BATCH_HEADER_SIZE + bytes.len()) as u64, 1);
    let Some(message) = BatchRef::new(header, &bytes).iter().next() else { return error("not a message") };
    Ok(show_fields(&[
        ("checksum", message.header.checksum.show()),
        ("messageId", message.header.id.show()),
        ("offsetDelta", message.header.offset_delta.show()),
        ("timestampDelta", message.header.timestamp_delta.show()),
        ("payload", Hex(message.payload.to_vec()).show()),
        ("userHeaders", Hex(message.user_headers.to_vec()).show()),
    ]))
}

fn encode_send(value: &Value) -> Answer<Vec<u8>> {
    let messages: Vec<Message> = read_field(value, "messages")?;
    let mut buffer = BytesMut::new();
    SendMessagesEncoder::encode(
        &mut buffer,
        &read_field(value, "streamId")?,
        &read_field(value, "topicId")?,
        &read_field(value, "partitioning")?,
        &messages.iter().map(Message::raw).collect::<Vec<_>>(),
    )?;
    Ok(buffer.to_vec())
}

fn decode_send(bytes: Vec<u8>) -> Answer<Value> {
    let Some((_, rest)) = bytes.split_at_checked(4) else { return error("no metadata length") };
    let (header, size) = SendMessagesHeader::decode(rest)?;
    let batch = decode_batch_slice(&rest[size..])?;
    if batch.header.total_size() != rest.len() - size || batch.message_count() != header.messages_count {
        return error("the batch is not what stands before it");
    }
    let messages = batch.iter().map(|message| {
        let origin_timestamp = batch.header.origin_timestamp + u64::from(message.header.timestamp_delta);
        show_fields(&[
            ("messageId", message.header.id.show()),
            ("originTimestamp", origin_timestamp.show()),
            ("payload", Hex(message.payload.to_vec()).show()),
            ("userHeaders", Hex(message.user_headers.to_vec()).show()),
        ])
    });
    Ok(json!({
        "streamId": header.stream_id.show(),
        "topicId": header.topic_id.show(),
        "partitioning": header.partitioning.show(),
        "messages": messages.collect::<Vec<_>>(),
    }))
}

/// The messages that fit in one batch: appended at one time, by clocks that are not too far apart.
fn batches(messages: &[Message]) -> Vec<&[Message]> {
    let mut batches = Vec::new();
    let mut rest = messages;
    while let Some(first) = rest.first() {
        let (mut earliest, mut latest, mut count) = (first.origin_timestamp, first.origin_timestamp, 0);
        for message in rest {
            earliest = earliest.min(message.origin_timestamp);
            latest = latest.max(message.origin_timestamp);
            if message.timestamp != first.timestamp || latest - earliest > MAX_TIMESTAMP_DELTA_MICROS {
                break;
            }
            count += 1;
        }
        let (batch, following) = rest.split_at(count);
        batches.push(batch);
        rest = following;
    }
    batches
}

/// A batch as a producer sends it, stamped as a server does.
fn stamped(partition_id: u32, messages: &[Message]) -> Answer<Vec<u8>> {
    let (any, partitioning) = (WireIdentifier::numeric(0), WirePartitioning::Balanced);
    let raw: Vec<RawMessage<'_>> = messages.iter().map(Message::raw).collect();
    let mut sent = BytesMut::new();
    SendMessagesEncoder::encode(&mut sent, &any, &any, &partitioning, &raw)?;
    let (_, metadata) = SendMessagesHeader::decode(&sent[4..])?;
    let mut batch = sent.split_off(4 + metadata).to_vec();
    let mut header = BatchHeader::decode(&batch)?;
    header.partition_id = partition_id.into();
    header.base_offset = messages[0].offset;
    header.base_timestamp = messages[0].timestamp;
    header.batch_checksum = header.checksum_for_blob(&batch[BATCH_HEADER_SIZE..]);
    header.encode_into(&mut batch);
    Ok(batch)
}

fn encode_poll_response(value: &Value) -> Answer<Vec<u8>> {
    let messages: Vec<Message> = read_field(value, "messages")?;
    let header = PollMessagesResponseHeader {
        partition_id: read_field(value, "partitionId")?,
        current_offset: read_field(value, "currentOffset")?,
        messages_count: u32::try_from(messages.len())?,
    };
    let mut bytes = header.to_bytes().to_vec();
    for batch in batches(&messages) {
        bytes.extend(stamped(header.partition_id, batch)?);
    }
    Ok(bytes)
}

fn decode_poll_response(bytes: Vec<u8>) -> Answer<Value> {
    let polled = PollMessagesResponse::decode(&bytes)?;
    let mut records = &bytes[polled.header.encoded_size()..];
    while !records.is_empty() {
        records = &records[decode_batch_slice(records)?.header.total_size()..];
    }
    let messages = polled
        .messages
        .map(|message| {
            let message = message?;
            Ok(show_fields(&[
                ("messageId", message.id.show()),
                ("offset", message.offset.show()),
                ("timestamp", message.timestamp.show()),
                ("originTimestamp", message.origin_timestamp.show()),
                ("payload", Hex(message.payload.to_vec()).show()),
                ("userHeaders", Hex(message.user_headers.to_vec()).show()),
            ]))
        })
        .collect::<Answer<Vec<Value>>>()?;
    if messages.len() != polled.header.messages_count as usize {
        return error("the count before the batches is not that of the messages in them");
    }
    Ok(json!({
        "partitionId": polled.header.partition_id,
        "currentOffset": polled.header.current_offset.show(),
        "messages": messages,
    }))
}

pub fn register(table: &mut Table) {
    table.decode("message", decode_message);
    table.both("send_messages", encode_send, decode_send);
    for name in ["poll_messages_response", "poll_messages_on_primary_response"] {
        table.both(name, encode_poll_response, decode_poll_response);
    }
    table.lacks("message", "the crate writes whole batches only");
    table.changes("message", &["reserved: must be 0, not shown"]);
    table.changes("send_messages", &["deltas: shown as times; checksums: verified, not shown"]);
    table.changes("poll_messages_response", &["deltas: shown as offsets and times; checksums: verified, not shown"]);
}
