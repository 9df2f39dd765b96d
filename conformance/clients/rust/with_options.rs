//! SDKs from 0.11 on: settings are options with names, and a group's member chooses the partition of each of its polls.

use crate::api::*;

pub async fn create_stream(client: &TcpClient, name: &str) -> Result<(), IggyError> {
    client.create_stream(name).await.map(|_| ())
}

pub async fn create_topic(client: &TcpClient, stream: &Identifier, name: &str, count: u32) -> Result<(), IggyError> {
    let options = TopicCreateOptions {
        partitions_count: Some(count),
        message_expiry: Some(IggyExpiry::NeverExpire),
        ..Default::default()
    };
    client.create_topic(stream, name, &options).await.map(|_| ())
}

pub async fn create_group(
    client: &TcpClient,
    (stream, topic): (&Identifier, &Identifier),
    name: &str,
) -> Result<ConsumerGroupDetails, IggyError> {
    client.create_consumer_group(stream, topic, name).await
}

pub async fn update_stream(client: &TcpClient, stream: &Identifier, name: &str) -> Result<(), IggyError> {
    client.update_stream(stream, name, &StreamUpdateOptions::default()).await
}

pub async fn update_topic(
    client: &TcpClient,
    (stream, topic): (&Identifier, &Identifier),
    name: &str,
    expiry: IggyExpiry,
) -> Result<(), IggyError> {
    let options = TopicUpdateOptions { message_expiry: Some(expiry), ..Default::default() };
    client.update_topic(stream, topic, name, &options).await
}

pub async fn update_user(
    client: &TcpClient,
    user: &Identifier,
    name: &str,
    status: UserStatus,
) -> Result<(), IggyError> {
    client.update_user(user, Some(name), Some(status), &UserUpdateOptions::default()).await
}

/// Asks for the partitions that are the member's now; only the clients with heartbeats ask by themselves, at each.
pub async fn learn_partitions(client: &TcpClient) {
    client.refresh_consumer_group_assignments().await;
}

/// Has the producer make its stream, and its topic with so many partitions.
pub fn making_place(producer: IggyProducerBuilder, partitions: u32) -> IggyProducerBuilder {
    let (expiry, size) = (IggyExpiry::ServerDefault, MaxTopicSize::ServerDefault);
    producer.create_stream_if_not_exists().create_topic_if_not_exists(partitions, expiry, size)
}
