meta:
  id: join_consumer_group
  title: Join consumer group
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/identifier
  endian: le
doc: Makes the connection a member of a consumer group. The partitions are shared out again.
doc-ref: sdk/src/consumer_groups/join_consumer_group.rs
-command:
  name: consumer_group.join
  auth: user
  permission:
    rule: join_consumer_group
    resource: [stream_id, topic_id]
seq:
  - id: stream_id
    type: identifier
  - id: topic_id
    type: identifier
  - id: group_id
    type: identifier
