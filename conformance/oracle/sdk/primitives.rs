//! Identifiers, consumers, partitioning, strategies and the small enums of the SDK crates.

use crate::sdk::*;
use crate::values::{Hex, Read, Show, read_field};
use json_lines::{Answer, Value, error, json};

impl Read for Identifier {
    /// Built field by field: the constructors refuse the number 0, which is legal on the wire.
    fn read(value: &Value) -> Answer<Self> {
        let (kind, bytes) = match read_field::<u8>(value, "kind")? {
            1 => (IdKind::Numeric, read_field::<u32>(value, "id")?.to_le_bytes().to_vec()),
            2 => (IdKind::String, read_field::<String>(value, "name")?.into_bytes()),
            other => return error(format!("identifier kind {other}")),
        };
        Ok(Identifier { kind, length: u8::try_from(bytes.len())?, value: bytes })
    }
}

impl Show for Identifier {
    fn show(&self) -> Value {
        match self.kind {
            IdKind::Numeric => match self.get_u32_value() {
                Ok(id) => json!({ "kind": 1, "id": id }),
                Err(failure) => json!({ "kind": 1, "error": failure.to_string() }),
            },
            IdKind::String => json!({ "kind": 2, "name": String::from_utf8_lossy(&self.value) }),
        }
    }
}

impl Read for Consumer {
    fn read(value: &Value) -> Answer<Self> {
        Ok(Consumer { kind: ConsumerKind::from_code(read_field(value, "kind")?)?, id: read_field(value, "id")? })
    }
}

impl Show for Consumer {
    fn show(&self) -> Value {
        json!({ "kind": self.kind.as_code(), "id": self.id.show() })
    }
}

impl Read for Partitioning {
    fn read(value: &Value) -> Answer<Self> {
        match read_field::<u8>(value, "kind")? {
            1 => Ok(Partitioning::balanced()),
            2 => Ok(Partitioning::partition_id(read_field(value, "partitionId")?)),
            3 => Ok(Partitioning::messages_key(&read_field::<Hex>(value, "key")?.0)?),
            other => error(format!("partitioning kind {other}")),
        }
    }
}

impl Show for Partitioning {
    fn show(&self) -> Value {
        let kind = self.kind.as_code();
        match (kind, <[u8; 4]>::try_from(self.value.as_slice())) {
            (1, _) => json!({ "kind": kind }),
            (2, Ok(id)) => json!({ "kind": kind, "partitionId": u32::from_le_bytes(id) }),
            _ => json!({ "kind": kind, "key": Hex(self.value.clone()).show() }),
        }
    }
}

impl Read for PollingStrategy {
    fn read(value: &Value) -> Answer<Self> {
        Ok(PollingStrategy {
            kind: PollingKind::from_code(read_field(value, "kind")?)?,
            value: read_field(value, "value")?,
        })
    }
}

impl Show for PollingStrategy {
    fn show(&self) -> Value {
        json!({ "kind": self.kind.as_code(), "value": self.value.to_string() })
    }
}

/// Enums that the crates turn into their wire number and back.
macro_rules! coded {
    ($($kind:ident),*) => {$(
        impl Read for $kind {
            fn read(value: &Value) -> Answer<Self> {
                Ok($kind::from_code(u8::read(value)?)?)
            }
        }
        impl Show for $kind {
            fn show(&self) -> Value {
                json!(self.as_code())
            }
        }
    )*};
}
coded!(CompressionAlgorithm, UserStatus, SnapshotCompression, SystemSnapshotType);

/// Durations, sizes and timestamps that the crates keep as 64-bit integers.
macro_rules! wide {
    ($($kind:ident: $to:expr),*) => {$(
        impl Read for $kind {
            fn read(value: &Value) -> Answer<Self> {
                Ok($kind::from(u64::read(value)?))
            }
        }
        impl Show for $kind {
            fn show(&self) -> Value {
                let shown: fn(&$kind) -> u64 = $to;
                json!(shown(self).to_string())
            }
        }
    )*};
}
wide!(
    IggyExpiry: |it| (*it).into(),
    MaxTopicSize: |it| (*it).into(),
    IggyTimestamp: |it| it.as_micros(),
    IggyByteSize: |it| it.as_bytes_u64(),
    IggyDuration: |it| it.as_micros()
);
