//! Blocks of options, which the crate keeps as bytes that it has checked.

use crate::protocol::{WireEncode, WireOptions, encode_user_headers};
use crate::values::{Hex, Read, Show, read_field};
use bytes::BytesMut;
use json_lines::{Answer, Table, Value, json, list};

/// Keys are text.
const KEY_KIND: u8 = 2;

impl Read for WireOptions {
    fn read(value: &Value) -> Answer<Self> {
        let entries: Vec<(String, u8, Vec<u8>)> = list(value, "entries")?
            .iter()
            .map(|entry| {
                let Hex(value) = read_field(entry, "value")?;
                Ok((read_field(entry, "key")?, read_field(entry, "kind")?, value))
            })
            .collect::<Answer<_>>()?;
        let borrowed: Vec<(u8, &[u8], u8, &[u8])> =
            entries.iter().map(|(key, kind, value)| (KEY_KIND, key.as_bytes(), *kind, &value[..])).collect();
        let mut block = BytesMut::new();
        encode_user_headers(&borrowed, &mut block);
        Ok(WireOptions::from_bytes(block.freeze())?)
    }
}

impl Show for WireOptions {
    fn show(&self) -> Value {
        let entries = self.iter().map(|entry| {
            json!({
                "key": String::from_utf8_lossy(entry.key),
                "kind": entry.value_kind.0,
                "value": Hex(entry.value.to_vec()).show(),
            })
        });
        json!({ "entries": entries.collect::<Vec<_>>() })
    }
}

fn encode(value: &Value) -> Answer<Vec<u8>> {
    Ok(WireOptions::read(value)?.to_bytes().to_vec())
}

fn decode(payload: Vec<u8>) -> Answer<Value> {
    Ok(WireOptions::from_slice(&payload)?.show())
}

pub fn register(table: &mut Table) {
    table.both("options", encode, decode);
}
