meta:
  id: sync_consumer_group
  title: Sync consumer group
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Reads which partitions of a consumer group are the asking member's. Members ask after joining, with every heartbeat, and when a poll was refused.
doc-ref: core/binary_protocol/src/requests/consumer_groups/sync_consumer_group.rs
-command:
  name: consumer_group.sync
  auth: user
  permission:
    rule: sync_consumer_group
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: group_id
    type: identifier
types:
  response:
    doc: Empty when the client is not a member.
    seq:
      - id: assignment
        type: group_assignment
        if: not _io.eof
  group_assignment:
    doc: The partitions of one member.
    seq:
      - id: generation
        doc: Grows with every change of the members or of what they own.
        type: u8
        -type: number
      - id: num_partition_ids
        type: u4
      - id: partition_ids
        type: u4
        -type: id
        repeat: expr
        repeat-expr: num_partition_ids
