//! Headers of frames, which the crate lays over the bytes as they are, and what it knows of operations.

use crate::protocol::{
    Command, ConsensusHeader, EvictionHeader, EvictionReason, Operation, ReplyHeader, RequestHeader,
    lookup_by_operation, result_code, result_section_len,
};
use crate::values::{Hex, Read, Show, read_field, show_fields};
use json_lines::{Answer, Refusal, Table, Value, error, json};

/// Enums of one byte.
macro_rules! one_byte {
    ($($kind:ident),*) => {$(
        impl Read for $kind {
            fn read(value: &Value) -> Answer<Self> {
                let code = u8::read(value)?;
                let refused = |_| Refusal::Error(format!("{} {code}", stringify!($kind)));
                bytemuck::checked::try_cast::<u8, $kind>(code).map_err(refused)
            }
        }
        impl Show for $kind {
            fn show(&self) -> Value {
                json!(*self as u8)
            }
        }
    )*};
}
one_byte!(Command, Operation, EvictionReason);

impl<const N: usize> Read for [u8; N] {
    fn read(value: &Value) -> Answer<Self> {
        let Hex(bytes) = Hex::read(value)?;
        match <[u8; N]>::try_from(bytes) {
            Ok(array) => Ok(array),
            Err(bytes) => error(format!("{} bytes, not {N}", bytes.len())),
        }
    }
}

impl<const N: usize> Show for [u8; N] {
    fn show(&self) -> Value {
        Hex(self.to_vec()).show()
    }
}

record!(ReplyHeader {
    checksum: "checksum",
    checksum_body: "bodyChecksum",
    cluster: "cluster",
    size: "frameSize",
    view: "view",
    release: "release",
    command: "command",
    replica: "replica",
    reserved_frame: "reserved",
    request_checksum: "requestChecksum",
    context: "context",
    client: "clientId",
    op: "op",
    commit: "commit",
    timestamp: "timestamp",
    request: "request",
    operation: "operation",
    operation_padding: "padding",
    status: "status",
    reserved: "reservedTail",
});
record!(EvictionHeader {
    checksum: "checksum",
    checksum_body: "bodyChecksum",
    cluster: "cluster",
    size: "frameSize",
    view: "view",
    release: "release",
    command: "command",
    replica: "replica",
    reserved_frame: "reserved",
    client: "clientId",
    server_protocol_version: "protocolVersionMax",
    server_protocol_version_min: "protocolVersionMin",
    reserved: "reservedTail",
    reason: "reason",
});

/// The command of a request without an operation of its own: the crate's users put it into the first reserved bytes.
const CODE_SIZE: usize = 4;

impl Read for RequestHeader {
    fn read(value: &Value) -> Answer<Self> {
        let mut reserved = [0; 60];
        reserved[..CODE_SIZE].copy_from_slice(&read_field::<u32>(value, "code")?.to_le_bytes());
        reserved[CODE_SIZE..].copy_from_slice(&read_field::<[u8; 56]>(value, "reservedTail")?);
        Ok(RequestHeader {
            checksum: read_field(value, "checksum")?,
            checksum_body: read_field(value, "bodyChecksum")?,
            cluster: read_field(value, "cluster")?,
            size: read_field(value, "frameSize")?,
            view: read_field(value, "view")?,
            release: read_field(value, "release")?,
            command: read_field(value, "command")?,
            replica: read_field(value, "replica")?,
            reserved_frame: read_field(value, "reserved")?,
            client: read_field(value, "clientId")?,
            request_checksum: read_field(value, "requestChecksum")?,
            timestamp: read_field(value, "timestamp")?,
            request: read_field(value, "request")?,
            operation: read_field(value, "operation")?,
            operation_padding: read_field(value, "padding")?,
            session: read_field(value, "session")?,
            user_id: read_field(value, "userId")?,
            reserved,
        })
    }
}

impl Show for RequestHeader {
    fn show(&self) -> Value {
        let (code, tail) = self.reserved.split_at(CODE_SIZE);
        show_fields(&[
            ("checksum", self.checksum.show()),
            ("bodyChecksum", self.checksum_body.show()),
            ("cluster", self.cluster.show()),
            ("frameSize", self.size.show()),
            ("view", self.view.show()),
            ("release", self.release.show()),
            ("command", self.command.show()),
            ("replica", self.replica.show()),
            ("reserved", self.reserved_frame.show()),
            ("clientId", self.client.show()),
            ("requestChecksum", self.request_checksum.show()),
            ("timestamp", self.timestamp.show()),
            ("request", self.request.show()),
            ("operation", self.operation.show()),
            ("padding", self.operation_padding.show()),
            ("session", self.session.show()),
            ("userId", self.user_id.show()),
            ("code", json!(code.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))),
            ("reservedTail", Hex(tail.to_vec()).show()),
        ])
    }
}

fn encode<T: Read + ConsensusHeader>(value: &Value) -> Answer<Vec<u8>> {
    Ok(bytemuck::bytes_of(&T::read(value)?).to_vec())
}

/// Reads a header and asks the crate whether its fields agree.
fn decode<T: Show + ConsensusHeader>(bytes: Vec<u8>) -> Answer<Value> {
    match bytemuck::checked::try_pod_read_unaligned::<T>(&bytes) {
        Ok(header) => {
            header.validate()?;
            Ok(header.show())
        }
        Err(refusal) => error(refusal.to_string()),
    }
}

/// The crate tells the first code and where the section ends; it looks at nothing else.
fn decode_result_section(bytes: Vec<u8>) -> Answer<Value> {
    match (result_code(&bytes), result_section_len(&bytes)) {
        (Some(0), Some(size)) if size == bytes.len() => Ok(json!({ "results": [] })),
        (Some(code), Some(size)) if size == bytes.len() => Ok(json!({ "results": [{ "index": 0, "code": code }] })),
        _ => error("not a section and nothing else"),
    }
}

/// What an operation stands for: the code of its command, and whether a result section leads its replies.
fn decode_operation(bytes: Vec<u8>) -> Answer<Value> {
    let operation = Operation::read(&json!(bytes.first()))?;
    let code = lookup_by_operation(operation).map(|command| command.code);
    Ok(
        json!({ "code": code, "hasResults": operation.is_result_framed(), "isForClients": operation.is_client_allowed() }),
    )
}

pub fn register(table: &mut Table) {
    table.both("request_header", encode::<RequestHeader>, decode::<RequestHeader>);
    table.both("reply_header", encode::<ReplyHeader>, decode::<ReplyHeader>);
    table.both("eviction", encode::<EvictionHeader>, decode::<EvictionHeader>);
    table.decode("result_section", decode_result_section);
    table.lacks("result_section", "only servers write it, and they keep it to themselves");
    table.decode("operation", decode_operation);
}
