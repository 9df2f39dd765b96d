meta:
  id: describe_options
  title: Describe options
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/header_kind
  encoding: UTF-8
  endian: le
doc: Lists the settings that things of one kind can be created with.
doc-ref: core/binary_protocol/src/responses/system/describe_options.rs
-command:
  name: options.describe
  auth: user
seq:
  - id: scope
    type: u1
    enum: option_scope
    valid:
      in-enum: true
types:
  response:
    seq:
      - id: num_entries
        type: u4
      - id: entries
        type: option_description
        repeat: expr
        repeat-expr: num_entries
  option_description:
    doc: One setting that can be chosen.
    seq:
      - id: len_key
        type: u1
      - id: key
        type: str
        size: len_key
      - id: kind
        type: u1
        enum: header_kind::header_kind
        valid:
          in-enum: true
      - id: len_default_value
        type: u4
      - id: default_value
        doc: To be read as `kind` says.
        size: len_default_value
      - id: len_description
        type: u4
      - id: description
        type: str
        size: len_description
enums:
  option_scope:
    1: topic
    2: stream
    3: user
