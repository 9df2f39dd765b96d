meta:
  id: shape
  title: Shape
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: A union with an extent; one case is empty.
seq:
  - id: kind
    type: u1
    enum: shape_kind
    valid:
      in-enum: true
  - id: len_body
    type: u1
  - id: body
    size: len_body
    type:
      switch-on: kind
      cases:
        shape_kind::point: point
        shape_kind::circle: circle
        shape_kind::label: label
types:
  point:
    seq: []
  circle:
    seq:
      - id: radius
        type: u4
  label:
    seq:
      - id: text
        type: str
        size-eos: true
enums:
  shape_kind:
    1: point
    2:
      id: circle
      doc: Around the origin.
    3: label
