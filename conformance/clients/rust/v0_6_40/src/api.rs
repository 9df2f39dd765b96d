//! What is particular to this SDK: names, messages, creation with an id, the high-level client.

pub use iggy_v0_4::client::*;
pub use iggy_v0_4::consumer::Consumer;
pub use iggy_v0_4::error::IggyError;
pub use iggy_v0_4::identifier::Identifier;
pub use iggy_v0_4::messages::poll_messages::PollingStrategy;
pub use iggy_v0_4::messages::send_messages::{Message, Partitioning};
pub use iggy_v0_4::tcp::client::TcpClient;

use iggy_v0_4::compression::compression_algorithm::CompressionAlgorithm;
use iggy_v0_4::models::header::{HeaderKey, HeaderValue};
use iggy_v0_4::models::messages::PolledMessage;
use iggy_v0_4::tcp::config::{TcpClientConfig, TcpClientReconnectionConfig};
use iggy_v0_4::utils::expiry::IggyExpiry;
use iggy_v0_4::utils::topic_size::MaxTopicSize;
use json_lines::program::Arguments;
use json_lines::{Answer, Map, Value, json, to_hex};
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

pub const GENERATION: &str = "v0_4";
pub const MORE_VERBS: &[&str] = &["highlevel", "produce", "member", "group_offsets"];

pub async fn more_verbs(verb: &str, arguments: &Arguments) -> Answer<()> {
    match verb {
        "highlevel" => crate::highlevel::run(arguments).await,
        other => crate::group_flow::run(other, arguments).await,
    }
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
    client.create_stream(name, None).await.map(|_| ())
}

pub async fn create_topic(client: &TcpClient, stream: &Identifier, name: &str, count: u32) -> Result<(), IggyError> {
    let (expiry, size) = (IggyExpiry::NeverExpire, MaxTopicSize::ServerDefault);
    client.create_topic(stream, name, count, CompressionAlgorithm::None, None, None, expiry, size).await.map(|_| ())
}

pub fn message(seed: &str, index: u32) -> Answer<Message> {
    let headers = HashMap::from([
        (HeaderKey::new("origin")?, HeaderValue::from_str(seed)?),
        (HeaderKey::new("n")?, HeaderValue::from_uint32(index)?),
        (HeaderKey::new("Mixed-Case")?, HeaderValue::from_bool(true)?),
    ]);
    Ok(Message::new(Some(1000 + u128::from(index)), format!("{seed}:{index}").into(), Some(headers)))
}

pub fn show_message(message: &PolledMessage) -> Answer<Value> {
    let headers = message.headers.as_ref().filter(|headers| !headers.is_empty()).map(|headers| {
        let shown = headers
            .iter()
            .map(|(key, header)| (key.to_string(), crate::verbs::show_header(&header.kind.to_string(), &header.value)));
        shown.collect::<Map<_, _>>()
    });
    Ok(json!({
        "offset": message.offset,
        "payload": to_hex(&message.payload),
        "id": message.id.to_string(),
        "timestamp": message.timestamp,
        "headers": headers,
    }))
}

/// The status that the server sent; this SDK wraps it.
pub fn refusal_code(refusal: &IggyError) -> u32 {
    match refusal {
        IggyError::InvalidResponse(status, ..) => *status,
        other => other.as_code(),
    }
}
