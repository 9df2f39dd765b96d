meta:
  id: create_topic
  title: Create topic
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/compression_algorithm
    - /common/identifier
    - /v0_4/partitions/partition
    - /v0_4/topics/topic
  encoding: UTF-8
  endian: le
doc: Creates a topic in a stream, with its partitions.
doc-ref: sdk/src/topics/create_topic.rs
-command:
  name: topic.create
  auth: user
  permission:
    rule: create_topic
    resource: [stream_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    doc: Wanted by the client; absent, the server picks one.
    type: u4
    -type: id
    -none: 0
  - id: partitions_count
    doc: 0 to 1000.
    type: u4
    valid:
      max: 1000
      -error: too_many_partitions
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
      -error: invalid_topic_name
  - id: name
    doc: 1 to 255 bytes of letters, digits, `_`, `-`, `.` and white space.
    type: str
    size: len_name
types:
  response:
    doc: The created topic.
    seq:
      - id: topic
        type: topic
      - id: partitions
        doc: In any order.
        type: partition
        repeat: eos
