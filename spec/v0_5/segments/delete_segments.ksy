meta:
  id: delete_segments
  title: Delete segments
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Deletes the oldest segments of a partition, with their messages. The segment that is written to stays.
doc-ref: core/common/src/commands/segments/delete_segments.rs
-command:
  name: segment.delete
  auth: user
  permission:
    rule: delete_segments
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: partition_id
    type: u4
    -type: id
  - id: segments_count
    doc: Most segments to delete; may be 0.
    type: u4
