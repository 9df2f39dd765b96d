meta:
  id: send_messages
  title: Send messages
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /common/partitioning
    - /v0_4/messages/message_batch
  endian: le
doc: Appends a batch of messages to one partition of a topic. The answer comes when they can be polled.
doc-ref: sdk/src/messages/send_messages.rs
-command:
  name: message.send
  auth: user
  permission:
    rule: append_messages
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: partitioning
    type: partitioning
  - id: messages
    doc: At least one; all payloads together at most 10 000 000 bytes, all header values at most 100 000.
    size-eos: true
    type: message_batch
