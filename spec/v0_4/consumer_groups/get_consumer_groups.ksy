meta:
  id: get_consumer_groups
  title: Get consumer groups
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_4/consumer_groups/consumer_group
  endian: le
doc: Lists the consumer groups of a topic.
doc-ref: sdk/src/consumer_groups/get_consumer_groups.rs
-command:
  name: consumer_group.list
  auth: user
  permission:
    rule: get_consumer_groups
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
types:
  response:
    seq:
      - id: consumer_groups
        doc: In any order.
        type: consumer_group
        repeat: eos
