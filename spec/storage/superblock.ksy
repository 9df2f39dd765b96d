meta:
  id: superblock
  title: Superblock of the catalog
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: |
  Says which snapshot the catalog begins with. There are two, written in turn; the valid one with the higher sequence counts. None at all means that
  there is no snapshot and that the journal is whole.
seq:
  - id: magic
    contents: [0x57, 0x48, 0x49, 0x50, 0x53, 0x55, 0x50, 0x01]
  - id: incarnation
    doc: Of the journal.
    size: 16
    -type: u16
  - id: sequence
    type: u8
    -type: number
  - id: snapshot_index
    doc: Index of the last entry in the snapshot.
    type: u8
    -type: number
  - id: checksum
    doc: XXH3-64 of the bytes before this field.
    type: u8
