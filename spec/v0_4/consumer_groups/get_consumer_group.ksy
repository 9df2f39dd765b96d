meta:
  id: get_consumer_group
  title: Get consumer group
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
    - /v0_4/consumer_groups/consumer_group
    - /v0_4/consumer_groups/consumer_group_member
  endian: le
doc: Reads one consumer group and its members.
doc-ref: sdk/src/consumer_groups/get_consumer_group.rs
-command:
  name: consumer_group.get
  auth: user
  permission:
    rule: get_consumer_group
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: group_id
    type: identifier
types:
  response:
    doc: Empty when there is none, or the user may not see it.
    seq:
      - id: consumer_group
        type: consumer_group
        if: not _io.eof
      - id: members
        doc: In any order.
        type: consumer_group_member
        repeat: eos
