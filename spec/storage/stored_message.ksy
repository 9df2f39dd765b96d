meta:
  id: stored_message
  title: Stored message
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: One message in the body of a frame, in the layout that generation 0.8 polls.
-view: true
seq:
  - id: checksum
    doc: XXH3-64, seed 0, over everything after this field; computed by the server.
    type: u8
  - id: message_id
    -orig-id: id
    doc: Picked by the client, or by the server when 0.
    size: 16
    -type: u16
  - id: offset
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
    type: u4
  - id: len_payload
    type: u4
  - id: reserved
    doc: Kept as sent.
    type: u8
  - id: payload
    size: len_payload
  - id: user_headers
    doc: A `user_headers` block, or opaque bytes when the client encrypts it.
    size: len_user_headers
