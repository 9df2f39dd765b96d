//! Creation commands of the generations in which the client may pick the id.

use crate::sdk::*;
use crate::values::{Read, Show, read_field, show_fields};
use json_lines::{Answer, Value};

record!(CreateStream { stream_id: "streamId", name: "name" });
record!(CreateTopic {
    stream_id: "streamId",
    topic_id: "topicId",
    partitions_count: "partitionsCount",
    compression_algorithm: "compressionAlgorithm",
    message_expiry: "messageExpiry",
    max_topic_size: "maxTopicSize",
    replication_factor: "replicationFactor",
    name: "name",
});
record!(CreateConsumerGroup { stream_id: "streamId", topic_id: "topicId", group_id: "groupId", name: "name" });

pub async fn create_stream(client: &impl Client) -> Result<StreamDetails, IggyError> {
    client.create_stream("name", None).await
}

pub async fn create_topic(client: &impl Client) -> Result<TopicDetails, IggyError> {
    let (expiry, size) = (IggyExpiry::NeverExpire, MaxTopicSize::Unlimited);
    client.create_topic(&Identifier::default(), "name", 1, CompressionAlgorithm::None, None, None, expiry, size).await
}

pub async fn create_consumer_group(client: &impl Client) -> Result<ConsumerGroupDetails, IggyError> {
    client.create_consumer_group(&Identifier::default(), &Identifier::default(), "name", None).await
}
