meta:
  id: partition
  title: Partition record
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: A partition with its counters.
doc-ref: server/src/binary/mapper.rs
seq:
  - id: partition_id
    -orig-id: id
    type: u4
    -type: id
  - id: created_at
    type: u8
    -type: timestamp_micros
  - id: segments_count
    doc: Log segments on disk, the one written to included; an empty partition has one.
    type: u4
  - id: current_offset
    doc: Offset of the last message; 0 also when there is none.
    type: u8
    -type: number
  - id: size_bytes
    -orig-id: size
    doc: Sum of the sizes of all messages.
    type: u8
    -type: number
  - id: messages_count
    doc: Messages kept.
    type: u8
    -type: number
