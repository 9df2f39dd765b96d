meta:
  id: topic
  title: Topic record
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/compression_algorithm
  encoding: UTF-8
  endian: le
doc: A topic with its settings and counters. Settings show what is in force, never 0 for "server default".
doc-ref: server/src/binary/mapper.rs
seq:
  - id: topic_id
    -orig-id: id
    type: u4
    -type: id
  - id: created_at
    type: u8
    -type: timestamp_micros
  - id: partitions_count
    type: u4
  - id: message_expiry
    doc: Microseconds that messages are kept; 2^64-1 means forever.
    type: u8
  - id: compression_algorithm
    type: u1
    enum: compression_algorithm::compression_algorithm
    valid:
      in-enum: true
  - id: max_topic_size
    doc: Bytes; 2^64-1 means unlimited.
    type: u8
  - id: replication_factor
    doc: Kept and shown, has no effect.
    type: u1
    -default: 1
  - id: size_bytes
    -orig-id: size
    doc: Sum of the sizes of all messages.
    type: u8
    -type: number
  - id: messages_count
    type: u8
    -type: number
  - id: len_name
    type: u1
  - id: name
    type: str
    size: len_name
