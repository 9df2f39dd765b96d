meta:
  id: update_topic
  title: Update topic
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/compression_algorithm
    - /common/identifier
  encoding: UTF-8
  endian: le
doc: Replaces the name and the settings of a topic. They also apply to messages already stored.
doc-ref: core/common/src/commands/topics/update_topic.rs
-command:
  name: topic.update
  auth: user
  permission:
    rule: update_topic
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: compression_algorithm
    type: u1
    enum: compression_algorithm::compression_algorithm
    valid:
      in-enum: true
    -default: 1
  - id: message_expiry
    doc: Microseconds to keep messages; 0 means the default of the server, 2^64-1 forever.
    type: u8
    -default: 0
  - id: max_topic_size
    doc: Bytes; 0 means the default of the server, 2^64-1 unlimited. Else at least the segment size of the server.
    type: u8
    -default: 0
  - id: replication_factor
    doc: Kept and shown, has no effect. Absent, 1.
    type: u1
    -none: 0
  - id: len_name
    type: u1
    valid:
      min: 1
      -error: invalid_format
  - id: name
    doc: 1 to 255 bytes, kept as sent.
    type: str
    size: len_name
