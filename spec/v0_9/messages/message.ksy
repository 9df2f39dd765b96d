meta:
  id: message
  title: Message, generation 0.9
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: One message inside a batch, as sent and as polled. What all messages of a batch share is in the batch's header.
doc-ref: core/binary_protocol/src/batch.rs
-view: true
seq:
  - id: checksum
    doc: XXH3-64, seed 0, over everything after this field; computed by the producer.
    type: u8
  - id: message_id
    -orig-id: id
    doc: Picked by the client, or by the server when 0.
    size: 16
    -type: u16
  - id: offset_delta
    doc: Place in its batch, from 0.
    type: u4
  - id: timestamp_delta
    doc: Microseconds from the batch's origin timestamp to the client's clock when this message was made.
    type: u4
  - id: len_user_headers
    type: u4
  - id: len_payload
    type: u4
  - id: reserved
    doc: 0; anything else is refused.
    type: u8
  - id: payload
    size: len_payload
  - id: user_headers
    doc: A `user_headers` block of generation 0.8, or opaque bytes when the client encrypts it.
    size: len_user_headers
