meta:
  id: get_topics
  title: Get topics
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_9/topics/topic
  endian: le
doc: Lists the topics of a stream.
doc-ref: core/binary_protocol/src/responses/topics/get_topics.rs
-command:
  name: topic.list
  auth: user
  permission:
    rule: get_topics
    resource: [stream_id]
seq:
  - id: stream_id
    type: identifier
types:
  response:
    doc: Empty also when there is no such stream.
    seq:
      - id: num_topics
        type: u4
      - id: topics
        doc: In any order.
        type: topic
        repeat: expr
        repeat-expr: num_topics
