meta:
  id: packet_batch
  title: Batch of packets
  imports:
    - /v1/group/packet
  endian: le
doc: Packets behind an index.
-view: true
seq:
  - id: num_marks
    type: u4
  - id: marks
    type: mark
    repeat: expr
    repeat-expr: num_marks
  - id: packets
    type: packet
    repeat: eos
types:
  mark:
    seq:
      - id: position
        type: u4
