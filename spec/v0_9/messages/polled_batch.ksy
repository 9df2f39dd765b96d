meta:
  id: polled_batch
  title: Batches of messages as polled
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/messages/batch_record
  endian: le
doc: The messages of one poll in their batches, in order of their offsets, behind their number.
doc-ref: core/binary_protocol/src/responses/messages/poll_messages.rs
-view: true
seq:
  - id: messages_count
    doc: Of all batches together.
    type: u4
  - id: records
    type: batch_record
    repeat: eos
