meta:
  id: message_batch
  title: Batch of messages as sent
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_8/messages/message
  endian: le
doc: The messages of one send, behind an index of their positions.
doc-ref: core/binary_protocol/src/requests/messages/send_messages.rs
-view: true
seq:
  - id: num_indexes
    -orig-id: messages_count
    type: u4
  - id: indexes
    type: message_index
    repeat: expr
    repeat-expr: num_indexes
  - id: messages
    type: message
    repeat: eos
types:
  message_index:
    seq:
      - id: offset
        doc: 0 when sent.
        type: u4
      - id: end_position
        -orig-id: position
        doc: Byte in `messages` at which this message ends.
        type: u4
      - id: timestamp
        doc: 0 when sent.
        type: u8
