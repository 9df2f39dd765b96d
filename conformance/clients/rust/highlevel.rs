//! The high-level clients of these SDKs: a producer that makes its own stream and topic, and a consumer group member that
//! reads back what was sent. One line per step shows how far a server lets it come.

use crate::api::*;
use futures::StreamExt;
use json_lines::program::{Arguments, emit};
use json_lines::{Answer, error, json};
use std::future::Future;
use std::time::Duration;

/// The group of `group_member`.
pub const GROUP: &str = "conformance";
const PATIENCE: Duration = Duration::from_secs(10);
const COMMIT_EVERY: Duration = Duration::from_millis(100);

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

async fn produce(client: &IggyClient, place: (&str, &str), count: u32, seed: &str) -> Answer<()> {
    #[allow(unused_mut)] // Initialising changes the producer of SDK 0.6.40 only.
    let mut producer = producer(client, place)?;
    step("producer_built");
    within("producer_initialised", producer.init()).await?;
    let messages = (0..count).map(|index| plain_message(&format!("{seed}:{index}"))).collect::<Answer<_>>()?;
    within("producer_sent", producer.send(messages)).await?;
    Ok(())
}

async fn consume(client: &IggyClient, place: (&str, &str), count: u32, seed: &str) -> Answer<()> {
    let commit = AutoCommit::IntervalOrWhen(COMMIT_EVERY.try_into()?, AutoCommitWhen::ConsumingAllMessages);
    let mut consumer = group_member(client, place, commit)?;
    step("consumer_built");
    within("consumer_group_joined", consumer.init()).await?;
    let received = async {
        let mut last = None;
        for index in 0..count {
            let Some(next) = consumer.next().await else { return failed("the consumer ended") };
            let next = next.map_err(|failure| std::io::Error::other(failure.to_string()))?;
            let (wanted, got) =
                (format!("{seed}:{index}"), String::from_utf8_lossy(&next.message.payload).into_owned());
            if wanted != got {
                return failed(&format!("wanted {wanted}, received {got}"));
            }
            last = Some((next.partition_id, next.current_offset));
        }
        Ok(last)
    };
    let last = within("consumer_received_all", received).await?;
    // The SDK commits in the background, and what it has not committed when it leaves is read again.
    let committed = async {
        let (stream, topic) = (Identifier::named(place.0)?, Identifier::named(place.1)?);
        let group = Consumer::group(Identifier::named(GROUP)?);
        while let Some((partition, offset)) = last {
            let found = client.get_consumer_offset(&group, &stream, &topic, Some(partition)).await?;
            if found.is_some_and(|found| found.stored_offset >= offset) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok::<_, IggyError>(())
    };
    within("consumer_committed_all", committed).await
}

fn failed<T>(what: &str) -> Result<T, std::io::Error> {
    Err(std::io::Error::other(what.to_string()))
}
