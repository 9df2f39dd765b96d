meta:
  id: polled_batch
  title: Batch of messages as polled
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_8/messages/message
  endian: le
doc: The messages of one poll, in order of their offsets, behind their number.
doc-ref: core/binary_protocol/src/responses/messages/poll_messages.rs
-view: true
seq:
  - id: num_messages
    -orig-id: messages_count
    type: u4
  - id: messages
    type: message
    repeat: expr
    repeat-expr: num_messages
