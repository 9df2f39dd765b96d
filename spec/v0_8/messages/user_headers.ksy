meta:
  id: user_headers
  title: User headers, generation 0.8
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/header_kind
  endian: le
doc: Named values that travel with a message. Keys have types too. Keys are unique within a message; their order means nothing.
doc-ref: core/binary_protocol/src/primitives/user_headers.rs
seq:
  - id: entries
    type: user_header
    repeat: eos
types:
  user_header:
    seq:
      - id: key_kind
        type: u1
        enum: header_kind::header_kind
        valid:
          in-enum: true
      - id: len_key
        type: u4
        valid:
          min: 1
          max: 255
      - id: key
        doc: 1 to 255 bytes, to be read as `key_kind` says; most clients send text.
        size: len_key
      - id: value_kind
        type: u1
        enum: header_kind::header_kind
        valid:
          in-enum: true
      - id: len_value
        type: u4
        valid:
          min: 1
          max: 255
      - id: value
        doc: 1 to 255 bytes, to be read as `value_kind` says.
        size: len_value
