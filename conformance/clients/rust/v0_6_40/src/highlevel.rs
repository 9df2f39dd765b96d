//! The high-level example of this SDK: a producer that makes its own stream and topic, and a consumer group member that
//! reads back what was sent. One line per step shows how far a server lets it come.

use futures::StreamExt;
use iggy_v0_4::client::{Client, StreamClient, UserClient};
use iggy_v0_4::clients::client::IggyClient;
use iggy_v0_4::clients::consumer::{AutoCommit, AutoCommitWhen};
use iggy_v0_4::identifier::Identifier;
use iggy_v0_4::messages::poll_messages::PollingStrategy;
use iggy_v0_4::messages::send_messages::{Message, Partitioning};
use iggy_v0_4::utils::duration::IggyDuration;
use iggy_v0_4::utils::expiry::IggyExpiry;
use iggy_v0_4::utils::topic_size::MaxTopicSize;
use json_lines::program::{Arguments, emit};
use json_lines::{Answer, Refusal, error, json};
use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);

fn step(name: &str) {
    emit(json!({ "event": "step", "name": name }));
}

/// Runs one step; the high-level clients retry for ever, so each has its time.
async fn within<T, E: std::error::Error>(name: &str, action: impl Future<Output = Result<T, E>>) -> Answer<T> {
    match tokio::time::timeout(PATIENCE, action).await {
        Ok(Ok(value)) => {
            step(name);
            Ok(value)
        }
        Ok(Err(failure)) => error(format!("{name}: {failure}")),
        Err(_) => error(format!("{name}: no result in {} seconds", PATIENCE.as_secs())),
    }
}

pub async fn run(arguments: &Arguments) -> Answer<()> {
    let address = arguments.text_or("address", "127.0.0.1:8090");
    let (stream, topic) = (arguments.text("stream")?, arguments.text("topic")?);
    let (count, seed): (u32, &str) = (arguments.number_or("count", 10)?, arguments.text_or("seed", "highlevel"));
    let client = IggyClient::from_connection_string(&format!("iggy://iggy:iggy@{address}"))?;
    step("client_built");
    within("connected_and_logged_in", client.connect()).await?;
    produce(&client, (stream, topic), count, seed).await?;
    consume(&client, (stream, topic), count, seed).await?;
    let found = within("stream_found", client.get_stream(&Identifier::named(stream)?)).await?;
    if found.is_none() {
        return error("the producer's stream is not found");
    }
    within("logged_out", client.logout_user()).await?;
    within("shut_down", client.shutdown()).await
}

async fn produce(client: &IggyClient, (stream, topic): (&str, &str), count: u32, seed: &str) -> Answer<()> {
    let mut producer = client
        .producer(stream, topic)?
        .batch_size(4)
        .send_interval(IggyDuration::from_str("1ms").map_err(|_| Refusal::Error("duration".to_string()))?)
        .partitioning(Partitioning::balanced())
        .create_stream_if_not_exists()
        .create_topic_if_not_exists(1, None, IggyExpiry::ServerDefault, MaxTopicSize::ServerDefault)
        .build();
    step("producer_built");
    within("producer_initialised", producer.init()).await?;
    let messages = (0..count).map(|index| Message::from_str(&format!("{seed}:{index}"))).collect::<Result<_, _>>()?;
    within("producer_sent", producer.send(messages)).await
}

async fn consume(client: &IggyClient, (stream, topic): (&str, &str), count: u32, seed: &str) -> Answer<()> {
    let commit_every = IggyDuration::from_str("100ms").map_err(|_| Refusal::Error("duration".to_string()))?;
    let mut consumer = client
        .consumer_group("conformance", stream, topic)?
        .auto_commit(AutoCommit::IntervalOrWhen(commit_every, AutoCommitWhen::ConsumingAllMessages))
        .create_consumer_group_if_not_exists()
        .auto_join_consumer_group()
        .polling_strategy(PollingStrategy::next())
        .poll_interval(IggyDuration::from_str("5ms").map_err(|_| Refusal::Error("duration".to_string()))?)
        .batch_size(4)
        .build();
    step("consumer_built");
    within("consumer_group_joined", consumer.init()).await?;
    let received = async {
        for index in 0..count {
            let Some(next) = consumer.next().await else { return Err(std::io::Error::other("the consumer ended")) };
            let message = next.map_err(|failure| std::io::Error::other(failure.to_string()))?.message;
            let (wanted, got) = (format!("{seed}:{index}"), String::from_utf8_lossy(&message.payload).into_owned());
            if wanted != got {
                return Err(std::io::Error::other(format!("wanted {wanted}, received {got}")));
            }
        }
        Ok(())
    };
    within("consumer_received_all", received).await
}
