meta:
  id: poll_messages_on_primary
  title: Poll messages on the primary
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/consumer
    - /common/identifier
    - /common/polling_strategy
    - /v0_9/messages/polled_batch
  endian: le
doc: Reads messages of one partition from the server that leads it.
doc-ref: core/binary_protocol/src/codes.rs
-command:
  name: message.poll_on_primary
  auth: user
  permission:
    rule: poll_messages
    resource: [stream_id, topic_id]
seq:
  - id: consumer
    type: consumer
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: has_partition_id
    type: u1
    -type: bool
  - id: partition_id
    doc: Absent, a plain consumer reads the first partition, and a group member the next one of its own.
    type: u4
    -type: id
    -none: has_partition_id
  - id: strategy
    type: polling_strategy
  - id: count
    doc: Most messages wanted; 0 asks for the position alone.
    type: u4
  - id: auto_commit
    doc: Store the offset of the last message of the answer.
    type: u1
    -type: bool
types:
  response:
    seq:
      - id: partition_id
        doc: The partition that was read; 2^32-1 when it belongs to another member of the group.
        type: u4
        -type: id
      - id: current_offset
        doc: Offset of the last message of the partition; 0 also when there is none.
        type: u8
        -type: number
      - id: messages
        size-eos: true
        type: polled_batch
