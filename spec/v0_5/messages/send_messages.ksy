meta:
  id: send_messages
  title: Send messages
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /common/partitioning
    - /v0_5/messages/message_batch
  endian: le
doc: Appends a batch of messages to one partition of a topic. The answer comes when they can be polled.
doc-ref: core/common/src/commands/messages/send_messages.rs
-command:
  name: message.send
  auth: user
  permission:
    rule: append_messages
    resource: [stream_id, topic_id]
seq:
  - id: len_metadata
    -orig-id: metadata_length
    type: u4
    -size-of: [stream_id, topic_id, partitioning, messages.num_indexes]
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: partitioning
    type: partitioning
  - id: messages
    doc: |
      At least one. Each payload has at most 10 000 000 bytes (64 000 000 from generation 0.6 on), each block of user headers at most 100 000.
    size-eos: true
    type: message_batch
