//! User headers of the generations whose header keys are plain text.

use crate::permissions::{MAX_TRIES, in_order};
use crate::sdk::*;
use crate::values::{Hex, Read, Show, read_field};
use bytes::Bytes;
use json_lines::{Answer, Value, error, json, list};
use std::collections::HashMap;

pub type Headers = HashMap<HeaderKey, HeaderValue>;

/// Through serde: the constructor would turn the key into lower case, which the wire does not ask for.
fn header_key(key: String) -> Answer<HeaderKey> {
    if key.is_empty() || key.len() > 255 {
        return error("header key is not 1 to 255 bytes long");
    }
    Ok(serde_json::from_value(Value::String(key))?)
}

fn entry(value: &Value) -> Answer<(HeaderKey, HeaderValue)> {
    let kind = HeaderKind::from_code(read_field(value, "kind")?)?;
    let Hex(bytes) = read_field(value, "value")?;
    Ok((header_key(read_field(value, "key")?)?, HeaderValue { kind, value: Bytes::from(bytes) }))
}

/// A list of entries, or a whole block in hex, which the crate reads until its map has the order of the block.
pub fn read_headers(value: &Value) -> Answer<Headers> {
    match value {
        Value::Array(entries) => in_order(&entries.iter().map(entry).collect::<Answer<Vec<_>>>()?),
        block => {
            let Hex(block) = Hex::read(block)?;
            let block = Bytes::from(block);
            for _ in 0..MAX_TRIES {
                let headers = Headers::from_bytes(block.clone())?;
                if headers.to_bytes() == block {
                    return Ok(headers);
                }
            }
            json_lines::unsupported("the crate keeps headers in a map: repeated keys or too many entries")
        }
    }
}

/// Headers in the order of the crate's map.
pub fn show_headers(headers: &Headers) -> Value {
    let shown = headers.iter().map(|(key, header)| {
        json!({ "key": key.as_str(), "kind": header.kind.as_code(), "value": Hex(header.value.to_vec()).show() })
    });
    Value::Array(shown.collect())
}

pub fn encode(value: &Value) -> Answer<Vec<u8>> {
    list(value, "entries")?;
    Ok(read_headers(&value["entries"])?.to_bytes().to_vec())
}

pub fn decode(payload: Vec<u8>) -> Answer<Value> {
    let headers = Headers::from_bytes(Bytes::from(payload))?;
    let mut entries = show_headers(&headers);
    if let Some(entries) = entries.as_array_mut() {
        entries.sort_by_key(|entry| entry["key"].to_string());
    }
    Ok(json!({ "entries": entries }))
}
