//! What is particular to SDK 0.6.40: where names are, messages one by one with text as header keys, no deleting of offsets and segments.

pub use iggy_v0_4::client::*;
pub use iggy_v0_4::clients::client::IggyClient;
pub use iggy_v0_4::clients::consumer::{AutoCommit, AutoCommitWhen, IggyConsumer};
pub use iggy_v0_4::clients::producer::{IggyProducer, IggyProducerBuilder};
pub use iggy_v0_4::compression::compression_algorithm::CompressionAlgorithm;
pub use iggy_v0_4::consumer::Consumer;
pub use iggy_v0_4::error::IggyError;
pub use iggy_v0_4::identifier::Identifier;
pub use iggy_v0_4::messages::poll_messages::PollingStrategy;
pub use iggy_v0_4::messages::send_messages::{Message, Partitioning};
pub use iggy_v0_4::models::consumer_group::ConsumerGroupDetails;
pub use iggy_v0_4::models::messages::PolledMessages;
pub use iggy_v0_4::models::permissions::*;
pub use iggy_v0_4::models::user_status::UserStatus;
pub use iggy_v0_4::snapshot::{SnapshotCompression, SystemSnapshotType};
pub use iggy_v0_4::tcp::client::TcpClient;
pub use iggy_v0_4::utils::duration::IggyDuration;
pub use iggy_v0_4::utils::expiry::IggyExpiry;
pub use iggy_v0_4::utils::personal_access_token_expiry::PersonalAccessTokenExpiry;
pub use iggy_v0_4::utils::topic_size::MaxTopicSize;

pub use crate::creation::*;

use iggy_v0_4::models::header::{HeaderKey, HeaderValue};
use iggy_v0_4::models::messages::PolledMessage;
use iggy_v0_4::tcp::config::{TcpClientConfig, TcpClientReconnectionConfig};
use json_lines::program::Arguments;
use json_lines::{Answer, Map, Value, error, json, to_hex};
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

pub const GENERATION: &str = "v0_4";
pub const AUTO_LOGIN: bool = true;
pub const MORE_VERBS: &[&str] = &[];

pub async fn more_verbs(verb: &str, _: &Arguments) -> Answer<()> {
    error(format!("unknown verb {verb}"))
}

pub fn client_for(address: &str) -> Answer<TcpClient> {
    let config = TcpClientConfig {
        server_address: address.to_string(),
        reconnection: TcpClientReconnectionConfig { enabled: false, ..Default::default() },
        ..Default::default()
    };
    Ok(TcpClient::create(Arc::new(config))?)
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

/// False: this SDK cannot.
pub async fn delete_segments(_: &TcpClient, _: (&Identifier, &Identifier), _: u32) -> Answer<bool> {
    Ok(false)
}

pub fn producer(client: &IggyClient, (stream, topic): (&str, &str)) -> Answer<IggyProducer> {
    let producer = client
        .producer(stream, topic)?
        .batch_size(4)
        .send_interval(IggyDuration::from(1000))
        .partitioning(Partitioning::balanced());
    Ok(making_place(producer, 1).build())
}

pub fn group_member(client: &IggyClient, (stream, topic): (&str, &str), commit: AutoCommit) -> Answer<IggyConsumer> {
    let consumer = client
        .consumer_group(crate::highlevel::GROUP, stream, topic)?
        .auto_commit(commit)
        .create_consumer_group_if_not_exists()
        .auto_join_consumer_group()
        .polling_strategy(PollingStrategy::next())
        .poll_interval(IggyDuration::from(5000))
        .batch_size(4)
        .build();
    Ok(consumer)
}

pub fn plain_message(text: &str) -> Answer<Message> {
    Ok(Message::from_str(text)?)
}
