meta:
  id: batch_record
  title: Batch record, generation 0.9
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/messages/message
  endian: le
doc: A batch of messages that were appended together, or a part of them.
doc-ref: core/binary_protocol/src/batch.rs
-view: true
seq:
  - id: partition_id
    doc: 0 when sent.
    type: u8
    -type: number
  - id: base_offset
    doc: Offset of the message whose `offset_delta` is 0; 0 when sent.
    type: u8
    -type: number
  - id: base_timestamp
    doc: When the server received the batch; 0 when sent.
    type: u8
    -type: timestamp_micros
  - id: origin_timestamp
    doc: The client's clock in microseconds at the earliest of the messages.
    type: u8
  - id: batch_length
    doc: Bytes of this header and all messages.
    type: u8
    -type: number
  - id: batch_checksum
    doc: XXH3-64, seed 0, over the five fields before, the number of messages, and the checksums of the messages.
    type: u8
  - id: num_messages
    -orig-id: message_count
    type: u4
  - id: reserved
    doc: Zero bytes.
    size: 204
  - id: messages
    type: message
    repeat: expr
    repeat-expr: num_messages
