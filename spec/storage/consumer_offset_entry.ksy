meta:
  id: consumer_offset_entry
  title: Consumer offset entry
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: One change of a stored offset, in a frame of its partition's consumer offsets file. The last entry of a consumer counts.
seq:
  - id: kind
    type: u1
    enum: offset_owner
    valid:
      in-enum: true
  - id: is_stored
    doc: False when the offset was deleted.
    type: u1
    -type: bool
  - id: consumer_id
    doc: |
      Of the consumer; of a group the index of the journal entry that created it, so that a later group of the same number is another one. Files of
      format 1 have `consumer_offset_entry_1` instead.
    type: u8
    -type: number
  - id: offset
    type: u8
    -type: number
enums:
  offset_owner:
    1: consumer
    2: consumer_group
