meta:
  id: message_batch
  title: Batch of messages as sent
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_4/messages/message
  endian: le
doc: The messages of one send, one after the other.
doc-ref: sdk/src/messages/send_messages.rs
-view: true
seq:
  - id: messages
    type: message
    repeat: eos
