//! What the SDKs from 0.7 on have in common: one prelude, messages in batches, stored offsets and segments that can be deleted.

pub use crate::sdk::prelude::*;

pub use crate::creation::*;
pub use crate::sdk::clients::producer_builder::IggyProducerBuilder;
pub(crate) use crate::{AUTO_LOGIN, GENERATION};

use crate::headers::{parts_of, user_headers};
use json_lines::program::Arguments;
use json_lines::{Answer, Map, Value, error, json, to_hex};
use std::sync::Arc;

pub const MORE_VERBS: &[&str] = &["delete_offset"];

pub async fn more_verbs(verb: &str, arguments: &Arguments) -> Answer<()> {
    match verb {
        "delete_offset" => delete_offset(arguments).await,
        other => error(format!("unknown verb {other}")),
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

pub fn message(seed: &str, index: u32) -> Answer<IggyMessage> {
    let built = IggyMessage::builder()
        .id(1000 + u128::from(index))
        .payload(format!("{seed}:{index}").into())
        .user_headers(user_headers(seed, index)?)
        .build()?;
    Ok(built)
}

pub fn show_message(message: &IggyMessage) -> Answer<Value> {
    let headers = message.user_headers_map()?.filter(|headers| !headers.is_empty()).map(|headers| {
        let shown = headers.iter().map(|(key, header)| {
            let (key, kind, value) = parts_of(key, header);
            (key, crate::verbs::show_header(&kind, &value))
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

async fn delete_offset(arguments: &Arguments) -> Answer<()> {
    let client = crate::verbs::logged_in(arguments).await?;
    let (stream, topic) = crate::verbs::place(arguments)?;
    let (consumer, partition) = (crate::verbs::consumer(arguments)?, Some(arguments.number("partition")?));
    client.delete_consumer_offset(&consumer, &stream, &topic, partition).await?;
    let found = client.get_consumer_offset(&consumer, &stream, &topic, partition).await?.is_some();
    crate::capabilities::step("delete", json!({ "found": found }));
    Ok(())
}

/// False where the SDK cannot.
pub async fn delete_segments(
    client: &TcpClient,
    (stream, topic): (&Identifier, &Identifier),
    partition: u32,
) -> Answer<bool> {
    client.delete_segments(stream, topic, partition, 1).await?;
    Ok(true)
}

pub fn producer(client: &IggyClient, (stream, topic): (&str, &str)) -> Answer<IggyProducer> {
    let sending = DirectConfig::builder().batch_length(4).linger_time(IggyDuration::from(1000)).build();
    let producer = client.producer(stream, topic)?.direct(sending).partitioning(Partitioning::balanced());
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
        .batch_length(4)
        .build();
    Ok(consumer)
}

pub fn plain_message(text: &str) -> Answer<IggyMessage> {
    Ok(IggyMessage::builder().payload(text.to_string().into()).build()?)
}
