meta:
  id: identifier
  title: Identifier
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: Names a stream, topic, consumer group or user, by number or by name.
doc-ref: sdk/src/identifier.rs
seq:
  - id: kind
    type: u1
    enum: identifier_kind
    valid:
      in-enum: true
  - id: len_value
    type: u1
    valid:
      min: 1
  - id: value
    size: len_value
    type:
      switch-on: kind
      cases:
        identifier_kind::numeric: numeric
        identifier_kind::name: text
types:
  numeric:
    seq:
      - id: id
        type: u4
        -type: id
  text:
    seq:
      - id: name
        doc: Compared exactly, case-sensitively.
        type: str
        size-eos: true
enums:
  identifier_kind:
    1: numeric
    2: name
