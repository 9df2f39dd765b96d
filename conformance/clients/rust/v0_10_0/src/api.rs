//! What is particular to this SDK: messages with typed header keys, creation without an id.

pub use iggy_v0_8::prelude::*;

use json_lines::program::Arguments;
use json_lines::{Answer, Map, Value, json, to_hex};
use std::collections::BTreeMap;
use std::sync::Arc;

pub const GENERATION: &str = "v0_8";
pub const MORE_VERBS: &[&str] = &["produce", "member", "group_offsets"];

pub async fn more_verbs(verb: &str, arguments: &Arguments) -> Answer<()> {
    crate::group_flow::run(verb, arguments).await
}

pub fn client_for(address: &str) -> Answer<TcpClient> {
    let config = TcpClientConfig {
        server_address: address.to_string(),
        reconnection: TcpClientReconnectionConfig { enabled: false, ..Default::default() },
        ..Default::default()
    };
    Ok(TcpClient::create(Arc::new(config))?)
}

pub async fn create_stream(client: &TcpClient, name: &str) -> Result<(), IggyError> {
    client.create_stream(name).await.map(|_| ())
}

pub async fn create_topic(client: &TcpClient, stream: &Identifier, name: &str, count: u32) -> Result<(), IggyError> {
    let (expiry, size) = (IggyExpiry::NeverExpire, MaxTopicSize::ServerDefault);
    client.create_topic(stream, name, count, CompressionAlgorithm::None, None, expiry, size).await.map(|_| ())
}

pub fn message(seed: &str, index: u32) -> Answer<IggyMessage> {
    let headers = BTreeMap::from([
        (HeaderKey::try_from("origin")?, HeaderValue::try_from(seed)?),
        (HeaderKey::try_from("n")?, HeaderValue::from(index)),
        (HeaderKey::try_from("Mixed-Case")?, HeaderValue::from(true)),
    ]);
    let built = IggyMessage::builder()
        .id(1000 + u128::from(index))
        .payload(format!("{seed}:{index}").into())
        .user_headers(headers)
        .build()?;
    Ok(built)
}

pub fn show_message(message: &IggyMessage) -> Answer<Value> {
    let headers = message.user_headers_map()?.filter(|headers| !headers.is_empty()).map(|headers| {
        let shown = headers.iter().map(|(key, header)| {
            (key.to_string_value(), crate::verbs::show_header(&header.kind().to_string(), header.as_bytes()))
        });
        shown.collect::<Map<_, _>>()
    });
    Ok(json!({
        "offset": message.header.offset,
        "payload": to_hex(&message.payload),
        "id": message.header.id.to_string(),
        "timestamp": message.header.timestamp,
        "headers": headers,
    }))
}

pub fn refusal_code(refusal: &IggyError) -> u32 {
    refusal.as_code()
}
