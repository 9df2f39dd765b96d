meta:
  id: message
  title: Message as sent, generation 0.4
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: One message of a producer.
doc-ref: sdk/src/messages/send_messages.rs
-view: true
seq:
  - id: message_id
    -orig-id: id
    doc: Picked by the client, or by the server when 0.
    size: 16
    -type: u16
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
    valid:
      min: 1
  - id: payload
    doc: At least 1 byte.
    size: len_payload
