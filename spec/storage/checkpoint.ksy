meta:
  id: checkpoint
  title: Checkpoint of a partition
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: How far a partition's log was on disk at its last clean stop. Stays true afterwards, since what is on disk is never cut. Replaced whole.
seq:
  - id: magic
    contents: [0x57, 0x48, 0x49, 0x50, 0x43, 0x4b, 0x50, 0x01]
  - id: incarnation
    size: 16
    -type: u16
  - id: durable_up_to
    doc: Every offset below this is on disk.
    type: u8
    -type: number
  - id: checksum
    doc: XXH3-64 of the bytes before this field.
    type: u8
