meta:
  id: get_topics
  title: Get topics
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_4/topics/topic
  endian: le
doc: Lists the topics of a stream.
doc-ref: sdk/src/topics/get_topics.rs
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
    seq:
      - id: topics
        doc: In any order.
        type: topic
        repeat: eos
