meta:
  id: consumer_identifier
  title: Consumer identifier
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  encoding: UTF-8
  endian: le
doc: Names a plain consumer. Unlike catalog ids its number is any number the client likes, the same in every generation.
doc-ref: server/src/streaming/polling_consumer.rs
seq:
  - id: kind
    type: u1
    enum: identifier::identifier_kind
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
        identifier::identifier_kind::numeric: numeric
        identifier::identifier_kind::name: text
types:
  numeric:
    seq:
      - id: id
        doc: Used as it is; 0 is a consumer like any other.
        type: u4
  text:
    seq:
      - id: name
        doc: 1 to 255 bytes. Stands for the number xxHash32, seed 0, of these bytes.
        type: str
        size-eos: true
