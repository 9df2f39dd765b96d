meta:
  id: packet
  title: Packet
  endian: le
doc: Bytes behind a header, read in place.
-view: true
seq:
  - id: checksum
    doc: Over everything behind it.
    type: u8
  - id: len_head
    type: u2
  - id: head
    size: len_head
  - id: len_tail
    type: u4
  - id: tail
    size: len_tail
