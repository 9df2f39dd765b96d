meta:
  id: get_consumer_offset_routing
  title: Get consumer offset routing
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/consumer
    - /common/identifier
    - /v0_6/system/cluster_node
    - /v0_9/system/consumer_session
  endian: le
doc: Tells which server leads the partition whose stored offset is meant.
doc-ref: core/binary_protocol/src/responses/messages/poll_routing.rs
-command:
  name: consumer_offset.routing
  auth: user
  permission:
    rule: get_consumer_offset
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
    doc: Absent, the first partition for a plain consumer, and the one polled last for a group member.
    type: u4
    -type: id
    -none: has_partition_id
types:
  response:
    seq:
      - id: consumer_session
        doc: The session that asked; to be attached there.
        type: consumer_session
      - id: primary
        type: cluster_node
