meta:
  id: create_partitions
  title: Create partitions
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Adds partitions to a topic.
doc-ref: sdk/src/partitions/create_partitions.rs
-command:
  name: partition.create
  auth: user
  permission:
    rule: create_partitions
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: partitions_count
    doc: 1 to 1000.
    type: u4
    valid:
      min: 1
      max: 1000
      -error: too_many_partitions
