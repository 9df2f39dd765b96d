//! User headers whose keys have a kind, as SDK 0.9 and later have them.

use crate::api::*;
use json_lines::Answer;

pub fn user_headers<Headers: FromIterator<(HeaderKey, HeaderValue)>>(seed: &str, index: u32) -> Answer<Headers> {
    let headers = [
        (HeaderKey::try_from("origin")?, HeaderValue::try_from(seed)?),
        (HeaderKey::try_from("n")?, HeaderValue::from(index)),
        (HeaderKey::try_from("Mixed-Case")?, HeaderValue::from(true)),
    ];
    Ok(headers.into_iter().collect())
}

pub fn parts_of(key: &HeaderKey, value: &HeaderValue) -> (String, String, Vec<u8>) {
    (key.to_string_value(), value.kind().to_string(), value.as_bytes().to_vec())
}
