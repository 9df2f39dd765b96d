meta:
  id: consumer
  title: Consumer
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/consumer_identifier
    - /common/identifier
  endian: le
doc: Who polls and stores offsets. Plain consumers and consumer groups keep separate offsets.
doc-ref: sdk/src/consumer.rs
seq:
  - id: kind
    type: u1
    enum: consumer_kind
    valid:
      in-enum: true
  - id: value
    type:
      switch-on: kind
      cases:
        consumer_kind::consumer: plain_consumer
        consumer_kind::consumer_group: group_consumer
types:
  plain_consumer:
    doc: A consumer that reads alone.
    seq:
      - id: id
        type: consumer_identifier
  group_consumer:
    doc: A consumer group that the client has joined.
    seq:
      - id: id
        type: identifier
enums:
  consumer_kind:
    1: consumer
    2: consumer_group
