//! User headers whose keys are text, as SDK 0.7 and 0.8 have them.

use crate::api::*;
use json_lines::Answer;
use std::collections::HashMap;
use std::str::FromStr;

pub fn user_headers(seed: &str, index: u32) -> Answer<HashMap<HeaderKey, HeaderValue>> {
    Ok(HashMap::from([
        (HeaderKey::new("origin")?, HeaderValue::from_str(seed)?),
        (HeaderKey::new("n")?, HeaderValue::from_uint32(index)?),
        (HeaderKey::new("Mixed-Case")?, HeaderValue::from_bool(true)?),
    ]))
}

pub fn parts_of(key: &HeaderKey, value: &HeaderValue) -> (String, String, Vec<u8>) {
    (key.to_string(), value.kind.to_string(), value.value.to_vec())
}
