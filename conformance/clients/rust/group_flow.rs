//! A topic that is sent to and read by a group at the same time, with the SDK's high-level producer and consumer. Every message
//! that a member is handed is one line of its output, so that what it read is known whenever it dies.

use crate::flow_api::*;
use futures::StreamExt;
use futures::channel::oneshot;
use json_lines::program::{Arguments, emit};
use json_lines::{Answer, error, json};
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

/// Requests of one call of the producer: the SDK cuts what it is given into batches.
const BATCHES_PER_CALL: u32 = 5;
const SENDERS: u32 = 2;

pub async fn run(verb: &str, arguments: &Arguments) -> Answer<()> {
    match verb {
        "produce" => produce(arguments).await,
        "member" => member(arguments).await,
        "group_offsets" => group_offsets(arguments).await,
        other => error(format!("unknown verb {other}")),
    }
}

fn step(name: &str) {
    emit(json!({ "event": "step", "name": name }));
}

/// Two producers at once: one spreads its messages evenly, the other sends each of its series by the series' name as the key.
async fn produce(arguments: &Arguments) -> Answer<()> {
    let (count, series): (u32, u32) = (arguments.number("count")?, arguments.number("series")?);
    let pause = Duration::from_millis(arguments.number_or("pause_ms", 0)?);
    let (spreading, keyed) = (background_producer(arguments).await?, producer(arguments).await?);
    step("producers_ready");
    let each = count / SENDERS;
    let names: Vec<String> = (0..series).map(|number| format!("key-{number}")).collect();
    let by_key = async {
        let length = BATCHES_PER_CALL * arguments.number::<u32>("batch")?;
        for first in (0..each / series).step_by(length as usize) {
            for name in &names {
                let messages = texts(name, first, (first + length).min(each / series))?;
                let key = Partitioning::messages_key_str(name)?;
                keyed.send_with_partitioning(messages, Some(Arc::new(key))).await?;
                tokio::time::sleep(pause).await;
            }
        }
        Answer::Ok(())
    };
    let evenly = async {
        let length = BATCHES_PER_CALL * arguments.number::<u32>("batch")?;
        for first in (0..each).step_by(length as usize) {
            spreading.send(texts("spread", first, (first + length).min(each))?).await?;
            tokio::time::sleep(pause).await;
        }
        Answer::Ok(())
    };
    let (evenly, by_key) = tokio::join!(evenly, by_key);
    evenly.and(by_key)?;
    finished(spreading).await;
    finished(keyed).await;
    emit(json!({ "event": "sent", "count": each + each / series * series }));
    Ok(())
}

fn texts(name: &str, first: u32, end: u32) -> Answer<Vec<Message>> {
    (first..end).map(|index| message(format!("{name}:{index}"))).collect()
}

/// Reads until its input ends, with some work to do for each batch. With `hold_after`, stops for ever after so many messages with
/// half of a batch in hand.
async fn member(arguments: &Arguments) -> Answer<()> {
    let commit_every = Duration::from_millis(arguments.number("commit_ms")?);
    let work = Duration::from_millis(arguments.number("work_ms")?);
    let (batch, hold_after): (u64, u64) = (arguments.number("batch")?, arguments.number_or("hold_after", u64::MAX)?);
    let client = connected(arguments).await?;
    let mut consumer = group_member(&client, arguments, commit_every).await?;
    step("joined");
    // What was read last is committed in the background, which waits for the poll under way: it must go on.
    let told_to_end = async {
        input_ended().await;
        tokio::time::sleep(commit_every * 2).await;
    };
    let mut told_to_end = std::pin::pin!(told_to_end);
    let mut count = 0;
    loop {
        let next = tokio::select! { next = consumer.next() => next, _ = &mut told_to_end => break };
        match next {
            Some(Ok(received)) => {
                let offset = offset_of(&received.message);
                let payload = String::from_utf8_lossy(&received.message.payload);
                emit(
                    json!({ "event": "read", "partition": received.partition_id, "offset": offset, "payload": payload }),
                );
                count += 1;
                if offset % batch == batch / 2 {
                    if count >= hold_after {
                        step("holding");
                        std::future::pending::<()>().await;
                    }
                    tokio::time::sleep(work).await;
                }
            }
            Some(Err(failure)) => emit(json!({ "event": "failed", "message": failure.to_string() })),
            None => return error("the consumer ended"),
        }
    }
    // No goodbye: the poll under way holds the client that would have to say it.
    Ok(())
}

async fn input_ended() {
    let (ended, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        ended.send(())
    });
    let _ = receiver.await;
}

/// What the group has stored, partition by partition as the server's generation numbers them.
async fn group_offsets(arguments: &Arguments) -> Answer<()> {
    let client = connected(arguments).await?;
    let (stream, topic) = (Identifier::named(arguments.text("stream")?)?, Identifier::named(arguments.text("topic")?)?);
    let group = Consumer::group(Identifier::named(arguments.text("group")?)?);
    let (first, partitions): (u32, u32) = (arguments.number("first")?, arguments.number("partitions")?);
    for partition in first..first + partitions {
        let found = client.get_consumer_offset(&group, &stream, &topic, Some(partition)).await?;
        let (stored, current) = found.map(|found| (found.stored_offset, found.current_offset)).unzip();
        emit(json!({ "event": "offset", "partition": partition, "stored": stored, "current": current }));
    }
    Ok(client.shutdown().await?)
}
