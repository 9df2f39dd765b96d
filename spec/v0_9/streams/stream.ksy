meta:
  id: stream
  title: Stream, generation 0.9
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/options/options
  encoding: UTF-8
  endian: le
doc: A stream with its counters.
doc-ref: core/binary_protocol/src/responses/streams/stream_response.rs
seq:
  - id: stream_id
    -orig-id: id
    type: u4
    -type: id
  - id: created_at
    type: u8
    -type: timestamp_micros
  - id: topics_count
    type: u4
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
  - id: len_options
    type: u4
  - id: options
    doc: Streams have none so far.
    size: len_options
    type: options
    -default: []
