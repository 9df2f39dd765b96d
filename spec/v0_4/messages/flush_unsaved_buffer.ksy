meta:
  id: flush_unsaved_buffer
  title: Flush unsaved buffer
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Writes the messages of a partition that are only in memory to its log. Needs the right to send.
doc-ref: sdk/src/messages/flush_unsaved_buffer.rs
-command:
  name: message.flush_unsaved_buffer
  auth: user
  permission:
    rule: append_messages
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: partition_id
    type: u4
    -type: id
  - id: fsync
    doc: Also wait until the disk has them.
    type: u1
    -type: bool
