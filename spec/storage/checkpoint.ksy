meta:
  id: checkpoint
  title: Checkpoint of a partition
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: How far a partition's log was on disk at its last clean stop. Stays true afterwards, since what is on disk is never cut. Replaced whole.
seq:
  - id: magic
    contents: [0x57, 0x48, 0x49, 0x50, 0x43, 0x4b, 0x50, 0x02]
  - id: incarnation
    size: 16
    -type: u16
  - id: durable_up_to
    doc: Every offset below this is on disk.
    type: u8
    -type: number
  - id: file_checksum
    doc: Checksum in the header of the segment that was last then, which tells it from any other file; 0 when the rest is not known.
    type: u8
  - id: position
    doc: Byte after that segment's last frame. A start need not read what lies before.
    type: u8
    -type: number
  - id: size
    doc: Bytes of messages before that byte in this life.
    type: u8
    -type: number
  - id: timestamp
    doc: Of the last message.
    type: u8
    -type: timestamp_micros
  - id: chain
    doc: Header checksum of the last frame.
    type: u4
  - id: checksum
    doc: XXH3-64 of the bytes before this field.
    type: u8
