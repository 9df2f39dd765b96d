meta:
  id: message
  title: Message, generation 0.5
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: One message, as sent and as polled.
doc-ref: core/common/src/types/message/message_header.rs
-view: true
seq:
  - id: checksum
    doc: Over everything after this field, computed by the server. CRC-32 (the one of zlib) in generation 0.5, XXH3-64 with seed 0 in 0.6.
    type: u8
  - id: message_id
    -orig-id: id
    doc: Picked by the client, or by the server when 0.
    size: 16
    -type: u16
  - id: offset
    doc: Number in the partition, counted from 0 without gaps; set by the server.
    type: u8
    -type: number
  - id: timestamp
    doc: Server receive time, one value for a whole batch.
    type: u8
    -type: timestamp_micros
  - id: origin_timestamp
    doc: The client's clock in microseconds; kept as sent.
    type: u8
  - id: len_user_headers
    -orig-id: user_headers_length
    type: u4
  - id: len_payload
    -orig-id: payload_length
    type: u4
  - id: payload
    size: len_payload
  - id: user_headers
    doc: A `user_headers` block; empty when the message has none.
    size: len_user_headers
