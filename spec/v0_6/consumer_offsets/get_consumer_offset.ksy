meta:
  id: get_consumer_offset
  title: Get consumer offset
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/consumer
    - /common/identifier
    - /v0_4/consumer_offsets/consumer_offset
  endian: le
doc: Reads how far a consumer got in a partition.
doc-ref: core/common/src/commands/consumer_offsets/get_consumer_offset.rs
-command:
  name: consumer_offset.get
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
    doc: Empty when the partition cannot be found, or the user may not see it.
    seq:
      - id: consumer_offset
        type: consumer_offset
        if: not _io.eof
