meta:
  id: topic_options
  title: Topic options
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/header_kind
  encoding: UTF-8
  endian: le
doc: What a topic was created or updated with, by key. Those that were not asked for are not kept.
seq:
  - id: entries
    type: topic_option
    repeat: eos
types:
  topic_option:
    doc: One setting, in the kind that the catalogue of options gives it.
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
      - id: len_value
        type: u1
      - id: value
        size: len_value
