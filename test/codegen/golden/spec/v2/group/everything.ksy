meta:
  id: everything
  title: Everything
  imports:
    - /common/shape
    - /v2/group/item
    - /v1/group/packet_batch
  encoding: UTF-8
  endian: le
doc: Second form; uses every feature of the dialect.
doc-ref: nowhere
-command:
  name: group.everything
  auth: user
  permission:
    rule: do_everything
    resource: [shape]
seq:
  - id: magic
    contents: [0x57, 0x50]
  - id: format
    type: u2
    valid: 3
  - id: len_covered
    type: u4
    -size-of: [shape, count, packets.num_marks]
  - id: shape
    type: shape
  - id: count
    doc: From 1 to 9.
    type: u4
    valid:
      min: 1
      max: 9
      -error: bad_count
  - id: packets
    type: packet_batch
    size-eos: true
types:
  response:
    seq:
      - id: tiny
        type: s1
      - id: small
        type: s2
      - id: whole
        type: s4
      - id: large
        type: s8
      - id: huge
        size: 16
        -type: u16
      - id: half
        type: f4
      - id: double
        type: f8
      - id: at
        type: u8
        -type: timestamp_micros
      - id: total
        type: u8
        -type: number
      - id: is_ready
        type: u1
        -type: bool
      - id: level
        type: u1
        valid:
          any-of: [1, 3]
      - id: owner_id
        type: u4
        -type: id
        -none: 0
      - id: has_color
        type: u1
        -type: bool
      - id: color
        type: u4
        -none: has_color
      - id: has_note
        type: u1
        -type: bool
      - id: len_note
        type: u4
        if: has_note != 0
      - id: note
        type: str
        size: len_note
        if: has_note != 0
      - id: padding
        contents: [0, 0]
        if: has_note == 0
      - id: len_nested
        type: u2
      - id: nested
        type: item
        size: len_nested
      - id: key
        size: 4
      - id: has_links
        type: u1
        -type: bool
      - id: links
        type: link
        repeat: until
        repeat-until: _.has_next == 0
        if: has_links != 0
      - id: num_kinds
        type: u1
      - id: kinds
        type: u1
        enum: shape::shape_kind
        valid:
          in-enum: true
        repeat: expr
        repeat-expr: num_kinds
      - id: first
        type: item
        if: not _io.eof
      - id: others
        type: item
        repeat: eos
  link:
    seq:
      - id: target
        type: u4
      - id: has_next
        type: u1
        -type: bool
