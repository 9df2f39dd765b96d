//! SDKs before 0.11: settings are given one by one, and the server chooses the partition of each poll of a group's member.

use crate::api::*;

pub async fn update_stream(client: &TcpClient, stream: &Identifier, name: &str) -> Result<(), IggyError> {
    client.update_stream(stream, name).await
}

pub async fn update_topic(
    client: &TcpClient,
    (stream, topic): (&Identifier, &Identifier),
    name: &str,
    expiry: IggyExpiry,
) -> Result<(), IggyError> {
    let size = MaxTopicSize::ServerDefault;
    client.update_topic(stream, topic, name, CompressionAlgorithm::None, None, expiry, size).await
}

pub async fn update_user(
    client: &TcpClient,
    user: &Identifier,
    name: &str,
    status: UserStatus,
) -> Result<(), IggyError> {
    client.update_user(user, Some(name), Some(status)).await
}

/// What a member polls the server knows.
pub async fn learn_partitions(_: &TcpClient) {}

/// Has the producer make its stream, and its topic with so many partitions.
pub fn making_place(producer: IggyProducerBuilder, partitions: u32) -> IggyProducerBuilder {
    let (expiry, size) = (IggyExpiry::ServerDefault, MaxTopicSize::ServerDefault);
    producer.create_stream_if_not_exists().create_topic_if_not_exists(partitions, None, expiry, size)
}
