meta:
  id: consumer_offset_entry_1
  title: Consumer offset entry of format 1
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: The `consumer_offset_entry` of files whose header says format 1. Read, never written.
seq:
  - id: kind
    doc: 1 a consumer, 2 a group.
    type: u1
  - id: is_stored
    type: u1
    -type: bool
  - id: consumer_id
    doc: Of the consumer, or the group's number.
    type: u4
  - id: offset
    type: u8
    -type: number
