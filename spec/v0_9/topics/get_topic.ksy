meta:
  id: get_topic
  title: Get topic
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_4/partitions/partition
    - /v0_9/topics/topic
  endian: le
doc: Reads one topic and its partitions.
doc-ref: core/binary_protocol/src/requests/topics/get_topic.rs
-command:
  name: topic.get
  auth: user
  permission:
    rule: get_topic
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
types:
  response:
    doc: Empty when there is none, or the user may not see it.
    seq:
      - id: topic
        type: topic
        if: not _io.eof
      - id: partitions
        doc: In any order.
        type: partition
        repeat: eos
