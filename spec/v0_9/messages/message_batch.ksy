meta:
  id: message_batch
  title: Batch of messages as sent
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/messages/batch_record
  endian: le
doc: The batch of one send, behind the number of its messages.
doc-ref: core/binary_protocol/src/requests/messages/send_messages.rs
-view: true
seq:
  - id: messages_count
    doc: As in the batch.
    type: u4
  - id: record
    size-eos: true
    type: batch_record
