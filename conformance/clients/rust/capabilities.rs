//! The verbs of the client matrix that change or ask more than one thing: each prints a line for every step that its SDK
//! offers, with what was seen. Whether that is right is for the matrix to say.

use crate::api::*;
use crate::verbs::{logged_in, place};
use json_lines::program::{Arguments, emit};
use json_lines::{Answer, Refusal, Value, error, json};
use std::io::Read;
use std::time::Duration;

pub const SERVED: &[&str] =
    &["session", "streams", "topics", "partitions", "groups", "users", "tokens", "system", "purge", "restart"];

pub async fn run(verb: &str, arguments: &Arguments) -> Answer<()> {
    match verb {
        "session" => session(arguments).await,
        "streams" => streams(arguments).await,
        "topics" => topics(arguments).await,
        "partitions" => partitions(arguments).await,
        "groups" => groups(arguments).await,
        "users" => users(arguments).await,
        "tokens" => tokens(arguments).await,
        "system" => system(arguments).await,
        "purge" => purge(arguments).await,
        "restart" => restart(arguments).await,
        other => error(format!("unknown verb {other}")),
    }
}

pub fn step(name: &str, facts: Value) {
    emit(json!({ "event": "step", "name": name, "facts": facts }));
}

/// What must be there.
fn found<T>(thing: Option<T>, name: &str) -> Answer<T> {
    thing.ok_or_else(|| Refusal::Error(format!("{name} is not found")))
}

async fn connected(arguments: &Arguments) -> Answer<TcpClient> {
    let client = client_for(arguments.text_or("address", "127.0.0.1:8090"))?;
    client.connect().await?;
    Ok(client)
}

async fn session(arguments: &Arguments) -> Answer<()> {
    let client = connected(arguments).await?;
    step("connect", json!({}));
    let identity = client.login_user("iggy", "iggy").await?;
    step("login", json!({ "user": identity.user_id }));
    client.ping().await?;
    step("ping", json!({}));
    client.logout_user().await?;
    step("logout", json!({ "refused": client.get_streams().await.is_err() }));
    Ok(())
}

async fn streams(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let name = arguments.text("name")?;
    let (id, renamed) = (Identifier::named(name)?, format!("{name}-renamed"));
    create_stream(&client, name).await?;
    step("create", json!({}));
    let details = found(client.get_stream(&id).await?, "the stream")?;
    step("get", json!({ "name": details.name, "topics": details.topics_count }));
    let list = client.get_streams().await?;
    step("list", json!({ "found": list.iter().any(|stream| stream.name == name) }));
    update_stream(&client, &id, &renamed).await?;
    let id = Identifier::named(&renamed)?;
    step("update", json!({ "name": found(client.get_stream(&id).await?, "the renamed stream")?.name }));
    client.delete_stream(&id).await?;
    step("delete", json!({ "found": client.get_stream(&id).await?.is_some() }));
    Ok(())
}

async fn topics(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let ((stream, _), name) = (place(arguments)?, arguments.text("name")?);
    let (id, renamed) = (Identifier::named(name)?, format!("{name}-renamed"));
    create_topic(&client, &stream, name, 3).await?;
    step("create", json!({}));
    let details = found(client.get_topic(&stream, &id).await?, "the topic")?;
    step("get", json!({ "name": details.name, "partitions": details.partitions_count }));
    let list = client.get_topics(&stream).await?;
    step("list", json!({ "found": list.iter().any(|topic| topic.name == name) }));
    let expiry = IggyExpiry::ExpireDuration(IggyDuration::from(3_600_000_000));
    update_topic(&client, (&stream, &id), &renamed, expiry).await?;
    let id = Identifier::named(&renamed)?;
    let details = found(client.get_topic(&stream, &id).await?, "the renamed topic")?;
    let kept =
        matches!(details.message_expiry, IggyExpiry::ExpireDuration(length) if length.as_micros() == 3_600_000_000);
    step("update", json!({ "name": details.name, "hourKept": kept }));
    client.delete_topic(&stream, &id).await?;
    step("delete", json!({ "found": client.get_topic(&stream, &id).await?.is_some() }));
    Ok(())
}

async fn partitions(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let (stream, topic) = place(arguments)?;
    client.create_partitions(&stream, &topic, 2).await?;
    let details = found(client.get_topic(&stream, &topic).await?, "the topic")?;
    step("create", json!({ "partitions": details.partitions_count }));
    client.delete_partitions(&stream, &topic, 1).await?;
    let details = found(client.get_topic(&stream, &topic).await?, "the topic")?;
    step("delete", json!({ "partitions": details.partitions_count }));
    Ok(())
}

/// What the verb about groups works on.
struct Group {
    stream: Identifier,
    topic: Identifier,
    id: Identifier,
}

const ROUNDS: usize = 200;
const PAUSE: Duration = Duration::from_millis(50);

impl Group {
    /// Partitions of each member, fewest first, once there are `members`; servers may take their time to hand partitions over.
    async fn shares(&self, client: &TcpClient, members: u32) -> Answer<Value> {
        let mut shown = Vec::new();
        for _ in 0..ROUNDS {
            let group = client.get_consumer_group(&self.stream, &self.topic, &self.id).await?;
            let group = found(group, "the group")?;
            shown = group.members.iter().map(|member| member.partitions_count).collect();
            shown.sort_unstable();
            let even = 2 / members;
            if group.members_count == members && shown.iter().all(|count| *count == even) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(json!({ "shares": shown }))
    }

    /// Polls with each member in turn until `wanted` messages are there; returns what each got.
    async fn drain(&self, members: &[&TcpClient], wanted: usize) -> Answer<Vec<Vec<String>>> {
        let consumer = Consumer::group(self.id.clone());
        let (next, mut got) = (PollingStrategy::next(), vec![Vec::new(); members.len()]);
        for _ in 0..ROUNDS {
            for (member, payloads) in members.iter().zip(&mut got) {
                learn_partitions(member).await;
                let polled = member.poll_messages(&self.stream, &self.topic, None, &consumer, &next, 2, true).await?;
                payloads.extend(texts(&polled.messages.iter().map(|message| &message.payload[..]).collect::<Vec<_>>()));
            }
            if got.iter().map(Vec::len).sum::<usize>() >= wanted {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(got)
    }
}

fn texts(payloads: &[&[u8]]) -> Vec<String> {
    payloads.iter().map(|payload| String::from_utf8_lossy(payload).into_owned()).collect()
}

/// Sends to one partition.
async fn send_to<C: MessageClient>(
    client: &C,
    (stream, topic): (&Identifier, &Identifier),
    partition: u32,
    seed: &str,
    count: u32,
) -> Answer<()> {
    let mut messages = (0..count).map(|index| message(seed, index)).collect::<Answer<Vec<_>>>()?;
    client.send_messages(stream, topic, &Partitioning::partition_id(partition), &mut messages).await?;
    Ok(())
}

async fn groups(arguments: &Arguments) -> Answer<()> {
    let (first, second) = (logged_in(arguments).await?, logged_in(arguments).await?);
    let ((stream, topic), name) = (place(arguments)?, arguments.text("name")?);
    let partition: u32 = arguments.number("partition")?;
    let group = Group { stream, topic, id: Identifier::named(name)? };
    let (stream, topic, id) = (&group.stream, &group.topic, &group.id);
    let created = create_group(&first, (stream, topic), name).await?;
    let (members, count) = (created.members_count, created.partitions_count);
    step("create", json!({ "name": created.name, "members": members, "partitions": count }));
    let list = first.get_consumer_groups(stream, topic).await?;
    step("list", json!({ "found": list.iter().any(|group| group.name == name) }));
    first.join_consumer_group(stream, topic, id).await?;
    step("join", group.shares(&first, 1).await?);
    second.join_consumer_group(stream, topic, id).await?;
    step("share", group.shares(&first, 2).await?);
    for (partition, seed) in [(partition, "one"), (partition + 1, "two")] {
        send_to(&first, (stream, topic), partition, seed, 4).await?;
    }
    step("poll", json!({ "received": group.drain(&[&first, &second], 8).await? }));
    second.leave_consumer_group(stream, topic, id).await?;
    step("leave", group.shares(&first, 1).await?);
    second.join_consumer_group(stream, topic, id).await?;
    group.shares(&first, 2).await?;
    second.disconnect().await?;
    step("disconnect", group.shares(&first, 1).await?);
    for (partition, seed) in [(partition, "three"), (partition + 1, "four")] {
        send_to(&first, (stream, topic), partition, seed, 4).await?;
    }
    step("take over", json!({ "received": group.drain(&[&first], 8).await? }));
    first.delete_consumer_group(stream, topic, id).await?;
    step("delete", json!({ "found": first.get_consumer_group(stream, topic, id).await?.is_some() }));
    Ok(())
}

async fn can_log_in(arguments: &Arguments, user: &str, password: &str) -> Answer<bool> {
    Ok(connected(arguments).await?.login_user(user, password).await.is_ok())
}

/// May read streams everywhere, poll from one stream and send to one topic of it.
fn few_permissions(stream: u32, topic: u32) -> Permissions {
    let topic_rights = TopicPermissions { send_messages: true, ..Default::default() };
    let stream_rights = StreamPermissions {
        poll_messages: true,
        topics: Some([(topic as _, topic_rights)].into_iter().collect()),
        ..Default::default()
    };
    Permissions {
        global: GlobalPermissions { read_streams: true, ..Default::default() },
        streams: Some([(stream as _, stream_rights)].into_iter().collect()),
    }
}

async fn users(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let ((stream, topic), name) = (place(arguments)?, arguments.text("name")?);
    let (id, renamed, forbidden) = (Identifier::named(name)?, format!("{name}-renamed"), format!("{name}-stream"));
    let stream_id = found(client.get_stream(&stream).await?, "the stream")?.id;
    let topic_id = found(client.get_topic(&stream, &topic).await?, "the topic")?.id;
    let rights = few_permissions(stream_id, topic_id);
    let created = client.create_user(name, "secret-1", UserStatus::Active, Some(rights.clone())).await?;
    step("create", json!({ "name": created.username, "active": created.status == UserStatus::Active }));
    let details = found(client.get_user(&id).await?, "the user")?;
    step("get", json!({ "name": details.username, "same": details.permissions == Some(rights) }));
    let list = client.get_users().await?;
    step("list", json!({ "found": list.iter().any(|user| user.username == name) }));
    let user = connected(arguments).await?;
    user.login_user(name, "secret-1").await?;
    let (reads, creates) = (user.get_streams().await.is_ok(), create_stream(&user, &forbidden).await.is_ok());
    step("login", json!({ "reads": reads, "creates": creates }));
    let global = GlobalPermissions { manage_streams: true, ..Default::default() };
    client.update_permissions(&id, Some(Permissions { global, streams: None })).await?;
    create_stream(&user, &forbidden).await?;
    user.delete_stream(&Identifier::named(&forbidden)?).await?;
    step("permissions", json!({}));
    client.change_password(&id, "secret-1", "secret-2").await?;
    let (old, new) = (can_log_in(arguments, name, "secret-1").await?, can_log_in(arguments, name, "secret-2").await?);
    step("password", json!({ "old": old, "new": new }));
    update_user(&client, &id, &renamed, UserStatus::Inactive).await?;
    let id = Identifier::named(&renamed)?;
    let details = found(client.get_user(&id).await?, "the renamed user")?;
    let (active, login) = (details.status == UserStatus::Active, can_log_in(arguments, &renamed, "secret-2").await?);
    step("update", json!({ "name": details.username, "active": active, "login": login }));
    client.delete_user(&id).await?;
    let list = client.get_users().await?;
    step("delete", json!({ "found": list.iter().any(|user| user.username == renamed) }));
    Ok(())
}

async fn tokens(arguments: &Arguments) -> Answer<()> {
    let (client, name) = (logged_in(arguments).await?, arguments.text("name")?);
    let raw = client.create_personal_access_token(name, PersonalAccessTokenExpiry::NeverExpire).await?;
    step("create", json!({}));
    let list = client.get_personal_access_tokens().await?;
    step("list", json!({ "found": list.iter().any(|token| token.name == name) }));
    let other = connected(arguments).await?;
    other.login_with_personal_access_token(&raw.token).await?;
    step("login", json!({ "reads": other.get_streams().await.is_ok() }));
    client.delete_personal_access_token(name).await?;
    // On a connection whose generation is known: a refused token says nothing of it, and 0.6.40 panics at the other form of an error.
    let refused = client.login_with_personal_access_token(&raw.token).await.is_err();
    step("delete", json!({ "refused": refused }));
    Ok(())
}

async fn system(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let stats = client.get_stats().await?;
    let (named, counted) = (!stats.hostname.is_empty(), stats.streams_count > 0 && stats.clients_count > 0);
    step("stats", json!({ "hostname": named, "counts": counted }));
    let me = client.get_me().await?;
    step("me", json!({ "user": me.user_id }));
    let list = client.get_clients().await?;
    step("clients", json!({ "found": list.iter().any(|other| other.client_id == me.client_id) }));
    let same = found(client.get_client(me.client_id).await?, "this client")?;
    step("client", json!({ "user": same.user_id, "same": same.address == me.address }));
    let snapshot = client.snapshot(SnapshotCompression::Deflated, vec![SystemSnapshotType::Test]).await?;
    step("snapshot", json!({ "zip": snapshot.0.starts_with(b"PK") }));
    Ok(())
}

async fn purge(arguments: &Arguments) -> Answer<()> {
    let client = logged_in(arguments).await?;
    let (stream, topic) = place(arguments)?;
    let partition: u32 = arguments.number("partition")?;
    let place = (&stream, &topic);
    send_to(&client, place, partition, "purged", 3).await?;
    client.flush_unsaved_buffer(&stream, &topic, partition, true).await?;
    step("flush", json!({ "messages": messages_in(&client, place).await? }));
    client.purge_topic(&stream, &topic).await?;
    step("topic", json!({ "messages": messages_in(&client, place).await? }));
    send_to(&client, place, partition, "purged", 3).await?;
    client.purge_stream(&stream).await?;
    step("stream", json!({ "messages": messages_in(&client, place).await? }));
    if delete_segments(&client, place, partition).await? {
        step("segments", json!({}));
    }
    Ok(())
}

async fn messages_in(client: &TcpClient, (stream, topic): (&Identifier, &Identifier)) -> Answer<u64> {
    Ok(found(client.get_topic(stream, topic).await?, "the topic")?.messages_count)
}

/// Stays connected while the server is started again, and goes on with the same client: its first failure tells it of the restart,
/// then it comes back by itself or has to be logged in again.
async fn restart(arguments: &Arguments) -> Answer<()> {
    let address = arguments.text("address")?;
    match AUTO_LOGIN {
        true => stay(&IggyClient::from_connection_string(&format!("iggy://iggy:iggy@{address}"))?, arguments).await,
        false => stay(&client_for(address)?, arguments).await,
    }
}

async fn open<C: Client>(client: &C) -> Answer<()> {
    client.connect().await?;
    if !AUTO_LOGIN {
        client.login_user("iggy", "iggy").await?;
    }
    Ok(())
}

async fn stay<C: Client>(client: &C, arguments: &Arguments) -> Answer<()> {
    open(client).await?;
    let ((stream, topic), partition) = (place(arguments)?, arguments.number("partition")?);
    let everything = async || -> Answer<Value> {
        let (consumer, first) = (Consumer::new(Identifier::numeric(9)?), PollingStrategy::first());
        let polled = client.poll_messages(&stream, &topic, Some(partition), &consumer, &first, 100, false).await?;
        Ok(json!(texts(&polled.messages.iter().map(|message| &message.payload[..]).collect::<Vec<_>>())))
    };
    step("before", json!({ "messages": everything().await? }));
    emit(json!({ "event": "waiting" }));
    std::io::stdin().read_to_end(&mut Vec::new())?;
    let mut found = everything().await;
    for _ in 0..ROUNDS {
        if found.is_ok() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        if !AUTO_LOGIN {
            client.disconnect().await?;
            open(client).await?;
        }
        found = everything().await;
    }
    step("after", json!({ "messages": found?, "by": if AUTO_LOGIN { "itself" } else { "caller" } }));
    send_to(client, (&stream, &topic), partition, "later", 2).await?;
    step("send", json!({ "messages": everything().await? }));
    Ok(())
}
