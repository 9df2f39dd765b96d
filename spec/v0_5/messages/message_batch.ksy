meta:
  id: message_batch
  title: Batch of messages as sent
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_5/messages/message
  endian: le
doc: The messages of one send, behind an index of their positions.
doc-ref: core/common/src/types/message/messages_batch.rs
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
    doc: As many as the index has entries, without gaps.
    type: message
    repeat: eos
types:
  message_index:
    doc: Where one message ends.
    doc-ref: core/common/src/types/message/index_view.rs
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
