meta:
  id: delete_consumer_offset
  title: Delete consumer offset
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/consumer
    - /common/identifier
    - /v0_9/consumer_offsets/acknowledgement
  endian: le
doc: Forgets how far a consumer got in a partition. Refused when it has no stored offset there.
doc-ref: core/binary_protocol/src/requests/consumer_offsets/delete_consumer_offset.rs
-command:
  name: consumer_offset.delete
  auth: user
  permission:
    rule: delete_consumer_offset
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
  - id: acknowledgement
    -orig-id: ack
    doc: How far it must have come before it is answered. Absent in early releases of this generation.
    type: u1
    enum: acknowledgement::acknowledgement
    valid:
      in-enum: true
    if: not _io.eof
