//! The high-level producers and consumer of SDKs from 0.10 on, as the flow of messages through a group needs them. Both find
//! a server again that was away.

pub use crate::sdk::prelude::{
    Client, Consumer, ConsumerOffsetClient, Identifier, IggyMessage as Message, Partitioning,
};

use crate::sdk::clients::producer_builder::IggyProducerBuilder;
use crate::sdk::clients::producer_error_callback::{ErrorCallback, ErrorCtx};
use crate::sdk::prelude::*;
use json_lines::program::{Arguments, emit};
use json_lines::{Answer, json};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

const POLL_EVERY: Duration = Duration::from_millis(1);
const RETRY_EVERY: Duration = Duration::from_millis(100);
const RETRIES: u32 = 200;

pub async fn connected(arguments: &Arguments) -> Answer<IggyClient> {
    let reconnection =
        format!("nodelay=true&reconnection_interval={0}ms&reestablish_after={0}ms", RETRY_EVERY.as_millis());
    let address = arguments.text("address")?;
    let client = IggyClient::from_connection_string(&format!("iggy://iggy:iggy@{address}?{reconnection}"))?;
    client.connect().await?;
    Ok(client)
}

/// A producer with a connection of its own, which makes its stream and topic; each call returns when all is sent.
pub async fn producer(arguments: &Arguments) -> Answer<IggyProducer> {
    let config = DirectConfig::builder()
        .batch_length(arguments.number("batch")?)
        .linger_time(IggyDuration::from(Duration::from_millis(arguments.number("send_ms")?)))
        .build();
    ready(builder(arguments).await?.direct(config).build()).await
}

/// As `producer`, but its calls return when what they were given waits to be sent.
pub async fn background_producer(arguments: &Arguments) -> Answer<IggyProducer> {
    let config = BackgroundConfig::builder()
        .batch_length(arguments.number("batch")?)
        .linger_time(IggyDuration::from(Duration::from_millis(arguments.number("send_ms")?)))
        .error_callback(Arc::new(Box::new(Telling)))
        .build();
    ready(builder(arguments).await?.background(config).build()).await
}

async fn builder(arguments: &Arguments) -> Answer<IggyProducerBuilder> {
    let producer = connected(arguments)
        .await?
        .producer(arguments.text("stream")?, arguments.text("topic")?)?
        .partitioning(Partitioning::balanced())
        .send_retries(Some(RETRIES), Some(RETRY_EVERY.try_into()?));
    Ok(crate::creation::making_place(producer, arguments.number("partitions")?))
}

async fn ready(producer: IggyProducer) -> Answer<IggyProducer> {
    producer.init().await?;
    Ok(producer)
}

/// Says what the background could not send.
#[derive(Debug)]
struct Telling;

impl ErrorCallback for Telling {
    fn call(&self, failed: ErrorCtx) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        emit(json!({ "event": "failed", "message": failed.cause.to_string(), "count": failed.messages.len() }));
        Box::pin(std::future::ready(()))
    }
}

/// Waits until all that was given to the producer is sent.
pub async fn finished(producer: IggyProducer) {
    producer.shutdown().await;
}

/// A consumer that has joined its group.
pub async fn group_member(client: &IggyClient, arguments: &Arguments, commit_every: Duration) -> Answer<IggyConsumer> {
    let commit = AutoCommit::IntervalOrWhen(commit_every.try_into()?, AutoCommitWhen::ConsumingAllMessages);
    let mut consumer = client
        .consumer_group(arguments.text("group")?, arguments.text("stream")?, arguments.text("topic")?)?
        .auto_commit(commit)
        .create_consumer_group_if_not_exists()
        .auto_join_consumer_group()
        .polling_strategy(PollingStrategy::next())
        .poll_interval(IggyDuration::from(POLL_EVERY))
        .polling_retry_interval(RETRY_EVERY.try_into()?)
        .batch_length(arguments.number("batch")?)
        .build();
    consumer.init().await?;
    Ok(consumer)
}

pub fn message(text: String) -> Answer<Message> {
    Ok(Message::builder().payload(text.into()).build()?)
}

pub fn offset_of(message: &Message) -> u64 {
    message.header.offset
}
