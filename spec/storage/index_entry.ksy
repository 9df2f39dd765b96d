meta:
  id: index_entry
  title: Index entry
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Points at one frame of a segment. Derived from the log and rebuilt at will; the frame it points at is verified at use.
-view: true
seq:
  - id: relative_offset
    doc: Offset of the frame's first message less the segment's base offset.
    type: u4
  - id: frame_position
    doc: Byte in the segment file at which the frame begins.
    type: u4
  - id: timestamp
    type: u8
    -type: timestamp_micros
  - id: header_checksum
    doc: The frame's, so that the first frame of a read is known to be the one meant.
    type: u4
