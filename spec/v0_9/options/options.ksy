meta:
  id: options
  title: Options
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/header_kind
  encoding: UTF-8
  endian: le
doc: Named settings, laid out as user headers. Keys are unique; their order means nothing.
doc-ref: core/binary_protocol/src/primitives/options.rs
seq:
  - id: entries
    type: option
    repeat: eos
types:
  option:
    doc: One named setting.
    seq:
      - id: key_kind
        doc: Keys are text.
        type: u1
        valid: 2
      - id: len_key
        type: u4
        valid:
          min: 1
          max: 255
      - id: key
        type: str
        size: len_key
      - id: kind
        -orig-id: value_kind
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
        doc: 1 to 255 bytes, to be read as `kind` says; most settings may also come as text.
        size: len_value
