meta:
  id: delete_partitions
  title: Delete partitions
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Deletes the partitions of a topic that have the highest ids, with their messages.
doc-ref: sdk/src/partitions/delete_partitions.rs
-command:
  name: partition.delete
  auth: user
  permission:
    rule: delete_partitions
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: partitions_count
    doc: At least 1, and not more than there are.
    type: u4
    valid:
      min: 1
      -error: too_many_partitions
