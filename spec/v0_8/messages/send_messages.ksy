meta:
  id: send_messages
  title: Send messages
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /common/partitioning
    - /v0_8/messages/message_batch
  endian: le
doc: Appends a batch of messages to one partition of a topic.
doc-ref: core/binary_protocol/src/requests/messages/send_messages.rs
-command:
  name: message.send
  auth: user
  permission:
    rule: append_messages
    resource: [stream_id, topic_id]
seq:
  - id: len_metadata
    type: u4
    -size-of: [stream_id, topic_id, partitioning, messages.num_indexes]
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: partitioning
    type: partitioning
  - id: messages
    size-eos: true
    type: message_batch
