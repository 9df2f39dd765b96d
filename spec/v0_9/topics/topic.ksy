meta:
  id: topic
  title: Topic, generation 0.9
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/compression_algorithm
    - /v0_9/options/options
  encoding: UTF-8
  endian: le
doc: A topic with its settings and counters. Settings show what is in force, never 0 for "server default".
doc-ref: core/binary_protocol/src/responses/streams/get_stream.rs
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
  - id: len_explicit_options
    type: u4
  - id: explicit_options
    doc: What its creator or a later update chose.
    size: len_explicit_options
    type: options
    -default: []
  - id: len_derived_options
    type: u4
  - id: derived_options
    doc: All other settings, as they are in force.
    size: len_derived_options
    type: options
    -default: []
