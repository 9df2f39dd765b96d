meta:
  id: polling_strategy
  title: Polling strategy
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Where in the partition a poll starts.
doc-ref: sdk/src/messages/poll_messages.rs
seq:
  - id: kind
    type: u1
    enum: polling_kind
    valid:
      in-enum: true
  - id: value
    doc: The offset, or the time in microseconds since 1970; ignored by the other kinds.
    type: u8
enums:
  polling_kind:
    1:
      id: offset
      doc: From this offset on. Above the last offset nothing is found; below the first one kept, the first one kept.
    2:
      id: timestamp
      doc: From the first message that is not older.
    3:
      id: first
      doc: From the first message kept.
    4:
      id: last
      doc: The last `count` messages, oldest first.
    5:
      id: next
      doc: From the message after the stored offset of the consumer; without one, from the first message.
