//! Creation where the caller may choose the id, and here lets the server choose.

use crate::api::*;

#[path = "one_by_one.rs"]
mod one_by_one;
pub use one_by_one::*;

pub async fn create_stream(client: &TcpClient, name: &str) -> Result<(), IggyError> {
    client.create_stream(name, None).await.map(|_| ())
}

pub async fn create_topic(client: &TcpClient, stream: &Identifier, name: &str, count: u32) -> Result<(), IggyError> {
    let (expiry, size) = (IggyExpiry::NeverExpire, MaxTopicSize::ServerDefault);
    client.create_topic(stream, name, count, CompressionAlgorithm::None, None, None, expiry, size).await.map(|_| ())
}

pub async fn create_group(
    client: &TcpClient,
    (stream, topic): (&Identifier, &Identifier),
    name: &str,
) -> Result<ConsumerGroupDetails, IggyError> {
    client.create_consumer_group(stream, topic, name, None).await
}
