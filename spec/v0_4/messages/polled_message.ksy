meta:
  id: polled_message
  title: Message as polled, generation 0.4
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: One message of a partition.
doc-ref: sdk/src/models/messages.rs
-view: true
seq:
  - id: offset
    doc: Number in the partition, counted from 0 without gaps.
    type: u8
    -type: number
  - id: state
    doc: The server writes only `available`.
    type: u1
    enum: message_state
    valid:
      in-enum: true
  - id: timestamp
    doc: Server receive time.
    type: u8
    -type: timestamp_micros
  - id: message_id
    -orig-id: id
    size: 16
    -type: u16
  - id: checksum
    doc: CRC-32 (the one of zlib) of the payload as stored.
    type: u4
  - id: len_user_headers
    -orig-id: headers_length
    type: u4
  - id: user_headers
    -orig-id: headers
    doc: A `user_headers` block; empty when the message has none.
    size: len_user_headers
  - id: len_payload
    -orig-id: length
    type: u4
  - id: payload
    size: len_payload
enums:
  message_state:
    1: available
    10: unavailable
    20: poisoned
    30: marked_for_deletion
