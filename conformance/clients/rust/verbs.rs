//! What every Rust client program can be told to do. The differences between the SDKs are in each program's `api`.

use crate::api::*;
use crate::capabilities;
use json_lines::program::{Arguments, emit};
use json_lines::{Answer, Value, error, json, to_hex};
use std::time::Duration;

const SENDING: &[&str] = &["send", "send_balanced", "send_key"];
const SERVED: &[&str] = &["verbs", "setup", "show", "poll", "read_group", "offsets", "errors", "highlevel"];

/// How long a reader waits that has found a partition empty.
const EMPTY_PAUSE: Duration = Duration::from_millis(20);

pub async fn run(arguments: &Arguments) -> Answer<()> {
    match arguments.verb.as_str() {
        "verbs" => verbs(),
        "setup" => setup(arguments).await,
        "show" => show(&logged_in(arguments).await?, arguments).await,
        "send" => {
            let (first, partitions): (u32, u32) =
                (arguments.number("partition")?, arguments.number_or("partitions", 1)?);
            send(arguments, |batch| Partitioning::partition_id(first + batch % partitions)).await
        }
        "send_balanced" => send(arguments, |_| Partitioning::balanced()).await,
        "send_key" => {
            let key = Partitioning::messages_key_str(arguments.text("key")?)?;
            send(arguments, |_| key.clone()).await
        }
        "poll" => poll(arguments).await,
        "read_group" => read_group(arguments).await,
        "offsets" => offsets(arguments).await,
        "errors" => errors(arguments).await,
        "highlevel" => crate::highlevel::run(arguments).await,
        other if capabilities::SERVED.contains(&other) => capabilities::run(other, arguments).await,
        other => more_verbs(other, arguments).await,
    }
}

fn verbs() -> Answer<()> {
    let served: Vec<&str> =
        SENDING.iter().chain(SERVED).chain(capabilities::SERVED).chain(MORE_VERBS).copied().collect();
    emit(json!({
        "event": "verbs",
        "verbs": served,
        "strategies": ["offset", "timestamp", "first", "last", "next"],
        "headers": true,
        "ids": true,
        "generation": GENERATION,
    }));
    Ok(())
}

pub async fn logged_in(arguments: &Arguments) -> Answer<TcpClient> {
    let client = client_for(arguments.text_or("address", "127.0.0.1:8090"))?;
    client.connect().await?;
    let (user, password) = (arguments.text_or("user", "iggy"), arguments.text_or("password", "iggy"));
    client.login_user(user, password).await?;
    Ok(client)
}

fn named(arguments: &Arguments, key: &str) -> Answer<Identifier> {
    Ok(Identifier::named(arguments.text(key)?)?)
}

/// The stream and topic that a verb works in.
pub fn place(arguments: &Arguments) -> Answer<(Identifier, Identifier)> {
    Ok((named(arguments, "stream")?, named(arguments, "topic")?))
}

async fn setup(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    client.ping().await?;
    create_stream(&client, arguments.text("stream")?).await?;
    let (stream, partitions) = (named(arguments, "stream")?, arguments.number_or("partitions", 1)?);
    create_topic(&client, &stream, arguments.text("topic")?, partitions).await?;
    show(&client, arguments).await
}

/// Prints a stream and a topic of it as this client sees them.
async fn show(client: &TcpClient, arguments: &Arguments) -> Answer<()> {
    let (stream, topic) = place(arguments)?;
    let Some(details) = client.get_stream(&stream).await? else { return error("the stream is not found") };
    emit(json!({ "event": "stream", "id": details.id, "name": details.name, "topics": details.topics_count }));
    let Some(details) = client.get_topic(&stream, &topic).await? else { return error("the topic is not found") };
    let ids: Vec<u32> = details.partitions.iter().map(|partition| partition.id).collect();
    emit(json!({
        "event": "topic",
        "id": details.id,
        "name": details.name,
        "partitions": details.partitions_count,
        "partitionIds": ids,
    }));
    Ok(())
}

/// Sends in batches, two unless told their size, so that a partition gets more than one. Each goes where its number leads.
async fn send(arguments: &Arguments, partitioning_of: impl Fn(u32) -> Partitioning) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let (stream, topic) = place(arguments)?;
    let (count, seed): (u32, &str) = (arguments.number("count")?, arguments.text("seed")?);
    let mut messages = (0..count).map(|index| message(seed, index)).collect::<Answer<Vec<_>>>()?;
    let size: usize = arguments.number_or("batch", count.div_ceil(2).max(1) as usize)?;
    for (number, batch) in (0..).zip(messages.chunks_mut(size)) {
        client.send_messages(&stream, &topic, &partitioning_of(number), batch).await?;
    }
    emit(json!({ "event": "sent", "count": count, "headerKind": "uint32" }));
    Ok(())
}

fn strategy(arguments: &Arguments) -> Answer<PollingStrategy> {
    match arguments.text_or("strategy", "offset") {
        "offset" => Ok(PollingStrategy::offset(arguments.number_or("value", 0)?)),
        "timestamp" => Ok(PollingStrategy::timestamp(arguments.number_or::<u64>("value", 0)?.into())),
        "first" => Ok(PollingStrategy::first()),
        "last" => Ok(PollingStrategy::last()),
        "next" => Ok(PollingStrategy::next()),
        other => error(format!("unknown strategy {other}")),
    }
}

pub fn consumer(arguments: &Arguments) -> Answer<Consumer> {
    Ok(Consumer::new(Identifier::from_str_value(arguments.text_or("consumer", "1"))?))
}

async fn poll(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let (stream, topic) = place(arguments)?;
    let polled = client
        .poll_messages(
            &stream,
            &topic,
            Some(arguments.number("partition")?),
            &consumer(arguments)?,
            &strategy(arguments)?,
            arguments.number("count")?,
            arguments.text_or("auto_commit", "false") == "true",
        )
        .await?;
    show_polled(&polled)?;
    emit(json!({
        "event": "polled",
        "partition": polled.partition_id,
        "currentOffset": polled.current_offset,
        "count": polled.messages.len(),
    }));
    Ok(())
}

fn show_polled(polled: &PolledMessages) -> Answer<()> {
    for message in &polled.messages {
        let mut line = show_message(message)?;
        line["event"] = json!("message");
        line["partition"] = json!(polled.partition_id);
        emit(line);
    }
    Ok(())
}

/// Makes a group, joins it and reads through it until there are `count` messages, however long it takes others to send them.
async fn read_group(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let ((stream, topic), name) = (place(arguments)?, arguments.text("group")?);
    let (count, batch): (usize, u32) = (arguments.number("count")?, arguments.number("batch")?);
    create_group(&client, (&stream, &topic), name).await?;
    let id = Identifier::named(name)?;
    client.join_consumer_group(&stream, &topic, &id).await?;
    let (group, next) = (Consumer::group(id), PollingStrategy::next());
    let mut read = 0;
    while read < count {
        let polled = client.poll_messages(&stream, &topic, None, &group, &next, batch, true).await?;
        if polled.messages.is_empty() {
            tokio::time::sleep(EMPTY_PAUSE).await;
        }
        show_polled(&polled)?;
        read += polled.messages.len();
    }
    emit(json!({ "event": "read", "count": read }));
    Ok(())
}

/// One header in the form that the protocol of the client programs asks for.
pub fn show_header(kind: &str, value: &[u8]) -> Value {
    json!([kind, to_hex(value)])
}

async fn offsets(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let (stream, topic) = place(arguments)?;
    let (consumer, partition) = (consumer(arguments)?, Some(arguments.number("partition")?));
    client.store_consumer_offset(&consumer, &stream, &topic, partition, arguments.number("offset")?).await?;
    let found = client.get_consumer_offset(&consumer, &stream, &topic, partition).await?;
    let Some(offset) = found else { return error("the stored offset is not found") };
    emit(json!({
        "event": "offset",
        "stored": offset.stored_offset,
        "current": offset.current_offset,
        "partition": offset.partition_id,
    }));
    Ok(())
}

fn emit_refused<T>(result: Result<T, IggyError>) -> Answer<()> {
    match result {
        Ok(_) => error("the server did not refuse"),
        Err(refusal) => {
            emit(json!({ "event": "refused", "code": refusal_code(&refusal), "message": refusal.to_string() }));
            Ok(())
        }
    }
}

/// A client that reads the error form of another release is out of step after the first refusal; so there are two.
async fn errors(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let (stream, name) = (named(arguments, "stream")?, arguments.text("stream")?);
    if client.get_stream(&stream).await?.is_none() {
        create_stream(&client, name).await?;
    }
    emit_refused(create_stream(&client, name).await)?;
    emit_refused(create_stream(&client, name).await)?;
    client.ping().await?;
    match client.get_stream(&stream).await? {
        Some(details) if details.name == name => emit(json!({ "event": "alive" })),
        other => return error(format!("the stream is not what it was: {other:?}")),
    }
    Ok(())
}
