//! The high-level producer and consumer of this SDK, as the flow of messages through a group needs them.

pub use iggy_v0_4::client::{Client, ConsumerOffsetClient};
pub use iggy_v0_4::consumer::Consumer;
pub use iggy_v0_4::identifier::Identifier;
pub use iggy_v0_4::messages::send_messages::{Message, Partitioning};

use iggy_v0_4::clients::client::IggyClient;
use iggy_v0_4::clients::consumer::{AutoCommit, AutoCommitWhen, IggyConsumer};
use iggy_v0_4::clients::producer::IggyProducer;
use iggy_v0_4::messages::poll_messages::PollingStrategy;
use iggy_v0_4::models::messages::PolledMessage;
use iggy_v0_4::utils::duration::IggyDuration;
use iggy_v0_4::utils::expiry::IggyExpiry;
use iggy_v0_4::utils::topic_size::MaxTopicSize;
use json_lines::Answer;
use json_lines::program::Arguments;
use std::time::Duration;

const POLL_EVERY: Duration = Duration::from_millis(1);

pub async fn connected(arguments: &Arguments) -> Answer<IggyClient> {
    let client = IggyClient::from_connection_string(&format!("iggy://iggy:iggy@{}", arguments.text("address")?))?;
    client.connect().await?;
    Ok(client)
}

/// A producer with a connection of its own, which makes its stream and topic.
pub async fn producer(arguments: &Arguments) -> Answer<IggyProducer> {
    let interval = Duration::from_millis(arguments.number("send_ms")?);
    let mut producer = connected(arguments)
        .await?
        .producer(arguments.text("stream")?, arguments.text("topic")?)?
        .batch_size(arguments.number("batch")?)
        .send_interval(IggyDuration::from(interval))
        .partitioning(Partitioning::balanced())
        .create_stream_if_not_exists()
        .create_topic_if_not_exists(
            arguments.number("partitions")?,
            None,
            IggyExpiry::ServerDefault,
            MaxTopicSize::ServerDefault,
        )
        .build();
    producer.init().await?;
    Ok(producer)
}

/// This SDK sends nothing in the background.
pub async fn background_producer(arguments: &Arguments) -> Answer<IggyProducer> {
    producer(arguments).await
}

/// Everything was sent when the calls returned.
pub async fn finished(_: IggyProducer) {}

/// A consumer that has joined its group.
pub async fn group_member(client: &IggyClient, arguments: &Arguments, commit_every: Duration) -> Answer<IggyConsumer> {
    let commit = AutoCommit::IntervalOrWhen(IggyDuration::from(commit_every), AutoCommitWhen::ConsumingAllMessages);
    let mut consumer = client
        .consumer_group(arguments.text("group")?, arguments.text("stream")?, arguments.text("topic")?)?
        .auto_commit(commit)
        .create_consumer_group_if_not_exists()
        .auto_join_consumer_group()
        .polling_strategy(PollingStrategy::next())
        .poll_interval(IggyDuration::from(POLL_EVERY))
        .batch_size(arguments.number("batch")?)
        .build();
    consumer.init().await?;
    Ok(consumer)
}

pub fn message(text: String) -> Answer<Message> {
    Ok(Message::new(None, text.into(), None))
}

pub fn offset_of(message: &PolledMessage) -> u64 {
    message.offset
}
