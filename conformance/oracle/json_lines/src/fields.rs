//! Reading of JSON fields with messages that name the field.

use crate::{Answer, Refusal, error};
use serde_json::Value;
use std::str::FromStr;

pub fn field<'a>(value: &'a Value, name: &str) -> Answer<&'a Value> {
    value.get(name).ok_or_else(|| Refusal::Error(format!("field {name} is missing")))
}

/// A field that may be absent or null.
pub fn optional<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.get(name).filter(|inner| !inner.is_null())
}

pub fn text(value: &Value, name: &str) -> Answer<String> {
    match field(value, name)? {
        Value::String(text) => Ok(text.clone()),
        other => error(format!("field {name} is not text: {other}")),
    }
}

/// An integer, written as a JSON number or as a decimal string.
pub fn number<T: FromStr>(value: &Value) -> Answer<T> {
    let digits = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => return error(format!("not a number: {other}")),
    };
    digits.parse().map_err(|_| Refusal::Error(format!("number out of range: {digits}")))
}

pub fn list<'a>(value: &'a Value, name: &str) -> Answer<&'a Vec<Value>> {
    match field(value, name)? {
        Value::Array(items) => Ok(items),
        other => error(format!("field {name} is not a list: {other}")),
    }
}

pub fn hex_string(value: &Value) -> Answer<Vec<u8>> {
    match value {
        Value::String(text) => Ok(hex::decode(text)?),
        other => error(format!("not a hex string: {other}")),
    }
}

pub fn bytes(value: &Value, name: &str) -> Answer<Vec<u8>> {
    hex_string(field(value, name)?)
}
