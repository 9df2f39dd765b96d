meta:
  id: get_poll_routing
  title: Get poll routing
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/consumer
    - /common/identifier
    - /common/polling_strategy
    - /v0_6/system/cluster_node
    - /v0_9/system/consumer_session
  endian: le
doc: Tells which server leads the partition that a poll would read.
doc-ref: core/binary_protocol/src/responses/messages/poll_routing.rs
-command:
  name: message.poll_routing
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
      - id: consumer_session
        doc: The session that asked; to be attached there.
        type: consumer_session
      - id: primary
        type: cluster_node
