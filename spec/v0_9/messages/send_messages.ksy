meta:
  id: send_messages
  title: Send messages
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /common/partitioning
    - /v0_9/messages/message_batch
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
    -size-of: [stream_id, topic_id, partitioning, messages.messages_count]
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: partitioning
    type: partitioning
  - id: messages
    size-eos: true
    type: message_batch
types:
  response:
    doc: Where the messages are.
    seq:
      - id: num_confirmations
        type: u4
      - id: confirmations
        doc: One; none when every message was a duplicate and dropped.
        type: confirmation
        repeat: expr
        repeat-expr: num_confirmations
  confirmation:
    doc: Where messages of one send are.
    seq:
      - id: stream_id
        type: u4
        -type: id
      - id: topic_id
        type: u4
        -type: id
      - id: partition_id
        type: u4
        -type: id
      - id: base_offset
        doc: Offset of the first of them.
        type: u8
        -type: number
